/** How HAProxy reads words: C strings and hexadecimal digits. */
import { byteLength, firstByte } from '../../bytes/text.js'

/** A string of C ends at its first NUL. */
export const cutAtNul = (text: string): string => {
  const nul = text.indexOf('\0')
  return nul < 0 ? text : text.slice(0, nul)
}

/** The bytes that `hex` spells, or what is wrong with it in HAProxy's words (`parse_binary` in src/standard.c). */
export const parseHex = (hex: string): string | { readonly error: string } => {
  if (byteLength(hex) % 2 === 1) return { error: 'an even number of hex digit is expected' }
  const bad = hex.search(/[^0-9a-fA-F]/)
  if (bad >= 0) return { error: `an hex digit is expected (found '${firstByte(hex.slice(bad))}')` }
  return hex.replace(/../g, (pair) => String.fromCharCode(Number.parseInt(pair, 16)))
}
