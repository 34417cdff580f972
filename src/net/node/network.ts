/** The real network of the host that hapsim runs on. */
import { createSocket } from 'node:dgram'
import { Socket } from 'node:net'
import { addressKey, isIp, type Address, type IpAddress } from '../address.js'
import { isAnyIp } from '../ip.js'
import {
  NetworkError,
  type Connection,
  type ConnectionEvents,
  type DatagramSocket,
  type ListeningSocket,
  type Network,
} from '../network.js'
import { NodeConnection, type Enter } from './connection.js'
import { ListenSocket, type NodeListenOptions } from './listening.js'
import { connectOptions, remoteAddress } from './node-address.js'
import { Resolver } from './resolver.js'
import { NodeCertificates } from './certificates.js'
import { ListenerSecurity } from './secure-server.js'
import { SecureContexts } from './secure.js'
import { openTcp } from './tcp-sockets.js'
import type { TcpClientOptions } from '../tcp-options.js'

/** A {@link Network} on Node's sockets. */
export class NodeNetwork implements Network {
  readonly inherits = true
  readonly certificates = new NodeCertificates()
  readonly #contexts = new SecureContexts(this.certificates)
  readonly #listenerSecurity = new ListenerSecurity(this.certificates)
  readonly #enter: Enter
  readonly #resolver = new Resolver()
  readonly #prepared = new Map<string, ListenSocket | NetworkError>()
  readonly #listening = new Map<string, ListenSocket>()
  readonly #connections = new Set<NodeConnection>()
  /** close functions of the UDP sockets */
  readonly #datagrams = new Set<() => void>()
  #isClosed = false

  /** @param enter runs socket callbacks in the scheduler */
  constructor(enter: Enter) {
    this.#enter = enter
  }

  /** Number of connections that hold a descriptor. */
  get openConnections(): number {
    return this.#connections.size
  }

  /** Opens a socket for a later {@link listen}, which reports its errors. */
  async prepare(address: Address, options: NodeListenOptions = {}): Promise<void> {
    const key = addressKey(address)
    if (this.#isClosed || this.#prepared.get(key) instanceof ListenSocket) return
    const open = await ListenSocket.open(address, options)
    if (this.#isClosed && open instanceof ListenSocket) await open.close()
    else this.#prepared.set(key, open)
  }

  /** Whether all errors so far are such that binding may succeed later. */
  get canRetry(): boolean {
    const problems = [...this.#prepared.values()].filter((each) => each instanceof NetworkError)
    return problems.length > 0 && problems.every(({ step }) => step === undefined)
  }

  /** Stops listening on all IP addresses, so that another process can bind them. */
  suspendListening(): void {
    for (const open of this.#listening.values()) open.suspend()
  }

  /** Listens on them again. Returns the addresses that are in use by another process. */
  async resumeListening(): Promise<readonly Address[]> {
    const kept: Address[] = []
    for (const open of this.#listening.values()) if (!(await open.resume())) kept.push(open.address)
    return kept
  }

  tryListen(address: Address): readonly string[] {
    const open = this.#prepared.get(addressKey(address))
    if (open instanceof NetworkError) throw open
    return open?.warnings ?? []
  }

  listen(address: Address, accept: (connection: Connection) => ConnectionEvents): ListeningSocket {
    const key = addressKey(address)
    // the listeners of one address share its socket
    const open = this.#prepared.get(key) ?? this.#listening.get(key) ?? new NetworkError('EADDRNOTAVAIL')
    if (open instanceof NetworkError) throw open
    this.#prepared.delete(key)
    const { readsFirst = false } = open.options
    const leave = open.accept((socket) => this.#accept(socket, address, readsFirst, accept))
    this.#listening.set(key, open)
    const close = () => {
      if (!leave()) return
      this.#listening.delete(key)
      void open.close()
    }
    return { address, pause: () => open.suspend(), resume: () => void open.resume(), close }
  }

  connect(address: Address, events: ConnectionEvents, from?: Address, tcp?: TcpClientOptions): Connection {
    const fd = isIp(address) && (tcp || from) ? openTcp(address.family, tcp, from !== undefined) : undefined
    // nothing is read before it is connected
    const opened = fd === undefined ? {} : { fd, manualStart: true }
    const socket = new Socket({ allowHalfOpen: true, ...opened }).setNoDelay(true)
    const options = connectOptions(loopbackIfAny(address), from)
    if (options) socket.connect(options)
    const connection = this.#add(socket, address, events)
    if (!options) setImmediate(() => this.#enter(() => connection.fail('EADDRNOTAVAIL')))
    return connection
  }

  datagrams(to: IpAddress, received: (bytes: Uint8Array) => void): DatagramSocket {
    const socket = createSocket(to.family === 'ipv4' ? 'udp4' : 'udp6')
    let isOpen = true
    // send errors count as packet loss
    socket.on('error', () => undefined)
    socket.on('message', (bytes, { address, port }) => {
      if (address === to.ip && port === to.port) this.#enter(() => void (isOpen && received(bytes)))
    })
    socket.unref()
    const close = () => {
      if (isOpen) socket.close()
      isOpen = false
      this.#datagrams.delete(close)
    }
    this.#datagrams.add(close)
    return { send: (bytes) => void (isOpen && socket.send(bytes, to.port, to.ip, () => undefined)), close }
  }

  resolve(name: string): readonly string[] {
    return this.#resolver.resolve(name)
  }

  /** Closes all sockets immediately. */
  close(): void {
    this.#isClosed = true
    for (const open of this.#prepared.values()) if (!(open instanceof NetworkError)) void open.close()
    this.#prepared.clear()
    for (const connection of this.#connections) {
      connection.reset()
      connection.socket.destroy()
    }
    for (const close of this.#datagrams) close()
    this.#resolver.close()
  }

  #accept(
    socket: Socket,
    address: Address,
    readsFirst: boolean,
    accept: (connection: Connection) => ConnectionEvents,
  ): void {
    const remote = isIp(address) || socket.remoteFamily !== undefined ? remoteAddress(socket) : address
    const connection = this.#add(socket, remote, {})
    const take = (): void =>
      this.#enter(() => {
        if (this.#isClosed) return
        connection.events = accept(connection)
        if (connection.error !== undefined) connection.events.failed?.(connection, connection.error)
        else if (connection.available > 0 || connection.ended) connection.events.readable?.(connection)
        if (!readsFirst) socket.resume()
      })
    if (!readsFirst) return take()
    // what has been received by now arrives in the next turn
    socket.resume()
    setImmediate(() => setImmediate(take))
  }

  #add(socket: Socket, remote: Address, events: ConnectionEvents): NodeConnection {
    const connection = new NodeConnection(
      socket,
      remote,
      events,
      this.#enter,
      this.#contexts,
      this.#listenerSecurity,
      () => {
        this.#connections.delete(connection)
        // wakes code that waits for the last connection to close
        if (this.#connections.size === 0) this.#enter(() => undefined)
      },
    )
    this.#connections.add(connection)
    return connection
  }
}

/** On Linux, connecting to the unspecified address reaches the loopback address. */
const loopbackIfAny = (address: Address): Address =>
  isIp(address) && isAnyIp(address.ip) ? { ...address, ip: address.family === 'ipv4' ? '127.0.0.1' : '::1' } : address
