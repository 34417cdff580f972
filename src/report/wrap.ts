/** Wraps text for a terminal. SGR sequences have no width; a colour continues on the next line. */

/** An SGR sequence or a single character. */
const PIECES = /\x1b\[[0-9;]*m|[^]/gu

const COLOUR = /^\x1b\[/

/** Combining marks and invisible characters. */
const NO_COLUMN = /^[\p{Mn}\p{Me}\p{Cf}]$/u

/** East Asian characters and emoji are two columns wide (Unicode TR 11). */
const TWO_COLUMNS =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f900}-\u{1faff}\u{20000}-\u{3fffd}]$/u

/** Maximum width of a tab; its column is unknown. */
const TAB = 8

/**
 * Wraps a text to lines of at most `width` columns, at spaces if possible; longer words are split.
 *
 * @param width undefined: lines are not wrapped
 * @param hang prefix of continuation lines, after the indentation of the first
 */
export const wrapText = (text: string, width: number | undefined, hang = ''): string[] =>
  text.split('\n').flatMap((line) => (width === undefined ? [line] : wrapLine(line, width, hang)))

const wrapLine = (line: string, width: number, hang: string): string[] => {
  const indent = /^ */.exec(line)![0]
  // keep at least half of the width for text
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

/** The index at which to break a line, after its first `indent` characters; undefined: it fits. */
const breakBefore = (line: string, width: number, indent: number): number | undefined => {
  let column = 0
  let space: number | undefined
  for (const { 0: piece, index } of line.matchAll(PIECES)) {
    if (COLOUR.test(piece)) continue
    if (piece === ' ') {
      if (index >= indent) space = index
      // trailing spaces have no width
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
