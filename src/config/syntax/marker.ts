/** Excerpts of lines around a position (sanitize_for_printing in src/tools.c). */

/** An excerpt and the position in it. */
export interface Marked {
  readonly text: string
  readonly at: number
}

/** Returns at most `width` bytes of a byte string around position `at`; unprintable bytes become `?`. */
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
