/** Real servers that speak TLS well, badly or not at all, on loopback, for the real HAProxy and for a live process. */
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TlsOptions, type TLSSocket } from 'node:tls'
import type { RealCertificates } from '../../support/certificates.js'

const ANSWER = 'HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n'

const answer = (socket: Socket): void => void socket.once('data', () => socket.end(ANSWER))

const DELAY_MS = 100

export class TlsServers {
  /** ports by name */
  readonly ports: Record<string, number> = {}
  readonly #servers: Server[] = []
  readonly #sockets = new Set<Socket>()

  constructor(readonly certificates: RealCertificates) {}

  async open(): Promise<this> {
    const { certificates } = this
    certificates.issue('good', { host: 'example.com' })
    certificates.issue('wrong', { host: 'other.com' })
    certificates.issue('wild', { host: '*.example.com' })
    certificates.issue('expired', { host: 'example.com', to: '20210101000000Z' })
    certificates.issue('revoked', { host: 'example.com' })
    certificates.revoke('revoked')
    certificates.selfSigned('self', 'example.com')
    for (const name of ['good', 'wrong', 'wild', 'expired', 'revoked', 'self']) await this.#speak(name, name, {})
    await this.#speak('tls12', 'good', { maxVersion: 'TLSv1.2' })
    await this.#speak('h2', 'good', { ALPNProtocols: ['h2'] })
    const asks = { requestCert: true, rejectUnauthorized: true, ca: certificates.read('ca.pem') }
    await this.#speak('asksAtOnce', 'good', asks)
    await this.#plain('asks', (socket) => this.#delay(socket, 'asksAtOnce'))
    await this.#speak('asks12', 'good', { ...asks, maxVersion: 'TLSv1.2' })
    await this.#speak('closes', 'good', {}, (socket) => socket.once('data', () => socket.end()))
    await this.#speak('silent', 'good', {}, () => undefined)
    await this.#plain('hangs', () => undefined)
    await this.#plain('closed', (socket) => socket.end())
    await this.#plain('closesOnHello', (socket) => socket.once('data', () => socket.end()))
    await this.#plain('resetsOnHello', (socket) => socket.once('data', () => socket.resetAndDestroy()))
    await this.#plain('plain', (socket) => socket.once('data', () => socket.end('HTTP/1.0 400 Bad\r\n\r\n')))
    await this.#plain('greets', (socket) => void socket.write('220 ready\r\n'))
    await this.#plain('alerts', (socket) => socket.once('data', () => socket.end(Buffer.from('15030100020228', 'hex'))))
    await this.#plain('stops', (socket) => socket.once('data', () => socket.end(Buffer.from('160303', 'hex'))))
    await this.#plain('agent', (socket) => socket.end('up\n'))
    await this.#plain('garbles', (socket) => this.#garble(socket))
    await this.#plain('trickles', (socket) => this.#trickle(socket))
    this.ports['nobody'] = await this.#free()
    return this
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await Promise.all(this.#servers.map((server) => new Promise((closed) => server.close(closed))))
  }

  /** `text` with each `:name` of a port that is one. */
  fill(text: string): string {
    return text.replace(/:(\w+)\b/g, (whole, name: string) => (name in this.ports ? `:${this.ports[name]}` : whole))
  }

  #speak(name: string, certificate: string, options: TlsOptions, serve: (socket: TLSSocket) => unknown = answer) {
    const server = createTlsServer({ ...this.certificates.of(certificate), ...options }, (socket) => {
      socket.on('error', () => undefined)
      serve(socket)
    })
    server.on('tlsClientError', () => undefined)
    return this.#listen(name, server)
  }

  #plain(name: string, serve: (socket: Socket) => unknown) {
    return this.#listen(
      name,
      createServer((socket) => void serve(socket)),
    )
  }

  #listen(name: string, server: Server): Promise<void> {
    this.#servers.push(server)
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => this.#sockets.delete(socket))
    })
    return new Promise((listening) =>
      server.listen(0, '127.0.0.1', () => {
        this.ports[name] = (server.address() as AddressInfo).port
        listening()
      }),
    )
  }

  /** A port at which no server listens. */
  #free(): Promise<number> {
    const server = createServer()
    return new Promise((done) =>
      server.listen(0, '127.0.0.1', () => {
        const { port } = server.address() as AddressInfo
        server.close(() => done(port))
      }),
    )
  }

  /** A good handshake, and then what is no TLS. */
  #garble(socket: Socket): void {
    const behind = this.#behind(socket, 'silent')
    behind.pipe(socket)
    // the client's second word ends its handshake
    socket.once('data', () =>
      socket.once('data', () => setTimeout(() => socket.writable && socket.write('garbage garbage garbage'), 20)),
    )
  }

  /**
   * A server that is some way off. In TLS 1.3 the client's handshake is over before the server has seen its certificate: without
   * the way, what the server thinks of it may be there before anybody has looked at the connection, or not.
   */
  #delay(socket: Socket, name: string): void {
    const behind = this.#behind(socket, name)
    behind.on('data', (data: Buffer) => setTimeout(() => socket.writable && socket.write(data), DELAY_MS))
    behind.on('end', () => setTimeout(() => socket.end(), DELAY_MS))
  }

  /** A good server whose bytes come a few at a time. */
  #trickle(socket: Socket): void {
    const behind = this.#behind(socket, 'good')
    let last = Promise.resolve()
    behind.on('data', (data: Buffer) => {
      for (let i = 0; i < data.length; i += 200)
        last = last.then(async () => {
          if (socket.writable) socket.write(data.subarray(i, i + 200))
          await new Promise((done) => setTimeout(done, 20))
        })
    })
  }

  #behind(socket: Socket, name: string): Socket {
    const behind = connect(this.ports[name]!, '127.0.0.1')
    behind.on('error', () => undefined)
    this.#sockets.add(behind)
    socket.pipe(behind)
    return behind
  }
}
