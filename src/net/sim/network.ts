/**
 * The simulated network.
 *
 * - **Hosts** have a name and addresses. `127.0.0.0/8`, `::1` and sockets that are paths belong to whoever uses them.
 * - **Links** join each pair of hosts, and each host with itself. A link has a latency, drawn anew for each packet
 *   (loopback 20 to 60 µs, others 150 to 400 µs one way, unless set), and can be cut. Packets of a connection keep
 *   their order. There is no bandwidth: what is written within one instant arrives together.
 * - **What can be broken**: an address ({@link Host.fault}: refuses, does not answer, resets), a link ({@link Link.cut},
 *   {@link Link.setLatency}). An address that no host has never answers: asking ends with a timeout after 127 s.
 *
 * Everything happens in entries of the scheduler: nobody is called back from within a call. All chance comes from the
 * one stream given. The trace gets a record per connection asked for, accepted, refused, reset, failed and closed, and
 * a tick per delivery.
 */
import type { Random, Scheduler } from '../../engine/index.js'
import { formatAddress, isIp, isLoopback, type Address, type IpAddress } from '../address.js'
import { isAnyIp, parseIp } from '../ip.js'
import type { Connection, ConnectionEvents, DatagramSocket, NetworkErrorCode } from '../network.js'
import { Endpoint } from './endpoint.js'
import { Handshake, type Verdict } from './handshake.js'
import { destination, Host, plain, type Fault } from './host.js'
import type { Wire } from './in-flight.js'
import { Link, LOOPBACK_LATENCY, REMOTE_LATENCY, type Latency } from './link.js'

export interface SimNetworkOptions {
  readonly scheduler: Scheduler
  readonly random: Random
  /** within a host and between hosts, unless a link is set otherwise */
  readonly latency?: { readonly loopback?: Latency; readonly remote?: Latency }
  /** bytes that may be on the way or unread per direction of a connection (default 65536) */
  readonly window?: number
}

export class SimNetwork {
  readonly #scheduler: Scheduler
  readonly #random: Random
  readonly #loopback: Latency
  readonly #remote: Latency
  readonly #window: number
  readonly #hosts = new Map<string, Host>()
  readonly #owners = new Map<string, Host>()
  readonly #names = new Map<string, string[]>([['localhost', ['127.0.0.1', '::1']]])
  readonly #links = new Map<string, Link>()
  #connections = 0
  #open = 0

  constructor(options: SimNetworkOptions) {
    this.#scheduler = options.scheduler
    this.#random = options.random
    this.#loopback = options.latency?.loopback ?? LOOPBACK_LATENCY
    this.#remote = options.latency?.remote ?? REMOTE_LATENCY
    this.#window = options.window ?? 65536
  }

