/**
 * Questions to name servers and their answers, as HAProxy writes and judges them (resolv_build_query and
 * resolv_validate_dns_response in src/resolvers.c; RFC 1035). Answers are judged byte by byte in HAProxy's order: what is
 * wrong with one decides what it is counted as and how long a server keeps its address.
 */
import { parseIp, type Ip } from '../../net/ip.js'
import { xxh32 } from '../../hash/xxh32.js'

export const TYPES = { A: 1, CNAME: 5, AAAA: 28, SRV: 33, OPT: 41 } as const
export type QueryType = 'A' | 'AAAA' | 'SRV'

const RCODES = { NX: 3, REFUSED: 5 } as const
const HEADER = 12
/** the least bytes that a record takes */
const LEAST_RECORD = 11
const MOST_NAME = 255

/** An address of an answer; records are kept in the order of their keys. */
export interface AddressRecord extends Ip {
  readonly key: number
}

/** An SRV record of an answer, without its priority, which HAProxy ignores. */
export interface ServiceRecord {
  /** 0 … 65535 */
  readonly weight: number
  readonly port: number
  /** a name, without a dot at its end */
  readonly target: string
  readonly key: number
}

/** What an answer to a question for SRV records has: those, and the addresses of names that come with them. */
export interface ServiceAnswer {
  readonly services: readonly ServiceRecord[]
  readonly additional: readonly (Ip & { readonly name: string })[]
}

/** What is wrong with an answer, in the terms that HAProxy counts it in. */
export type AnswerError = 'invalid' | 'nx' | 'refused' | 'any_err' | 'cname_error' | 'truncated' | 'other'

/** Encodes a name: labels, each after its length; undefined for an invalid name. */
export const encodeName = (name: string): Uint8Array | undefined => {
  const labels = name.replace(/\.$/, '').split('.')
  if (labels.some((label) => label === '' || label.length > 63)) return undefined
  const text = labels.map((label) => String.fromCharCode(label.length) + label).join('')
  return text.length >= MOST_NAME ? undefined : Uint8Array.from(text, (c) => c.charCodeAt(0))
}

/** A question with one name, and in an additional record how long the answer may be. */
export const buildQuery = (id: number, type: QueryType, name: Uint8Array, payloadSize: number): Uint8Array =>
  Uint8Array.from([
    ...word(id),
    ...[1, 0, 0, 1, 0, 0, 0, 0, 0, 1],
    ...name,
    0,
    ...word(TYPES[type]),
    ...word(1),
    ...[0, ...word(TYPES.OPT), ...word(payloadSize), 0, 0, 0, 0, 0, 0],
  ])

const word = (value: number): [number, number] => [value >> 8, value & 255]

/** The addresses in an answer to a question for `name`, or what is wrong with it. @param size what it may be long */
export const readAnswer = (bytes: Uint8Array, name: Uint8Array, size: number): readonly AddressRecord[] | AnswerError =>
  new AnswerReader(bytes).read(name, mostRecords(size))

/** The same for a question for SRV records. An answer that was cut short serves as far as it goes. */
export const readServices = (bytes: Uint8Array, name: Uint8Array, size: number): ServiceAnswer | AnswerError =>
  new AnswerReader(bytes).readServices(name, mostRecords(size))

const mostRecords = (size: number): number => Math.floor((size - HEADER) / LEAST_RECORD)

class AnswerReader {
  #at = 0

  constructor(readonly bytes: Uint8Array) {}

  read(name: Uint8Array, most: number): readonly AddressRecord[] | AnswerError {
    const begun = this.#begin(name, most)
    if (typeof begun === 'string') return begun
    return begun.isTruncated ? 'truncated' : this.#records(begun.count, textOf(name))
  }

