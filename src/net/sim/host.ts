/**
 * A simulated host: its addresses, listeners and injected faults. Components of a simulation access the network through
 * their host ({@link Network}).
 */
import { isIp, addressKey, type Address, type IpAddress } from '../address.js'
import { strerror } from '../../bytes/errno.js'
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
import { InheritedSocket } from './inherited.js'

/**
 * A fault of an address, which takes precedence over listeners: connections are refused (RST), ignored (no answer), or
 * established and immediately reset.
 */
export type Fault = 'refuse' | 'hang' | 'reset'

/** Handles a datagram; `reply` sends one back to its source. */
export type DatagramHandler = (bytes: Uint8Array, reply: (bytes: Uint8Array) => void) => void

type Accept = (connection: Connection) => ConnectionEvents

/** A listening socket of a simulated host. @internal */
export interface BoundSocket extends ListeningSocket {
  readonly accept: Accept
  readonly closed: boolean
  readonly paused: boolean
}

/** TCP cannot connect to it. */
const BROADCAST = '255.255.255.255'

/** Linux's `ip_local_port_range`. */
const FIRST_PORT = 32768
const LAST_PORT = 60999

/** The network as used by its hosts; `from` is the host that sends. */
export interface HostNetwork {
  connect(from: Host, address: Address, events: ConnectionEvents, source?: Address): Connection
  datagrams(from: Host, address: IpAddress, received: (bytes: Uint8Array) => void): DatagramSocket
  resolve(name: string): readonly string[]
}

/** A host on the simulated network. */
export class Host implements Network {
  readonly #ips: string[] = []
  readonly #listeners = new Map<string, BoundSocket>()
  readonly #datagrams = new Map<string, DatagramHandler>()
  readonly #faults = new Map<string, Fault>()
  /** paths of UNIX sockets, which remain when the listener is closed */
  readonly #paths = new Set<string>()
  /** listening sockets that processes inherit, by descriptor */
  readonly #inherited = new Map<number, InheritedSocket>()
  #nextPort = FIRST_PORT

  /** @internal use SimNetwork.host */
  constructor(
    readonly network: HostNetwork,
    readonly name: string,
  ) {}

  /** Its addresses (canonical) without loopback ones. */
  get ips(): readonly string[] {
    return this.#ips
  }

  /** @internal */
  addIp(ip: string): void {
    this.#ips.push(ip)
  }

