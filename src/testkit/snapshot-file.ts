/**
 * The text of a file of snapshots: after a first line, each snapshot has its name in brackets and its lines, which begin with `|`.
 * Snapshots stand in the order of their names, so that a change of one changes nothing else.
 */

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

/**
 * Texts and names as they stand in the file: characters that are not seen, but for tabs, are written as `\x1b` or `\u{2028}`: controls,
 * Unicode's ends of lines and paragraphs, what changes the direction of writing, and single bytes that are no UTF-8.
 */
export const visible = (text: string): string =>
  text.replace(
    /[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\udc80-\udcff]/gu,
    (char) => {
      const code = char.charCodeAt(0)
      const byte = code <= 0x7f ? code : code >= 0xdc80 && code <= 0xdcff ? code & 0xff : undefined
      return byte === undefined ? `\\u{${code.toString(16)}}` : `\\x${byte.toString(16).padStart(2, '0')}`
    },
  )

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
