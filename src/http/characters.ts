/** Character classes of HTTP messages (`http_char_classes` in HAProxy's src/http.c, RFC 9110). All strings are byte strings. */

export const NUL = 0x00
export const HT = 0x09
export const LF = 0x0a
export const CR = 0x0d
export const SP = 0x20
export const HASH = 0x23
export const COLON = 0x3a

const TOKEN = 1
const VERSION = 2

const CLASSES = new Uint8Array(256)
for (const char of "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
  CLASSES[char.charCodeAt(0)]! |= TOKEN
for (const char of './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ') CLASSES[char.charCodeAt(0)]! |= VERSION

/** Characters allowed in methods and field names. */
export const isToken = (code: number): boolean => (CLASSES[code]! & TOKEN) !== 0

/** Characters that HAProxy accepts in a version: any capital letter, digits, `/` and `.`. */
export const isVersionCharacter = (code: number): boolean => (CLASSES[code]! & VERSION) !== 0

export const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39

export const isBlank = (code: number): boolean => code === SP || code === HT

export const isLineEnd = (code: number): boolean => code === LF || code === CR

/** Linear white space: space, tab, CR and LF. */
export const isWhiteSpace = (code: number): boolean => isBlank(code) || isLineEnd(code)

/** ASCII lower case, like `tolower` in the C locale. `toLowerCase` would change bytes above 0x7f. */
export const lowerCase = (text: string): string => {
  let hasUpper = false
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code >= 0x80) return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
    hasUpper ||= code >= 0x41 && code <= 0x5a
  }
  return hasUpper ? text.toLowerCase() : text
}

/** Compares byte strings, ignoring the case of ASCII letters (`isteqi`). */
export const equalsIgnoringCase = (a: string, b: string): boolean =>
  a.length === b.length && (a === b || lowerCase(a) === lowerCase(b))

/** Strips leading and trailing white space. `trim` would also strip 0xa0, which can be part of a character. */
export const trimWhiteSpace = (text: string): string => {
  let from = 0
  let to = text.length
  while (from < to && isWhiteSpace(text.charCodeAt(from))) from++
  while (to > from && isWhiteSpace(text.charCodeAt(to - 1))) to--
  return text.slice(from, to)
}
