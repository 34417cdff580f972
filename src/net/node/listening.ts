/**
 * A listening socket on Node's `net.Server`. As Node listens asynchronously, it is opened before the process starts;
 * connections are queued until `accept` is called.
 */
import { accessSync, chmodSync, chownSync, constants, existsSync, renameSync, rmSync, statSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { dirname } from 'node:path'
import { isIp, type Address, type IpAddress } from '../address.js'
import { NetworkError } from '../network.js'
import { toNetworkError } from './errors.js'
import { nodePath } from './node-address.js'

/** for `chown`: leave unchanged */
const UNCHANGED = -1

/** Options of a listening socket. */
export interface NodeListenOptions {
  /** permissions of a UNIX socket */
  readonly mode?: number | undefined
  /** owner of a UNIX socket */
  readonly uid?: number | undefined
  readonly gid?: number | undefined
  /** an IPv6 listener does not accept IPv4 clients (IPV6_V6ONLY) */
  readonly v6only?: boolean
}

/** An open listening socket. */
export class ListenSocket {
  /** connection handler; until it is set, connections are queued */
  #handler: ((socket: Socket) => void) | undefined
  readonly #waiting = new Set<Socket>()
  /** temporary path of a UNIX socket, renamed on `accept`, as another process may still use the final one */
  #temporaryPath: string | undefined

  private constructor(
    readonly server: Server,
    readonly address: Address,
    temporaryPath: string | undefined,
    readonly options: NodeListenOptions,
  ) {
    this.#temporaryPath = temporaryPath
    server.on('connection', (socket) => {
      if (this.#handler) return this.#handler(socket)
      this.#waiting.add(socket)
      socket.on('error', () => this.#waiting.delete(socket))
    })
    // out of descriptors while accepting: pending clients stay in the backlog
    server.on('error', () => undefined)
  }

  /** Whether Node supports this kind of address. */
  static canOpen(address: Address): boolean {
    return isIp(address) || address.family === 'fd' || nodePath(address) !== undefined
  }

  /** Opens a socket. Errors are returned, not thrown. */
  static async open(address: Address, options: NodeListenOptions): Promise<ListenSocket | NetworkError> {
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true })
    let temporaryPath: string | undefined
    try {
      const path = nodePath(address)
      if (address.family === 'unix') temporaryPath = await openPath(server, address.path, options)
      else if (path !== undefined) await listen(server, { path })
      else if (isIp(address)) await listenAtIp(server, address, options)
      else if (address.family === 'fd') await listen(server, { fd: address.fd })
      else throw new NetworkError('EADDRNOTAVAIL')
    } catch (error) {
      server.close()
      return error instanceof NetworkError ? error : new NetworkError(toNetworkError(error as Error))
    }
    return new ListenSocket(server, address, temporaryPath, options)
  }

  /**
   * Starts passing connections to `take`. A UNIX socket is renamed to its final path, replacing what a previous process left
   * there; like HAProxy's, it remains when the process ends. Throws a {@link NetworkError} if that fails.
   */
  accept(take: (socket: Socket) => void): void {
    if (this.#temporaryPath !== undefined && 'path' in this.address)
      try {
        renameSync(this.#temporaryPath, this.address.path)
        this.#temporaryPath = undefined
      } catch (error) {
        this.close()
        throw new NetworkError(toNetworkError(error as Error))
      }
    this.#handler = take
    for (const socket of this.#waiting) take(socket)
    this.#waiting.clear()
  }

  /** Stops listening on an IP address, so that another process can bind it. */
  suspend(): void {
    if (isIp(this.address)) this.server.close()
  }

  /** Listens again. Returns whether that succeeded. */
  async resume(): Promise<boolean> {
    if (!isIp(this.address) || this.server.listening) return true
    try {
      await listenAtIp(this.server, this.address, this.options)
      return true
    } catch {
      return false
    }
  }

  /** Closes the socket; resolves once the address is free. */
  async close(): Promise<void> {
    for (const socket of this.#waiting) socket.destroy()
    if (this.#temporaryPath !== undefined) rmSync(this.#temporaryPath, { force: true })
    await new Promise((resolve) => this.server.close(resolve))
  }
}

const listen = (server: Server, options: Parameters<Server['listen']>[0]): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(options as object, () => {
      server.off('error', reject)
      resolve()
    })
  })

const listenAtIp = (server: Server, { ip, port }: IpAddress, { v6only = false }: NodeListenOptions): Promise<void> =>
  listen(server, { host: ip, port, ipv6Only: v6only, exclusive: true })

/** Opens a UNIX socket under a temporary path, which is returned. */
const openPath = async (server: Server, path: string, { mode, uid, gid }: NodeListenOptions): Promise<string> => {
  // Node would report EACCES
  if (!existsSync(dirname(path))) throw new NetworkError('ENOENT')
  const temporary = `${path}.${process.pid}.tmp`
  try {
    accessSync(dirname(path), constants.W_OK)
    rmSync(temporary, { force: true })
  } catch (error) {
    throw new NetworkError(toNetworkError(error as Error), 'unlink')
  }
  // HAProxy preserves an existing socket by link(), which fails for directories
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw new NetworkError('EPERM', 'preserve')
  await listen(server, { path: temporary })
  try {
    // 0: keep the default permissions
    if (mode) chmodSync(temporary, mode)
    if (uid !== undefined || gid !== undefined) chownSync(temporary, uid ?? UNCHANGED, gid ?? UNCHANGED)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw new NetworkError(toNetworkError(error as Error), 'own')
  }
  return temporary
}
