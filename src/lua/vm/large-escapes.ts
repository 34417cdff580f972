/**
 * Escapes such as `\u{7FFFFFFF}`: 5.4 permits code points up to 2^31 in strings, Fengari's lexer only those of Unicode. Larger ones are
 * replaced by escapes of their bytes before the text is parsed.
 */
import { encodeUtf8 } from './utf8.js'

const MAX_UNICODE = 0x10ffff
const MAX_UTF = 0x7fffffff

/** Matches texts that may contain one: at least six significant digits. */
const LARGE = /\\u\{0*[1-9a-fA-F][0-9a-fA-F]{5,}\}/

/** Matches comments, long brackets and quoted strings; only the last are processed. */
const TOKEN = /--\[(=*)\[[^]*?\]\1\]|--[^\n]*|\[(=*)\[[^]*?\]\2\]|"(?:\\[^]|[^"\\\n])*"|'(?:\\[^]|[^'\\\n])*'/g

/** The same for unterminated strings. */
const TOKEN_OR_REST = new RegExp(`${TOKEN.source}|"(?:\\\\[^]|[^"\\\\\\n])*|'(?:\\\\[^]|[^'\\\\\\n])*`, 'g')

const ESCAPE = /\\(?:u\{([0-9a-fA-F]+)\}|[^])/g

/** @param text a program, a byte string */
export const expandLargeEscapes = (text: string): string =>
  LARGE.test(text)
    ? text.replace(TOKEN, (token) => (token[0] === '"' || token[0] === "'" ? expandString(token) : token))
    : text

/** Shortens a code point beyond 2^31 in a message to the digits that Lua reads before it detects that the value is too large. */
export const quoteLargeEscape = (message: string, text: string): string => {
  const quoted = /\\u\{[0-9a-fA-F]+'$/.exec(message)
  if (!quoted || !message.includes('UTF-8 value too large')) return message
  for (const [token] of text.matchAll(TOKEN_OR_REST)) {
    if (token[0] !== '"' && token[0] !== "'") continue
    for (const [, digits = ''] of token.matchAll(ESCAPE)) {
      if (parseInt(digits, 16) <= MAX_UTF || digits === '') continue
      let read = 1
      while (parseInt(digits.slice(0, read), 16) <= MAX_UTF) read++
      return `${message.slice(0, quoted.index)}\\u{${digits.slice(0, read)}'`
    }
  }
  return message
}

const expandString = (token: string): string =>
  token.replace(ESCAPE, (escape, digits: string | undefined) => {
    const code = digits === undefined ? 0 : parseInt(digits, 16)
    if (code <= MAX_UNICODE || code > MAX_UTF) return escape
    return Array.from(encodeUtf8(code), (byte) => `\\${byte.charCodeAt(0)}`).join('')
  })
