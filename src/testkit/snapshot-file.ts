/**
 * The text of a file of snapshots: after a first line, each snapshot has its name in brackets and its lines, which begin with `|`.
 * Snapshots stand in the order of their names, so that a change of one changes nothing else.
 */
import { printable } from '../bytes/printable.js'

/** A file that is none of snapshots; the message says what is expected, `line` is from 1. */
export class DamagedSnapshots extends Error {
  constructor(
    readonly line: number,
    message: string,
  ) {
    super(message)
  }
}

export interface Snapshot {
  readonly text: string
  /** of its name in the file, from 1; 0 before it is written */
  readonly line: number
}

const HEAD = '-- Snapshots of hapsim, version 1: `hapsim test --update` writes them anew.'

/** Texts and names as they stand in the file, without characters that are not seen; a carriage return at the end of a line counts. */
export const visible = (text: string): string => printable(text.replaceAll('\r', '\\x0d'))

/** A name on one line. */
export const nameInFile = (name: string): string => visible(name.replaceAll('\n', '\\n'))

/** Throws a {@link DamagedSnapshots}. */
export const parseSnapshots = (content: string): Map<string, Snapshot> => {
  const snapshots = new Map<string, Snapshot>()
  const lines = content.split('\n').map((line) => line.replace(/\r$/, ''))
  if (lines[0] !== HEAD) throw new DamagedSnapshots(1, `the first line of a file of snapshots is expected: ${HEAD}`)
  let current: { readonly name: string; readonly line: number; readonly text: string[] } | undefined
  const keep = () => {
    if (current) snapshots.set(current.name, { text: current.text.join('\n'), line: current.line })
  }
  lines.forEach((line, i) => {
    if (i === 0 || line === '') return
    const [, name] = /^\[(.*)\]$/s.exec(line) ?? []
    if (name !== undefined) {
      keep()
      if (snapshots.has(name)) throw new DamagedSnapshots(i + 1, `the snapshot '${name}' stands here twice`)
      current = { name, line: i + 1, text: [] }
    } else if (line.startsWith('|') && current) current.text.push(line.replace(/^\| ?/, ''))
    else throw new DamagedSnapshots(i + 1, "a name in brackets or a line that begins with '|' is expected")
  })
  keep()
  return snapshots
}

export const writeSnapshots = (snapshots: ReadonlyMap<string, Pick<Snapshot, 'text'>>): string =>
  [
    HEAD,
    ...[...snapshots]
      .sort(([a], [b]) => byName.compare(a, b))
      .flatMap(([name, { text }]) => [
        '',
        `[${name}]`,
        ...text.split('\n').map((line) => (line === '' ? '|' : `| ${line}`)),
      ]),
    '',
  ].join('\n')

/** The same everywhere, and `x 2` before `x 10`. */
const byName = new Intl.Collator('en', { numeric: true })
