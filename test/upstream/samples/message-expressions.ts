/** Expressions that apply converters to generated messages, whose bytes are written in hexadecimal. */
import type { Choices } from './choices.js'
import {
  damaged,
  fixMessage,
  forwardedHeader,
  forwardedNode,
  grpcMessages,
  jsonPath,
  jsonText,
  jsonWebToken,
  mqttPacket,
  protobufMessage,
} from './messages.js'

/** An expression that has the bytes; `bin()` cannot have none. */
const constant = (bytes: string): string =>
  bytes === '' ? 'str()' : `bin(${Buffer.from(bytes, 'latin1').toString('hex')})`

const PROTOBUF_TYPES = [
  ...[
    '',
    '',
    '',
    '',
    '',
    '',
    '',
    '',
    '',
    '',
    '',
    ',int32',
    ',uint32',
    ',sint32',
    ',int64',
    ',uint64',
    ',sint64',
    ',bool',
    ',enum',
    ',fixed32',
    ',sfixed32',
  ],
  ...[',float', ',fixed64', ',sfixed64', ',double'],
]

const MQTT_FIELDS: Readonly<Record<string, readonly string[]>> = {
  connect: [
    ...['flags', 'protocol_name', 'protocol_version', 'client_identifier', 'will_topic', 'will_payload', 'username'],
    ...['password', 'keepalive', '1', '2', '3', '8', '9', '17', '21', '22', '23', '24', '25', '33', '34', '38', '39'],
  ],
  connack: [
    ...['flags', 'protocol_version', 'reason_code', '17', '18', '19', '21', '22', '26', '28', '31', '33', '34', '36'],
    ...['37', '38', '39', '40', '41', '42'],
  ],
  publish: ['1', '2', '3', '8', '9', '11', '35', '38'],
  3: ['38'],
}

const path = (choices: Choices): string =>
  choices.many(1, choices.of([1, 1, 2, 3]), () => choices.integer(1, 2)).join('.')

const jsonArguments = (choices: Choices): string => `('${jsonPath(choices)}'${choices.percent(30) ? ',int' : ''})`

/** By name, what makes an expression. */
export const MESSAGE_EXPRESSIONS: Readonly<Record<string, (choices: Choices) => string>> = {
  protobuf: (choices) =>
    `${constant(damaged(choices, protobufMessage(choices)))},protobuf(${path(choices)}${choices.of(PROTOBUF_TYPES)})`,
  ungrpc: (choices) =>
    `${constant(damaged(choices, grpcMessages(choices)))},ungrpc(${path(choices)}${choices.of(PROTOBUF_TYPES)})`,
  fix_is_valid: (choices) => `${constant(damaged(choices, fixMessage(choices)))},fix_is_valid`,
  fix_tag_value: (choices) =>
    `${constant(damaged(choices, fixMessage(choices)))},fix_tag_value(${choices.of(['8', '9', 'MsgType', 'CheckSum', '49', '1', '211', '52'])})`,
  mqtt_is_valid: (choices) => `${constant(damaged(choices, mqttPacket(choices), 15))},mqtt_is_valid`,
  mqtt_field_value: (choices) => {
    const type = choices.of(['connect', 'connect', 'connect', 'connack', 'connack', 'publish', '3'])
    return `${constant(damaged(choices, mqttPacket(choices), 5))},mqtt_field_value(${type},${choices.of(MQTT_FIELDS[type]!)})`
  },
  json_query: (choices) => `${constant(damaged(choices, jsonText(choices), 15))},json_query${jsonArguments(choices)}`,
  jwt_header_query: (choices) =>
    `${constant(jsonWebToken(choices))},jwt_header_query${choices.percent(80) ? jsonArguments(choices) : ''}`,
  jwt_payload_query: (choices) =>
    `${constant(jsonWebToken(choices))},jwt_payload_query${choices.percent(80) ? jsonArguments(choices) : ''}`,
  rfc7239_is_valid: (choices) => `${constant(damaged(choices, forwardedHeader(choices), 10))},rfc7239_is_valid`,
  rfc7239_field: (choices) =>
    `${constant(damaged(choices, forwardedHeader(choices), 5))},rfc7239_field(${choices.of(['for', 'by', 'host', 'proto', 'x'])})`,
  rfc7239_n2nn: (choices) => `${constant(damaged(choices, forwardedNode(choices), 10))},rfc7239_n2nn`,
  rfc7239_n2np: (choices) => `${constant(damaged(choices, forwardedNode(choices), 10))},rfc7239_n2np`,
}
