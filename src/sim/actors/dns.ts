/** A DNS server (RFC 1035) with records that can be changed at any time. */
import type { Micros } from '../../engine/index.js'
import { formatAddress, isIp, type Address } from '../../net/address.js'
import { parseIp } from '../../net/ip.js'
import ipaddr from 'ipaddr.js'
import { encodeName, TYPES } from '../../haproxy/resolvers/message.js'
import type { ConnectionEvents } from '../../net/network.js'
import type { ServerOptions } from './server.js'
import type { ActorContext } from './world.js'

/** `ok`: the known records; `nx`: NXDOMAIN; `silent`: no response. */
export type DnsAnswer = 'ok' | 'nx' | 'refused' | 'failure' | 'truncated' | 'silent'

/** A received query. */
export interface DnsQuestion {
  /** time of arrival in microseconds since the start of the run */
  readonly at: Micros
  readonly name: string
  readonly type: string
}

/** A SRV record. */
export interface DnsService {
  /** a host name */
  readonly target: string
  readonly port: number
  /** 0 … 65535 (default 0) */
  readonly weight?: number
  /** 0 … 65535 (default 0) */
  readonly priority?: number
  /** addresses of the target, sent as additional records */
  readonly ips?: readonly string[]
}

interface Entry {
  readonly answer: DnsAnswer
  readonly ips: readonly string[]
  readonly alias: string | undefined
  readonly services?: readonly DnsService[]
}

const CODES: Readonly<Partial<Record<DnsAnswer, number>>> = { failure: 2, nx: 3, refused: 5 }
const RESPONSE = 0x8180
const TRUNCATED = 0x0200
const TYPE_NAMES: Readonly<Record<number, string>> = { 1: 'A', 5: 'CNAME', 28: 'AAAA', 33: 'SRV' }
/** seconds; ignored by HAProxy */
const TTL = 60

/** A DNS server over UDP and TCP. */
export class DnsServer {
  readonly name: string
  /** all received queries in order */
  readonly questions: DnsQuestion[] = []
  readonly #entries = new Map<string, Entry>()
  #hangs = false

  /** Listens on `address` for UDP and TCP. Throws a NetworkError if it is in use or not local. */
  constructor(
    readonly world: ActorContext,
    readonly address: Address,
    options: ServerOptions = {},
  ) {
    if (!isIp(address)) throw new RangeError('a name server needs an IP address')
    this.name = options.name ?? formatAddress(address)
    world.host.listenDatagrams(address, (bytes, reply) => this.#take(bytes, reply, true))
    world.host.listen(address, () => this.#session())
  }

  /** Sets the addresses of `name`, replacing its records. Throws a RangeError for invalid addresses. */
  set(name: string, ...ips: readonly string[]): this {
    validateIps(ips)
    return this.#enter(name, { answer: 'ok', ips, alias: undefined })
  }

  /** Sets the SRV records of `name`, replacing its records. Throws a RangeError for invalid records. */
  srv(name: string, ...services: readonly DnsService[]): this {
    for (const service of services) {
      if (typeof service !== 'object') throw new RangeError('a SRV record has a target and a port')
      const { target, port, weight = 0, priority = 0, ips = [] } = service
      if (!Array.isArray(ips)) throw new RangeError('the ips of a SRV record are a list of addresses')
      validateIps(ips as readonly string[])
      if (typeof target !== 'string' || encodeName(target) === undefined)
        throw new RangeError(`'${target}' is not the name of a host`)
      for (const number of [port, weight, priority])
        if (!Number.isInteger(number) || number < 0 || number > 65_535)
          throw new RangeError(`port, weight and priority are numbers from 0 to 65535, not ${String(number)}`)
    }
    return this.#enter(name, { answer: 'ok', ips: [], alias: undefined, services })
  }

  /** Makes `name` an alias of `target` (CNAME). */
  alias(name: string, target: string): this {
    return this.#enter(name, { answer: 'ok', ips: [], alias: target })
  }

  /** Makes queries for `name` fail. */
  fail(name: string, answer: Exclude<DnsAnswer, 'ok'>): this {
    return this.#enter(name, { answer, ips: [], alias: undefined })
  }

  /** Stops responding until {@link accept}. */
  hang(): this {
    this.#hangs = true
    return this
  }

  /** Responds again. */
  accept(): this {
    this.#hangs = false
    return this
  }

  #enter(name: string, entry: Entry): this {
    this.#entries.set(name.toLowerCase(), entry)
    return this
  }

  /** A TCP connection, where messages are prefixed with their length. */
  #session(): ConnectionEvents {
    let unread = new Uint8Array(0)
    return {
      readable: (connection) => {
        unread = Uint8Array.from([...unread, ...connection.read()])
        while (unread.length >= 2 && unread.length >= 2 + unread[0]! * 256 + unread[1]!) {
          const end = 2 + unread[0]! * 256 + unread[1]!
          const question = unread.subarray(2, end)
          unread = unread.slice(end)
          this.#take(question, (bytes) => connection.write(Uint8Array.from([...uint16(bytes.length), ...bytes])), false)
        }
        if (connection.ended) connection.close()
      },
    }
  }

