/** Lua strings between their two forms: bytes outside of the VM, JavaScript strings with a character for each byte within. */
import { toByteString } from '../../bytes/text.js'

/** Up to so many bytes it costs less to make characters one by one than to ask Node for them. */
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

/** What the C API takes for a string. */
export const fromUser = (text: string | Uint8Array): string =>
  typeof text === 'string' ? toByteString(text) : binary(text)
