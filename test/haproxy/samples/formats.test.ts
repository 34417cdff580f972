/** Parsing of messages, with the examples of the documents that define them. */
import { describe, expect, it } from 'vitest'
import { fixTag, fixValue, isValidFix } from '../../../src/haproxy/samples/formats/fix.js'
import { parseForwarded, parseForwardedNode } from '../../../src/haproxy/samples/formats/forwarded.js'
import { findJson, unescapeJson } from '../../../src/haproxy/samples/formats/json-path.js'
import { mqttField, parseMqtt } from '../../../src/haproxy/samples/formats/mqtt.js'
import { findProtobufField, type ProtobufType } from '../../../src/haproxy/samples/formats/protobuf.js'

const bytes = (hex: string): string => Buffer.from(hex.replace(/\s/g, ''), 'hex').toString('latin1')

describe('Protocol Buffers (protobuf.dev, Encoding)', () => {
  const find = (hex: string, path: readonly number[], type?: ProtobufType) =>
    findProtobufField(bytes(hex), { at: 0, end: bytes(hex).length }, path, type)

  it('finds a varint', () => {
    expect(find('08 96 01', [1], 'int32')).toBe(150n)
    expect(find('08 96 01', [1])).toBe('\x96\x01')
  })

  it('finds a string', () => {
    expect(find('12 07 74 65 73 74 69 6e 67', [2])).toBe('testing')
  })

  it('finds a field of a message in a message', () => {
    expect(find('1a 03 08 96 01', [3, 1], 'int32')).toBe(150n)
    expect(find('1a 03 08 96 01', [3])).toBe('\x08\x96\x01')
  })

  it('skips fields of all encodings before it', () => {
    expect(find('08 01 11 0000000000000000 1a 02 6869 25 00000000 28 2a', [5], 'uint64')).toBe(42n)
  })

  it.each([
    ['00', 0n],
    ['01', -1n],
    ['02', 1n],
    ['03', -2n],
    ['fe ff ff ff 0f', 2147483647n],
    ['ff ff ff ff 0f', -2147483648n],
  ])('reads %s as the ZigZag of %s', (value, expected) => {
    expect(find(`08 ${value}`, [1], 'sint32')).toBe(expected)
  })

  it('reads fixed-size numbers in little-endian order', () => {
    expect(find('0d 2a 00 00 00', [1], 'fixed32')).toBe(42n)
    expect(find('0d ff ff ff ff', [1], 'sfixed32')).toBe(-1n)
    expect(find('09 00 00 00 00 00 00 45 40', [1], 'double')).toBe(42n)
  })

  it.each([
    ['a varint without an end', '08 96', [1], 'int32'],
    ['a varint of more than ten bytes', `08 ${'ff '.repeat(11)}`, [1], 'int32'],
    ['a string that is cut off', '12 07 74', [2], undefined],
    ['a deprecated group before it', '0b 0c 10 01', [2], 'int32'],
    ['the second message of that number', '1a 02 10 01 1a 02 08 01', [3, 1], 'int32'],
    ['a field within a number', '08 01', [1, 1], 'int32'],
    ['a number as another encoding', '08 01', [1], 'double'],
  ] as const)('does not find %s', (_, hex, path, type) => {
    expect(find(hex, path, type)).toBeUndefined()
  })
})

describe('MQTT (OASIS, 3.1.1 and 5.0)', () => {
  /** The variable header of section 3.1.2 of 3.1.1, with what its flags ask for in the payload. */
  const CONNECT = bytes('10 20 00 04 4d515454 04 ce 00 0a 00 02 6964 00 01 74 00 03 6d7367 00 04 75736572 00 02 7077')
  /** Version 5: a session of 10 seconds, a receive maximum of 20, and the client "a". */
  const CONNECT_5 = bytes('10 16 00 04 4d515454 05 02 00 3c 08 11 0000000a 21 0014 00 01 61')
  const CONNACK_5 = bytes('20 0a 01 00 07 12 00 01 61 13 00 0a')

  it('reads a CONNECT packet of 3.1.1', () => {
    const packet = parseMqtt(CONNECT)
    expect(typeof packet === 'object' && Object.fromEntries(packet.fields)).toEqual({
      protocol_name: 'MQTT',
      protocol_version: '4',
      flags: '206',
      keepalive: '10',
      client_identifier: 'id',
      will_topic: 't',
      will_payload: 'msg',
      username: 'user',
      password: 'pw',
    })
  })

  it('reads the properties of 5.0, missing ones as 0', () => {
    expect(mqttField(CONNECT_5, 'CONNECT', '17')).toBe('10')
    expect(mqttField(CONNECT_5, 'CONNECT', '33')).toBe('20')
    expect(mqttField(CONNECT_5, 'CONNECT', '34')).toBe('0')
    expect(mqttField(CONNECT, 'CONNECT', '17')).toBeUndefined()
    expect(mqttField(CONNACK_5, 'CONNACK', '18')).toBe('a')
    expect(mqttField(CONNACK_5, 'CONNACK', '19')).toBe('10')
    expect(mqttField(CONNACK_5, 'CONNACK', 'flags')).toBe('1')
  })

  it('reads a CONNACK packet of 3.1.1, which has no properties', () => {
    expect(mqttField(bytes('20 02 00 05'), 'CONNACK', 'reason_code')).toBe('5')
    expect(mqttField(bytes('20 02 00 05'), 'CONNACK', 'protocol_version')).toBe('4')
  })

  it('waits for the rest of a packet', () => {
    expect(parseMqtt(CONNECT.slice(0, -1))).toBe('partial')
    expect(parseMqtt('\x10')).toBe('partial')
  })

  it.each([
    ['another protocol name', CONNECT.replace('MQTT', 'MQTX')],
    ['an unknown version', CONNECT.replace('MQTT\x04', 'MQTT\x02')],
    ['the reserved flag of CONNECT', CONNECT.replace('\xce', '\xcf')],
    ['flags in the fixed header', `\x11${CONNECT.slice(1)}`],
    ['a property twice', bytes('10 17 00 04 4d515454 05 02 00 3c 0a 11 0000000a 11 0000000a 00 00')],
    ['a receive maximum of 0', CONNECT_5.replace('\x14', '\0')],
    ['a length that ends within a field', CONNECT.replace('\x20', '\x1f')],
    ['a reserved flag of CONNACK', bytes('20 02 02 00')],
    ['a type that is not read', bytes('c0 00')],
  ])('rejects %s', (_, packet) => {
    expect(parseMqtt(packet)).toBe('invalid')
  })
})

