/**
 * The Forwarded header as HAProxy parses it, without extensions (`http_validate_7239_header`, src/http_ext.c; RFC 7239). Text is a byte string.
 */
import { ipBytes, parseIp, type IpFamily } from '../../../net/ip.js'

/** The name or address of a node. An obfuscated identifier is the text after the underscore; an address has 4 or 16 bytes. */
export type NodeName =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'obfuscated'; readonly text: string }
  | { readonly kind: 'address'; readonly bytes: string }

export type NodePort =
  { readonly kind: 'obfuscated'; readonly text: string } | { readonly kind: 'port'; readonly port: number }

export interface ForwardedNode {
  readonly name: NodeName
  /** undefined if absent */
  readonly port: NodePort | undefined
}

/** The parameters of a header, without quotes. */
export type ForwardedHeader = Readonly<Partial<Record<'for' | 'by' | 'host' | 'proto', string>>>

const LARGEST_PORT = 65535
/** Maximum lengths of texts that are passed to `inet_pton`. */
const ADDRESS_LENGTHS = { ipv4: 15, ipv6: 45 }

/** Reads a header from left to right. */
class Reader {
  at = 0
  constructor(readonly text: string) {}

  get next(): string | undefined {
    return this.text[this.at]
  }

  get isAtEnd(): boolean {
    return this.at >= this.text.length
  }

  /** Skips `word` if it is next. */
  skip(word: string): boolean {
    if (!this.text.startsWith(word, this.at)) return false
    this.at += word.length
    return true
  }

  /** The match of a sticky expression at the current position. */
  take(pattern: RegExp): string {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.text)?.[0] ?? ''
    this.at += found.length
    return found
  }
}

const OBFUSCATED = /[A-Za-z0-9._-]*/y
const DIGITS = /\d*/y
const HOST_NAME = /[A-Za-z0-9.]*/y
const IPV4 = new RegExp(`[\\d.]{0,${ADDRESS_LENGTHS.ipv4}}`, 'y')
const IPV6 = new RegExp(`[A-Za-z0-9:]{0,${ADDRESS_LENGTHS.ipv6}}`, 'y')

/** Whether a text consists of characters of obfuscated identifiers, and is not empty. */
export const isObfuscated = (text: string): boolean => /^[A-Za-z0-9._-]+$/.test(text)

const readPort = (reader: Reader): number | undefined => {
  const port = Number(reader.take(DIGITS))
  return port > 0 && port <= LARGEST_PORT ? port : undefined
}

const addressOf = (text: string, family: IpFamily): NodeName | undefined => {
  const parsed = parseIp(text, family)
  return parsed && { kind: 'address', bytes: String.fromCharCode(...ipBytes(parsed.ip)) }
}

/** An IPv6 address in brackets. */
const readIpv6 = (reader: Reader): NodeName | undefined => {
  reader.skip('[')
  const text = reader.take(IPV6)
  return reader.skip(']') ? addressOf(text, 'ipv6') : undefined
}

const readName = (reader: Reader, isQuoted: boolean): NodeName | undefined => {
  if (reader.skip('_')) {
    const text = reader.take(OBFUSCATED)
    return text === '' ? undefined : { kind: 'obfuscated', text }
  }
  if (reader.next === 'u') return reader.skip('unknown') ? { kind: 'unknown' } : undefined
  if (isQuoted && reader.next === '[') return readIpv6(reader)
  return addressOf(reader.take(IPV4), 'ipv4')
}

const readNode = (reader: Reader, isQuoted: boolean): ForwardedNode | undefined => {
  const name = readName(reader, isQuoted)
  if (!name) return undefined
  if (!reader.skip(':')) return { name, port: undefined }
  if (!isQuoted) return undefined
  if (reader.skip('_')) {
    const text = reader.take(OBFUSCATED)
    return text === '' ? undefined : { name, port: { kind: 'obfuscated', text } }
  }
  const port = readPort(reader)
  return port === undefined ? undefined : { name, port: { kind: 'port', port } }
}

/** Whether a host with an optional port was read. */
const readHost = (reader: Reader, isQuoted: boolean): boolean => {
  if (reader.isAtEnd) return false
  if (isQuoted && reader.next === '[') {
    if (!readIpv6(reader)) return false
  } else reader.take(HOST_NAME)
  if (!reader.skip(':')) return true
  return isQuoted && readPort(reader) !== undefined
}

/** The parser of each parameter's value, and whether the value may be in quotes. */
const PARAMETERS = {
  for: (reader: Reader, isQuoted: boolean) => readNode(reader, isQuoted) !== undefined,
  by: (reader: Reader, isQuoted: boolean) => readNode(reader, isQuoted) !== undefined,
  host: readHost,
  proto: (reader: Reader) => reader.skip('https') || reader.skip('http'),
} as const
const NAMES = Object.keys(PARAMETERS) as (keyof typeof PARAMETERS)[]

/**
 * Parses a header. After all four parameters, the rest is ignored.
 * @returns undefined if it is not valid
 */
export const parseForwarded = (text: string): ForwardedHeader | undefined => {
  const reader = new Reader(text)
  const values: Partial<Record<keyof typeof PARAMETERS, string>> = {}
  while (!reader.isAtEnd && Object.keys(values).length < NAMES.length) {
    if (reader.at > 0 && !reader.skip(';')) return undefined
    const rest = text.length - reader.at
    const name = NAMES.find((each) => values[each] === undefined && rest > each.length + 1 && reader.skip(`${each}=`))
    if (name === undefined) return undefined
    const isQuoted = name !== 'proto' && reader.skip('"')
    const begin = reader.at
    if (!PARAMETERS[name](reader, isQuoted)) return undefined
    values[name] = text.slice(begin, reader.at)
    if (isQuoted && !reader.skip('"')) return undefined
  }
  return reader.at === 0 ? undefined : values
}

/** Parses a node at the start of a text, such as `192.0.2.1`, `[2001:db8::1]:80`, `unknown` or `_name`; undefined if invalid. */
export const parseForwardedNode = (text: string): ForwardedNode | undefined => readNode(new Reader(text), true)

/** The result of `read` if it consumes the whole text. */
const readWhole = <T>(text: string, read: (reader: Reader) => T): T | undefined => {
  const reader = new Reader(text)
  const found = read(reader)
  return reader.isAtEnd ? found : undefined
}

/** Parses a text that consists of the name of a node. */
export const parseNodeName = (text: string): NodeName | undefined => readWhole(text, (reader) => readName(reader, true))

/** Whether a text is the port of a node. */
export const isNodePort = (text: string): boolean =>
  readWhole(text, (reader) => (reader.skip('_') ? reader.take(OBFUSCATED) !== '' : readPort(reader) !== undefined)) ===
  true

/** Whether a text is a host with an optional port. */
export const isForwardedHost = (text: string): boolean => readWhole(text, (reader) => readHost(reader, true)) === true