  /** @param isDatagram whether responses can be truncated */
  #take(bytes: Uint8Array, reply: (bytes: Uint8Array) => void, isDatagram: boolean): void {
    const question = parseQuestion(bytes)
    if (question === undefined) return
    const { name, type, raw } = question
    this.questions.push({ at: this.world.scheduler.clock.now, name, type: TYPE_NAMES[type] ?? String(type) })
    const entry = this.#entries.get(name.toLowerCase())
    const known = entry?.answer ?? 'nx'
    const answer = known === 'truncated' && !isDatagram ? 'ok' : known
    if (this.#hangs || answer === 'silent') return
    const records = answer === 'ok' ? this.#records(name, type) : []
    const flags = RESPONSE | (CODES[answer] ?? 0) | (answer === 'truncated' ? TRUNCATED : 0)
    const additional = answer === 'ok' && type === TYPES.SRV ? this.#additional(name) : []
    const count = answer === 'truncated' ? 1 : records.length
    reply(
      Uint8Array.from([
        bytes[0]!,
        bytes[1]!,
        ...uint16(flags),
        0,
        1,
        ...uint16(count),
        0,
        0,
        ...uint16(additional.length),
        ...raw,
        ...records.flat(),
        ...additional.flat(),
      ]),
    )
  }

  /** The records of `name`, following aliases. */
  #records(name: string, type: number, depth = 0): number[][] {
    const entry = this.#entries.get(name.toLowerCase())
    if (entry === undefined || depth > 8) return []
    const { alias } = entry
    if (alias !== undefined) return [record(name, 5, encodeDomain(alias)), ...this.#records(alias, type, depth + 1)]
    if (type === TYPES.SRV)
      return (entry.services ?? []).map(({ target, port, weight = 0, priority = 0 }) =>
        record(name, type, [...uint16(priority), ...uint16(weight), ...uint16(port), ...encodeDomain(target)]),
      )
    return entry.ips
      .filter((ip) => ip.includes(':') === (type === 28))
      .filter(() => type === 1 || type === 28)
      .map((ip) => record(name, type, ipaddr.parse(ip).toByteArray()))
  }

  #additional(name: string): number[][] {
    return (this.#entries.get(name.toLowerCase())?.services ?? []).flatMap(({ target, ips = [] }) =>
      ips.map((ip) => record(target, ip.includes(':') ? TYPES.AAAA : TYPES.A, ipaddr.parse(ip).toByteArray())),
    )
  }
}

const validateIps = (ips: readonly string[]): void => {
  const invalid = ips.find((ip) => parseIp(ip) === undefined)
  if (invalid !== undefined) throw new RangeError(`'${invalid}' is not an IP address`)
}

const uint16 = (value: number): [number, number] => [(value >> 8) & 255, value & 255]

const encodeDomain = (name: string): number[] => [
  ...name.split('.').flatMap((label) => [label.length, ...Array.from(label, (c) => c.charCodeAt(0))]),
  0,
]

const record = (name: string, type: number, data: readonly number[]): number[] => [
  ...encodeDomain(name),
  ...uint16(type),
  ...uint16(1),
  ...uint16(0),
  ...uint16(TTL),
  ...uint16(data.length),
  ...data,
]

/** Parses the question of a message; undefined if it is invalid. `raw` are its bytes. */
const parseQuestion = (
  bytes: Uint8Array,
): { readonly name: string; readonly type: number; readonly raw: readonly number[] } | undefined => {
  let at = 12
  const labels: string[] = []
  for (let length = bytes[at]; length !== undefined && length > 0; length = bytes[at]) {
    labels.push(String.fromCharCode(...bytes.subarray(at + 1, at + 1 + length)))
    at += 1 + length
  }
  if (labels.length === 0 || at + 5 > bytes.length) return undefined
  return { name: labels.join('.'), type: bytes[at + 1]! * 256 + bytes[at + 2]!, raw: [...bytes.subarray(12, at + 5)] }
}
