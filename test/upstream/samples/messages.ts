/**
 * Generators of what converters take apart: most of it valid, some of it damaged. All return byte strings.
 */
import type { Choices } from './choices.js'

/** Damages some: a byte is changed, inserted or removed, or the end is cut off. */
export const damaged = (choices: Choices, bytes: string, percent = 30): string => {
  if (bytes === '' || !choices.percent(percent)) return bytes
  const at = choices.integer(0, bytes.length - 1)
  const kind = choices.integer(0, 3)
  if (kind === 0) return bytes.slice(0, at)
  return bytes.slice(0, at) + (kind === 1 ? '' : choices.bytes(1, 1)) + bytes.slice(at + (kind === 2 ? 0 : 1))
}

const varint = (value: bigint): string => {
  let bytes = ''
  let rest = value
  for (; rest > 0x7fn; rest >>= 7n) bytes += String.fromCharCode(Number(rest & 0x7fn) | 0x80)
  return bytes + String.fromCharCode(Number(rest))
}

const littleEndian = (write: (view: DataView) => void, size: number): string => {
  const view = new DataView(new ArrayBuffer(size))
  write(view)
  return String.fromCharCode(...new Uint8Array(view.buffer))
}

const NUMBERS = [
  ...[0n, 1n, 2n, 127n, 128n, 150n, 300n, 4294967295n, 4294967296n, 9223372036854775807n, 9223372036854775808n],
  ...[18446744073709551615n],
]
const DOUBLES = [0, 1, -1, 2.5, -2.9, 1e9, 4294967296.5, -4294967297, 1e18, 1e19, 2e19, -1e19, 1e300, NaN, Infinity, -0]

/** A message of Protocol Buffers. */
export const protobufMessage = (choices: Choices, depth = 0): string =>
  choices
    .many(0, 4, () => {
      const field = BigInt(choices.percent(98) ? choices.integer(1, 2) : choices.of([0, 16, 536870911]))
      const key = (type: number): string => varint((field << 3n) | BigInt(type))
      switch (choices.integer(0, depth < 3 ? 9 : 3)) {
        case 0:
          return key(0) + (choices.percent(5) ? '\xff'.repeat(choices.integer(9, 11)) : varint(choices.of(NUMBERS)))
        case 1:
          return choices.percent(50)
            ? key(1) + littleEndian((view) => view.setFloat64(0, choices.of(DOUBLES), true), 8)
            : key(1) + choices.bytes(8, 8)
        case 2:
          return choices.percent(50)
            ? key(5) + littleEndian((view) => view.setFloat32(0, choices.of(DOUBLES), true), 4)
            : key(5) + choices.bytes(4, 4)
        case 3: {
          const text = choices.bytes(0, 5)
          return key(choices.percent(95) ? 2 : choices.of([3, 4, 6, 7])) + varint(BigInt(text.length)) + text
        }
        default: {
          const inner = protobufMessage(choices, depth + 1)
          return key(2) + varint(BigInt(inner.length + (choices.percent(5) ? choices.integer(-1, 2) : 0))) + inner
        }
      }
    })
    .join('')

/** Messages with the prefix of gRPC. */
export const grpcMessages = (choices: Choices): string =>
  choices
    .many(0, 3, () => {
      const message = protobufMessage(choices)
      const length = Math.max(0, message.length + (choices.percent(10) ? choices.integer(-2, 2) : 0))
      return `\0\0\0\0${String.fromCharCode(length)}${message}`
    })
    .join('')

const SOH = '\x01'

/** A message of FIX; some have a wrong length or checksum, or tags of another version. */
export const fixMessage = (choices: Choices): string => {
  const version = choices.of(['FIX.4.0', 'FIX.4.1', 'FIX.4.2', 'FIX.4.3', 'FIX.4.4', 'FIXT.1.1', 'FIX.4.9', 'FIX'])
  const tags = [1, 49, 56, 52, 34, 140, 141, 211, 446, 447, 659, 956, 957, 1621, 1622, 9999, 10000, 19999, 20000, 10]
  const fields = choices.many(0, 4, () => `${choices.of(tags)}=${choices.of(['', 'A', 'ABC', '=', '12'])}${SOH}`)
  const body = `35=${choices.of(['A', '0', 'D'])}${SOH}${fields.join('')}`
  const length = body.length + (choices.percent(10) ? 1 : 0)
  const start = `8=${version}${SOH}9=${choices.percent(10) ? '0' : ''}${length}${SOH}${body}`
  const sum = [...start].reduce((total, char) => total + char.charCodeAt(0), choices.percent(10) ? 1 : 0)
  return `${start}10=${String(sum % 256).padStart(3, '0')}${SOH}${choices.percent(10) ? choices.bytes(1, 4) : ''}`
}

