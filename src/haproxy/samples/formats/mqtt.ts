/**
 * CONNECT and CONNACK packets of MQTT 3.1, 3.1.1 and 5.0 (src/mqtt.c; https://docs.oasis-open.org/mqtt/mqtt/v5.0/mqtt-v5.0.html). Packets are byte strings.
 */
import { fieldsOfPacket, PACKET_TYPES, type FieldName, type PacketType } from './mqtt-fields.js'

/** A valid packet: its type and the fields that are present. Numbers are decimal text. */
export interface MqttPacket {
  readonly type: PacketType
  readonly fields: ReadonlyMap<FieldName, string>
}

const VERSION_3_1 = 3
const VERSION_3_1_1 = 4
const VERSION_5 = 5

/** Flags of CONNECT packets. */
const RESERVED = 0x01
const WILL = 0x04
const WILL_QOS = 0x18
const WILL_RETAIN = 0x20
const PASSWORD = 0x40
const USERNAME = 0x80

/** Flags that the fixed header of each type must have; PUBLISH packets have any. */
const FIXED_FLAGS: Readonly<Partial<Record<PacketType, number>>> = { PUBREL: 2, SUBSCRIBE: 2, UNSUBSCRIBE: 2 }

/** Thrown if the packet is invalid. */
class Malformed extends Error {}

const require = (condition: boolean): void => {
  if (!condition) throw new Malformed()
}

/** Reads the data types of MQTT (5.0, section 1.5). */
class Reader {
  at = 0
  constructor(
    readonly bytes: string,
    readonly end = bytes.length,
  ) {}

  get left(): number {
    return this.end - this.at
  }

  integer(size: number): number {
    require(this.left >= size)
    let value = 0
    for (let i = 0; i < size; i++) value = value * 256 + this.bytes.charCodeAt(this.at++)
    return value
  }

  string(): string {
    const length = this.integer(2)
    require(this.left >= length)
    const text = this.bytes.slice(this.at, this.at + length)
    this.at += length
    return text
  }

  /** A variable byte integer, which may also end at the end of the data. */
  variable(): number {
    let value = 0
    for (let read = 0; this.left > 0; read++) {
      require(read < 4)
      const byte = this.bytes.charCodeAt(this.at++)
      value += (byte & 0x7f) * 128 ** read
      if (byte <= 0x7f) break
      require(read < 3)
    }
    return value
  }

  /** Data preceded by its length. */
  block(): Reader {
    const length = this.variable()
    require(this.left >= length)
    const block = new Reader(this.bytes, this.at + length)
    block.at = this.at
    this.at += length
    return block
  }
}

/** The type of a property. Properties other than user properties may appear only once. */
interface Property {
  readonly field: FieldName
  /** bytes of an integer; undefined: a string */
  readonly size?: number
  readonly accepts?: (value: number) => boolean
  readonly isNonEmpty?: boolean
}

const isBit = (value: number): boolean => value <= 1
const isPositive = (value: number): boolean => value > 0

const USER_PROPERTY = 0x26

const CONNECT_PROPERTIES: Readonly<Record<number, Property>> = {
  0x11: { field: '17', size: 4 },
  0x15: { field: '21' },
  0x16: { field: '22' },
  0x17: { field: '23', size: 1, accepts: isBit },
  0x19: { field: '25', size: 1, accepts: isBit },
  0x21: { field: '33', size: 2, accepts: isPositive },
  0x22: { field: '34', size: 2 },
  0x27: { field: '39', size: 4, accepts: isPositive },
}
const WILL_PROPERTIES: Readonly<Record<number, Property>> = {
  0x01: { field: '1', size: 1, accepts: isBit },
  0x02: { field: '2', size: 4 },
  0x03: { field: '3' },
  0x08: { field: '8' },
  0x09: { field: '9' },
  0x18: { field: '24', size: 4 },
}
const CONNACK_PROPERTIES: Readonly<Record<number, Property>> = {
  0x11: { field: '17', size: 4 },
  0x12: { field: '18', isNonEmpty: true },
  0x13: { field: '19', size: 2 },
  0x15: { field: '21' },
  0x16: { field: '22' },
  0x1a: { field: '26' },
  0x1c: { field: '28' },
  0x1f: { field: '31' },
  0x21: { field: '33', size: 2, accepts: isPositive },
  0x22: { field: '34', size: 2 },
  0x24: { field: '36', size: 1, accepts: isBit },
  0x25: { field: '37', size: 1, accepts: isBit },
  0x27: { field: '39', size: 4, accepts: isPositive },
  0x28: { field: '40', size: 1, accepts: isBit },
  0x29: { field: '41', size: 1, accepts: isBit },
  0x2a: { field: '42', size: 1, accepts: isBit },
}

