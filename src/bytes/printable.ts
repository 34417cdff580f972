/**
 * Text for terminals and pages. Scripts, peers and configurations control its contents, and terminals interpret escape sequences (ECMA-48),
 * C0 and C1 control characters, and bidirectional formatting characters (Unicode TR 9). All output for people passes through {@link
 * printable} before colours are added.
 */

/** U+DC80 to U+DCFF: bytes that are not part of UTF-8, see text.ts. */
const INVALID_BYTES = /[\udc80-\udcff]/gu

/**
 * Control characters except line feed and tab, bidirectional formatting, separators that some terminals treat as line feeds, and unpaired
 * surrogates.
 */
const UNPRINTABLE = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]/gu

/** Escapes unprintable characters: bytes as `\x1b` and `\xff`, others as `\u009b`. CR LF becomes LF. */
export const printable = (text: string): string => text.replace(/\r\n/g, '\n').replace(UNPRINTABLE, escaped)

/** Escapes only bytes that are not UTF-8, for formats that escape control characters themselves. */
export const showBytes = (text: string): string => text.replace(INVALID_BYTES, escaped)

/** SGR sequences, which set colours and nothing else. */
const SGR = /(\x1b\[[0-9;]*m)/

/** {@link printable} for text that already has colours; those are kept. */
export const printableInColours = (text: string): string =>
  text
    .split(SGR)
    .map((part, index) => (index % 2 === 0 ? printable(part) : part))
    .join('')

const escaped = (char: string): string => {
  const code = char.charCodeAt(0)
  if (code < 0x80) return `\\x${hex(code, 2)}`
  return code >= 0xdc80 && code <= 0xdcff ? `\\x${hex(code & 0xff, 2)}` : `\\u${hex(code, 4)}`
}

const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, '0')

/** Makes all strings in plain data {@link printable}. */
export const printableRecord = <T>(value: T): T => mapTexts(value, printable) as T

const mapTexts = (value: unknown, map: (text: string) => string): unknown => {
  if (typeof value === 'string') return map(value)
  if (Array.isArray(value)) return value.map((each) => mapTexts(each, map))
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [map(key), mapTexts(each, map)]))
}
