/** Converters that decode messages of other protocols: Protocol Buffers, gRPC, FIX and MQTT (src/sample.c). */
import type { Argument } from '../../../config/samples/arguments.js'
import { fromBigEndian } from '../casts.js'
import { fixTag, fixValue, isValidFix } from '../formats/fix.js'
import { mqttField, parseMqtt } from '../formats/mqtt.js'
import { packetField, packetType } from '../formats/mqtt-fields.js'
import { findProtobufField, isProtobufType, type Cursor, type ProtobufType } from '../formats/protobuf.js'
import { textArgument, type Converter } from '../keyword.js'
import { bin, bool, bytesOf, sint, type BytesSample, type Sample } from '../sample.js'

const protobufProblem = (args: readonly Argument[]): string | undefined =>
  args.length < 2 || isProtobufType(textArgument(args, 1))
    ? undefined
    : `Wrong protocol buffer type '${textArgument(args, 1)}'`

type FieldLookup = (bytes: string, cursor: Cursor) => Sample | undefined

const fieldLookup = (args: readonly Argument[]): FieldLookup => {
  const path = args[0]?.type === 'field' ? args[0].numbers : []
  const type = args.length > 1 ? (textArgument(args, 1) as ProtobufType) : undefined
  return (bytes, cursor) => {
    const value = findProtobufField(bytes, cursor, path, type)
    if (value === undefined) return undefined
    return typeof value === 'bigint' ? sint(value) : bin(value)
  }
}

/** The prefix of a message of gRPC: whether it is compressed, and its length. */
const GRPC_PREFIX = 5

/** The first field with that path in any of the messages. */
const ungrpc = (bytes: string, lookup: FieldLookup): Sample | undefined => {
  let at = 0
  let left = bytes.length
  while (left > GRPC_PREFIX) {
    const length = Number(fromBigEndian(bytes.slice(at + 1, at + GRPC_PREFIX)))
    at += GRPC_PREFIX
    left -= GRPC_PREFIX
    if (left < length) return undefined
    const cursor = { at, end: at + length }
    const found = lookup(bytes, cursor)
    if (found) return found
    ;({ at } = cursor)
    left -= length
  }
  return undefined
}

export const PROTOCOL_CONVERTERS: readonly Converter[] = [
  {
    name: 'protobuf',
    check: protobufProblem,
    bind: (args) => {
      const lookup = fieldLookup(args)
      return (sample) => lookup(bytesOf(sample), { at: 0, end: bytesOf(sample).length })
    },
  },
  {
    name: 'ungrpc',
    check: protobufProblem,
    bind: (args) => {
      const lookup = fieldLookup(args)
      return (sample) => ungrpc(bytesOf(sample), lookup)
    },
  },
  {
    name: 'fix_is_valid',
    bind: () => (sample) => {
      const isValid = isValidFix(bytesOf(sample))
      return isValid === undefined ? undefined : bool(isValid)
    },
  },
  {
    name: 'fix_tag_value',
    check: (args) =>
      fixTag(textArgument(args, 0)) === undefined ? `Unknown FIX tag name '${textArgument(args, 0)}'` : undefined,
    bind: (args) => {
      const tag = fixTag(textArgument(args, 0))!
      return (sample) => {
        const value = fixValue(bytesOf(sample), tag)
        return value === undefined ? undefined : { ...(sample as BytesSample), bytes: value }
      }
    },
  },
  {
    name: 'mqtt_is_valid',
    bind: () => (sample) => {
      const packet = parseMqtt(bytesOf(sample))
      return packet === 'partial' ? undefined : bool(packet !== 'invalid')
    },
  },
  {
    name: 'mqtt_field_value',
    check: (args) => {
      const [type, field] = [textArgument(args, 0), textArgument(args, 1)]
      const found = packetType(type)
      if (found === undefined) return `Unknown MQTT type '${type}'`
      return packetField(found, field) === undefined
        ? `Unknown MQTT field name '${field}' for packet type '${type}'`
        : undefined
    },
    bind: (args) => {
      const type = packetType(textArgument(args, 0))!
      const field = packetField(type, textArgument(args, 1))!
      return (sample) => {
        const value = mqttField(bytesOf(sample), type, field)
        return value === undefined ? undefined : { ...(sample as BytesSample), bytes: value }
      }
    },
  },
]
