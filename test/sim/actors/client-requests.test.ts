/** HTTP requests of a client to a simulated web server: what is sent, what is returned, and how requests fail. */
import { beforeEach, describe, expect, it } from 'vitest'
import { RequestError, Simulation, type Client, type HttpExchange, type HttpServer } from '../../../src/index.js'

let sim: Simulation
let web: HttpServer
let client: Client

beforeEach(() => {
  sim = new Simulation({ seed: 1 })
  web = sim.http('10.0.0.1:80')
  client = sim.client()
})

const URL = 'http://10.0.0.1/'

/** What a TCP server receives from the client, while the exchange is outstanding. */
const sentTo = (act: (url: string) => void): string => {
  const tcp = sim.tcp('10.0.0.9:80')
  act('http://10.0.0.9/x?a=1#part')
  sim.advance('1m')
  return tcp.received
}

/** The error of an exchange that is not answered by `raw`. */
const errorFor = (raw: string, close = true): string => {
  web.respond({ raw, close })
  const exchange = client.send('GET', URL)
  sim.advance('1s')
  return exchange.error?.message ?? 'none'
}

describe('a request', () => {
  it('has the answer with status, fields, body and times', () => {
    web.respond({
      status: 201,
      headers: [
        ['X-A', 1],
        ['Set-Cookie', ['a=1', 'b=2']],
      ],
      body: 'gr\u00fc\u00dfe',
    })
    sim.advance('1s')
    const answer = client.get('http://10.0.0.1/login?next=%2F#top', { headers: { cookie: 'a=b' } })
    expect(answer).toMatchObject({ status: 201, reason: 'Created', version: '1.1', body: 'gr\xc3\xbc\xc3\x9fe' })
    expect(answer.text()).toBe('gr\u00fc\u00dfe')
    expect([...answer.bytes]).toEqual([...Buffer.from('gr\u00fc\u00dfe')])
    expect(answer.headers.get('SET-cookie')).toBe('a=1')
    expect(answer.headers.all('set-cookie')).toEqual(['a=1', 'b=2'])
    expect(answer.headers.has('x-b')).toBe(false)
    expect([...answer.headers].map(([name]) => name)).toEqual(['X-A', 'Set-Cookie', 'Set-Cookie', 'content-length'])
    expect(answer.at).toBe(sim.scheduler.clock.now)
    expect(answer.took).toBe(answer.at - 1_000_000)
    expect(web.requests).toMatchObject([
      { method: 'GET', target: '/login?next=%2F', path: '/login', query: 'next=%2F', connection: 1, body: '' },
    ])
    expect(web.requests[0]!.headers).toEqual({ host: '10.0.0.1', cookie: 'a=b' })
  })

  it.each([
    ['get', (url: string) => client.send('GET', url), 'GET /x?a=1 HTTP/1.1\r\nhost: 10.0.0.9\r\n\r\n'],
    [
      'a POST without a body',
      (url: string) => client.send('POST', url),
      'POST /x?a=1 HTTP/1.1\r\nhost: 10.0.0.9\r\ncontent-length: 0\r\n\r\n',
    ],
    [
      'a body',
      (url: string) => client.send('PUT', url, { body: 'ü', headers: { 'Content-Type': 'text/plain' } }),
      'PUT /x?a=1 HTTP/1.1\r\nhost: 10.0.0.9\r\nContent-Type: text/plain\r\ncontent-length: 2\r\n\r\n\xc3\xbc',
    ],
    [
      'a chunked body with trailers',
      (url: string) => client.send('POST', url, { pieces: ['hello ', 'world'], trailers: { 'x-sum': 1 } }),
      'POST /x?a=1 HTTP/1.1\r\nhost: 10.0.0.9\r\ntransfer-encoding: chunked\r\n\r\n' +
        '6\r\nhello \r\n5\r\nworld\r\n0\r\nx-sum: 1\r\n\r\n',
    ],
    [
      'version 1.0',
      (url: string) => client.send('GET', url, { version: '1.0', headers: { host: false } }),
      'GET /x?a=1 HTTP/1.0\r\n\r\n',
    ],
    [
      'version 1.0 with keep-alive',
      (url: string) => client.send('GET', url, { version: '1.0', keepAlive: true }),
      'GET /x?a=1 HTTP/1.0\r\nhost: 10.0.0.9\r\nconnection: keep-alive\r\n\r\n',
    ],
    [
      'a request after which the connection is closed',
      (url: string) => client.send('GET', url, { keepAlive: false }),
      'GET /x?a=1 HTTP/1.1\r\nhost: 10.0.0.9\r\nconnection: close\r\n\r\n',
    ],
    [
      'a target that is not a path',
      (url: string) => client.send('OPTIONS', url, { target: '*', headers: { host: 'a.example' } }),
      'OPTIONS * HTTP/1.1\r\nhost: a.example\r\n\r\n',
    ],
    ['CONNECT', (url: string) => client.send('CONNECT', url), 'CONNECT 10.0.0.9:80 HTTP/1.1\r\nhost: 10.0.0.9\r\n\r\n'],
  ])('is sent as RFC 9112 says: %s', (_, act, expected) => {
    expect(sentTo(act)).toBe(expected)
  })

  it('goes to another address with `to`, and to a name that is resolved', () => {
    client.get('http://shop.example:8080/a', { to: '10.0.0.1:80' })
    sim.network.name('web.example', '10.0.0.1')
    client.get('http://web.example/b')
    expect(web.requests.map(({ headers }) => headers['host'])).toEqual(['shop.example:8080', 'web.example'])
  })

  it('has a body in pieces with time between them', () => {
    const body = client.post(URL, { body: 'abcdef', pieces: 3, interval: '1s' })
    expect(body.took).toBeGreaterThan(3_000_000)
    client.post(URL, { pieces: ['a', 'b'], interval: '1s', chunked: true })
    expect(web.requests.map((request) => request.body)).toEqual(['abcdef', 'ab'])
    expect(web.requests[1]!.headers['transfer-encoding']).toBe('chunked')
  })

  it('with `Expect: 100-continue` sends the body after the interim response, or after a time', () => {
    const headers = { expect: '100-continue' }
    const answer = client.post(URL, { body: 'x', headers })
    expect(answer.interim).toMatchObject([{ status: 100, reason: 'Continue' }])
    expect(answer.took).toBeLessThan(100_000)
    const tcp = sim.tcp('10.0.0.9:80')
    client.send('POST', 'http://10.0.0.9/', { body: 'x', headers, continueTimeout: '2s' })
    sim.advance('1s')
    expect(tcp.received).toMatch(/\r\n\r\n$/)
    sim.advance('2s')
    expect(tcp.received).toMatch(/\r\n\r\nx$/)
  })

  it.each([
    ['http:/x', {}, "'http:/x' is not a URL"],
    ['http://10.0.0.1/', { headers: { 'a\r\nb': 'c' } }, 'invalid header'],
    ['http://10.0.0.1/', { version: '2' as never }, "'2' is not '1.0' or '1.1'"],
    ['http://10.0.0.1/a b', {}, 'invalid request target'],
    ['http://10.0.0.1/', { body: 'a', pieces: ['a'] }, "takes the place of 'body'"],
    ['http://10.0.0.1/', { interval: 'soon' }, "'soon' is not a duration"],
    ['http://10.0.0.1/', { bodi: 'a' } as object, "unknown option 'bodi'"],
    ['http://nowhere.invalid/', {}, 'nowhere.invalid'],
  ])('is rejected if it is invalid: %s %j', (url, options, message) => {
    expect(() => client.post(url, options)).toThrow(message)
    expect(web.requests).toEqual([])
  })

  it('cannot be waited for from within the simulation, but can be sent', () => {
    const errors: string[] = []
    let sent: HttpExchange | undefined
    sim.at('1s', () => {
      try {
        client.get(URL)
      } catch (error) {
        errors.push((error as Error).message)
      }
      sent = client.send('GET', URL)
    })
    sim.advance('2s')
    expect(errors).toEqual([expect.stringContaining('called from within the simulation')])
    expect(sent!.answer!.status).toBe(200)
  })
})

