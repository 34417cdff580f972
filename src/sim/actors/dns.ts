/** A name server: it answers questions for the addresses of names (RFC 1035), from records that can change at any time. */
import type { Micros } from '../../engine/index.js'
import { formatAddress, isIp, type Address } from '../../net/address.js'
import { parseIp } from '../../net/ip.js'
import ipaddr from 'ipaddr.js'
import { encodeName, TYPES } from '../../haproxy/resolvers/message.js'
import type { ConnectionEvents } from '../../net/network.js'
import type { ServerOptions } from './server.js'
import type { World } from './world.js'

/** `ok` with the addresses it knows; `nx`: there is no such name; `silent`: no answer at all. */
export type DnsAnswer = 'ok' | 'nx' | 'refused' | 'failure' | 'truncated' | 'silent'

export interface DnsQuestion {
  /** when it came, in microseconds since the run began */
  readonly at: Micros
  readonly name: string
  readonly type: string
}

/** A SRV record. */
export interface DnsService {
  /** the name of a host */
  readonly target: string
  readonly port: number
  /** 0 … 65535; 0 if left out */
  readonly weight?: number
  /** 0 … 65535; 0 if left out */
  readonly priority?: number
  /** addresses of the target that come with the record, as additional ones */
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
/** seconds that an answer may be kept, which HAProxy does not heed */
const TTL = 60

export class DnsServer {
  readonly name: string
  /** every question that came, in that order */
  readonly questions: DnsQuestion[] = []
  readonly #entries = new Map<string, Entry>()
  #mute = false

  /** Listens at `address`, where it takes datagrams and connections. Throws a NetworkError where that is taken or not the host's. */
  constructor(
    readonly world: World,
    readonly address: Address,
    options: ServerOptions = {},
  ) {
    if (!isIp(address)) throw new RangeError('a name server needs an IP address')
    this.name = options.name ?? formatAddress(address)
    world.host.listenDatagrams(address, (bytes, reply) => this.#take(bytes, reply, true))
    world.host.listen(address, () => this.#session())
  }

  /** Gives `name` these addresses instead of what it had. Throws a RangeError for what is none. */
  set(name: string, ...ips: readonly string[]): this {
    judgeIps(ips)
    return this.#enter(name, { answer: 'ok', ips, alias: undefined })
  }

  /** Gives `name` these SRV records instead of what it had. Throws a RangeError for what is none. */
  srv(name: string, ...services: readonly DnsService[]): this {
    for (const service of services) {
      if (typeof service !== 'object') throw new RangeError('a SRV record has a target and a port')
      const { target, port, weight = 0, priority = 0, ips = [] } = service
      if (!Array.isArray(ips)) throw new RangeError('the ips of a SRV record are a list of addresses')
      judgeIps(ips as readonly string[])
      if (typeof target !== 'string' || encodeName(target) === undefined)
        throw new RangeError(`'${target}' is not the name of a host`)
      for (const number of [port, weight, priority])
        if (!Number.isInteger(number) || number < 0 || number > 65_535)
          throw new RangeError(`port, weight and priority are numbers from 0 to 65535, not ${String(number)}`)
    }
    return this.#enter(name, { answer: 'ok', ips: [], alias: undefined, services })
  }

  /** Makes `name` another name of `target` (CNAME). */
  alias(name: string, target: string): this {
    return this.#enter(name, { answer: 'ok', ips: [], alias: target })
  }

  /** Has questions for `name` fail in this way. */
  fail(name: string, answer: Exclude<DnsAnswer, 'ok'>): this {
    return this.#enter(name, { answer, ips: [], alias: undefined })
  }

  /** Answers nobody any more, until {@link accept}. */
  hang(): this {
    this.#mute = true
    return this
  }

  accept(): this {
    this.#mute = false
    return this
  }

  #enter(name: string, entry: Entry): this {
    this.#entries.set(name.toLowerCase(), entry)
    return this
  }

  /** Messages over TCP stand behind their length. */
  #session(): ConnectionEvents {
    let unread = new Uint8Array(0)
    return {
      readable: (connection) => {
        unread = Uint8Array.from([...unread, ...connection.read()])
        while (unread.length >= 2 && unread.length >= 2 + unread[0]! * 256 + unread[1]!) {
          const end = 2 + unread[0]! * 256 + unread[1]!
          const question = unread.subarray(2, end)
          unread = unread.slice(end)
          this.#take(question, (bytes) => connection.write(Uint8Array.from([...word(bytes.length), ...bytes])), false)
        }
        if (connection.ended) connection.close()
      },
    }
  }

  /** @param isDatagram an answer may be too large for one */
  #take(bytes: Uint8Array, reply: (bytes: Uint8Array) => void, isDatagram: boolean): void {
    const question = readQuestion(bytes)
    if (question === undefined) return
    const { name, type, raw } = question
    this.questions.push({ at: this.world.scheduler.clock.now, name, type: TYPE_NAMES[type] ?? String(type) })
    const entry = this.#entries.get(name.toLowerCase())
    const known = entry?.answer ?? 'nx'
    const answer = known === 'truncated' && !isDatagram ? 'ok' : known
    if (this.#mute || answer === 'silent') return
    const records = answer === 'ok' ? this.#records(name, type) : []
    const flags = RESPONSE | (CODES[answer] ?? 0) | (answer === 'truncated' ? TRUNCATED : 0)
    const additional = answer === 'ok' && type === TYPES.SRV ? this.#additional(name) : []
    const count = answer === 'truncated' ? 1 : records.length
    reply(
      Uint8Array.from([
        bytes[0]!,
        bytes[1]!,
        ...word(flags),
        0,
        1,
        ...word(count),
        0,
        0,
        ...word(additional.length),
        ...raw,
        ...records.flat(),
        ...additional.flat(),
      ]),
    )
  }

  /** The records of `name`, those of the name behind an alias after it. */
  #records(name: string, type: number, depth = 0): number[][] {
    const entry = this.#entries.get(name.toLowerCase())
    if (entry === undefined || depth > 8) return []
    const { alias } = entry
    if (alias !== undefined) return [record(name, 5, encode(alias)), ...this.#records(alias, type, depth + 1)]
    if (type === TYPES.SRV)
      return (entry.services ?? []).map(({ target, port, weight = 0, priority = 0 }) =>
        record(name, type, [...word(priority), ...word(weight), ...word(port), ...encode(target)]),
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

const judgeIps = (ips: readonly string[]): void => {
  const bad = ips.find((ip) => parseIp(ip) === undefined)
  if (bad !== undefined) throw new RangeError(`'${bad}' is not an IP address`)
}

const word = (value: number): [number, number] => [(value >> 8) & 255, value & 255]

const encode = (name: string): number[] => [
  ...name.split('.').flatMap((label) => [label.length, ...Array.from(label, (c) => c.charCodeAt(0))]),
  0,
]

const record = (name: string, type: number, data: readonly number[]): number[] => [
  ...encode(name),
  ...word(type),
  ...word(1),
  ...word(0),
  ...word(TTL),
  ...word(data.length),
  ...data,
]

/** The one question of a message; undefined for what is none. `raw` is how it stood there. */
const readQuestion = (
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
