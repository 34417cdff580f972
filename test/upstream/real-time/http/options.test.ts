/** Compares how options change requests and responses with a real HAProxy: persistence, trailers, names, unsafe framing. */
import { once } from 'node:events'
import { connect, createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { clientMode, modeOfRequest, serverMode } from '../../../../src/http/h1/connection-mode.js'
import { MessageWriter, type WriterOptions } from '../../../../src/http/h1/message-writer.js'
import { RequestReader, type RequestReaderOptions } from '../../../../src/http/h1/request-reader.js'
import { ResponseReader } from '../../../../src/http/h1/response-reader.js'
import { REAL } from '../../support/programs.js'
import { RealHaproxy } from '../../support/real-haproxy.js'
import { describeUpstream } from '../../support/upstream.js'
import { eventsOf } from './predicted.js'

interface Options {
  readonly global?: string
  readonly frontend?: string
  readonly backend?: string
  readonly reader?: RequestReaderOptions
  /** for requests to the server, and for responses to the client */
  readonly server?: WriterOptions
  readonly client?: WriterOptions
  readonly serverCloses?: boolean
  readonly clientCloses?: boolean
}

const OPTIONS: readonly Options[] = [
  {},
  { backend: 'option httpclose', serverCloses: true },
  { frontend: 'option httpclose', clientCloses: true },
  { frontend: 'option http-server-close', serverCloses: true },
  { backend: 'option http-server-close', serverCloses: true },
  {
    backend: 'option httpclose\n option http-pretend-keepalive',
    serverCloses: true,
    server: { pretendsKeepAlive: true },
  },
  { backend: 'http-send-name-header X-Server', server: { serverName: { field: 'X-Server', server: 's' } } },
  { backend: 'http-send-name-header X-A', server: { serverName: { field: 'X-A', server: 's' } } },
  { backend: 'option http-drop-request-trailers', server: { dropsTrailers: true } },
  { frontend: 'option http-drop-response-trailers', client: { dropsTrailers: true } },
  { global: 'h1-accept-payload-with-any-method', reader: { acceptsAnyBody: true } },
  {
    global: 'h1-do-not-close-on-insecure-transfer-encoding',
    reader: { keepsInsecure: true },
    server: { keepsInsecure: true },
    client: { keepsInsecure: true },
  },
]

const lines = (...parts: string[]): string => [...parts, '', ''].join('\r\n')

const CHUNKS = '3\r\nabc\r\n0\r\nX-T: 1\r\n\r\n'

const EXCHANGES: readonly (readonly [sends: string, answer: string])[] = [
  [lines('GET / HTTP/1.1', 'Host: a'), lines('HTTP/1.1 200 OK', 'Content-Length: 0')],
  [lines('GET / HTTP/1.1', 'Host: a', 'X-A: 1'), lines('HTTP/1.0 200 OK', 'Content-Length: 0')],
  [lines('GET / HTTP/1.0'), lines('HTTP/1.1 200 OK', 'Content-Length: 0')],
  [lines('GET / HTTP/1.0', 'Connection: keep-alive'), lines('HTTP/1.1 200 OK', 'Content-Length: 0')],
  [lines('GET / HTTP/1.1', 'Host: a', 'Connection: close'), lines('HTTP/1.1 200 OK', 'Content-Length: 0')],
  [lines('GET / HTTP/1.1', 'Host: a'), lines('HTTP/1.1 200 OK', 'Content-Length: 0', 'Connection: close')],
  [lines('GET / HTTP/1.1', 'Host: a'), lines('HTTP/1.1 200 OK', 'Content-Length: 0', 'Connection: keep-alive')],
  [
    `${lines('POST / HTTP/1.1', 'Host: a', 'Transfer-Encoding: chunked')}${CHUNKS}`,
    `${lines('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked')}${CHUNKS}`,
  ],
  [
    `${lines('POST / HTTP/1.1', 'Host: a', 'Transfer-Encoding: chunked', 'Content-Length: 3')}${CHUNKS}`,
    lines('HTTP/1.1 200 OK', 'Content-Length: 0'),
  ],
  [`${lines('GET / HTTP/1.0', 'Content-Length: 3')}abc`, lines('HTTP/1.1 200 OK', 'Content-Length: 0')],
]

const CONFIG = (options: Options, index: number, port: number): string => `
global
    stats socket unix@sock level admin
    ${options.global ?? ''}
defaults
    mode http
    timeout connect 2s
    timeout client 5s
    timeout server 5s
    timeout http-keep-alive 50ms
frontend f
    bind unix@front.sock
    ${options.frontend ?? ''}
    default_backend b
backend b
    http-reuse never
    ${options.backend ?? ''}
    server s 127.0.0.1:${port} # ${index}
`

/** The forwarded request and response. */
type Forwarded = readonly [request: string, response: string]

/** The error response can be lost in a reset. */
const REJECTED: Forwarded = ['', 'rejected']

const predict = (options: Options, sends: string, answer: string): Forwarded => {
  const toServer = new MessageWriter(options.server)
  const toClient = new MessageWriter(options.client)
  let request = ''
  let response = ''
  const responses = new ResponseReader(options.reader)
  let isEnded = false
  for (const event of eventsOf(new RequestReader(options.reader), sends)) {
    if (event.type === 'error') return REJECTED
    if (event.type === 'head') {
      request += toServer.request(event.head, serverMode(options.serverCloses ?? false))
      responses.expect(event.head.method)
      toClient.mode = modeOfRequest(event.head)
      for (const part of eventsOf(responses, answer)) {
        if (part.type === 'head')
          response += toClient.response(part.head, event.head, clientMode(options.clientCloses ?? false))
        if (part.type === 'data') response += toClient.data(part.data).join('')
        if (part.type === 'trailers') response += toClient.end(part.fields)
      }
    }
    if (event.type === 'data') request += toServer.data(event.data).join('')
    if (event.type === 'trailers') request += toServer.end(event.fields)
    isEnded = event.type === 'end'
  }
  return isEnded ? [request, response] : [request, 'incomplete']
}

const exchange = async (
  haproxy: RealHaproxy,
  server: ReturnType<typeof createServer>,
  sends: string,
  answer: string,
): Promise<Forwarded> => {
  let request = ''
  let response = ''
  const serve = (socket: import('node:net').Socket): void => {
    socket.on('error', () => undefined)
    socket.setEncoding('latin1').on('data', (data: string) => {
      request += data
      const end = request.indexOf('\r\n\r\n') + 4
      const isChunked = request.includes('transfer-encoding: chunked')
      const isComplete = isChunked
        ? request.slice(end).endsWith('\r\n\r\n')
        : request.length >= end + Number(/content-length: (\d+)/.exec(request)?.[1] ?? 0)
      if (end >= 4 && isComplete) socket.end(Buffer.from(answer, 'latin1'))
    })
  }
  server.once('connection', serve)
  const client = connect(join(haproxy.folder, 'front.sock'))
  client.on('error', () => undefined)
  client.setEncoding('latin1').on('data', (data: string) => (response += data))
  client.write(Buffer.from(sends, 'latin1'))
  await once(client, 'close')
  server.removeListener('connection', serve)
  return request === '' ? REJECTED : [request, response]
}

describeUpstream('options of HTTP/1', () => {
  it('have the same effects as in HAProxy', async () => {
    const server = createServer()
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const { port } = server.address() as AddressInfo
    const ours: Record<string, readonly Forwarded[]> = {}
    const real: Record<string, readonly Forwarded[]> = {}
    for (const [index, options] of OPTIONS.entries()) {
      const name = [options.global, options.frontend, options.backend].map((each) => each ?? '-').join(' | ')
      const haproxy = await RealHaproxy.start(CONFIG(options, index, port), {}, REAL)
      const forwarded: Forwarded[] = []
      for (const [sends, answer] of EXCHANGES) forwarded.push(await exchange(haproxy, server, sends, answer))
      await haproxy.stop()
      real[name] = forwarded
      ours[name] = EXCHANGES.map(([sends, answer]) => predict(options, sends, answer))
    }
    server.close()
    expect(ours).toEqual(real)
  })
})