describe('an answer', () => {
  it('without a length ends with the connection', () => {
    web.respond({ body: 'abc', untilClose: true })
    const answer = client.get(URL)
    expect(answer.text()).toBe('abc')
    expect(answer.headers.entries()).toEqual([['connection', 'close']])
  })

  it('in chunks has trailers', () => {
    web.respond({ pieces: ['ab', 'c'], interval: '1s', trailers: { 'X-Sum': 3 } })
    const answer = client.get(URL)
    expect(answer).toMatchObject({ body: 'abc', status: 200 })
    expect(answer.trailers.get('x-sum')).toBe('3')
    expect(answer.took).toBeGreaterThan(2_000_000)
  })

  it('to HEAD, and with the status 204 or 304, has no body', () => {
    web.respond({ body: 'hello' })
    const head = client.head(URL)
    expect([head.headers.get('content-length'), head.body]).toEqual(['5', ''])
    web.respond(204)
    expect(client.get(URL)).toMatchObject({ status: 204, body: '' })
    web.respond({ status: 304, headers: { 'content-length': 10 } })
    expect(client.get(URL)).toMatchObject({ status: 304, body: '' })
    expect(web.connections).toBe(1)
  })

  it('follows interim responses', () => {
    web.respond({ interim: [102, { status: 103, reason: 'Hints', headers: { link: '</a>' } }], body: 'x' })
    const answer = client.get(URL)
    expect(answer.interim).toMatchObject([{ status: 102 }, { status: 103, reason: 'Hints' }])
    expect(answer.interim[1]!.headers.get('link')).toBe('</a>')
    expect(answer.body).toBe('x')
  })

  it('is larger than the window', () => {
    web.respond({ body: 'x'.repeat(300_000) })
    expect(client.get(URL).body).toHaveLength(300_000)
    client.post(URL, { body: 'y'.repeat(300_000) })
    expect(web.requests[1]!.body).toHaveLength(300_000)
  })

  it('is the same with the same seed', () => {
    const play = () => {
      const world = new Simulation({ seed: 7 })
      world.http('10.0.0.1:80').respond({ pieces: ['a', 'b'], interval: '1ms' })
      for (let i = 0; i < 5; i++) world.client(`198.51.100.${i + 1}`).send('GET', URL)
      world.advance('1s')
      return world.trace.hash
    }
    expect(play()).toBe(play())
  })
})

