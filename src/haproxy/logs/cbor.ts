/** CBOR (RFC 8949) as log-formats write it (`cbor_encode_…` in src/tools.c). Byte strings. */

/** The initial byte of an item with its argument. @param prefix the major type, in the upper 3 bits */
const head = (prefix: number, argument: bigint): string => {
  if (argument < 24n) return String.fromCharCode(prefix | Number(argument))
  const [info, size] =
    argument <= 0xffn ? [24, 1] : argument <= 0xffffn ? [25, 2] : argument <= 0xffffffffn ? [26, 4] : [27, 8]
  let bytes = String.fromCharCode(prefix | info)
  for (let shift = 8 * (size - 1); shift >= 0; shift -= 8)
    bytes += String.fromCharCode(Number((argument >> BigInt(shift)) & 0xffn))
  return bytes
}

/** An integer of 64 bits. */
export const cborInteger = (value: bigint): string => (value >= 0n ? head(0x00, value) : head(0x20, -1n - value))

/** A text of known length. */
export const cborText = (bytes: string): string => head(0x60, BigInt(bytes.length)) + bytes

/** A byte string of known length. */
export const cborBytes = (bytes: string): string => head(0x40, BigInt(bytes.length)) + bytes

export const CBOR_FALSE = '\xf4'
export const CBOR_TRUE = '\xf5'
export const CBOR_NULL = '\xf6'
/** Beginnings of items without a length, which {@link CBOR_BREAK} ends. */
export const CBOR_BYTES = '\x5f'
export const CBOR_TEXT = '\x7f'
export const CBOR_ARRAY = '\x9f'
export const CBOR_MAP = '\xbf'
export const CBOR_BREAK = '\xff'