const mqttString = (text: string): string => String.fromCharCode(text.length >> 8, text.length & 0xff) + text

const mqttText = (choices: Choices): string => mqttString(choices.of(['', 'a', 'client-1', 'topic/x', '\0\xff']))

/** Properties by their numbers: bytes of an integer, or -1 for a string, -2 for a pair of them. */
const MQTT_PROPERTIES: readonly (readonly [id: number, size: number])[] = [
  ...([1, 0x17, 0x19, 0x24, 0x25, 0x28, 0x29, 0x2a].map((id) => [id, 1]) as [number, number][]),
  ...([2, 0x11, 0x18, 0x27].map((id) => [id, 4]) as [number, number][]),
  ...([0x13, 0x21, 0x22, 0x23].map((id) => [id, 2]) as [number, number][]),
  ...([3, 8, 9, 0x12, 0x15, 0x16, 0x1a, 0x1c, 0x1f].map((id) => [id, -1]) as [number, number][]),
  [0x26, -2],
  [0x26, -2],
  [0x7f, 1],
]
const CONNECT_IDS = [0x11, 0x21, 0x27, 0x22, 0x19, 0x17, 0x26, 0x15, 0x16]
const WILL_IDS = [0x18, 0x01, 0x02, 0x03, 0x08, 0x09, 0x26]
const CONNACK_IDS = [
  ...[0x11, 0x21, 0x24, 0x25, 0x27, 0x12, 0x22, 0x1f, 0x28, 0x29, 0x2a, 0x13, 0x1a, 0x1c, 0x26, 0x15, 0x16],
]

const mqttProperties = (choices: Choices, ids: readonly number[]): string => {
  const own = MQTT_PROPERTIES.filter(([id]) => ids.includes(id))
  const properties = choices
    .many(0, 4, () => {
      const [id, size] = choices.of(choices.percent(95) ? own : MQTT_PROPERTIES)
      const value =
        size > 0
          ? choices.percent(70)
            ? `${'\0'.repeat(size - 1)}\x01`
            : choices.bytes(size, size)
          : choices.many(-size, -size, () => mqttText(choices)).join('')
      return String.fromCharCode(id) + value
    })
    .join('')
  return varint(BigInt(properties.length)) + properties
}

/** A packet of MQTT, mostly CONNECT or CONNACK. */
export const mqttPacket = (choices: Choices): string => {
  const type = choices.percent(90) ? choices.of([1, 1, 2]) : choices.integer(0, 15)
  let body: string
  if (type === 2) {
    body = String.fromCharCode(choices.percent(90) ? choices.integer(0, 1) : 2, choices.integer(0, 5))
    if (choices.percent(70)) body += mqttProperties(choices, CONNACK_IDS)
  } else if (type === 1) {
    const version = choices.percent(95) ? choices.of([3, 4, 5, 5]) : 6
    const flags = choices.of([0, 2, 4, 6, 0xc6, 0x84, 0xc0, 0x40, 0x18, 0x1c, 0x24, 0x20, 0x38, 1])
    const name = choices.percent(95) ? choices.of(['MQTT', 'MQIsdp', 'mqtt']) : 'MQT'
    body = mqttString(name) + String.fromCharCode(version, flags, 0, choices.integer(0, 255))
    if (version === 5) body += mqttProperties(choices, CONNECT_IDS)
    body += mqttText(choices)
    if ((flags & 4) !== 0) {
      if (version === 5) body += mqttProperties(choices, WILL_IDS)
      body += mqttText(choices) + mqttText(choices)
    }
    for (const flag of [0x80, 0x40]) if ((flags & flag) !== 0) body += mqttText(choices)
  } else body = choices.bytes(0, 4)
  const fixed = (type << 4) | (choices.percent(95) ? 0 : choices.integer(0, 15))
  return (
    String.fromCharCode(fixed) + varint(BigInt(body.length)) + body + (choices.percent(10) ? choices.bytes(1, 3) : '')
  )
}

