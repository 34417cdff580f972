/** The interface of server keyword parsers. */
import type { ProxyDraft } from '../proxy/draft.js'
import type { ParseContext } from '../parse-context.js'
import type { ServerSettings } from './draft.js'

/** The context of a keyword on a server line. */
export interface OptionContext {
  readonly context: ParseContext
  readonly proxy: ProxyDraft
  readonly name: string
  /** its argument */
  readonly value: string
  /** the server's name in messages */
  readonly server: string
  warn(text: string): void
  /** Emits an alert that does not prevent startup. */
  nonFatalAlert(text: string): void
  /** Warns that hapsim does not emulate `what`. */
  notEmulated(what: string): void
  setId(puid: number): void
}

/** Parses a keyword; returns the changed settings or an error message. */
export type ServerOption = (settings: ServerSettings, place: OptionContext) => ServerSettings | string