describe('FIX (tag=value encoding)', () => {
  /** The execution report that descriptions of the protocol give as an example. */
  const REPORT =
    `8=FIX.4.2|9=178|35=8|49=PHLX|56=PERS|52=20071123-05:30:00.000|11=ATOMNOCCC9990900|20=3|150=E|39=E|55=MSFT|167=CS|54=1|` +
    `38=15|40=2|44=15|58=PHLX EQUITY TESTING|59=0|47=C|32=0|31=0|151=15|14=0|6=0|10=128|`
  const message = (text: string): string => text.replace(/\|/g, '\x01')

  it('accepts a message with its length and checksum', () => {
    expect(isValidFix(message(REPORT))).toBe(true)
  })

  it.each([
    ['a wrong checksum', REPORT.replace('10=128', '10=129')],
    ['a checksum of two digits', REPORT.replace('10=128', '10=28')],
    ['a wrong length', REPORT.replace('9=178', '9=177')],
    ['an unknown version', REPORT.replace('FIX.4.2', 'FIX.4.9')],
    ['a tag beyond those of its version', REPORT.replace('151=15', '447=15')],
    ['a type that is not the third field', REPORT.replace('35=8|49=PHLX', '49=PHLX|35=8')],
    ['a tag that is no number', REPORT.replace('20=3', 'x=3')],
  ])('rejects %s', (_, text) => {
    expect(isValidFix(message(text))).toBe(false)
  })

  it('waits for the rest of a message', () => {
    expect(isValidFix(message(REPORT.slice(0, -1)))).toBeUndefined()
    expect(isValidFix(message('8=FIX.4.2|9=178|'))).toBeUndefined()
  })

  it('returns values by tags, which may be given by name', () => {
    expect(fixValue(message(REPORT), 55)).toBe('MSFT')
    expect(fixValue(message(REPORT), fixTag('SenderCompID')!)).toBe('PHLX')
    expect(fixValue(message(REPORT), fixTag('checksum')!)).toBe('128')
    expect(fixValue(message(REPORT), 999)).toBeUndefined()
    expect(fixTag('Unknown')).toBeUndefined()
  })
})

describe('the Forwarded header (RFC 7239)', () => {
  it.each([
    ['for=192.0.2.60;proto=http;by=203.0.113.43', { for: '192.0.2.60', proto: 'http', by: '203.0.113.43' }],
    ['for="_gazonk"', { for: '_gazonk' }],
    ['for="[2001:db8:cafe::17]:4711"', { for: '[2001:db8:cafe::17]:4711' }],
    ['for=unknown;host="example.com:8080"', { for: 'unknown', host: 'example.com:8080' }],
  ])('%s', (text, expected) => {
    expect(parseForwarded(text)).toEqual(expected)
  })

  it.each([
    'For=192.0.2.1',
    'for=192.0.2.43, for=198.51.100.17',
    'for=[2001:db8::1]',
    'for=192.0.2.1:80',
    'secret=x',
    '',
  ])('is rejected as by HAProxy: %s', (text) => {
    expect(parseForwarded(text)).toBeUndefined()
  })

  it('parses nodes', () => {
    expect(parseForwardedNode('192.0.2.43:47011')).toEqual({
      name: { kind: 'address', bytes: '\xc0\0\x02\x2b' },
      port: { kind: 'port', port: 47011 },
    })
    expect(parseForwardedNode('_SEVKISEK:_p1')).toEqual({
      name: { kind: 'obfuscated', text: 'SEVKISEK' },
      port: { kind: 'obfuscated', text: 'p1' },
    })
  })
})

describe('paths in JSON', () => {
  const TEXT = '{"a": [1, {"b.c": "x"}, []], "o": {}, "n": null, "t": true}'

  it.each([
    ['$', TEXT],
    ['$.a[0]', '1'],
    ['$.a[1].b\\.c', '"x"'],
    ['$.a[2]', '[]'],
    ['$.o', '{}'],
    ['$.n', 'null'],
    ['$.t', 'true'],
  ])('%s is %s', (path, expected) => {
    const token = findJson(TEXT, path)
    expect(token && TEXT.slice(token.begin, token.end)).toBe(expected)
  })

  it.each(['$.x', '$.a[3]', 'a', '', '$.t.x'])('%s is nothing', (path) => {
    expect(findJson(TEXT, path)).toBeUndefined()
  })

  it('does not read beyond the value', () => {
    expect(findJson('{"a": 1, "b": nonsense', '$.a')).toEqual({ kind: 'number', begin: 6, end: 7 })
    expect(findJson('{"a": 1, "b": nonsense', '$.b')).toBeUndefined()
  })

  it('decodes the escape sequences that mjson knows', () => {
    expect(unescapeJson('a\\n\\"\\\\\\u0041')).toBe('a\n"\\A')
    expect(unescapeJson('\\u20ac')).toBeUndefined()
    expect(unescapeJson('\\/')).toBeUndefined()
  })
})
