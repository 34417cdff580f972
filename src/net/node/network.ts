/** The real network, as the host sees it on which hapsim runs. */
import { createSocket } from 'node:dgram'
import { Socket } from 'node:net'
import { addressKey, isIp, type Address, type IpAddress } from '../address.js'
import { isAnyIp } from '../ip.js'
import {
  NetworkError,
  type Connection,
  type ConnectionEvents,
  type DatagramSocket,
  type ListenManners,
  type ListeningSocket,
  type Network,
} from '../network.js'
import { NodeConnection, type Enter } from './connection.js'
import { OpenSocket, type ListenOptions } from './listening.js'
import { connectOptions, remoteOf } from './node-address.js'
import { Resolver } from './resolver.js'
import { NodeCertificates } from './certificates.js'
import { SecureContexts } from './secure.js'

export class NodeNetwork implements Network {
  readonly certificates = new NodeCertificates()
  readonly #contexts = new SecureContexts(this.certificates)
  readonly #enter: Enter
  readonly #resolver = new Resolver()
  readonly #prepared = new Map<string, OpenSocket | NetworkError>()
  readonly #listening = new Map<string, OpenSocket>()
  /** addresses that were tried, and what was in the way */
  readonly #tried = new Map<string, NetworkError | undefined>()
  readonly #connections = new Set<NodeConnection>()
  /** what closes the sockets for datagrams */
  readonly #datagrams = new Set<() => void>()
  #isClosed = false

  /** @param enter brings what happens to sockets into the world */
  constructor(enter: Enter) {
    this.#enter = enter
  }

  /** How many connections have a descriptor. */
  get openConnections(): number {
    return this.#connections.size
  }

  /** Opens a socket that {@link listen} will ask for. What stands in its way is said there. */
  async prepare(address: Address, options: ListenOptions = {}): Promise<void> {
    const key = addressKey(address)
    if (this.#isClosed || this.#prepared.get(key) instanceof OpenSocket) return
    const open = await OpenSocket.open(address, options)
    if (this.#isClosed && open instanceof OpenSocket) await open.close()
    else this.#prepared.set(key, open)
  }

  /** Finds out what {@link tryToListen} will be asked. All of these come before what is prepared, which would be in their way. */
  async try(address: Address, { v6only }: ListenManners): Promise<void> {
    const key = tryKey(address, v6only)
    if ((this.#tried.has(key) && !this.#tried.get(key)) || !OpenSocket.canOpen(address)) return
    const open = await OpenSocket.open(address, { v6only })
    this.#tried.set(key, open instanceof NetworkError ? open : undefined)
    if (open instanceof OpenSocket) await open.close()
  }

  /** Whether some of what was prepared and tried is in somebody's way who may leave it. */
  get couldRetry(): boolean {
    const found = [...this.#tried.values(), ...this.#prepared.values()]
    const problems = found.filter((each) => each instanceof NetworkError)
    return problems.length > 0 && problems.every(({ step }) => step === undefined)
  }

  /** Leaves all IP addresses to somebody else for a while. */
  suspendListening(): void {
    for (const open of this.#listening.values()) open.suspend()
  }

  /** Takes them again. Returns the addresses that somebody else keeps. */
  async resumeListening(): Promise<readonly Address[]> {
    const kept: Address[] = []
    for (const open of this.#listening.values()) if (!(await open.resume())) kept.push(open.address)
    return kept
  }

  tryToListen(address: Address, { v6only, transparent }: ListenManners): void {
    const problem = this.#tried.get(tryKey(address, v6only)) ?? this.#prepared.get(addressKey(address))
    // Node cannot ask for addresses of other hosts, HAProxy can
    if (transparent && problem instanceof NetworkError && problem.code === 'EADDRNOTAVAIL') return
    if (problem instanceof NetworkError) throw problem
  }

  listen(address: Address, accept: (connection: Connection) => ConnectionEvents): ListeningSocket {
    const key = addressKey(address)
    // an address that is listened at twice is one socket here, whose connections the last one gets
    const open = this.#prepared.get(key) ?? this.#listening.get(key) ?? new NetworkError('EADDRNOTAVAIL')
    if (open instanceof NetworkError) throw open
    this.#prepared.delete(key)
    open.accept((socket) => this.#accept(socket, address, accept))
    this.#listening.set(key, open)
    const close = () => {
      this.#listening.delete(key)
      void open.close()
    }
    return { address, close }
  }

  connect(address: Address, events: ConnectionEvents, from?: Address): Connection {
    const socket = new Socket({ allowHalfOpen: true })
    const options = connectOptions(here(address), from)
    if (options) socket.connect(options)
    const connection = this.#add(socket, address, events)
    if (!options) setImmediate(() => this.#enter(() => connection.fail('EADDRNOTAVAIL')))
    return connection
  }

  datagrams(to: IpAddress, received: (bytes: Uint8Array) => void): DatagramSocket {
    const socket = createSocket(to.family === 'ipv4' ? 'udp4' : 'udp6')
    let isOpen = true
    // what cannot be sent is lost, as what does not arrive
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

  /** Ends all there is, at once. */
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

  #accept(socket: Socket, address: Address, accept: (connection: Connection) => ConnectionEvents): void {
    this.#enter(() => {
      const connection = this.#add(socket, isIp(address) ? remoteOf(socket) : address, {})
      connection.events = accept(connection)
      socket.resume()
    })
  }

  #add(socket: Socket, remote: Address, events: ConnectionEvents): NodeConnection {
    const connection = new NodeConnection(socket, remote, events, this.#enter, this.#contexts, () => {
      this.#connections.delete(connection)
      // who waits for the last one looks again
      if (this.#connections.size === 0) this.#enter(() => undefined)
    })
    this.#connections.add(connection)
    return connection
  }
}

const tryKey = (address: Address, v6only: boolean): string => `${addressKey(address)}${v6only ? ' v6only' : ''}`

/** Linux takes all addresses as a destination for its own loopback address. */
const here = (address: Address): Address =>
  isIp(address) && isAnyIp(address.ip) ? { ...address, ip: address.family === 'ipv4' ? '127.0.0.1' : '::1' } : address
