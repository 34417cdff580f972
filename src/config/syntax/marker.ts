/** Shows a part of a line around a position, with the index of that position in it (sanitize_for_printing in src/tools.c). */

export interface Marked {
  readonly text: string
  readonly at: number
}

/** At most `width` bytes of `text`, a byte string, such that the one at `at` is among them; unprintable ones become `?`. */
export const markPosition = (text: string, at: number, width: number): Marked => {
  const shift = at >= width ? at - Math.floor(width / 2) : 0
  const room = shift > 0 ? width - 3 : width
  const start = shift > 0 ? shift + 3 : 0
  const shown = text
    .slice(start, start + room - (shift > 0 ? 3 : 0))
    .replace(/[\t\v\f\r]/g, ' ')
    .replace(/[^ -~]/g, '?')
  return { text: shift > 0 ? `...${shown}...` : shown, at: at - shift }
}
