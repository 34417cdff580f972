/** The names of MQTT's packet types and fields that the converter `mqtt_field_value` takes (src/mqtt.c, include/haproxy/mqtt.h). */
import { strl2ui } from '../../../bytes/integers.js'

/** The types by their numbers, from 1 on. */
export const PACKET_TYPES = [
  undefined,
  'CONNECT',
  'CONNACK',
  'PUBLISH',
  'PUBACK',
  'PUBREC',
  'PUBREL',
  'PUBCOMP',
  'SUBSCRIBE',
  'SUBACK',
  'UNSUBSCRIBE',
  'UNSUBACK',
  'PINGREQ',
  'PINGRESP',
  'DISCONNECT',
  'AUTH',
] as const
export type PacketType = NonNullable<(typeof PACKET_TYPES)[number]>

/** The fields of each type. Properties of MQTT 5.0 are named by their numbers. */
const FIELDS = {
  CONNECT:
    'flags protocol_name protocol_version client_identifier will_topic will_payload username password keepalive 1 2 3 8 9 17 21 22 23 24 25 33 34 38 39',
  CONNACK: 'flags protocol_version reason_code 17 18 19 21 22 26 28 31 33 34 36 37 38 39 40 41 42',
  PUBLISH: '1 2 3 8 9 11 35 38',
  PUBACK: 'reason_code 31 38',
  PUBREC: 'reason_code 31 38',
  PUBREL: 'reason_code 31 38',
  PUBCOMP: 'reason_code 31 38',
  SUBSCRIBE: '11 38',
  SUBACK: '31 38',
  UNSUBSCRIBE: '38',
  UNSUBACK: '31 38',
  PINGREQ: '',
  PINGRESP: '',
  DISCONNECT: 'reason_code 17 28 31 38',
  AUTH: '21 22 31 38',
} as const satisfies Record<PacketType, string>

type Words<Text extends string> = Text extends `${infer First} ${infer Rest}` ? First | Words<Rest> : Text
export type FieldName = Exclude<Words<(typeof FIELDS)[PacketType]>, ''>

/** The names of the fields that packets of a type can have. */
export const fieldsOfPacket = (type: PacketType): readonly FieldName[] =>
  FIELDS[type].split(' ').filter((name) => name !== '') as FieldName[]

/** `mqtt_typeid`: a type by its name, in upper or lower case, or its number. */
export const packetType = (name: string): PacketType | undefined => {
  const upper = name.toUpperCase()
  return PACKET_TYPES[strl2ui(name)] ?? PACKET_TYPES.find((type) => type === upper)
}

/** `mqtt_check_type_fieldname`: a field by its name, in upper or lower case; undefined if packets of the type have no such field. */
export const packetField = (type: PacketType, name: string): FieldName | undefined => {
  const lower = name.toLowerCase()
  return fieldsOfPacket(type).find((field) => field === lower)
}
