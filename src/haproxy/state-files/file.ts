/**
 * The text of a file with the states of servers: a line with the version, then a line for each server, as
 * `show servers state` prints them (`srv_state_get_version` and `srv_state_parse_line` in src/server_state.c).
 */
import { fromByteString } from '../../bytes/text.js'

/** The fields of a line, in order. The last five may be missing. */
export const STATE_FIELDS = [
  ...(['backendId', 'backendName', 'serverId', 'serverName', 'address', 'state', 'admin', 'weight'] as const),
  ...(['initialWeight', 'sinceLastChange', 'checkStatus', 'checkResult', 'checkHealth', 'checkState'] as const),
  ...(['agentState', 'backendIdForced', 'serverIdForced', 'fqdn', 'port', 'srvRecord'] as const),
  ...(['useSsl', 'checkPort', 'checkAddress', 'agentAddress', 'agentPort'] as const),
] as const

type Field = (typeof STATE_FIELDS)[number]
type Optional = 'useSsl' | 'checkPort' | 'checkAddress' | 'agentAddress' | 'agentPort'

/** The fields of a line, as text. */
export type StateLine = Readonly<Record<Exclude<Field, Optional>, string> & Partial<Record<Optional, string>>>

const FEWEST_FIELDS = STATE_FIELDS.length - 5

/** A longer line is read as several incomplete ones. */
const LONGEST_LINE = 1999

/** Splits `text` as `fgets` does; a piece has its line feed, if any, and ends at a NUL. */
function* piecesOf(text: string): Generator<string> {
  for (let from = 0; from < text.length;) {
    const feed = text.indexOf('\n', from)
    const end = Math.min(feed < 0 ? text.length : feed + 1, from + LONGEST_LINE)
    yield text.slice(from, end).replace(/\0[^]*/, '')
    from = end
  }
}

export type StateFile =
  | { readonly problem: 'empty' | 'no version' }
  /** `brokenAt`: the number of the line, counted after the version, after which nothing was read */
  | { readonly lines: readonly StateLine[]; readonly brokenAt: number | undefined }

/** @param text bytes, one a character */
export const readStateFile = (text: string): StateFile => {
  const [version, ...pieces] = piecesOf(text)
  if (version === undefined) return { problem: 'empty' }
  if (!/^[ \t\v\f\r]*\+?0*1\n$/.test(version)) return { problem: 'no version' }
  const lines: StateLine[] = []
  for (const [index, piece] of pieces.entries()) {
    const line = readLine(piece)
    if (line === 'broken') return { lines, brokenAt: index + 1 }
    if (line) lines.push(line)
  }
  return { lines, brokenAt: undefined }
}

/** Undefined for a comment. */
const readLine = (piece: string): StateLine | 'broken' | undefined => {
  if (!piece.endsWith('\n')) return 'broken'
  const text = piece.slice(0, -1)
  if (/^[ \t]*(?:#|$)/.test(text)) return undefined
  // several blanks at the end are one more field, which is empty
  const words = text.replace(/^[ \t]+/, '').split(/[ \t]+/)
  if (words.at(-1) === '' && !/[ \t]{2}$/.test(text)) words.pop()
  if (words.length < FEWEST_FIELDS) return 'broken'
  return Object.fromEntries(STATE_FIELDS.map((name, i) => [name, words[i] && fromByteString(words[i])])) as StateLine
}
