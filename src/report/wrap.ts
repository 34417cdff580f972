/** Lines of text that fit a terminal. Sequences that colour text take no room; a colour continues on the next line. */

/** A sequence that colours, a space, or any other character. */
const PIECES = /\x1b\[[0-9;]*m|[^]/gu

const COLOUR = /^\x1b\[/

/** Combining marks and characters that are not shown. */
const NO_COLUMN = /^[\p{Mn}\p{Me}\p{Cf}]$/u

/** East Asian characters and emoji take two columns (Unicode TR 11). */
const TWO_COLUMNS =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f900}-\u{1faff}\u{20000}-\u{3fffd}]$/u

/** A tab takes eight at most; where it begins is not known here. */
const TAB = 8

/**
 * The lines of a text, none wider than `width` columns where it has spaces to break at; longer words are broken, too.
 *
 * @param width undefined: lines end at line feeds only
 * @param hang what further lines of a broken one begin with, after the indentation of the first
 */
export const wrap = (text: string, width: number | undefined, hang = ''): string[] =>
  text.split('\n').flatMap((line) => (width === undefined ? [line] : wrapLine(line, width, hang)))

const wrapLine = (line: string, width: number, hang: string): string[] => {
  const indent = /^ */.exec(line)![0]
  // half of the width is left for what is indented further
  const further = indent.length + hang.length <= width / 2 ? indent + hang : hang
  const lines: string[] = []
  let rest = line
  let prefix = ''
  for (;;) {
    const end = breakBefore(rest, width - prefix.length, prefix === '' ? indent.length : 0)
    if (end === undefined) return [...lines, prefix + rest]
    lines.push((prefix + rest.slice(0, end)).trimEnd())
    rest = rest.slice(end).replace(/^ +/, '')
    prefix = further
  }
}

/** Where a line is to be broken, at a space behind its first `indent` characters if there is one; undefined: it fits. */
const breakBefore = (line: string, width: number, indent: number): number | undefined => {
  let column = 0
  let space: number | undefined
  for (const { 0: piece, index } of line.matchAll(PIECES)) {
    if (COLOUR.test(piece)) continue
    if (piece === ' ') {
      if (index >= indent) space = index
      // spaces at the end of a line need no room
      if (column < width) column++
      continue
    }
    column += columnsOf(piece)
    if (column > width) return space ?? Math.max(index, 1)
  }
  return undefined
}

const columnsOf = (char: string): number =>
  char === '\t' ? TAB : char < '\u0300' ? 1 : NO_COLUMN.test(char) ? 0 : TWO_COLUMNS.test(char) ? 2 : 1
