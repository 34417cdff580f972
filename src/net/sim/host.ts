/**
 * A simulated host: its addresses, who listens at them, and what is wrong with them. Each part of a simulation sees the
 * network through its host ({@link Network}).
 */
import { isIp, addressKey, type Address, type IpAddress } from '../address.js'
import { isAnyIp, isLoopbackIp, parseIp } from '../ip.js'
import {
  NetworkError,
  type Connection,
  type ConnectionEvents,
  type DatagramSocket,
  type ListeningSocket,
  type Network,
  type NetworkErrorCode,
} from '../network.js'
import type { SimNetwork } from './network.js'

/**
 * What is wrong with an address, whether or not somebody listens there: connections are refused (RST), ignored (nothing
 * answers), or made and then reset at once.
 */
export type Fault = 'refuse' | 'hang' | 'reset'

/** Takes a datagram; `reply` sends one back to where it came from. */
export type Datagrams = (bytes: Uint8Array, reply: (bytes: Uint8Array) => void) => void

type Accept = (connection: Connection) => ConnectionEvents

/** @internal */
export interface Listener extends ListeningSocket {
  readonly accept: Accept
  readonly closed: boolean
}

/** Linux's `ip_local_port_range`. */
const FIRST_PORT = 32768
const LAST_PORT = 60999

export class Host implements Network {
  readonly #ips: string[] = []
  readonly #listeners = new Map<string, Listener>()
  readonly #datagrams = new Map<string, Datagrams>()
  readonly #faults = new Map<string, Fault>()
  /** paths at which a socket was made once: the file stays when nobody listens any more */
  readonly #paths = new Set<string>()
  #nextPort = FIRST_PORT

  /** @internal made by {@link SimNetwork.host} */
  constructor(
    readonly network: SimNetwork,
    readonly name: string,
  ) {}

  /** Its addresses, canonical text, beside the loopback ones. */
  get ips(): readonly string[] {
    return this.#ips
  }

  /** @internal */
  addIp(ip: string): void {
    this.#ips.push(ip)
  }

