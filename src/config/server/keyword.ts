/**
 * Keywords of `server` lines (`struct srv_kw` in include/haproxy/server-t.h): what an entry of a file in keywords/ declares, and
 * the parsers of keywords that hapsim does not emulate.
 */
import type { ProxyDraft } from '../proxy/draft.js'
import type { ParseContext } from '../parse-context.js'
import type { GapArea } from '../syntax/gaps.js'
import type { Line } from '../syntax/line.js'
import type { ValueCheck } from '../values/check.js'
import type { ServerSettings } from './draft.js'

/** The context of a keyword on a server line. */
export interface KeywordContext {
  readonly context: ParseContext
  readonly proxy: ProxyDraft
  readonly line: Line
  /** index of the keyword in the line */
  readonly at: number
  readonly name: string
  /** its first argument */
  readonly value: string
  /** the server's name in messages */
  readonly server: string
  /** Emits an alert. The keyword fails even if the parser then returns settings. */
  alert(text: string): void
  warn(text: string): void
  /** Emits an alert that does not prevent startup. */
  nonFatalAlert(text: string): void
  /** Warns that hapsim does not emulate `what`. */
  notEmulated(what: string, area: GapArea): void
  setId(puid: number): void
  /** Sets the shard of a peer; only sections `peers` have shards. */
  setShard(shard: number): void
}

/** Parses a keyword; returns the changed settings or an error message. */
export type KeywordParser = (settings: ServerSettings, keyword: KeywordContext) => ServerSettings | string

/** A keyword of `server`, `server-template`, `default-server` and `add server`. */
export interface ServerKeyword {
  readonly name: string
  /** the number of arguments (default 0), or a function that counts those in `line` from word `from` on */
  readonly arguments?: number | ((line: Line, from: number) => number)
  /** `default-server` accepts it (default true) */
  readonly inDefaultServer?: false
  /** `add server` accepts it (default false) */
  readonly dynamic?: true
  readonly parse: KeywordParser
}

/** A keyword without arguments that changes settings to fixed values. */
export const constant =
  (part: Partial<ServerSettings>): KeywordParser =>
  (settings) => ({ ...settings, ...part })

/** Validates the argument and ignores the keyword, which has no observable effect in a simulation. */
export const ignored =
  (check?: ValueCheck): KeywordParser =>
  (settings, { name, value }) => {
    const problem = check?.(name, [value])
    return problem ?? settings
  }

/** Validates the argument, if `check` is given, and warns that hapsim does not emulate the keyword. */
export const notEmulatedKeyword =
  (area: GapArea, check?: ValueCheck): KeywordParser =>
  (settings, keyword) => {
    const { name, value, line } = keyword
    const problem = check?.(name, [value])
    if (problem !== undefined) return problem
    keyword.notEmulated(`'${name}' of '${line.at(0)}'`, area)
    return settings
  }

/** A keyword like {@link notEmulatedKeyword} whose argument is needed to validate the configuration. */
export const recordedKeyword =
  (key: 'mux' | 'checkMux' | 'redirect', parse: KeywordParser): KeywordParser =>
  (settings, keyword) => {
    const parsed = parse(settings, keyword)
    return typeof parsed === 'string' ? parsed : { ...parsed, [key]: keyword.value }
  }

/** The same for a keyword whose argument hapsim cannot validate. */
export const notParsed =
  (area: GapArea): KeywordParser =>
  (settings, keyword) => {
    keyword.context.markUnparsed(keyword.line)
    return notEmulatedKeyword(area)(settings, keyword)
  }
