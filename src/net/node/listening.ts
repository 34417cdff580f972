/**
 * A listening socket on Node's `net.Server`. As Node listens asynchronously, it is opened before the process starts;
 * connections are queued until `accept` is called.
 */
import { accessSync, chmodSync, chownSync, constants, existsSync, renameSync, rmSync, statSync } from 'node:fs'
import { createServer, type ListenOptions, type Server, type Socket } from 'node:net'
import { dirname } from 'node:path'
import { isIp, type Address } from '../address.js'
import { NetworkError } from '../network.js'
import { toNetworkError } from './errors.js'
import { nodePath } from './node-address.js'
import { bindTcp, type TcpSocketOptions } from './tcp-sockets.js'

/** for `chown`: leave unchanged */
const UNCHANGED = -1

/** Options of a listening socket. */
export interface NodeListenOptions extends TcpSocketOptions {
  /** permissions of a UNIX socket */
  readonly mode?: number | undefined
  /** owner of a UNIX socket */
  readonly uid?: number | undefined
  readonly gid?: number | undefined
  /**
   * what clients have sent by then, and their end, is received as they are accepted, as by HAProxy; not for TLS, whose library must see the
   * end
   */
  readonly readsFirst?: boolean
  /** how many connections may wait to be accepted, as far as the system allows it */
  readonly backlog?: number
}

/** `listener_backlog` without any limit */
const BACKLOG = 1024

/** An open listening socket. */
export class ListenSocket {
  /** handlers of connections, which are called in turn; connections are queued until `accept` is called */
  readonly #handlers: ((socket: Socket) => void)[] = []
  readonly #waiting = new Set<Socket>()
  /** temporary path of a UNIX socket, renamed on `accept`, as another process may still use the final one */
  #temporaryPath: string | undefined

  private constructor(
    readonly server: Server,
    readonly address: Address,
    temporaryPath: string | undefined,
    readonly options: NodeListenOptions,
    /** HAProxy's messages about options that the system has refused */
    readonly warnings: readonly string[],
  ) {
    this.#temporaryPath = temporaryPath
    server.on('connection', (socket) => {
      const handler = this.#handlers.shift()
      if (handler) {
        this.#handlers.push(handler)
        return handler(socket)
      }
      this.#waiting.add(socket)
      socket.on('error', () => this.#waiting.delete(socket))
    })
    // out of descriptors while accepting: pending clients stay in the backlog
    server.on('error', () => undefined)
  }

  /** Opens a socket. Errors are returned, not thrown. */
  static async open(address: Address, options: NodeListenOptions): Promise<ListenSocket | NetworkError> {
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true })
    let temporaryPath: string | undefined
    let warnings: readonly string[] = []
    try {
      if (address.family === 'unix') temporaryPath = await openPath(server, address.path, options)
      else warnings = await listenAt(server, address, options)
    } catch (error) {
      server.close()
      return error instanceof NetworkError ? error : new NetworkError(toNetworkError(error as Error))
    }
    return new ListenSocket(server, address, temporaryPath, options, warnings)
  }

  /**
   * Starts passing connections to `take`. A UNIX socket is renamed to its final path, replacing what a previous process left
   * there; like HAProxy's, it remains when the process ends. Throws a {@link NetworkError} if that fails. Returns a function that ends it,
   * which returns whether it was the last one.
   */
  accept(take: (socket: Socket) => void): () => boolean {
    if (this.#temporaryPath !== undefined && 'path' in this.address)
      try {
        renameSync(this.#temporaryPath, this.address.path)
        this.#temporaryPath = undefined
      } catch (error) {
        this.close()
        throw new NetworkError(toNetworkError(error as Error))
      }
    // the last of several sockets with one path has replaced the others
    if (this.address.family === 'unix') this.#handlers.length = 0
    this.#handlers.push(take)
    for (const socket of this.#waiting) take(socket)
    this.#waiting.clear()
    return () => {
      const at = this.#handlers.indexOf(take)
      if (at >= 0) this.#handlers.splice(at, 1)
      return at >= 0 && this.#handlers.length === 0
    }
  }

  /** Stops listening, so that another process can bind the address. Unix sockets with a path and inherited ones continue. */
  suspend(): void {
    if (this.#canSuspend) this.server.close()
  }

  /** Listens again. Returns whether that succeeded. */
  async resume(): Promise<boolean> {
    if (!this.#canSuspend || this.server.listening) return true
    try {
      await listenAt(this.server, this.address, this.options)
      return true
    } catch {
      return false
    }
  }

  get #canSuspend(): boolean {
    return isIp(this.address) || this.address.family === 'abns'
  }

  /** Closes the socket; resolves once the address is free. */
  async close(): Promise<void> {
    for (const socket of this.#waiting) socket.destroy()
    if (this.#temporaryPath !== undefined) rmSync(this.#temporaryPath, { force: true })
    await new Promise((resolve) => this.server.close(resolve))
  }
}

const listen = (server: Server, options: ListenOptions | { fd: number }, backlog = BACKLOG): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    // Node ignores a backlog among the options of a descriptor
    server.listen({ ...options, backlog } as unknown as number, backlog, () => {
      server.off('error', reject)
      resolve()
    })
  })

/** Returns warnings. */
const listenAt = async (server: Server, address: Address, options: NodeListenOptions): Promise<readonly string[]> => {
  const { backlog = BACKLOG } = options
  if (isIp(address)) {
    const bound = await bindTcp(address, options, backlog)
    const { ip: host, port } = address
    const unbound = { host, port, ipv6Only: options.v6only ?? false, exclusive: true }
    await listen(server, bound ? { fd: bound.fd } : unbound, backlog)
    return bound?.warnings ?? []
  }
  const path = address.family === 'fd' ? undefined : nodePath(address)
  if (address.family === 'fd') await listen(server, { fd: address.fd }, backlog)
  else if (path === undefined) throw new NetworkError('EADDRNOTAVAIL')
  else await listen(server, { path }, backlog)
  return []
}

/** Opens a UNIX socket under a temporary path, which is returned. */
const openPath = async (
  server: Server,
  path: string,
  { mode, uid, gid, backlog }: NodeListenOptions,
): Promise<string> => {
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
  await listen(server, { path: temporary }, backlog)
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
