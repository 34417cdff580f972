/** Responses of a web server by conditions, and the forms of a response. */
import { beforeEach, describe, expect, it } from 'vitest'
import { Simulation, type ClientConnection, type HttpServer } from '../../../src/index.js'

let sim: Simulation
let web: HttpServer

beforeEach(() => {
  sim = new Simulation({ seed: 1 })
  web = sim.http('127.0.0.1:80')
})

const status = (method: string, path: string, headers = {}): number =>
  sim.client().request(method, `http://127.0.0.1${path}`, { headers, connection: 'new' }).status

const raw = (text: string): ClientConnection => {
  const connection = sim.client().connect('127.0.0.1:80')
  connection.send(text)
  return connection
}

const GET = 'GET / HTTP/1.1\r\nhost: x\r\n\r\n'

/** Everything received for one request within a second, and how the connection is then. */
const receivedFor = (request: string) => {
  const connection = raw(request)
  sim.advance('1s')
  const { received, ended, error } = connection
  return { received, end: error ?? (ended ? 'closed' : 'open') }
}

describe('the response of a web server', () => {
  it('is selected by the path, the method, the query and header fields', () => {
    web
      .respond(404)
      .respond('/login', 201)
      .respond('/api/*', 202)
      .respond(/^\/[0-9]+$/, 203)
      .respond({ method: ['PUT', 'POST'], path: '/api/*' }, 204)
      .respond({ query: 'a=*' }, 205)
      .respond({ headers: { Host: 'b.example' } }, 206)
      .respond({ headers: { 'x-a': true, 'x-b': false } }, 207)
      .respond((request) => request.target === '*', 208)
    expect(status('GET', '/')).toBe(404)
    expect(status('GET', '/login?next=1')).toBe(201)
    expect(status('GET', '/login/x')).toBe(404)
    expect(status('GET', '/api/a/b')).toBe(202)
    expect(status('GET', '/123')).toBe(203)
    expect(status('POST', '/api/x')).toBe(204)
    expect(status('GET', '/login?a=1')).toBe(205)
    expect(status('GET', '/', { host: 'b.example' })).toBe(206)
    expect(status('GET', '/', { 'X-A': '' })).toBe(207)
    expect(status('GET', '/', { 'x-a': '', 'x-b': '' })).toBe(404)
    expect(sim.client().request('OPTIONS', 'http://127.0.0.1/', { target: '*' }).status).toBe(208)
  })

  it('is the one set last where several match, and one for all requests replaces the others', () => {
    web.respond('/a', 201).respond('/*', 202).respond('/b', 203)
    expect([status('GET', '/a'), status('GET', '/b')]).toEqual([202, 203])
    web.respond('/a', 204)
    expect(status('GET', '/a')).toBe(204)
    web.respond(503)
    expect([status('GET', '/a'), status('GET', '/b')]).toEqual([503, 503])
    web.respond('/a', 201).accept()
    expect(status('GET', '/a')).toBe(200)
  })

  it.each([
    [{ pth: '/' } as object, "a condition has method, path, query and headers, not 'pth'"],
    [{ path: 5 } as object, 'a condition on a text is a text, not number'],
    [5 as never, 'a condition is a path, a table or a function'],
  ])('rejects the condition %j', (condition, message) => {
    expect(() => web.respond(condition, 200)).toThrow(message)
  })

  it.each([
    [{ stop: { after: -1, how: 'close' } }, "'stop.after' is a number of bytes"],
    [{ stop: { after: 1, how: 'end' } }, "'stop.how' is 'close', 'reset' or 'hang'"],
    [{ pieces: 0 }, "'pieces' is a list or a positive number"],
    [{ version: '2' }, "'2' is not '1.0' or '1.1'"],
    [{ interim: 100 }, "'interim' is a list"],
    [{ headers: { a: 'b\nc' } }, 'invalid header'],
    [{ headers: 'a: b' }, 'headers are a table, not string'],
    ['gone', "invalid response 'gone': expected a status, a table, 'close', 'reset' or 'hang'"],
  ])('rejects %j', (response, message) => {
    expect(() => web.respond(response as never)).toThrow(message)
  })

  it('is sent in pieces, with time between them', () => {
    web.respond({ pieces: ['one', 'two'], interval: '2s' })
    const connection = raw(GET)
    expect(connection.receive()).toBe('HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\n')
    expect(connection.receive()).toBe('one')
    expect(connection.receive()).toBe('two')
    expect(sim.now).toBeGreaterThan(4000)
    web.respond({ body: 'abcd', pieces: 2, chunked: true, trailers: { 'X-T': 1 } })
    expect(receivedFor(GET).received).toBe(
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n2\r\ncd\r\n0\r\nX-T: 1\r\n\r\n',
    )
  })

  it('is in version 1.0, without a length, or follows interim responses', () => {
    web.respond({ version: '1.0', body: 'x' })
    expect(receivedFor(GET)).toEqual({
      received: 'HTTP/1.0 200 OK\r\ncontent-length: 1\r\nconnection: close\r\n\r\nx',
      end: 'closed',
    })
    web.respond({ untilClose: true, body: 'x', headers: { connection: false } })
    expect(receivedFor(GET)).toEqual({ received: 'HTTP/1.1 200 OK\r\n\r\nx', end: 'closed' })
    web.respond({
      version: '1.0',
      headers: { connection: 'keep-alive' },
      interim: [{ status: 103, headers: { a: 1 } }],
    })
    expect(receivedFor(GET)).toEqual({
      received:
        'HTTP/1.1 103 Early Hints\r\na: 1\r\n\r\nHTTP/1.0 200 OK\r\nconnection: keep-alive\r\ncontent-length: 0\r\n\r\n',
      end: 'open',
    })
  })

  it('stops in the middle: closed, reset or silent', () => {
    const head = 'HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\n'
    for (const [how, end] of [
      ['close', 'closed'],
      ['reset', 'ECONNRESET'],
      ['hang', 'open'],
    ] as const) {
      web.respond({ pieces: ['abc', 'def'], stop: { after: 4, how } })
      expect(receivedFor(GET)).toEqual({ received: `${head}abcd`, end })
    }
    web.respond({ raw: 'HTTP/1.1 200 O', close: true })
    expect(receivedFor(GET)).toEqual({ received: 'HTTP/1.1 200 O', end: 'closed' })
    web.respond('hang')
    expect(receivedFor(GET + GET)).toEqual({ received: '', end: 'open' })
  })

  it('is not sent after the time between pieces if the connection has ended', () => {
    web.respond({ pieces: ['abc', 'def'], interval: '1s' })
    const connection = raw(GET)
    sim.advance('500ms')
    connection.reset()
    sim.advance('5s')
    expect(web.openConnections).toBe(0)
  })
})