const JSON_NUMBERS = [
  ...['0', '1', '-1', '2.5', '-0', '1e3', '1E-2', '1.', '-', '0x1f', '010', '1e', '123456789', '9007199254740993'],
  ...['1e400', '-1.5e+2', '0.000012345', '3.14159265358979', '-.5', '100000', '1234565', '08', '0b11'],
]
const JSON_STRINGS = [
  ...['', 'a', 'b.c', 'x[0]', '\\n', '\\"', '\\\\', '\\u0041', '\\u00e9', '\\u20ac', '\\u00zz', '\\/', '\\u00', 'é'],
]

/** A JSON text, some of it not well-formed. */
export const jsonText = (choices: Choices, depth = 0): string => {
  const space = (): string => (choices.percent(15) ? choices.of([' ', '\t', '\n', '\r']) : '')
  switch (choices.integer(0, depth < 4 ? 7 : 2)) {
    case 0:
      return space() + choices.of(JSON_NUMBERS)
    case 1:
      return `${space()}"${choices.of(JSON_STRINGS)}"`
    case 2:
      return choices.of(['true', 'false', 'null', 'tru', 'nul'].slice(0, choices.percent(95) ? 3 : 5))
    case 3:
    case 4:
      return `[${choices.many(0, 3, () => jsonText(choices, depth + 1)).join(`${space()},`)}${choices.percent(5) ? ',' : ''}]`
    default: {
      const member = (): string =>
        `"${choices.of(['a', 'b', 'a.b', 'c', '', 'a[0]'])}"${space()}:${jsonText(choices, depth + 1)}`
      return `{${choices.many(0, 3, member).join(`,${space()}`)}}`
    }
  }
}

/** A path into such a text. All brackets are closed: HAProxy reads beyond a path that lacks one. */
export const jsonPath = (choices: Choices): string => {
  if (choices.percent(3)) return choices.of(['a', '.a', ' $', '$a', '$.', '$..a', '$[0]a'])
  const steps = ['.a', '.b', '.c', '.a\\.b', '.a\\[0]', '[0]', '[1]', '[2]', '.', '[1.0]', '[-1]']
  return `$${choices.many(0, 4, () => choices.of(steps)).join('')}`
}

/** The value of a Forwarded header, some of it not valid. */
export const forwardedHeader = (choices: Choices): string => {
  const node = forwardedNode(choices)
  const host = choices.of(['example.com', 'localhost:80', '[::1]:8080', '1.2.3.4', '', 'a-b', '[2001:db8::1]', 'h:0'])
  const quoted = (text: string): string => (choices.percent(/[[:]/.test(text) ? 85 : 20) ? `"${text}"` : text)
  return choices
    .many(0, 5, () =>
      choices.of([
        `for=${quoted(node)}`,
        `by=${quoted(forwardedNode(choices))}`,
        `host=${quoted(host)}`,
        `proto=${choices.of(['http', 'https', 'http', 'httpx', 'ftp', '"http"'])}`,
        choices.percent(10) ? 'ext=1' : 'proto=http',
      ]),
    )
    .join(choices.percent(95) ? ';' : choices.of([',', '; ', '']))
}

/** A node of such a header. */
export const forwardedNode = (choices: Choices): string => {
  const name = choices.of([
    ...['1.2.3.4', '255.255.255.255', '1.2.3', '01.2.3.4', '1.2.3.4.5', '[::1]', '[2001:db8::a:1]', '[::ffff:1.2.3.4]'],
    ...['[::g]', '[::1', 'unknown', 'unknow', 'unknownx', '_a', '_A.b-c_1', '_', '', 'x', '_a;b', '1.2.3.256', '[]'],
  ])
  const port = choices.of([':80', ':0', ':65535', ':65536', ':_p', ':_', ':', ':080', ':99999999999', ':8x'])
  return name + (choices.percent(40) ? port : '')
}

/** A JSON Web Token whose parts are JSON, encoded for URLs; some have other parts. */
export const jsonWebToken = (choices: Choices): string => {
  const encode = (text: string): string => Buffer.from(text, 'latin1').toString('base64url')
  // HAProxy reads an integer beyond the end of what it has decoded
  const parts = [`${jsonText(choices)} `, `${jsonText(choices)} `, choices.bytes(0, 6)].map(encode)
  return parts.slice(0, choices.percent(90) ? 3 : choices.integer(1, 2)).join('.')
}
