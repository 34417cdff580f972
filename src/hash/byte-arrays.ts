/** Byte strings, a character per byte, as the arrays that other libraries take. */

export const toByteArray = (bytes: string): Uint8Array => {
  const array = new Uint8Array(bytes.length)
  for (let i = 0; i < bytes.length; i++) array[i] = bytes.charCodeAt(i)
  return array
}

const CHUNK = 8192

export const toByteText = (array: Uint8Array): string => {
  let text = ''
  for (let at = 0; at < array.length; at += CHUNK) text += String.fromCharCode(...array.subarray(at, at + CHUNK))
  return text
}