  /** Listens on `address`; port 0 selects a free port. A specific address takes precedence over the unspecified one. */
  listen(address: Address, accept: Accept): ListeningSocket {
    const inherited = address.family === 'fd' ? this.#inherited.get(address.fd) : undefined
    if (inherited) return inherited.listen(address, accept)
    const bound = isIp(address) && address.port === 0 ? { ...address, port: this.#freePort() } : address
    if ('fd' in bound || (isIp(bound) && !isAnyIp(bound.ip) && !this.owns(bound.ip)))
      throw new NetworkError('EADDRNOTAVAIL')
    const key = addressKey(unmapIpv4(bound))
    if (this.#listeners.has(key)) throw new NetworkError('EADDRINUSE')
    if (bound.family === 'unix') this.#paths.add(bound.path)
    const listener = {
      address: bound,
      accept,
      closed: false,
      paused: false,
      pause: () => void (listener.paused = true),
      resume: () => void (listener.paused = false),
      close: () => {
        if (!listener.closed) this.#listeners.delete(key)
        listener.closed = true
      },
    }
    this.#listeners.set(key, listener)
    return listener
  }

  /** Whether processes inherit listening sockets. */
  get inherits(): boolean {
    return this.#inherited.size > 0
  }

  descriptorError(fd: number): string | undefined {
    return this.#inherited.has(fd) ? undefined : strerror(fd <= 2 ? 'ENOTSOCK' : 'EBADF')
  }

  /**
   * Listens on `address` for the processes that inherit the descriptor `fd` (`bind fd@…`); without one, connections wait.
   * @param later calls a function outside of any task
   */
  inherit(fd: number, address: Address, later: (action: () => void) => void): ListeningSocket {
    const inherited = new InheritedSocket(later)
    const socket = this.listen(address, (connection) => inherited.take(connection))
    this.#inherited.set(fd, inherited)
    return {
      address: socket.address,
      pause: () => socket.pause(),
      resume: () => socket.resume(),
      close: () => {
        if (this.#inherited.get(fd) === inherited) this.#inherited.delete(fd)
        inherited.close()
        socket.close()
      },
    }
  }

  connect(address: Address, events: ConnectionEvents, from?: Address): Connection {
    return this.network.connect(this, address, events, from)
  }

  datagrams(to: IpAddress, received: (bytes: Uint8Array) => void): DatagramSocket {
    return this.network.datagrams(this, to, received)
  }

  /** Receives datagrams on `address`. Throws a {@link NetworkError} if it is in use or not local. */
  listenDatagrams(address: IpAddress, take: DatagramHandler): { close(): void } {
    if (!isAnyIp(address.ip) && !this.owns(address.ip)) throw new NetworkError('EADDRNOTAVAIL')
    const key = addressKey(address)
    if (this.#datagrams.has(key)) throw new NetworkError('EADDRINUSE')
    this.#datagrams.set(key, take)
    return { close: () => void this.#datagrams.delete(key) }
  }

  /** @internal the handler of datagrams to `address`; undefined if no socket is bound or the address has a fault */
  datagramHandler(address: IpAddress): DatagramHandler | undefined {
    const keys = bindKeys(address)
    if (keys.some((key) => this.#faults.has(key))) return undefined
    return keys.map((key) => this.#datagrams.get(key)).find((each) => each !== undefined)
  }

  resolve(name: string): readonly string[] {
    return this.network.resolve(name)
  }

  /** Injects a fault at an address of this host, or clears it (`undefined`). Established connections are not affected. */
  fault(address: Address, fault: Fault | undefined): void {
    const key = addressKey(unmapIpv4(address))
    if (fault === undefined) this.#faults.delete(key)
    else this.#faults.set(key, fault)
  }

  /** Whether an address (canonical) is local to this host, including loopback. */
  owns(ip: string): boolean {
    return isLoopbackIp(ip) || this.#ips.includes(ip)
  }

  /** @internal the listener and the fault at `address` */
  lookup(address: Address): { readonly listener: BoundSocket | undefined; readonly fault: Fault | undefined } {
    const keys = bindKeys(address)
    const find = <T>(map: Map<string, T>): T | undefined => {
      for (const key of keys) {
        const found = map.get(key)
        if (found !== undefined) return found
      }
      return undefined
    }
    const listener = find(this.#listeners)
    return { listener: listener?.paused === true ? undefined : listener, fault: find(this.#faults) }
  }

  /** @internal the immediate error of connecting to a local address */
  connectError(address: Address): NetworkErrorCode | undefined {
    return address.family === 'unix' && !this.#paths.has(address.path) ? 'ENOENT' : undefined
  }

  /** @internal the local address of a connection to `to`, or the error */
  localAddress(to: Address, from: Address | undefined): Address | NetworkErrorCode {
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
    if (to.ip === BROADCAST) return undefined
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

/** Converts IPv4-mapped IPv6 addresses (`::ffff:10.0.0.1`) to IPv4. */
export const unmapIpv4 = (address: Address): Address => {
  if (!isIp(address)) return address
  const mapped =
    address.family === 'ipv6' && address.ip.startsWith('::ffff:') ? parseIp(address.ip.slice(7), 'ipv4') : undefined
  return mapped ? { ...mapped, port: address.port } : address
}

/** The effective destination of a connection. On Linux, the unspecified address reaches the loopback address. */
export const effectiveDestination = (address: Address): Address => {
  const to = unmapIpv4(address)
  return isIp(to) && isAnyIp(to.ip) ? { ...to, ip: to.family === 'ipv4' ? '127.0.0.1' : '::1' } : to
}

/** Keys of the bound addresses that match `address`, most specific first. */
const bindKeys = (address: Address): string[] => {
  if (!isIp(address)) return [addressKey(address)]
  const every = (ip: '0.0.0.0' | '::') => addressKey({ family: ip === '::' ? 'ipv6' : 'ipv4', ip, port: address.port })
  return address.family === 'ipv4'
    ? [addressKey(address), every('0.0.0.0'), every('::')]
    : [addressKey(address), every('::')]
}