describe('a request of a web server', () => {
  it('has fields in their original form, trailers, a connection number and the address of the client', () => {
    const head = 'POST /a?b HTTP/1.1\r\nHost: x\r\nX-Case: 1 \r\nx-case: 2\r\nTransfer-Encoding: chunked\r\n\r\n'
    const connection = raw(`${head}1\r\na\r\n0\r\nX-T: 1\r\n\r\n${GET}`)
    sim.advance('1s')
    const [first, second] = web.requests
    expect(first!.rawHeaders.entries()).toEqual([
      ['Host', 'x'],
      ['X-Case', '1'],
      ['x-case', '2'],
      ['Transfer-Encoding', 'chunked'],
    ])
    expect(first!.headers['x-case']).toBe('1, 2')
    expect(first).toMatchObject({ trailers: { 'x-t': '1' }, connection: 1, from: connection.local, body: 'a' })
    expect(second).toMatchObject({ target: '/', query: undefined, trailers: {}, body: '', connection: 1 })
    expect(second!.rawHeaders.entries()).toEqual([['host', 'x']])
  })

  it('has a path without scheme and authority', () => {
    receivedFor('GET http://x/p?q HTTP/1.1\r\nhost: x\r\n\r\n')
    receivedFor('OPTIONS * HTTP/1.1\r\nhost: x\r\n\r\n')
    expect(web.requests.map(({ target, path }) => [target, path])).toEqual([
      ['http://x/p?q', '/p'],
      ['*', '*'],
    ])
  })

  it('is not kept beyond the given number', () => {
    const few = sim.http('127.0.0.1:81', { keepRequests: 2 })
    const client = sim.client()
    for (const path of ['/a', '/b', '/c']) client.get(`http://127.0.0.1:81${path}`)
    expect(few.requests.map(({ path }) => path)).toEqual(['/b', '/c'])
  })

  it('that expects 100 Continue gets it before its body, unless that has arrived', () => {
    const head = 'POST / HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 1\r\n\r\n'
    const connection = raw(head)
    expect(connection.receive()).toBe('HTTP/1.1 100 Continue\r\n\r\n')
    connection.send('x')
    expect(connection.receive()).toMatch(/^HTTP\/1\.1 200 OK/)
    expect(receivedFor(`${head}x`).received).toMatch(/^HTTP\/1\.1 200 OK/)
  })
})