describe('a connection', () => {
  it('is kept for the next request to the same address, not to others, and not after close', () => {
    sim.http('10.0.0.2:80')
    client.get(URL)
    client.get('http://10.0.0.2/')
    client.get(URL)
    client.get(URL, { keepAlive: false })
    client.get(URL)
    web.respond({ version: '1.0' })
    client.get(URL)
    client.get(URL, { connection: 'new' })
    expect(web.requests.map(({ connection }) => connection)).toEqual([1, 1, 1, 2, 2, 3])
    expect(web.openConnections).toBe(0)
  })

  it('is not used again if the server has closed it', () => {
    client.get(URL)
    web.closeConnections()
    sim.advance('1s')
    client.get(URL)
    expect(web.requests.map(({ connection }) => connection)).toEqual([1, 2])
  })

  it('is closed by the client, or when the simulation settles', () => {
    client.get(URL)
    client.close()
    sim.advance('1s')
    expect(web.openConnections).toBe(0)
    client.get(URL)
    expect(sim.settle()).toBe(true)
    expect(sim.network.openConnections).toBe(0)
  })

  it('is used for the next request by a function that is called at the end of the one before', () => {
    const next = (left: number): void => {
      if (left > 0) client.send('GET', URL).onEnd(() => next(left - 1))
    }
    next(3)
    sim.advance('1s')
    expect(web.requests.map(({ connection }) => connection)).toEqual([1, 1, 1])
  })

  it('can be shut down after a request, whose answer is still received', () => {
    web.respond({ body: 'x', delay: '1s' })
    const exchange = client.send('GET', URL)
    exchange.connection.finish()
    sim.advance('500ms')
    expect(exchange.phase).toBe('waiting')
    expect(exchange.wait().body).toBe('x')
    sim.advance('1s')
    expect([exchange.connection.state, web.openConnections]).toEqual(['closed', 0])
  })

  it('that stops reading does not get the answer until it reads again', () => {
    web.respond({ body: 'x'.repeat(200_000) })
    const exchange = client.send('GET', URL)
    exchange.connection.pause()
    sim.advance('1m')
    expect(exchange.phase).toBe('waiting')
    exchange.connection.resume()
    expect(exchange.wait().body).toHaveLength(200_000)
  })

  it('carries pipelined requests, which are answered in order', () => {
    web.respond('/slow', { body: 'slow', delay: '1s' })
    const first = client.send('POST', 'http://10.0.0.1/slow', { pieces: ['a', 'b'], interval: '1s' })
    const rest = ['/b', '/c'].map((path) =>
      client.send('GET', `http://10.0.0.1${path}`, { connection: first.connection }),
    )
    expect(rest.map(({ phase }) => phase)).toEqual(['connecting', 'connecting'])
    expect(client.wait()).toBe(true)
    expect([first, ...rest].map(({ answer }) => answer!.body)).toEqual(['slow', '', ''])
    expect(web.requests.map(({ path, connection }) => `${path} ${connection}`)).toEqual(['/slow 1', '/b 1', '/c 1'])
    expect(client.send('GET', URL).connection).toBe(first.connection)
  })

  it('that closes fails the requests that are pipelined behind', () => {
    web.respond({ close: true })
    const first = client.send('GET', URL)
    const second = client.send('GET', URL, { connection: first.connection })
    client.wait()
    expect(first.answer!.status).toBe(200)
    expect(second.error).toMatchObject({ code: 'closed' })
    expect(() => client.send('GET', URL, { connection: first.connection })).toThrow('the connection is closed')
  })

  it('becomes a raw one after a switch of protocols and after CONNECT', () => {
    const tcp = sim.tcp('10.0.0.9:80')
    tcp.respond((text) =>
      text.startsWith('GET')
        ? 'HTTP/1.1 101 Switching Protocols\r\nupgrade: echo\r\nconnection: upgrade\r\n\r\nhi'
        : text.startsWith('CONNECT')
          ? 'HTTP/1.1 200 OK\r\n\r\n'
          : `<${text}>`,
    )
    const upgrade = client.send('GET', 'http://10.0.0.9/', { headers: { upgrade: 'echo', connection: 'upgrade' } })
    expect(upgrade.wait()).toMatchObject({ status: 101, body: '' })
    upgrade.connection.send('a')
    expect(upgrade.connection.expect('<a>')).toBe('<a>')
    expect(upgrade.connection.received).toBe('hi<a>')
    const tunnel = client.send('CONNECT', 'http://10.0.0.9/')
    expect(tunnel.wait().status).toBe(200)
    tunnel.connection.send('b')
    expect(tunnel.connection.receive()).toBe('<b>')
  })

  it('uses TLS for https', () => {
    sim.http('10.0.0.1:443', { tls: { names: ['web.example'] } }).respond({ body: 'secret' })
    sim.network.name('web.example', '10.0.0.1')
    const exchange = client.send('GET', 'https://web.example/')
    expect(exchange.wait().text()).toBe('secret')
    expect(exchange.connection.isEncrypted).toBe(true)
    expect(client.send('GET', 'https://web.example/').wait().status).toBe(200)
  })
})

