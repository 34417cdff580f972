/** Byte strings from and to arrays of bytes. */

/** The bytes as a byte string. */
export const fromBytes = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')

/** The bytes of a byte string. */
export const toBytes = (text: string): Uint8Array => Buffer.from(text, 'latin1')
