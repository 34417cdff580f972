/**
 * Escapes such as `\u{7FFFFFFF}`: 5.4 takes codes of up to 2^31 in strings, Fengari's lexer those of Unicode. Larger ones are
 * written as escapes of their bytes before the text is read.
 */
import { encodeUtf8 } from './utf8.js'

const MAX_UNICODE = 0x10ffff
const MAX_UTF = 0x7fffffff

/** There may be one: at least six digits that count. */
const LARGE = /\\u\{0*[1-9a-fA-F][0-9a-fA-F]{5,}\}/

/** Comments, long brackets and quoted strings, the last of which are looked into. */
const TOKEN = /--\[(=*)\[[^]*?\]\1\]|--[^\n]*|\[(=*)\[[^]*?\]\2\]|"(?:\\[^]|[^"\\\n])*"|'(?:\\[^]|[^'\\\n])*'/g

/** The same, with strings that have no end. */
const TOKEN_OR_REST = new RegExp(`${TOKEN.source}|"(?:\\\\[^]|[^"\\\\\\n])*|'(?:\\\\[^]|[^'\\\\\\n])*`, 'g')

const ESCAPE = /\\(?:u\{([0-9a-fA-F]+)\}|[^])/g

/** @param text a program, a byte string */
export const expandLargeEscapes = (text: string): string =>
  LARGE.test(text)
    ? text.replace(TOKEN, (token) => (token[0] === '"' || token[0] === "'" ? expandString(token) : token))
    : text

/** Quotes as many digits of a code beyond 2^31 in a message as Lua does, which reads on until the code is too large. */
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