  /** Listens. A port 0 is replaced by a free one. A listener at one address goes before one at all addresses. */
  listen(address: Address, accept: Accept): ListeningSocket {
    const bound = isIp(address) && address.port === 0 ? { ...address, port: this.#freePort() } : address
    if ('fd' in bound || (isIp(bound) && !isAnyIp(bound.ip) && !this.owns(bound.ip)))
      throw new NetworkError('EADDRNOTAVAIL')
    const key = addressKey(plain(bound))
    if (this.#listeners.has(key)) throw new NetworkError('EADDRINUSE')
    if (bound.family === 'unix') this.#paths.add(bound.path)
    const listener = {
      address: bound,
      accept,
      closed: false,
      close: () => {
        if (!listener.closed) this.#listeners.delete(key)
        listener.closed = true
      },
    }
    this.#listeners.set(key, listener)
    return listener
  }

  connect(address: Address, events: ConnectionEvents, from?: Address): Connection {
    return this.network.connect(this, address, events, from)
  }

  datagrams(to: IpAddress, received: (bytes: Uint8Array) => void): DatagramSocket {
    return this.network.datagrams(this, to, received)
  }

  /** Takes the datagrams that are sent to `address`. Throws a {@link NetworkError} where somebody does, or it is not its own. */
  answerDatagrams(address: IpAddress, take: Datagrams): { close(): void } {
    if (!isAnyIp(address.ip) && !this.owns(address.ip)) throw new NetworkError('EADDRNOTAVAIL')
    const key = addressKey(address)
    if (this.#datagrams.has(key)) throw new NetworkError('EADDRINUSE')
    this.#datagrams.set(key, take)
    return { close: () => void this.#datagrams.delete(key) }
  }

  /** @internal who takes datagrams that arrive at `address`; nobody while that is broken */
  takerOfDatagrams(address: IpAddress): Datagrams | undefined {
    const keys = keysOf(address)
    if (keys.some((key) => this.#faults.has(key))) return undefined
    return keys.map((key) => this.#datagrams.get(key)).find((each) => each !== undefined)
  }

  resolve(name: string): readonly string[] {
    return this.network.resolve(name)
  }

  /** Breaks an address of this host, or mends it (`undefined`). Connections that are made already stay as they are. */
  fault(address: Address, fault: Fault | undefined): void {
    const key = addressKey(plain(address))
    if (fault === undefined) this.#faults.delete(key)
    else this.#faults.set(key, fault)
  }

  /** Whether an address (canonical text) is this host's, the loopback ones included. */
  owns(ip: string): boolean {
    return isLoopbackIp(ip) || this.#ips.includes(ip)
  }

  /** @internal who takes a connection that arrives at `address`, and what is wrong there */
  at(address: Address): { readonly listener: Listener | undefined; readonly fault: Fault | undefined } {
    const keys = keysOf(address)
    const find = <T>(map: Map<string, T>): T | undefined => {
      for (const key of keys) {
        const found = map.get(key)
        if (found !== undefined) return found
      }
      return undefined
    }
    return { listener: find(this.#listeners), fault: find(this.#faults) }
  }

  /** @internal why nothing can be asked at a local address at all */
  missing(address: Address): NetworkErrorCode | undefined {
    return address.family === 'unix' && !this.#paths.has(address.path) ? 'ENOENT' : undefined
  }

  /** @internal the local end of a connection to `to`, or why there is none */
  source(to: Address, from: Address | undefined): Address | NetworkErrorCode {
    if (!isIp(to)) return 'path' in to ? { family: to.family, path: '' } : 'EADDRNOTAVAIL'
    if (from !== undefined && isIp(from) && !isAnyIp(from.ip)) {
      if (from.family !== to.family || !this.owns(from.ip)) return 'EADDRNOTAVAIL'
      return from.port === 0 ? { ...from, port: this.#freePort() } : from
    }
    const port = from !== undefined && isIp(from) && from.port !== 0 ? from.port : this.#freePort()
    const ip = this.#sourceIp(to)
    return ip === undefined ? 'ENETUNREACH' : { family: to.family, ip, port }
  }

  #sourceIp(to: IpAddress): string | undefined {
    if (isLoopbackIp(to.ip)) return to.family === 'ipv4' ? '127.0.0.1' : to.ip
    if (this.#ips.includes(to.ip)) return to.ip
    return this.#ips.find((ip) => ip.includes(':') === (to.family === 'ipv6'))
  }

  #freePort(): number {
    const port = this.#nextPort
    this.#nextPort = port === LAST_PORT ? FIRST_PORT : port + 1
    return port
  }
}

/** IPv4 written as IPv6 (`::ffff:10.0.0.1`) is IPv4. */
export const plain = (address: Address): Address => {
  if (!isIp(address)) return address
  const mapped =
    address.family === 'ipv6' && address.ip.startsWith('::ffff:') ? parseIp(address.ip.slice(7), 'ipv4') : undefined
  return mapped ? { ...mapped, port: address.port } : address
}

/** Where a connection to `address` arrives: Linux takes all addresses as a destination for its own loopback address. */
export const destination = (address: Address): Address => {
  const to = plain(address)
  return isIp(to) && isAnyIp(to.ip) ? { ...to, ip: to.family === 'ipv4' ? '127.0.0.1' : '::1' } : to
}

/** The addresses at which somebody may listen for what arrives at `address`, the closest first. */
const keysOf = (address: Address): string[] => {
  if (!isIp(address)) return [addressKey(address)]
  const every = (ip: '0.0.0.0' | '::') => addressKey({ family: ip === '::' ? 'ipv6' : 'ipv4', ip, port: address.port })
  return address.family === 'ipv4'
    ? [addressKey(address), every('0.0.0.0'), every('::')]
    : [addressKey(address), every('::')]
}
