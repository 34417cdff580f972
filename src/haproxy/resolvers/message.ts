/**
 * Questions to name servers and their answers, as HAProxy writes and judges them (resolv_build_query and
 * resolv_validate_dns_response in src/resolvers.c; RFC 1035). Answers are judged byte by byte in HAProxy's order: what is
 * wrong with one decides what it is counted as and how long a server keeps its address.
 */
import { parseIp, type Ip } from '../../net/ip.js'
import { xxh32 } from './xxh32.js'

export const TYPES = { A: 1, CNAME: 5, AAAA: 28, OPT: 41 } as const
export type QueryType = 'A' | 'AAAA'

const RCODES = { NX: 3, REFUSED: 5 } as const
const HEADER = 12
/** the least bytes that a record takes */
const LEAST_RECORD = 11
const MOST_NAME = 255

/** An address of an answer; records are kept in the order of their keys. */
export interface AddressRecord extends Ip {
  readonly key: number
}

/** What is wrong with an answer, in the terms that HAProxy counts it in. */
export type AnswerError = 'invalid' | 'nx' | 'refused' | 'any_err' | 'cname_error' | 'truncated' | 'other'

/** A name as it stands in a message: labels, each after its length; undefined for what is no name. */
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
  new AnswerReader(bytes).read(name, Math.floor((size - HEADER) / LEAST_RECORD))

class AnswerReader {
  #at = 0

  constructor(readonly bytes: Uint8Array) {}

  read(name: Uint8Array, mostRecords: number): readonly AddressRecord[] | AnswerError {
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
    if (flags & 0x200) return 'truncated'
    return this.#records(answers, asked)
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

  /** A name, written out or as a pointer to an earlier one, in lower case; undefined where there is none. */
  #name(): string | undefined {
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
      text += textOf(this.bytes.subarray(at, at + 1 + length))
      if (text.length > MOST_NAME) return undefined
      at += 1 + length
    }
    return undefined
  }
}

/** Names are the same however their letters are written. */
const textOf = (name: Uint8Array): string => String.fromCharCode(...name).toLowerCase()

const ipOf = (data: Uint8Array): Ip => {
  if (data.length === 4) return { family: 'ipv4', ip: data.join('.') }
  const groups = Array.from({ length: 8 }, (_, i) => (data[2 * i]! * 256 + data[2 * i + 1]!).toString(16))
  return parseIp(groups.join(':'))!
}
