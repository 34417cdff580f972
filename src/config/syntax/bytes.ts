/** C strings and hexadecimal byte strings. */
import { byteLength, firstByte } from '../../bytes/text.js'

/** Truncates at the first NUL, as C strings are. */
export const cutAtNul = (text: string): string => {
  const nul = text.indexOf('\0')
  return nul < 0 ? text : text.slice(0, nul)
}

/** Decodes hexadecimal digits; returns the bytes or HAProxy's error message (`parse_binary` in src/tools.c). */
export const parseHex = (hex: string): string | { readonly error: string } => {
  if (byteLength(hex) % 2 === 1) return { error: 'an even number of hex digit is expected' }
  const bad = hex.search(/[^0-9a-fA-F]/)
  if (bad >= 0) return { error: `an hex digit is expected (found '${firstByte(hex.slice(bad))}')` }
  return hex.replace(/../g, (pair) => String.fromCharCode(Number.parseInt(pair, 16)))
}
