/** Chunk size lines and chunk ends (`h1_parse_chunk_size` and `h1_skip_chunk_crlf` in HAProxy's include/haproxy/h1.h; RFC 9112, section 7.1). */
import { CR, LF, isBlank, isLineEnd } from '../characters.js'

const SEMICOLON = 0x3b

/** Sizes have at most 13 significant hexadecimal digits. */
const SIZE_LIMIT = 2 ** 52

/** A complete line with its end position, or the position of the error. */
export type ChunkLine =
  | { readonly isValid: true; readonly end: number; readonly size: number }
  | { readonly isValid: false; readonly errorAt: number }

/** Parses the chunk size at `from` and skips extensions; undefined if the line is incomplete. A bare LF is not accepted. */
export const readChunkSize = (text: string, from: number): ChunkLine | undefined => {
  let at = from
  let size = 0
  for (; at < text.length; at++) {
    const digit = hexDigit(text.charCodeAt(at))
    if (digit < 0) break
    size = size * 16 + digit
    if (size >= SIZE_LIMIT) return { isValid: false, errorAt: at }
  }
  if (at === text.length) return undefined
  if (at === from) return { isValid: false, errorAt: at }
  while (at < text.length && isBlank(text.charCodeAt(at))) at++
  if (text.charCodeAt(at) === SEMICOLON) while (at < text.length && !isLineEnd(text.charCodeAt(at))) at++
  if (at === text.length) return undefined
  const end = expectLineEnd(text, at)
  return typeof end === 'number' ? { isValid: true, end, size } : end
}

/** Parses the CRLF after a chunk's data; undefined if it is incomplete. */
export const readChunkEnd = (text: string, from: number): ChunkLine | undefined => {
  if (from === text.length) return undefined
  const end = expectLineEnd(text, from)
  return typeof end === 'number' ? { isValid: true, end, size: 0 } : end
}

const expectLineEnd = (text: string, at: number): number | undefined | { isValid: false; errorAt: number } => {
  if (text.charCodeAt(at) !== CR) return { isValid: false, errorAt: at }
  if (at + 1 === text.length) return undefined
  return text.charCodeAt(at + 1) === LF ? at + 2 : { isValid: false, errorAt: at + 1 }
}

const hexDigit = (code: number): number => {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const letter = code | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1
}
