/**
 * Text for a terminal or a page. Scripts, peers and configurations choose what is in it, and a terminal acts on what it is sent: sequences
 * that begin with ESC (ECMA-48), the control characters of C0 and C1, and marks that change the direction of text (Unicode TR 9).
 * Whatever is written for people passes {@link printable} before it gets colours of our own.
 */

/** U+DC80 to U+DCFF: bytes that are not part of UTF-8, see text.ts. */
const BYTES = /[\udc80-\udcff]/gu

/** All but the line feed and the tab; marks of direction, separators that some terminals take for line feeds, halves of pairs. */
const UNPRINTABLE = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]/gu

/** Makes visible what cannot be printed: bytes as `\x1b` and `\xff`, other characters as `\u009b`. CR LF becomes LF. */
export const printable = (text: string): string => text.replace(/\r\n/g, '\n').replace(UNPRINTABLE, escaped)

/** Makes visible the bytes that are not UTF-8, and nothing else: for formats that escape control characters themselves. */
export const showBytes = (text: string): string => text.replace(BYTES, escaped)

/** What colours text, and no more (SGR). */
const COLOUR = /(\x1b\[[0-9;]*m)/

/** {@link printable} for text that has colours of our own: those stay. */
export const printableInColours = (text: string): string =>
  text
    .split(COLOUR)
    .map((part, index) => (index % 2 === 0 ? printable(part) : part))
    .join('')

const escaped = (char: string): string => {
  const code = char.charCodeAt(0)
  if (code < 0x80) return `\\x${hex(code, 2)}`
  return code >= 0xdc80 && code <= 0xdcff ? `\\x${hex(code & 0xff, 2)}` : `\\u${hex(code, 4)}`
}

const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, '0')

/** A record of plain data with all its texts made {@link printable}. */
export const printableRecord = <T>(value: T): T => mapTexts(value, printable) as T

const mapTexts = (value: unknown, map: (text: string) => string): unknown => {
  if (typeof value === 'string') return map(value)
  if (Array.isArray(value)) return value.map((each) => mapTexts(each, map))
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [map(key), mapTexts(each, map)]))
}
