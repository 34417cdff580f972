/**
 * Text of byte strings. HAProxy works on bytes, and most of them are UTF-8: inside hapsim they are JavaScript text, in which a byte
 * that is not part of valid UTF-8 is kept as a lone surrogate, U+DC80 for 0x80 to U+DCFF for 0xFF (the "surrogateescape" of
 * PEP 383). Nothing is lost on the way from bytes to text and back.
 *
 * Pieces of a byte string are not decoded one by one: what was cut within a character would look like invalid bytes. The bytes
 * of such a text are still right, and {@link normalized} makes it the text that the whole would have given.
 */

const NON_ASCII = /[^\x00-\x7f]/

/** The characters that stand for single bytes, where they are no half of a pair. */
const ESCAPED = /[\udc80-\udcff]/u

/** A valid sequence of UTF-8 beyond ASCII, or one byte that is not part of any; in a byte string (Unicode 16.0, table 3-7). */
const SEQUENCE =
  /[\xc2-\xdf][\x80-\xbf]|(?:\xe0[\xa0-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]|\xed[\x80-\x9f])[\x80-\xbf]|(?:\xf0[\x90-\xbf]|[\xf1-\xf3][\x80-\xbf]|\xf4[\x80-\x8f])[\x80-\xbf]{2}|[\x80-\xff]/g

/** The text of bytes. */
export const decodeText = (bytes: Uint8Array): string => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const text = buffer.toString('utf8')
  return text.includes('\ufffd') ? fromByteString(buffer.toString('latin1')) : text
}

/** The bytes of a text. */
export const encodeText = (text: string): Uint8Array =>
  ESCAPED.test(text) ? Buffer.from(toByteString(text), 'latin1') : Buffer.from(text, 'utf8')

/** The text of a byte string, which has one character for each byte. */
export const fromByteString = (bytes: string): string =>
  bytes.replace(SEQUENCE, (sequence) =>
    sequence.length === 1 ? escapedByte(sequence.charCodeAt(0)) : Buffer.from(sequence, 'latin1').toString('utf8'),
  )

/** The bytes of a text, one character each. */
export const toByteString = (text: string): string => {
  if (!NON_ASCII.test(text)) return text
  if (!ESCAPED.test(text)) return Buffer.from(text, 'utf8').toString('latin1')
  return text
    .split(/([\udc80-\udcff]+)/u)
    .map((part, index) =>
      index % 2 === 0
        ? Buffer.from(part, 'utf8').toString('latin1')
        : part.replace(/[^]/g, (char) => String.fromCharCode(char.charCodeAt(0) & 0xff)),
    )
    .join('')
}

/** Whether there are bytes in it that are not part of UTF-8. */
export const hasOtherBytes = (text: string): boolean => ESCAPED.test(text)

/** The character of a byte from 0x80 that is not part of UTF-8. */
export const escapedByte = (byte: number): string => String.fromCharCode(0xdc00 + byte)

/** The first byte of a text, as text: what C's `%c` shows of a character of several. Undefined for an empty one. */
export const firstByte = (text: string): string | undefined => {
  const char = text[0]
  return char === undefined || char < '\x80' ? char : fromByteString(toByteString(text.slice(0, 2))[0]!)
}

/** How many bytes a text has. */
export const byteLength = (text: string): number => (NON_ASCII.test(text) ? toByteString(text).length : text.length)

/** A text that was put together from pieces, as the text of the whole. */
export const normalized = (text: string): string => (ESCAPED.test(text) ? fromByteString(toByteString(text)) : text)
