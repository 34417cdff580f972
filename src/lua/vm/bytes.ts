/** Conversion of Lua strings between bytes, used outside of the VM, and JavaScript strings with one character per byte, used within. */
import { toByteString } from '../../bytes/text.js'

/** Up to this length, converting byte by byte is faster than Buffer. */
const SHORT = 48

export const binary = (bytes: Uint8Array): string =>
  bytes.length <= SHORT
    ? String.fromCharCode.apply(null, bytes as unknown as number[])
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')

export const bytes = (text: string): Uint8Array => {
  const result = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i++) result[i] = text.charCodeAt(i)
  return result
}

/** Converts a string argument of the C API. */
export const fromUser = (text: string | Uint8Array): string =>
  typeof text === 'string' ? toByteString(text) : binary(text)

/** Returns the part of a string that C code handles which looks for its end: that before the first zero byte. */
export const cString = (text: string): string => {
  const end = text.indexOf('\0')
  return end < 0 ? text : text.slice(0, end)
}