type Fields = Map<FieldName, string>

/** Reads properties; integers that are missing are 0. */
const readProperties = (reader: Reader, known: Readonly<Record<number, Property>>, fields: Fields): void => {
  for (const { field, size } of Object.values(known)) if (size !== undefined) fields.set(field, '0')
  const block = reader.block()
  const seen = new Set<number>()
  while (block.left > 0) {
    const id = block.integer(1)
    if (id === USER_PROPERTY) {
      block.string()
      block.string()
      continue
    }
    const property = known[id]
    require(property !== undefined && !seen.has(id))
    seen.add(id)
    const { field, size, accepts, isNonEmpty } = property!
    if (size === undefined) {
      const text = block.string()
      require(isNonEmpty !== true || text !== '')
      fields.set(field, text)
    } else {
      const value = block.integer(size)
      require(accepts === undefined || accepts(value))
      fields.set(field, String(value))
    }
  }
}

const readConnect = (reader: Reader, fields: Fields): void => {
  const name = reader.string()
  require(['mqtt', 'mqisdp'].includes(name.toLowerCase()))
  const version = reader.integer(1)
  require(version === VERSION_3_1 || version === VERSION_3_1_1 || version === VERSION_5)
  const flags = reader.integer(1)
  require((flags & RESERVED) === 0)
  require((flags & (WILL | WILL_QOS | WILL_RETAIN)) !== WILL_QOS)
  fields.set('protocol_name', name)
  fields.set('protocol_version', String(version))
  fields.set('flags', String(flags))
  fields.set('keepalive', String(reader.integer(2)))
  if (version === VERSION_5) {
    readProperties(reader, CONNECT_PROPERTIES, fields)
    // data for an authentication without its method
    require((fields.get('21') ?? '') !== '' || (fields.get('22') ?? '') === '')
  }
  fields.set('client_identifier', reader.string())
  if ((flags & WILL) !== 0) {
    if (version === VERSION_5) readProperties(reader, WILL_PROPERTIES, fields)
    fields.set('will_topic', reader.string())
    fields.set('will_payload', reader.string())
  }
  if ((flags & USERNAME) !== 0) fields.set('username', reader.string())
  if ((flags & PASSWORD) !== 0) fields.set('password', reader.string())
}

const readConnack = (reader: Reader, fields: Fields): void => {
  // only a packet of version 5 has properties
  const version = reader.left === 2 ? VERSION_3_1_1 : VERSION_5
  const flags = reader.integer(1)
  require((flags & 0xfe) === 0)
  fields.set('protocol_version', String(version))
  fields.set('flags', String(flags))
  fields.set('reason_code', String(reader.integer(1)))
  if (version === VERSION_5) readProperties(reader, CONNACK_PROPERTIES, fields)
}

/** `mqtt_validate_message`: the packet at the start of the bytes; `partial` if it is not complete. Packets of other types are invalid. */
export const parseMqtt = (bytes: string): MqttPacket | 'partial' | 'invalid' => {
  if (bytes.length < 2) return 'partial'
  const reader = new Reader(bytes)
  try {
    const first = reader.integer(1)
    const type = PACKET_TYPES[first >> 4]
    require(type !== undefined && (type === 'PUBLISH' || (first & 0x0f) === (FIXED_FLAGS[type] ?? 0)))
    const length = reader.variable()
    if (reader.left < length) return 'partial'
    const begin = reader.at
    const fields: Fields = new Map()
    if (type === 'CONNECT') readConnect(reader, fields)
    else if (type === 'CONNACK') readConnack(reader, fields)
    else return 'invalid'
    return reader.at - begin === length ? { type, fields } : 'invalid'
  } catch (error) {
    if (error instanceof Malformed) return 'invalid'
    throw error
  }
}

/** `mqtt_field_value`: a field of a packet of the type; undefined if it is missing or empty, or the packet is of another type or not valid. */
export const mqttField = (bytes: string, type: PacketType, field: FieldName): string | undefined => {
  const packet = parseMqtt(bytes)
  if (typeof packet === 'string' || packet.type !== type || !fieldsOfPacket(type).includes(field)) return undefined
  return packet.fields.get(field) || undefined
}
