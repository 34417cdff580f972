/** Files of patterns (`pat_ref_read_from_file` and `pat_ref_read_from_file_smp` in src/pattern.c). */

/** A line of a file. Text is a byte string. */
export interface PatternLine {
  readonly key: string
  /** undefined if the file contains keys only */
  readonly value: string | undefined
  /** from 1 */
  readonly line: number
}

/** Lines are read in pieces of this size (`fgets` into a buffer of `tune.bufsize`). */
const LONGEST_LINE = 16_383

/** The patterns in a file. @param withValues each line is a key and a value */
export const patternLines = function* (bytes: Uint8Array, withValues: boolean): Iterable<PatternLine> {
  let line = 0
  for (const piece of pieces(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1'))) {
    line++
    if (piece.startsWith('#')) continue
    const text = piece.replace(/^[ \t]+/, '').replace(/[\r\n\0][^]*$/, '')
    if (text === '') continue
    if (withValues) {
      const [, key, value] = /^([^ \t]+)[ \t]*([^]*)$/.exec(text)!
      yield { key: key!, value: value!.replace(/[ \t]+$/, ''), line }
    } else yield { key: text, value: undefined, line }
  }
}

const pieces = function* (bytes: string): Iterable<string> {
  for (let from = 0; from < bytes.length;) {
    const feed = bytes.indexOf('\n', from)
    const end = Math.min(feed < 0 ? bytes.length : feed + 1, from + LONGEST_LINE)
    yield bytes.slice(from, end)
    from = end
  }
}

/** `opt@` makes a missing file an empty list, `virt@` a list without a file; `file@` is the default. */
export type PatternFileKind = 'file' | 'optional' | 'virtual'

const PREFIXES: readonly (readonly [string, PatternFileKind])[] = [
  ['virt@', 'virtual'],
  ['opt@', 'optional'],
  ['file@', 'file'],
]

/** The kind of a name, and the name by which it is found, which has no `opt@` or `file@`. */
export const patternFileName = (name: string): { readonly kind: PatternFileKind; readonly name: string } => {
  for (const [prefix, kind] of PREFIXES)
    if (name.startsWith(prefix) && name.length > prefix.length)
      return { kind, name: kind === 'virtual' ? name : name.slice(prefix.length) }
  return { kind: 'file', name }
}

/** HAProxy's message about a file that is used with and without values. */
export const sharedFileText = (name: string, hasValues: boolean): string =>
  `The file "${name}" is already used as ${hasValues ? 'two' : 'one'} column file and cannot be used by as ` +
  `${hasValues ? 'one' : 'two'} column file.`

/** HAProxy's message about a file that cannot be read. */
export const unreadableFileText = (name: string): string => `failed to open pattern file <${name}>`
