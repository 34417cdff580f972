/** Real servers on loopback for the sockets of scripts, on IPv4, IPv6 and Unix sockets, well-behaved and misbehaving ones. */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { join } from 'node:path'

type Behavior = (socket: Socket) => unknown

const BEHAVIORS: Readonly<Record<string, Behavior>> = {
  echoes: (socket) => socket.pipe(socket),
  hangs: (socket) => socket.resume(),
  closes: (socket) => socket.end(),
  resets: (socket) => socket.once('data', () => socket.resetAndDestroy()),
  greets: (socket) => socket.end('one\r\ntwo\nthree'),
  slow: (socket) => socket.once('data', () => setTimeout(() => socket.end('at last\n'), 400)),
  trickles: (socket) => trickle(socket, [...'byte by byte\nand more']),
  neverReads: (socket) => socket.pause(),
  counts: (socket) => count(socket),
}

/** One piece every 10 ms, and then the end. */
const trickle = (socket: Socket, [piece, ...rest]: readonly string[]): void => {
  if (piece === undefined) socket.end()
  else if (socket.writable) socket.write(piece, () => setTimeout(() => trickle(socket, rest), 10))
}

/** Reads to the end, and says how much that was. */
const count = (socket: Socket): void => {
  let bytes = 0
  socket.on('data', (data: Buffer) => {
    bytes += data.length
    if (data.at(-1) === 0x0a) socket.end(`${bytes} bytes\n`)
  })
}

export class OddServers {
  /** where they are, by name: a port, or a path */
  readonly at: Record<string, string> = {}
  readonly #servers: Server[] = []
  readonly #sockets = new Set<Socket>()

  async open(folder: string): Promise<this> {
    for (const name of Object.keys(BEHAVIORS)) await this.#listen(name, BEHAVIORS[name]!, { host: '127.0.0.1' })
    await this.#listen('v6', BEHAVIORS['echoes']!, { host: '::1' })
    await this.#listen('path', BEHAVIORS['echoes']!, { path: join(folder, 'echo') })
    await this.#listen('nobody', BEHAVIORS['echoes']!, { host: '127.0.0.1' })
    await this.#close(this.#servers.pop()!)
    return this
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await Promise.all(this.#servers.map((server) => this.#close(server)))
  }

  /** `text` with each `%name` of a server replaced by where it is. */
  fill(text: string): string {
    return text.replace(/%(\w+)/g, (whole, name: string) => this.at[name] ?? whole)
  }

  #listen(name: string, serve: Behavior, where: { readonly host: string } | { readonly path: string }): Promise<void> {
    const server = createServer({ allowHalfOpen: name === 'neverReads' }, (socket) => {
      this.#sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => this.#sockets.delete(socket))
      serve(socket)
    })
    this.#servers.push(server)
    return new Promise((listening, reject) => {
      server.on('error', reject)
      server.listen('path' in where ? where : { ...where, port: 0 }, () => {
        const address = server.address() as AddressInfo | string
        this.at[name] = typeof address === 'string' ? address : String(address.port)
        listening()
      })
    })
  }

  #close(server: Server): Promise<void> {
    return new Promise((closed) => server.close(() => closed()))
  }
}
