/** Real sockets and real time. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ListeningServer, Pipe, PipeEvents, World } from './world.js'

class NodePipe implements Pipe {
  localPort = 0

  constructor(readonly socket: Socket) {
    socket.setNoDelay(true)
  }

  /** Reports what happens to `events` from now on. */
  attach(events: PipeEvents): void {
    const { socket } = this
    socket.on('connect', () => {
      this.localPort = socket.localPort ?? 0
      events.established()
    })
    socket.on('data', (data: Buffer) => events.received(data.toString('latin1')))
    socket.on('end', () => events.ended('FIN'))
    socket.on('error', (error: NodeJS.ErrnoException) =>
      events.ended(error.code === 'ECONNREFUSED' ? 'refused' : 'RST'),
    )
  }

  send(bytes: string): void {
    if (this.socket.writable) this.socket.write(Buffer.from(bytes, 'latin1'))
  }

  shut(): void {
    this.socket.end()
  }

  close(): void {
    if (this.socket.writable) this.socket.write('', () => this.socket.destroy())
    else this.socket.destroy()
  }

  reset(): void {
    this.socket.resetAndDestroy()
  }

  pause(): void {
    this.socket.pause()
  }

  resume(): void {
    this.socket.resume()
  }

  destroy(): void {
    this.socket.destroy()
  }
}

export const NODE_WORLD: World = {
  get now() {
    return performance.now()
  },
  sleep: (ms) => sleep(ms),
  after: (ms, action) => {
    const timer = setTimeout(action, ms)
    return () => clearTimeout(timer)
  },
  connect: (address, events) => {
    const [host, port] = address.split(':')
    const pipe = new NodePipe(connect({ host, port: Number(port), allowHalfOpen: true }))
    pipe.attach(events)
    return pipe
  },
  listen: async (accept): Promise<ListeningServer> => {
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      const pipe = new NodePipe(socket)
      pipe.attach(accept(pipe))
    })
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    return {
      address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
      close: () => void server.close(),
    }
  },
}
