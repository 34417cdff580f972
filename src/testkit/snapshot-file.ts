/**
 * The format of snapshot files: a header line, then for each snapshot its name in brackets and its lines, prefixed with `|`. Snapshots are
 * sorted by name to keep diffs small.
 */
import { printable } from '../bytes/printable.js'

/** The file is not a valid snapshot file; the message says what is expected, `line` starts at 1. */
export class SnapshotFileError extends Error {
  constructor(
    readonly line: number,
    message: string,
  ) {
    super(message)
  }
}

export interface Snapshot {
  readonly text: string
  /** line of the name in the file, from 1; 0 if not written yet */
  readonly line: number
}

const HEADER = '-- Snapshots of hapsim, version 1: `hapsim test --update` writes them anew.'

/** Escapes unprintable characters of texts and names; carriage returns are significant. */
export const escapeText = (text: string): string => printable(text.replaceAll('\r', '\\x0d'))

/** A name on one line. */
export const escapeName = (name: string): string => escapeText(name.replaceAll('\n', '\\n'))

/** Parses a file. Throws a {@link SnapshotFileError}. */
export const parseSnapshots = (content: string): Map<string, Snapshot> => {
  const snapshots = new Map<string, Snapshot>()
  const lines = content.split('\n').map((line) => line.replace(/\r$/, ''))
  if (lines[0] !== HEADER) throw new SnapshotFileError(1, `expected the header of a snapshot file: ${HEADER}`)
  let current: { readonly name: string; readonly line: number; readonly text: string[] } | undefined
  const keep = () => {
    if (current) snapshots.set(current.name, { text: current.text.join('\n'), line: current.line })
  }
  lines.forEach((line, i) => {
    if (i === 0 || line === '') return
    const [, name] = /^\[(.*)\]$/s.exec(line) ?? []
    if (name !== undefined) {
      keep()
      if (snapshots.has(name)) throw new SnapshotFileError(i + 1, `duplicate snapshot '${name}'`)
      current = { name, line: i + 1, text: [] }
    } else if (line.startsWith('|') && current) current.text.push(line.replace(/^\| ?/, ''))
    else throw new SnapshotFileError(i + 1, "expected a name in brackets or a line starting with '|'")
  })
  keep()
  return snapshots
}

/** Formats snapshots as a file. */
export const formatSnapshots = (snapshots: ReadonlyMap<string, Pick<Snapshot, 'text'>>): string =>
  [
    HEADER,
    ...[...snapshots]
      .sort(([a], [b]) => byName.compare(a, b))
      .flatMap(([name, { text }]) => [
        '',
        `[${name}]`,
        ...text.split('\n').map((line) => (line === '' ? '|' : `| ${line}`)),
      ]),
    '',
  ].join('\n')

/** Locale-independent; sorts `x 2` before `x 10`. */
const byName = new Intl.Collator('en', { numeric: true })