  readServices(name: Uint8Array, most: number): ServiceAnswer | AnswerError {
    const begun = this.#begin(name, most)
    if (typeof begun === 'string') return begun
    const services: ServiceRecord[] = []
    for (let i = 0; i < begun.count; i++) {
      const record = this.#record()
      if (record === undefined) return 'invalid'
      const { type, begin, data } = record
      if (type === TYPES.CNAME && i + 1 === begun.count) return 'cname_error'
      if (!hasAddressLength(type, data)) return 'invalid'
      if (type !== TYPES.SRV) continue
      if (data.length <= 6) return 'invalid'
      this.#at = begin + 6
      const target = this.#labels()
      if (target === undefined) return 'invalid'
      const [weight, port] = [this.#word(begin + 2), this.#word(begin + 4)]
      const raw = Uint8Array.from(target, (c) => c.charCodeAt(0))
      services.push({ weight, port, target: nameOf(target), key: xxh32(raw, TYPES.SRV) })
    }
    const additional = this.#skipAuthority() ? this.#additional() : undefined
    return additional === undefined ? 'invalid' : { services, additional }
  }

  /** Reads up to the records: how many answers there are, or what is wrong. */
  #begin(name: Uint8Array, mostRecords: number): { count: number; isTruncated: boolean } | AnswerError {
    const { bytes } = this
    if (bytes.length <= 4) return 'invalid'
    const flags = this.#word(2)
    const code = flags & 15
    if (code === RCODES.NX) return 'nx'
    if (code === RCODES.REFUSED) return 'refused'
    if (code !== 0) return 'other'
    if (bytes.length <= 6 || this.#word(4) !== 1 || bytes.length <= 8) return 'invalid'
    const answers = this.#word(6)
    if (answers === 0) return 'any_err'
    if (answers > mostRecords || bytes.length <= HEADER) return 'invalid'
    this.#at = HEADER
    const asked = this.#name()
    if (asked === undefined || asked !== textOf(name) || this.#at + 4 >= bytes.length) return 'invalid'
    this.#at += 4
    return { count: answers, isTruncated: (flags & 0x200) !== 0 }
  }

  /** The next record, of which nothing but its length was judged; undefined where it does not end within the answer. */
  #record(): { owner: string; type: number; begin: number; data: Uint8Array } | undefined {
    const owner = this.#labels()
    const begin = this.#at + 10
    if (owner === undefined || begin > this.bytes.length) return undefined
    const [type, length] = [this.#word(this.#at), this.#word(this.#at + 8)]
    const data = this.bytes.subarray(begin, begin + length)
    if (data.length !== length) return undefined
    this.#at = begin + length
    return { owner, type, begin, data }
  }

  /** A record without a name is passed over here and below, and so is what would follow it. */
  #skipAuthority(): boolean {
    for (let left = this.#word(8); left > 0; left--) {
      const start = this.#at
      if (this.#labels() === undefined) {
        this.#at = start
        return true
      }
      this.#at = start
      if (this.#record() === undefined || this.#at >= this.bytes.length) return false
    }
    return true
  }

  #additional(): ServiceAnswer['additional'] | undefined {
    const found: (Ip & { name: string })[] = []
    for (let left = this.#word(10); left > 0; left--) {
      if (this.#at >= this.bytes.length) return undefined
      const start = this.#at
      if (this.#labels() === undefined) return found
      this.#at = start
      const record = this.#record()
      if (record === undefined || !hasAddressLength(record.type, record.data)) return undefined
      const { owner, type, begin, data } = record
      if (type === TYPES.A || type === TYPES.AAAA) found.push({ ...ipOf(data), name: nameOf(owner) })
      // HAProxy reads on within the data of other records
      else this.#at = begin
    }
    return found
  }

  #records(count: number, asked: string): readonly AddressRecord[] | AnswerError {
    const found: AddressRecord[] = []
    let expected = asked
    for (let i = 0; i < count; i++) {
      const owner = this.#name()
      if (owner === undefined) return 'invalid'
      if (owner !== expected) return i === 0 ? 'invalid' : 'cname_error'
      const begin = this.#at + 10
      if (begin > this.bytes.length) return 'invalid'
      const [type, length] = [this.#word(this.#at), this.#word(this.#at + 8)]
      const data = this.bytes.subarray(begin, begin + length)
      if (data.length !== length) return 'invalid'
      if (type === TYPES.CNAME) {
        if (i + 1 === count) return 'cname_error'
        this.#at = begin
        const target = this.#name()
        if (target === undefined) return 'invalid'
        expected = target
      } else if (type === TYPES.A || type === TYPES.AAAA) {
        if (length !== (type === TYPES.A ? 4 : 16)) return 'invalid'
        found.push({ ...ipOf(data), key: xxh32(data, type) })
      }
      this.#at = begin + length
    }
    return found
  }

  #word(at: number): number {
    return this.bytes[at]! * 256 + this.bytes[at + 1]!
  }

  /** Reads a name, which may contain pointers to earlier ones, in lower case; undefined if it is invalid. */
  #name(): string | undefined {
    return this.#labels()?.toLowerCase()
  }

  /** Reads a name without changing its case. */
  #labels(): string | undefined {
    let text = ''
    let at = this.#at
    let end: number | undefined
    for (let jumps = 0; at < this.bytes.length;) {
      const length = this.bytes[at]!
      if (length === 0) {
        this.#at = end ?? at + 1
        return text === '' ? undefined : text
      }
      if (length >= 0xc0) {
        end ??= at + 2
        const target = this.#word(at) & 0x3fff
        if (at + 1 >= this.bytes.length || target >= at || ++jumps > 100) return undefined
        at = target
        continue
      }
      text += String.fromCharCode(...this.bytes.subarray(at, at + 1 + length))
      if (text.length > MOST_NAME) return undefined
      at += 1 + length
    }
    return undefined
  }
}

/** Names are the same however their letters are written. */
const textOf = (name: Uint8Array): string => String.fromCharCode(...name).toLowerCase()

/** Labels with dots between them instead of their lengths. */
const nameOf = (labels: string): string => {
  const parts: string[] = []
  for (let at = 0; at < labels.length; at += 1 + labels.charCodeAt(at))
    parts.push(labels.slice(at + 1, at + 1 + labels.charCodeAt(at)))
  return parts.join('.')
}

const hasAddressLength = (type: number, { length }: Uint8Array): boolean =>
  type === TYPES.A ? length === 4 : type !== TYPES.AAAA || length === 16

const ipOf = (data: Uint8Array): Ip => {
  if (data.length === 4) return { family: 'ipv4', ip: data.join('.') }
  const groups = Array.from({ length: 8 }, (_, i) => (data[2 * i]! * 256 + data[2 * i + 1]!).toString(16))
  return parseIp(groups.join(':'))!
}
