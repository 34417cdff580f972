/**
 * Conversion between bytes and text. HAProxy works on bytes, most of which are UTF-8. hapsim represents them as JavaScript strings in which
 * a byte that is not part of valid UTF-8 is a lone surrogate, U+DC80 for 0x80 to U+DCFF for 0xFF (the "surrogateescape" of PEP 383). The
 * conversion is lossless in both directions.
 *
 * Chunks of a byte string must not be decoded separately: a character split across chunks would decode to invalid bytes. The bytes of such
 * a string are still correct, and {@link normalized} restores its text.
 */

const NON_ASCII = /[^\x00-\x7f]/

/** Lone surrogates that represent single bytes. */
const ESCAPED = /[\udc80-\udcff]/u

/** A valid multi-byte UTF-8 sequence, or one invalid byte, in a byte string (Unicode 16.0, table 3-7). */
const SEQUENCE =
  /[\xc2-\xdf][\x80-\xbf]|(?:\xe0[\xa0-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]|\xed[\x80-\x9f])[\x80-\xbf]|(?:\xf0[\x90-\xbf]|[\xf1-\xf3][\x80-\xbf]|\xf4[\x80-\x8f])[\x80-\xbf]{2}|[\x80-\xff]/g

/** Decodes bytes to text. */
export const decodeText = (bytes: Uint8Array): string => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const text = buffer.toString('utf8')
  return text.includes('\ufffd') ? fromByteString(buffer.toString('latin1')) : text
}

/** Encodes text to bytes. */
export const encodeText = (text: string): Uint8Array =>
  ESCAPED.test(text) ? Buffer.from(toByteString(text), 'latin1') : Buffer.from(text, 'utf8')

/** Decodes a byte string (one character per byte) to text. */
export const fromByteString = (bytes: string): string =>
  NON_ASCII.test(bytes) ? bytes.replace(SEQUENCE, decodeSequence) : bytes

const decodeSequence = (sequence: string): string =>
  sequence.length === 1 ? escapedByte(sequence.charCodeAt(0)) : Buffer.from(sequence, 'latin1').toString('utf8')

/** Encodes text to a byte string (one character per byte). */
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

/** Whether a text contains bytes that are not UTF-8. */
export const hasInvalidBytes = (text: string): boolean => ESCAPED.test(text)

/** The character that represents an invalid byte (0x80 to 0xFF). */
export const escapedByte = (byte: number): string => String.fromCharCode(0xdc00 + byte)

/** The first byte of a text, as text; what C's `%c` prints of a multi-byte character. Undefined for an empty text. */
export const firstByte = (text: string): string | undefined => {
  const char = text[0]
  return char === undefined || char < '\x80' ? char : fromByteString(toByteString(text.slice(0, 2))[0]!)
}

/** The length of a text in bytes. */
export const byteLength = (text: string): number => (NON_ASCII.test(text) ? toByteString(text).length : text.length)

/** Restores the text of a string concatenated from separately decoded chunks. */
export const normalized = (text: string): string => (ESCAPED.test(text) ? fromByteString(toByteString(text)) : text)
