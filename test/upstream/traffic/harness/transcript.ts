/** What was recorded of a case as lines of text, to compare and to read. */
import { durationClass, maskBytes, maskLogLine, maskNames, type Known } from './masks.js'
import type { CaseRecord, ClientRecord } from './player.js'
import type { RecordedConnection } from './recorded-connection.js'
import { changes, type Statistics } from './statistics.js'

export type Transcript = readonly string[]

/**
 * @param logLines those of the case, with priority, date and tag
 * @param before statistics of the process before all cases
 * @param after statistics after all of them
 */
export const transcript = (
  { clients, servers }: CaseRecord,
  logLines: readonly string[],
  before: Statistics,
  after: Statistics,
  known: Known,
): Transcript => [
  ...clients.flatMap((client, i) => section(`client ${i + 1}`, clientLines(client, known))),
  ...servers.flatMap(({ name, connections }) =>
    connections.length === 0
      ? [`server ${name}: no connection`]
      : connections.flatMap((connection, i) =>
          section(`server ${name}, connection ${i + 1}`, [
            ...byteLines(beforeEnd(connection), known),
            `= ${endOf(connection)}`,
          ]),
        ),
  ),
  ...section(
    'log',
    logLines.map((line) => maskLogLine(line.replace(HEADER, '$1'), known)),
  ),
  ...section('statistics', changes(before, after, `${known.id}.`)),
]

const section = (title: string, lines: readonly string[]): string[] => [
  `${title}:`,
  ...lines.map((line) => `  ${line}`),
]

/** Date, tag and process number of a log line (rfc3164, rfc5424). */
const HEADER = /^(<\d+>)(?:\w{3} [ \d]\d [\d:]{8} (?:\S+ )?\S+\[\d+\]:|1 \S+ \S+ \S+ \d+)/

const clientLines = ({ connection, startedAt, notes }: ClientRecord, known: Known): string[] => {
  const noted = notes.flatMap((note) => maskNames(note, known).split('\n'))
  if (connection === undefined) return noted
  const ended = connection.peerEnd === undefined ? '' : ` at ${durationClass(connection.endedAt - startedAt)} ms`
  return [...byteLines(connection.received, known), ...noted, `= ${endOf(connection)}${ended}`]
}

const endOf = ({ peerEnd, isClosed }: RecordedConnection): string => peerEnd ?? (isClosed ? 'closed' : 'open')

const REQUEST_LINE = /^[A-Z]+ \S+ HTTP\/1\.[01]\r\n/

/** What a server has received, less the begin of a request that a reset follows at once: the system may drop that. */
const beforeEnd = ({ received, peerEnd }: RecordedConnection): string =>
  peerEnd === 'RST' && REQUEST_LINE.test(received) && !received.includes('\r\n\r\n') ? '' : received

/** Runs of a byte that are longer are shown as the byte and their length. */
const LONG_RUN = 20

/** Shortens long runs. No regular expression, as those can exceed the stack for runs of megabytes. */
const shortenRuns = (bytes: string): string => {
  const parts: string[] = []
  for (let at = 0; at < bytes.length;) {
    let next = at + 1
    while (bytes[next] === bytes[at]) next++
    parts.push(next - at > LONG_RUN ? `{${bytes[at]} x ${next - at}}` : bytes.slice(at, next))
    at = next
  }
  return parts.join('')
}

/** Bytes, line by line, with all that is not printable escaped, and long runs shortened. */
const byteLines = (bytes: string, known: Known): string[] => {
  if (bytes === '') return []
  return shortenRuns(maskBytes(bytes, known))
    .split(/(?<=\n)/)
    .map((line) =>
      line.replace(/\r\n$/, '').replace(/[^ -~]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`),
    )
}
