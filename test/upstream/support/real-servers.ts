/** Real servers on loopback, on ports of the system's choosing, for the real HAProxy to check and to mail to. */
import { createServer, type Server, type Socket } from 'node:net'
import { SMTPServer } from 'smtp-server'

/** A TCP server that can go away and come back at its port. */
export class RealServer {
  readonly #sockets = new Set<Socket>()
  #server: Server | undefined
  port = 0

  /** @param serve what it does with a connection */
  constructor(public serve: (socket: Socket) => void = () => {}) {}

  /** Listens, at the port that it had before. */
  up(): Promise<this> {
    return new Promise((resolve, reject) => {
      this.#server = createServer((socket) => {
        this.#sockets.add(socket)
        socket.on('close', () => this.#sockets.delete(socket))
        socket.on('error', () => {})
        this.serve(socket)
      })
      this.#server.on('error', reject)
      this.#server.listen(this.port, '127.0.0.1', () => {
        this.port = (this.#server!.address() as { port: number }).port
        resolve(this)
      })
    })
  }

  /** Refuses connections, and ends those that are open. */
  down(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    for (const socket of this.#sockets) socket.destroy()
    return new Promise((resolve) => (server ? server.close(() => resolve()) : resolve()))
  }
}

/** Answers every request with `answer`, and closes. */
export const answering = (answer: string) => (socket: Socket) => void socket.once('data', () => socket.end(answer))

export interface RealMail {
  readonly from: string
  readonly to: readonly string[]
  readonly data: string
}

/** A real mail server that keeps what it takes. */
export class RealMailServer {
  readonly mails: RealMail[] = []
  port = 0
  readonly #server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData: (stream, session, done) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope
        this.mails.push({
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo.map((each) => each.address),
          data: Buffer.concat(chunks).toString('utf8'),
        })
        done()
      })
    },
  })

  start(): Promise<this> {
    // a client that is killed resets its connection
    this.#server.on('error', () => undefined)
    return new Promise((resolve) => {
      const server = this.#server.listen(0, '127.0.0.1', () => {
        this.port = (server.address() as { port: number }).port
        resolve(this)
      })
    })
  }

  stop(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()))
  }
}
