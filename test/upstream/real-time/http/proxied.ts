/**
 * Sends raw bytes through a real HAProxy and records what the server receives and what the client gets back. Clients are identified by the
 * source address in a PROXY header, which HAProxy adds to the request as a field.
 */
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { REAL } from '../../support/programs.js'
import { RealHaproxy, sleep } from '../../support/real-haproxy.js'

/** HAProxy's time limit for incomplete messages. */
const PATIENCE_MS = 400

/** Maximum number of concurrent connections. */
const AT_ONCE = 64

/** The frontend to use: `relaxed` has the options that accept violations, for requests and responses. */
export type Frontend = 'strict' | 'relaxed'

/** The bytes of a response; the server closes the connection afterwards. */
export type Answer = string

/** The result of a case. */
export interface Passed {
  /** all bytes that the client received */
  readonly answer: string
  /** the statuses that HAProxy logged (the answer itself may be lost in a reset) */
  readonly statuses: readonly number[]
  /** what the server received, per connection, without the field that identifies the client */
  readonly requests: readonly string[]
}

const SOURCE_FIELD = /x-source: ([0-9.]+)\r\n/

const CONFIG = (port: number): string => `
global
    stats socket unix@sock level admin
    log stdout format raw local0
    h1-case-adjust x-adjusted X-ADJUSTED
defaults
    mode http
    log global
    log-format "%ci %ST %ts"
    error-log-format "%ci %ST %ts"
    timeout connect 2s
    timeout client ${PATIENCE_MS}ms
    timeout server ${PATIENCE_MS}ms
    timeout http-request ${PATIENCE_MS}ms
    timeout http-keep-alive 50ms
    retries 0
    http-reuse never
frontend strict
    bind unix@strict.sock accept-proxy
    http-request set-header x-source %[src]
    default_backend strict
frontend relaxed
    bind unix@relaxed.sock accept-proxy
    option accept-unsafe-violations-in-http-request
    option h1-case-adjust-bogus-client
    http-request set-header x-source %[src]
    default_backend relaxed
backend strict
    server s 127.0.0.1:${port}
backend relaxed
    option accept-unsafe-violations-in-http-response
    option h1-case-adjust-bogus-server
    server s 127.0.0.1:${port}
`

/** A HAProxy between clients and a server in this process. */
export class Proxied {
  readonly #requests = new Map<string, { text: string }[]>()
  readonly #answers = new Map<string, Answer>()
  readonly #server: Server
  #haproxy: RealHaproxy | undefined
  #count = 0

  constructor() {
    this.#server = createServer((socket) => this.#serve(socket))
  }

  async start(): Promise<this> {
    this.#server.listen(0, '127.0.0.1', 1024)
    await once(this.#server, 'listening')
    this.#haproxy = await RealHaproxy.start(CONFIG((this.#server.address() as AddressInfo).port), {}, REAL)
    return this
  }

  async stop(): Promise<void> {
    await this.#haproxy?.stop()
    this.#server.close()
  }

  /** Sends each case on a new connection; the server responds with the given answer, by default 200. */
  async pass(
    cases: readonly { readonly sends: string; readonly answer?: Answer; readonly frontend?: Frontend }[],
  ): Promise<Passed[]> {
    const results: (Omit<Passed, 'statuses'> & { source: string })[] = []
    let next = 0
    const worker = async () => {
      for (let index = next++; index < cases.length; index = next++) {
        const { sends, answer, frontend = 'strict' } = cases[index]!
        results[index] = await this.#passOne(sends, answer, frontend)
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, worker))
    // log lines arrive asynchronously
    await sleep(50)
    return results.map((each) => ({ ...each, statuses: this.#statusesOf(each.source) }))
  }

  async #passOne(sends: string, answer: Answer | undefined, frontend: Frontend) {
    const number = this.#count++
    const source = `127.1.${number >> 8}.${number & 255}`
    if (answer !== undefined) this.#answers.set(source, answer)
    const socket = connect(join(this.#haproxy!.folder, `${frontend}.sock`))
    let received = ''
    socket.setEncoding('latin1').on('data', (data: string) => (received += data))
    socket.on('error', () => undefined)
    socket.write(Buffer.from(`PROXY TCP4 ${source} 127.0.0.1 1000 80\r\n${sends}`, 'latin1'))
    await once(socket, 'close')
    const requests = this.#requests.get(source) ?? []
    return { source, answer: received, requests: requests.map(({ text }) => text.replace(SOURCE_FIELD, '')) }
  }

  #statusesOf(source: string): number[] {
    return this.#haproxy!.output.filter((line) => line.startsWith(`${source} `)).map((line) =>
      Number(line.split(' ')[1]),
    )
  }

  /** Records what arrives on a connection, and answers once the request is complete. */
  #serve(socket: Socket): void {
    const request = { text: '' }
    let source: string | undefined
    let hasAnswered = false
    socket.on('error', () => undefined)
    socket.setEncoding('latin1').on('data', (data: string) => {
      request.text += data
      if (source === undefined) {
        source = SOURCE_FIELD.exec(request.text)?.[1]
        if (source === undefined) return
        this.#requests.set(source, [...(this.#requests.get(source) ?? []), request])
      }
      if (hasAnswered || !isComplete(request.text)) return
      hasAnswered = true
      socket.end(Buffer.from(this.#answers.get(source) ?? ANSWER, 'latin1'))
    })
  }
}

/** Whether a request as HAProxy writes it is complete. */
const isComplete = (text: string): boolean => {
  const end = text.indexOf('\r\n\r\n') + 4
  if (end < 4) return false
  const head = text.slice(0, end)
  const body = text.slice(end)
  if (/^transfer-encoding: chunked\r$/m.test(head)) return hasLastChunk(body)
  return body.length >= Number(/^content-length: (\d+)\r$/m.exec(head)?.[1] ?? 0)
}

const hasLastChunk = (body: string): boolean => {
  for (let at = 0; ;) {
    const line = /^([0-9A-F]+)\r\n/.exec(body.slice(at, at + 20))
    if (line === null) return false
    at += line[0].length
    const size = Number.parseInt(line[1]!, 16)
    if (size === 0) return body.startsWith('\r\n', at) || body.includes('\r\n\r\n', at)
    at += size + 2
  }
}

const ANSWER = 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n'