  /**
   * The host called `name`, made when there is none; it gets the addresses `ips` in addition. Throws a RangeError for
   * what is no IP address, for a loopback one, and for one that another host has.
   */
  host(name: string, ips: readonly string[] = []): Host {
    const host = this.#hosts.get(name) ?? new Host(this, name)
    const found = ips.map((text) => {
      const ip = parseIp(text)
      if (ip === undefined || isAnyIp(ip.ip) || isLoopback({ ...ip, port: 0 }))
        throw new RangeError(`'${text}' cannot be the address of a host`)
      const owner = this.#owners.get(ip.ip)
      if (owner !== undefined && owner !== host) throw new RangeError(`${ip.ip} belongs to host ${owner.name}`)
      return ip.ip
    })
    this.#hosts.set(name, host)
    for (const ip of found) {
      if (!this.#owners.has(ip)) host.addIp(ip)
      this.#owners.set(ip, host)
    }
    return host
  }

  /** The host that has the address `ip`; undefined for loopback addresses, which each host has. */
  hostOf(ip: string): Host | undefined {
    const found = parseIp(ip)
    return found && this.#owners.get(found.ip)
  }

  /** Gives addresses a name, in addition to those that it has. Throws a RangeError for what is no IP address. */
  name(name: string, ...ips: readonly string[]): void {
    const known = this.#names.get(name.toLowerCase()) ?? []
    for (const text of ips) {
      const ip = parseIp(text)
      if (ip === undefined) throw new RangeError(`'${text}' is not an IP address`)
      if (!known.includes(ip.ip)) known.push(ip.ip)
    }
    this.#names.set(name.toLowerCase(), known)
  }

  /** What a name stands for, IPv4 first: names that were given, then names of hosts. */
  resolve(name: string): readonly string[] {
    const key = name.toLowerCase()
    const ips = this.#names.get(key) ?? this.#hostNamed(key)?.ips ?? []
    return [...ips.filter((ip) => !ip.includes(':')), ...ips.filter((ip) => ip.includes(':'))]
  }

  #hostNamed(key: string): Host | undefined {
    return [...this.#hosts.values()].find((host) => host.name.toLowerCase() === key)
  }

  /** How many connections are open, or being opened, on the side of those who asked for them. */
  get openConnections(): number {
    return this.#open
  }

  /** The link between two hosts, or of a host with itself. */
  link(a: Host, b: Host): Link {
    const key = JSON.stringify([a.name, b.name].sort())
    let link = this.#links.get(key)
    if (link === undefined) {
      link = new Link(a === b ? this.#loopback : this.#remote, this.#random)
      this.#links.set(key, link)
    }
    return link
  }

  /** {@link Host.fault} at whichever host has `address`. Throws a RangeError when none has. */
  fault(address: Address, fault: Fault | undefined): void {
    const target = plain(address)
    const host = isIp(target) ? this.#owners.get(target.ip) : undefined
    if (host === undefined) throw new RangeError(`no host has the address ${formatAddress(address)}`)
    host.fault(target, fault)
  }

  /** @internal {@link Network.connect} of a host */
  connect(from: Host, address: Address, events: ConnectionEvents, source?: Address): Connection {
    const to = destination(address)
    const local = from.source(to, source)
    const error = typeof local === 'string' ? local : from.missing(to)
    const nowhere: Address = isIp(to) ? { family: to.family, ip: isAnyOf(to.family), port: 0 } : to
    const owner = this.#ownerOf(from, to)
    const wire: Wire = {
      scheduler: this.#scheduler,
      link: owner ? this.link(from, owner) : new Link(this.#remote, this.#random),
      window: this.#window,
      id: ++this.#connections,
    }
    const client = new Endpoint(wire, typeof local === 'string' ? nowhere : local, address, events)
    this.#open++
    client.whenClosed = () => void this.#open--
    this.#scheduler.trace.write('connect', {
      connection: wire.id,
      from: formatAddress(client.local),
      to: formatAddress(address),
    })
    if (error !== undefined) this.#failSoon(client, error)
    else new Handshake(client, () => this.#arrive(from, client, to))
    return client
  }

  /** @internal {@link Network.datagrams} of a host. Each datagram takes its own time; a link that is cut loses them. */
  datagrams(from: Host, address: IpAddress, received: (bytes: Uint8Array) => void): DatagramSocket {
    const to = destination(address) as IpAddress
    let isOpen = true
    const carry = (bytes: Uint8Array, take: (bytes: Uint8Array) => void): void => {
      const owner = this.#ownerOf(from, to)
      if (owner === undefined) return
      const link = this.link(from, owner)
      this.#scheduler.at(this.#scheduler.clock.now + link.delay(), () => void (link.isCut || take(bytes)))
    }
    const back = (bytes: Uint8Array): void => carry(bytes, (arrived) => void (isOpen && received(arrived)))
    return {
      send: (bytes) => carry(bytes, (arrived) => this.#ownerOf(from, to)?.takerOfDatagrams(to)?.(arrived, back)),
      close: () => {
        isOpen = false
      },
    }
  }

  #failSoon(client: Endpoint, error: NetworkErrorCode): void {
    const entry = this.#scheduler.at(this.#scheduler.clock.now, () => client.fail(error))
    client.abandon = () => this.#scheduler.timers.remove(entry)
  }

  #ownerOf(from: Host, to: Address): Host | undefined {
    return isLoopback(to) ? from : isIp(to) ? this.#owners.get(to.ip) : undefined
  }

  /** A question for a connection reaches `to`. */
  #arrive(from: Host, client: Endpoint, to: Address): Verdict {
    const host = this.#ownerOf(from, to)
    if (host === undefined) return 'silence'
    const { listener, fault } = host.at(to)
    if (fault === 'hang') return 'silence'
    if (fault === 'refuse') return 'refuse'
    if (listener === undefined && fault === undefined) return 'refuse'
    const server = new Endpoint(client.wire, to, client.local, {}, (connection) =>
      fault === 'reset' || listener === undefined || listener.closed ? undefined : listener.accept(connection),
    )
    server.peer = client
    return server
  }
}

const isAnyOf = (family: 'ipv4' | 'ipv6'): string => (family === 'ipv4' ? '0.0.0.0' : '::')
