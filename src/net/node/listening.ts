/**
 * A real listening socket. It is opened before the process starts, as Node opens it in a while of its own; connections
 * that come before somebody accepts them wait.
 */
import { accessSync, chmodSync, chownSync, constants, existsSync, renameSync, rmSync, statSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { dirname } from 'node:path'
import { isIp, type Address, type IpAddress } from '../address.js'
import { NetworkError } from '../network.js'
import { networkErrorOf } from './errors.js'
import { nodePath } from './node-address.js'

/** of `chown`: the owner stays the same */
const AS_IT_IS = -1

export interface ListenOptions {
  /** the permissions of a socket in the file system */
  readonly mode?: number | undefined
  /** whose it is */
  readonly uid?: number | undefined
  readonly gid?: number | undefined
  /** IPv4 clients do not come in at an IPv6 address */
  readonly v6only?: boolean
}

export class OpenSocket {
  /** who takes connections; those that came earlier wait for it */
  #take: ((socket: Socket) => void) | undefined
  readonly #waiting = new Set<Socket>()
  /** the name under which a socket in the file system waits to get its own, which somebody else may still have */
  #waitsAs: string | undefined

  private constructor(
    readonly server: Server,
    readonly address: Address,
    waitsAs: string | undefined,
    readonly options: ListenOptions,
  ) {
    this.#waitsAs = waitsAs
    server.on('connection', (socket) => {
      if (this.#take) return this.#take(socket)
      this.#waiting.add(socket)
      socket.on('error', () => this.#waiting.delete(socket))
    })
    // running out of descriptors while accepting: those who wait, wait
    server.on('error', () => undefined)
  }

  /** Whether Node has sockets of the kind. */
  static canOpen(address: Address): boolean {
    return isIp(address) || address.family === 'fd' || nodePath(address) !== undefined
  }

  /** Opens it. What is in its way is given, not thrown. */
  static async open(address: Address, options: ListenOptions): Promise<OpenSocket | NetworkError> {
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true })
    let waitsAs: string | undefined
    try {
      const path = nodePath(address)
      if (address.family === 'unix') waitsAs = await openPath(server, address.path, options)
      else if (path !== undefined) await listen(server, { path })
      else if (isIp(address)) await listenAtIp(server, address, options)
      else if (address.family === 'fd') await listen(server, { fd: address.fd })
      else throw new NetworkError('EADDRNOTAVAIL')
    } catch (error) {
      server.close()
      return error instanceof NetworkError ? error : new NetworkError(networkErrorOf(error as Error))
    }
    return new OpenSocket(server, address, waitsAs, options)
  }

  /**
   * Hands over connections from now on. A socket in the file system takes the place of whatever a former process left, as
   * HAProxy does it; it stays when the process ends. Throws a {@link NetworkError} where it cannot.
   */
  accept(take: (socket: Socket) => void): void {
    if (this.#waitsAs !== undefined && 'path' in this.address)
      try {
        renameSync(this.#waitsAs, this.address.path)
        this.#waitsAs = undefined
      } catch (error) {
        this.close()
        throw new NetworkError(networkErrorOf(error as Error))
      }
    this.#take = take
    for (const socket of this.#waiting) take(socket)
    this.#waiting.clear()
  }

  /** Leaves an IP address to somebody else for a while. */
  suspend(): void {
    if (isIp(this.address)) this.server.close()
  }

  /** Takes it again. Returns whether that was possible. */
  async resume(): Promise<boolean> {
    if (!isIp(this.address) || this.server.listening) return true
    try {
      await listenAtIp(this.server, this.address, this.options)
      return true
    } catch {
      return false
    }
  }

  /** Resolves once the address is free again. */
  async close(): Promise<void> {
    for (const socket of this.#waiting) socket.destroy()
    if (this.#waitsAs !== undefined) rmSync(this.#waitsAs, { force: true })
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

const listenAtIp = (server: Server, { ip, port }: IpAddress, { v6only = false }: ListenOptions): Promise<void> =>
  listen(server, { host: ip, port, ipv6Only: v6only, exclusive: true })

/** Opens it under another name than its own, which is returned. */
const openPath = async (server: Server, path: string, { mode, uid, gid }: ListenOptions): Promise<string> => {
  // Node says EACCES then, as on other systems
  if (!existsSync(dirname(path))) throw new NetworkError('ENOENT')
  const temporary = `${path}.${process.pid}.tmp`
  try {
    accessSync(dirname(path), constants.W_OK)
    rmSync(temporary, { force: true })
  } catch (error) {
    throw new NetworkError(networkErrorOf(error as Error), 'unlink')
  }
  // a directory cannot be linked to, which is how HAProxy keeps what it finds
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw new NetworkError('EPERM', 'preserve')
  await listen(server, { path: temporary })
  try {
    // 0 leaves them as the system makes them
    if (mode) chmodSync(temporary, mode)
    if (uid !== undefined || gid !== undefined) chownSync(temporary, uid ?? AS_IT_IS, gid ?? AS_IT_IS)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw new NetworkError(networkErrorOf(error as Error), 'own')
  }
  return temporary
}
