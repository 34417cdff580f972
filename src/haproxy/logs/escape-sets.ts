/** Characters that are escaped in log lines (`init_log` in src/log.c). */

/** Which bytes are escaped. */
export type EscapeSet = ReadonlySet<string>

const CONTROLS = Array.from({ length: 32 }, (_, code) => String.fromCharCode(code))
const NON_ASCII = Array.from({ length: 128 }, (_, i) => String.fromCharCode(128 + i))

export const NOTHING: EscapeSet = new Set()

/** In parameter values of structured data (RFC 5424), where a backslash is put before them. */
const STRUCTURED_DATA: EscapeSet = new Set('"\\]')

/** In captured headers: `#` and two hexadecimal digits. */
export const CAPTURED_HEADER: EscapeSet = new Set([...CONTROLS, '\x7f', ...NON_ASCII, ...'"#{|}'])

/** In requests: `#` and two hexadecimal digits. */
export const REQUEST_LINE: EscapeSet = new Set([...CONTROLS, '\x7f', ...NON_ASCII, ...'"#'])

/** In HTTP header fields: `%` and two hexadecimal digits. */
export const HTTP_FIELD: EscapeSet = new Set([...CONTROLS.filter((char) => char !== '\t'), '\x7f'])

/** A character of a value, as it is written: itself, or its escape. */
export type Escape = (char: string) => string

const JSON_ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\f': '\\f',
  '\r': '\\r',
}

/** In JSON strings, whose bytes HAProxy takes for Latin-1. */
export const jsonEscape: Escape = (char) => {
  if (char >= ' ' && char < '\x7f' && char !== '"' && char !== '\\') return char
  return JSON_ESCAPES[char] ?? `\\u00${hexDigits(char.charCodeAt(0), 2)}`
}

/** In structured data. */
export const structuredDataEscape: Escape = (char) => (STRUCTURED_DATA.has(char) ? `\\${char}` : char)

/** Hexadecimal digits in upper case. */
export const hexDigits = (value: number, digits: number): string =>
  value.toString(16).toUpperCase().padStart(digits, '0')
