/**
 * The simulated network.
 *
 * - **Hosts** have a name and addresses. `127.0.0.0/8`, `::1` and UNIX sockets are local to each host.
 * - **Links** connect each pair of hosts, and each host with itself. A link has a latency, drawn for each packet (by
 *   default 20 to 60 µs on loopback, 150 to 400 µs one way otherwise), and can be cut. Packets of a connection stay in
 *   order. Bandwidth is unlimited: data written at one instant arrives together.
 * - **Faults** can be injected at an address ({@link Host.fault}: refuse, hang, reset) and on a link ({@link Link.cut},
 *   {@link Link.setLatency}). Addresses without a host do not answer: connecting times out after 127 s.
 *
 * All callbacks run from scheduler timers, never from within a call. All randomness comes from the given stream. The trace
 * gets a record for each connection attempt, accept, refusal, reset, failure and close, and a tick per delivery.
 */
import type { Random, Scheduler } from '../../engine/index.js'
import { formatAddress, isIp, isLoopback, type Address, type IpAddress } from '../address.js'
import { isAnyIp, parseIp } from '../ip.js'
import type { Connection, ConnectionEvents, DatagramSocket, NetworkErrorCode } from '../network.js'
import { Endpoint } from './endpoint.js'
import { Handshake, type SynResponse } from './handshake.js'
import { effectiveDestination, Host, unmapIpv4, type Fault, type HostNetwork } from './host.js'
import type { Path } from './in-flight.js'
import { Link, LOOPBACK_LATENCY, REMOTE_LATENCY, type Latency } from './link.js'

/** Settings of a {@link SimNetwork}. */
export interface SimNetworkOptions {
  readonly scheduler: Scheduler
  readonly random: Random
  /** default latencies within a host and between hosts */
  readonly latency?: { readonly loopback?: Latency; readonly remote?: Latency }
  /** maximum bytes in flight or unread per direction of a connection (default 65536) */
  readonly window?: number
}

/** All hosts and links of a simulation. */
export class SimNetwork implements HostNetwork {
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
   * Returns the host `name`, creating it if needed, and adds the addresses `ips` to it. Throws a RangeError for invalid and
   * loopback addresses and for those of other hosts.
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

  /** The host with the address `ip`; undefined for loopback addresses. */
  hostOf(ip: string): Host | undefined {
    const found = parseIp(ip)
    return found && this.#owners.get(found.ip)
  }

  /** Adds addresses to a host name. Throws a RangeError for invalid addresses. */
  name(name: string, ...ips: readonly string[]): void {
    const known = this.#names.get(name.toLowerCase()) ?? []
    for (const text of ips) {
      const ip = parseIp(text)
      if (ip === undefined) throw new RangeError(`'${text}' is not an IP address`)
      if (!known.includes(ip.ip)) known.push(ip.ip)
    }
    this.#names.set(name.toLowerCase(), known)
  }

  /** Resolves a name, IPv4 first: registered names, then host names. */
  resolve(name: string): readonly string[] {
    const key = name.toLowerCase()
    const ips = this.#names.get(key) ?? this.#findHost(key)?.ips ?? []
    return [...ips.filter((ip) => !ip.includes(':')), ...ips.filter((ip) => ip.includes(':'))]
  }

  #findHost(key: string): Host | undefined {
    return [...this.#hosts.values()].find((host) => host.name.toLowerCase() === key)
  }

  /** Number of client-side connections that are open or being opened. */
  get openConnections(): number {
    return this.#open
  }

  /** The link between two hosts, or the loopback link of a host. */
  link(a: Host, b: Host): Link {
    const key = JSON.stringify([a.name, b.name].sort())
    let link = this.#links.get(key)
    if (link === undefined) {
      link = new Link(a === b ? this.#loopback : this.#remote, this.#random)
      this.#links.set(key, link)
    }
    return link
  }

  /** {@link Host.fault} on the host with `address`. Throws a RangeError if no host has it. */
  fault(address: Address, fault: Fault | undefined): void {
    const target = unmapIpv4(address)
    const host = isIp(target) ? this.#owners.get(target.ip) : undefined
    if (host === undefined) throw new RangeError(`no host has the address ${formatAddress(address)}`)
    host.fault(target, fault)
  }

  /** @internal {@link Network.connect} of a host */
  connect(from: Host, address: Address, events: ConnectionEvents, source?: Address): Connection {
    const to = effectiveDestination(address)
    const local = from.localAddress(to, source)
    const error = typeof local === 'string' ? local : from.connectError(to)
    const unspecified: Address = isIp(to) ? { family: to.family, ip: anyIp(to.family), port: 0 } : to
    const owner = this.#ownerOf(from, to)
    const path: Path = {
      scheduler: this.#scheduler,
      link: owner ? this.link(from, owner) : new Link(this.#remote, this.#random),
      window: this.#window,
      id: ++this.#connections,
    }
    const client = new Endpoint(path, typeof local === 'string' ? unspecified : local, address, events)
    this.#open++
    client.onClose = () => void this.#open--
    this.#scheduler.trace.write('connect', {
      connection: path.id,
      from: formatAddress(client.local),
      to: formatAddress(address),
    })
    if (error !== undefined) this.#failAsync(client, error)
    else new Handshake(client, () => this.#synArrived(from, client, to))
    return client
  }

  /** @internal {@link Network.datagrams} of a host. Each datagram has its own latency; a cut link drops them. */
  datagrams(from: Host, address: IpAddress, received: (bytes: Uint8Array) => void): DatagramSocket {
    const to = effectiveDestination(address) as IpAddress
    let isOpen = true
    const carry = (bytes: Uint8Array, take: (bytes: Uint8Array) => void): void => {
      const owner = this.#ownerOf(from, to)
      if (owner === undefined) return
      const link = this.link(from, owner)
      this.#scheduler.at(this.#scheduler.clock.now + link.delay(), () => void (link.isCut || take(bytes)))
    }
    const back = (bytes: Uint8Array): void => carry(bytes, (arrived) => void (isOpen && received(arrived)))
    return {
      send: (bytes) => carry(bytes, (arrived) => this.#ownerOf(from, to)?.datagramHandler(to)?.(arrived, back)),
      close: () => {
        isOpen = false
      },
    }
  }

  #failAsync(client: Endpoint, error: NetworkErrorCode): void {
    const entry = this.#scheduler.at(this.#scheduler.clock.now, () => client.fail(error))
    client.cancelConnect = () => this.#scheduler.timers.remove(entry)
  }

  #ownerOf(from: Host, to: Address): Host | undefined {
    return isLoopback(to) ? from : isIp(to) ? this.#owners.get(to.ip) : undefined
  }

  /** A SYN arrives at `to`. */
  #synArrived(from: Host, client: Endpoint, to: Address): SynResponse {
    const host = this.#ownerOf(from, to)
    if (host === undefined) return 'silence'
    const { listener, fault } = host.lookup(to)
    if (fault === 'hang') return 'silence'
    if (fault === 'refuse') return 'refuse'
    if (listener === undefined && fault === undefined) return 'refuse'
    const server = new Endpoint(client.path, to, client.local, {}, (connection) =>
      fault === 'reset' || listener === undefined || listener.closed ? undefined : listener.accept(connection),
    )
    server.peer = client
    return server
  }
}

const anyIp = (family: 'ipv4' | 'ipv6'): string => (family === 'ipv4' ? '0.0.0.0' : '::')