describe('a request that is not answered', () => {
  it('throws the error of the network', () => {
    web.refuse()
    expect(() => client.get(URL)).toThrow(
      'GET http://10.0.0.1/: Connection refused (the connection was not established)',
    )
    web.reset()
    expect(() => client.get(URL)).toThrow('Connection reset by peer')
    web.accept().respond({ body: '0123456789', stop: { after: 4, how: 'reset' } })
    expect(() => client.get(URL)).toThrow('(the request was sent, received status 200 and 4 of 10 bytes of the body)')
  })

  it.each([
    ['', 'the server closed the connection before the response was complete (the request was sent, nothing of a'],
    ['HTTP/1.1 200 O', 'before the response was complete (the request was sent, received "HTTP/1.1 200 O")'],
    ['HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc', 'received status 200 and 3 of 9 bytes of the body)'],
    ['HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n', '1 bytes of the body without a last chunk)'],
    ['SSH-2.0-x\r\n', 'invalid response: invalid status line "SSH-2.0-x\\r\\n"'],
    ['HTTP/1.1 20 OK\r\n\r\n', 'invalid response: invalid status line "HTTP/1.1 20 OK"'],
    ['HTTP/1.1 200 OK\r\na b: c\r\n\r\n', 'invalid response: invalid header line "a b: c"'],
    ['HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n', 'invalid content-length "1, 2"'],
    ['HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nx\r\n', 'invalid size of a chunk "x"'],
    ['HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nab\r\n', 'after a chunk of the announced size'],
  ])('fails if the response is %j', (raw, message) => {
    expect(errorFor(raw)).toContain(message)
    expect(web.openConnections).toBe(0)
  })

  it('fails after a time limit, with what is missing', () => {
    web.respond({ body: 'abc', stop: { after: 1, how: 'hang' } })
    expect(() => client.get(URL, { limit: '2s' })).toThrow(
      'no complete answer within 2s (the request was sent, received status 200 and 1 of 3 bytes of the body)',
    )
    sim.advance('1s')
    expect(web.openConnections).toBe(0)
    const exchange = client.send('GET', URL)
    expect(() => exchange.wait('1s')).toThrow(RequestError)
    expect([exchange.phase, exchange.error, web.openConnections]).toEqual(['receiving', undefined, 1])
    sim.endRequests()
    expect(exchange.error!.message).toContain('no complete answer at the end of the run')
  })

  it('can be ended by the client in every phase', () => {
    const phases: string[] = []
    const abort = (start: () => HttpExchange, time: string, how: 'abort' | 'reset') => {
      const exchange = start()
      sim.advance(time)
      phases.push(exchange.phase)
      exchange[how]()
      expect(exchange.error).toMatchObject({ code: 'aborted' })
      sim.advance('1s')
      expect(sim.network.openConnections).toBe(0)
      expect(web.openConnections).toBe(0)
    }
    const slow = { pieces: ['a', 'b'], interval: '1s' }
    for (const how of ['abort', 'reset'] as const) {
      web.accept().respond({ body: 'abc', delay: '1s', pieces: 3, interval: '1s' })
      abort(() => client.send('GET', URL), '1us', how)
      abort(() => client.send('GET', URL, { delay: '1s' }), '500ms', how)
      abort(() => client.send('POST', URL, slow), '500ms', how)
      abort(() => client.send('GET', URL), '500ms', how)
      abort(() => client.send('GET', URL), '2500ms', how)
    }
    expect(phases).toEqual([...PHASES, ...PHASES])
  })

  it('names the progress of a request that is sent in part', () => {
    const exchange = client.send('POST', URL, { pieces: ['a', 'b'], interval: '1s' })
    sim.advance('500ms')
    expect(exchange.phase).toBe('sending')
    exchange.abort()
    expect(exchange.error!.message).toBe(
      'POST http://10.0.0.1/: aborted by the client (the request was sent in part, nothing of a response was received)',
    )
  })
})

