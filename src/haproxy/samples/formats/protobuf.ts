/**
 * Fields of Protocol Buffers messages by the path of their numbers (`protobuf_field_lookup`, include/haproxy/protobuf.h;
 * https://protobuf.dev/programming-guides/encoding/). Messages are byte strings.
 */

/** Types of values; without one, the result is the raw bytes. */
export type ProtobufType = keyof typeof TYPES

/** How each type is encoded, and the decoder of its bytes. */
const TYPES = {
  int32: 'varint',
  uint32: 'varint',
  sint32: 'zigzag',
  int64: 'varint',
  uint64: 'varint',
  sint64: 'zigzag',
  bool: 'varint',
  enum: 'varint',
  fixed32: 'fixed32',
  sfixed32: 'sfixed32',
  float: 'float',
  fixed64: 'fixed64',
  sfixed64: 'fixed64',
  double: 'double',
} as const

export const isProtobufType = (name: string): name is ProtobufType => Object.hasOwn(TYPES, name)

/** A field: its bytes, or the integer of a type. */
export type ProtobufValue = string | bigint

/** A position in a message, advanced by reading. */
export interface Cursor {
  at: number
  end: number
}

const VARINT = 0
const FIXED64 = 1
const LENGTH_DELIMITED = 2
const FIXED32 = 5

/** A varint has at most ten bytes. */
const LONGEST_VARINT = 10

/** Reads a varint; undefined if it is truncated or too long. An empty one is 0. */
const readVarint = (bytes: string, cursor: Cursor): bigint | undefined => {
  let value = 0n
  for (let read = 0; cursor.at < cursor.end; read++) {
    if (read === LONGEST_VARINT) return undefined
    const byte = bytes.charCodeAt(cursor.at++)
    value |= BigInt(byte & 0x7f) << BigInt(7 * read)
    if ((byte & 0x80) === 0) return BigInt.asUintN(64, value)
    if (cursor.at >= cursor.end) return undefined
  }
  return value
}

const readFixed = (bytes: string, at: number, size: number): DataView => {
  const view = new DataView(new ArrayBuffer(size))
  for (let i = 0; i < size; i++) view.setUint8(i, bytes.charCodeAt(at + i))
  return view
}

/** The result for a number that does not fit: the "indefinite integer" of the processor. */
const OUT_OF_RANGE = -(1n << 63n)
const LIMIT = 2 ** 63

const toInt64 = (value: number): bigint => (value >= -LIMIT && value < LIMIT ? BigInt(Math.trunc(value)) : OUT_OF_RANGE)

/** The conversion of a double to an unsigned integer of 64 bits that compilers generate for x86-64. */
const toUint64 = (value: number): bigint => (value >= LIMIT ? toInt64(value - LIMIT) ^ OUT_OF_RANGE : toInt64(value))

const SIZES: Readonly<Partial<Record<number, number>>> = { [FIXED32]: 4, [FIXED64]: 8 }

/** The value at the cursor, which is behind the key and the length, if any, and does not move. */
const readValue = (
  bytes: string,
  { at, end }: Cursor,
  keyType: number,
  length: number,
  type: ProtobufType | undefined,
): ProtobufValue | undefined => {
  if (keyType === LENGTH_DELIMITED)
    return type === undefined && at + length <= end ? bytes.slice(at, at + length) : undefined
  const encoding = type && TYPES[type]
  if (keyType === VARINT) {
    const reader = { at, end }
    const value = readVarint(bytes, reader)
    if (value === undefined) return undefined
    if (encoding === undefined) return bytes.slice(at, reader.at)
    if (encoding === 'varint') return value
    return encoding === 'zigzag' ? (value >> 1n) ^ -(value & 1n) : undefined
  }
  const size = SIZES[keyType]!
  if (at + size > end) return undefined
  if (encoding === undefined) return bytes.slice(at, at + size)
  const fixed = readFixed(bytes, at, size)
  if (keyType === FIXED64) {
    if (encoding === 'fixed64') return fixed.getBigUint64(0, true)
    return encoding === 'double' ? toUint64(fixed.getFloat64(0, true)) : undefined
  }
  if (encoding === 'fixed32') return BigInt(fixed.getUint32(0, true))
  if (encoding === 'sfixed32') return BigInt(fixed.getInt32(0, true))
  return encoding === 'float' ? BigInt.asUintN(32, toInt64(fixed.getFloat32(0, true))) : undefined
}

/** Skips a value; returns false if it is truncated. */
const skip = (bytes: string, cursor: Cursor, keyType: number, length: number): boolean => {
  if (keyType === VARINT) return readVarint(bytes, cursor) !== undefined
  const size = keyType === LENGTH_DELIMITED ? length : SIZES[keyType]!
  if (cursor.at + size > cursor.end) return false
  cursor.at += size
  return true
}

/**
 * The field whose path is `path`: `[2, 1]` is the first field 1 of the message in the first field 2; further fields 2 are not searched.
 * @param cursor start of the message; it is moved to the end of what was read
 * @returns undefined if the field is absent, its encoding is not that of the type, or the message is malformed before it
 */
export const findProtobufField = (
  bytes: string,
  cursor: Cursor,
  path: readonly number[],
  type: ProtobufType | undefined,
): ProtobufValue | undefined => {
  let depth = 0
  while (cursor.at < cursor.end) {
    const key = readVarint(bytes, cursor)
    if (key === undefined) return undefined
    const keyType = Number(key & 7n)
    const isFound = Number(BigInt.asUintN(32, key >> 3n)) === path[depth]
    let length = 0
    if (keyType === LENGTH_DELIMITED) {
      const read = readVarint(bytes, cursor)
      if (read === undefined || read > BigInt(cursor.end - cursor.at)) return undefined
      length = Number(read)
    } else if (keyType !== VARINT && SIZES[keyType] === undefined) return undefined
    if (!isFound) {
      if (!skip(bytes, cursor, keyType, length)) return undefined
      continue
    }
    if (depth === path.length - 1) return readValue(bytes, cursor, keyType, length, type)
    // only a message has fields
    if (keyType !== LENGTH_DELIMITED) return undefined
    depth++
    cursor.end = cursor.at + length
  }
  return undefined
}
