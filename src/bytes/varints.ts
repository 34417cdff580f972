/** HAProxy's encoding of integers of variable length (`encode_varint`, `varint_bytes` in include/haproxy/intops.h and src/tools.c). */

const ONE_BYTE = 240

/** The number of bytes that an integer takes, from 0 to 2^53. */
export const varintLength = (value: number): number => {
  let length = 1
  for (let rest = value; rest >= (length === 1 ? ONE_BYTE : 128); length++)
    rest = Math.floor((rest - (length === 1 ? ONE_BYTE : 128)) / (length === 1 ? 16 : 128))
  return length
}

/** The bytes of an integer from 0 to 2^53. */
export const encodeVarint = (value: number): string => {
  if (value < ONE_BYTE) return String.fromCharCode(value)
  let bytes = String.fromCharCode((value & 0x0f) | ONE_BYTE)
  let rest = Math.floor((value - ONE_BYTE) / 16)
  for (; rest >= 128; rest = Math.floor((rest - 128) / 128)) bytes += String.fromCharCode((rest & 0x7f) | 0x80)
  return bytes + String.fromCharCode(rest)
}