const PHASES = ['connecting', 'queued', 'sending', 'waiting', 'receiving']

describe('a thousand clients', () => {
  it('are served at once, each from its address', () => {
    web.respond({ delay: '1s' })
    const exchanges = Array.from({ length: 1000 }, (_, i) =>
      sim.client(`198.51.${i >> 8}.${i & 255 || 1}`).send('GET', URL, { headers: { 'x-number': i } }),
    )
    sim.advance('500ms')
    expect(web.openConnections).toBe(1000)
    sim.advance('1s')
    expect(exchanges.every(({ answer }) => answer?.status === 200)).toBe(true)
    expect(new Set(web.requests.map(({ headers }) => headers['x-number'])).size).toBe(1000)
    expect(web.requests.every(({ from }) => from.startsWith('198.51.'))).toBe(true)
  })
})

describe('the address of a client', () => {
  it('is its own, a loopback address, or one of HAProxy', () => {
    sim.http('127.0.0.1:80')
    const local = sim.http('192.0.2.1:81')
    sim.client('127.0.0.5').get('http://127.0.0.1/')
    sim.client('192.0.2.1').get('http://127.0.0.1/')
    sim.client('127.0.0.5:4000').get('http://192.0.2.1:81/')
    sim.client('203.0.113.9').get('http://192.0.2.1:81/')
    expect(local.requests.map(({ from }) => from.replace(/:3\d+$/, ''))).toEqual(['127.0.0.5:4000', '203.0.113.9'])
    expect(() => sim.client('203.0.113.9').get('http://127.0.0.1/')).toThrow(
      "'127.0.0.1:80': 203.0.113.9 is another host than HAProxy, which it reaches at 192.0.2.1 and 2001:db8::1",
    )
    expect(() => sim.client('203.0.113.9').connect('/run/x.sock')).toThrow('is another host than HAProxy')
    expect(() => sim.client('example.org')).toThrow(RangeError)
    expect(() => sim.client('0.0.0.0')).toThrow('is not an IP address that a client can have')
  })
})

describe('the trace', () => {
  it('has a record for each request that has ended', () => {
    const records: object[] = []
    sim.trace.listen((record) => record.type === 'client' && records.push(record))
    web.respond('/a', { status: 404, body: 'no' })
    client.get('http://10.0.0.1/a')
    const detailed = sim.client('198.51.100.1', { detailed: true, name: 'curl' })
    detailed.post(URL, { body: 'x' })
    web.respond('close')
    client.send('GET', URL)
    sim.advance('1s')
    expect(records).toMatchObject([
      { client: 'client', method: 'GET', url: 'http://10.0.0.1/a', status: 404, reason: 'Not Found', length: 2 },
      {
        client: 'curl',
        status: 200,
        request: { head: 'POST / HTTP/1.1\nhost: 10.0.0.1\ncontent-length: 1', body: 'x' },
        answer: { head: 'HTTP/1.1 200 OK\ncontent-length: 0', body: '' },
      },
      { client: 'client', error: expect.stringContaining('closed the connection') as string },
    ])
    expect(records[0]).not.toHaveProperty('request')
  })
})
