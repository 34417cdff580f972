/** What was recorded of a case as lines of text, to compare and to read. */
import { durationClass, maskLogLine, maskNames, type Known } from './masks.js'
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
      : connections.flatMap(({ connection, notes }, i) =>
          section(`server ${name}, connection ${i + 1}`, [
            ...byteLines(connection.received, known),
            ...notes,
            `= ${endOf(connection)}`,
          ]),
        ),
  ),
  ...section('log', logLines.map((line) => maskLogLine(line.replace(HEADER, '$1'), known)).sort()),
  ...section('statistics', changes(before, after, `${known.id}.`)),
]

const section = (title: string, lines: readonly string[]): string[] => [
  `${title}:`,
  ...lines.map((line) => `  ${line}`),
]

/** Date, tag and process number of a log line. */
const HEADER = /^(<\d+>)\w{3} [ \d]\d [\d:]{8} (?:\S+ )?\S+\[\d+\]:/

const clientLines = ({ connection, startedAt, notes }: ClientRecord, known: Known): string[] => {
  if (connection === undefined) return [...notes]
  const ended = connection.peerEnd === undefined ? '' : ` at ${durationClass(connection.endedAt - startedAt)} ms`
  return [
    ...byteLines(connection.received, known),
    ...notes.flatMap((note) => note.split('\n')),
    `= ${endOf(connection)}${ended}`,
  ]
}

const endOf = ({ peerEnd, isClosed }: RecordedConnection): string => peerEnd ?? (isClosed ? 'closed' : 'open')

/** Runs of one byte or of a short sequence that are shown once, with their number. */
const RUN = /(.{1,8}?)\1{19,}/gs

/** Bytes, line by line, with all that is not printable escaped, and long runs shortened. */
const byteLines = (bytes: string, known: Known): string[] => {
  if (bytes === '') return []
  const shortened = maskNames(bytes, known).replace(
    RUN,
    (run, unit: string) => `{${unit} x ${run.length / unit.length}}`,
  )
  return shortened
    .split(/(?<=\n)/)
    .map((line) =>
      line.replace(/\r\n$/, '').replace(/[^ -~]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`),
    )
}
