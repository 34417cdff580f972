/** Clients, HAProxy and a web server in one simulation: nothing is left behind when one of them ends. */
import { beforeEach, describe, expect, it } from 'vitest'
import { Simulation, type Haproxy, type HttpServer, type RequestOptions } from '../../src/index.js'

const CONFIG = `defaults
    mode http
    option http-server-close
    timeout connect 1s
    timeout client 10s
    timeout server 10s
frontend web
    bind :8080
    default_backend app
backend app
    server s1 10.0.0.1:80
`
const URL = 'http://192.0.2.1:8080/x'

let sim: Simulation
let web: HttpServer
let haproxy: Haproxy

beforeEach(() => {
  sim = new Simulation({ seed: 1 })
  web = sim.http('10.0.0.1:80')
  haproxy = sim.haproxy({ config: CONFIG, directory: false }).start()
})

/** The number of sessions of the frontend and of the server, and of connections, after all timeouts. */
const leftBehind = () => {
  sim.advance('1m')
  const [header, ...lines] = haproxy.cli('show stat').trim().split('\n')
  const column = header!.split(',').indexOf('scur')
  const sessions = lines.map((line) => line.split(',')[column])
  return { sessions: new Set(sessions), connections: sim.network.openConnections, accepted: web.openConnections }
}

const NOTHING = { sessions: new Set(['0']), connections: 0, accepted: 0 }

describe('through HAProxy', () => {
  it('requests and answers pass with their bodies', () => {
    web.respond(({ body, headers }) => ({ body: `${headers['x-a']}:${body}`, headers: { 'X-B': 'c' } }))
    const client = sim.client('203.0.113.5')
    for (const options of [
      { body: 'hello' },
      { pieces: ['he', 'llo'], chunked: true },
      { body: 'hello', pieces: 5, interval: '100ms' },
    ] satisfies RequestOptions[]) {
      const answer = client.post(URL, { ...options, headers: { 'X-A': 1 } })
      expect(answer).toMatchObject({ status: 200, body: '1:hello' })
      expect(answer.headers.get('x-b')).toBe('c')
    }
    expect(client.head(URL)).toMatchObject({ status: 200, body: '' })
    web.respond({ body: 'x'.repeat(500_000), pieces: 100, interval: '1ms', chunked: true })
    expect(client.get(URL).body).toBe('x'.repeat(500_000))
    expect(leftBehind()).toEqual(NOTHING)
  })

  it('a long body takes no steps in which nothing can be moved', () => {
    let steps = 0
    haproxy.process.scheduler.onStep = ({ name }) => {
      if (name === 'stream') steps++
    }
    expect(sim.client().post(URL, { body: 'x'.repeat(1_000_000) }).status).toBe(200)
    expect(steps).toBeLessThan(500)
  })

  it('a thousand clients are answered at once', () => {
    web.respond({ delay: '1s' })
    const exchanges = Array.from({ length: 1000 }, (_, i) =>
      sim.client(`198.51.${i >> 8}.${i & 255 || 1}`).send('GET', URL, { headers: { 'x-number': i } }),
    )
    sim.advance('5s')
    expect(exchanges.filter(({ answer }) => answer?.status === 200)).toHaveLength(1000)
    expect(new Set(web.requests.map(({ headers }) => headers['x-number'])).size).toBe(1000)
    expect(leftBehind()).toEqual(NOTHING)
  })

  it('a client that ends in any phase leaves nothing behind', () => {
    const slow: RequestOptions = { pieces: ['a', 'b', 'c'], interval: '1s' }
    web.respond({ pieces: ['a', 'b', 'c'], interval: '1s', delay: '1s' })
    for (const how of ['abort', 'reset'] as const)
      for (const [options, times] of [
        [{}, ['1us', '500us', '500ms', '1500ms', '2500ms']],
        [slow, ['500ms', '1500ms', '2500ms', '4500ms']],
        [{ ...slow, chunked: true }, ['500ms', '1500ms', '2500ms', '4500ms']],
      ] as const)
        for (const time of times) {
          const exchange = sim.client('203.0.113.5').send('POST', URL, options)
          sim.advance(time)
          exchange[how]()
          expect(leftBehind(), `${how} after ${time}`).toEqual(NOTHING)
        }
  })

  it('a server that ends in any phase leaves nothing behind', () => {
    const client = sim.client('203.0.113.5')
    for (const how of ['close', 'reset', 'hang'] as const)
      for (const chunked of [false, true])
        for (const after of [0, 3, 7]) {
          web.accept().respond({ body: '0123456789', chunked, stop: { after, how } })
          client.send('GET', URL)
          expect(leftBehind(), `${how} after ${after}`).toEqual(NOTHING)
        }
    for (const reply of ['close', 'reset', 'hang'] as const) {
      web.respond(reply)
      client.send('POST', URL, { body: 'a', pieces: 1, interval: '1s' })
      expect(leftBehind(), reply).toEqual(NOTHING)
    }
    for (const mode of ['refuse', 'reset', 'hang'] as const) {
      web.accept()[mode]()
      client.send('GET', URL)
      sim.advance('30s')
      web.accept()
      expect(leftBehind(), mode).toEqual(NOTHING)
    }
  })

  it('a raw client that is silent, slow, or does not read leaves nothing behind', () => {
    const request = 'GET /x HTTP/1.1\r\nhost: a\r\n\r\n'
    web.respond({ body: 'x'.repeat(1_000_000) })
    const client = sim.client('203.0.113.5')
    const silent = client.connect('192.0.2.1:8080')
    expect(silent.receiveAll()).toMatch(/^HTTP\/1\.1 408 /)
    silent.close()
    expect(leftBehind(), 'silent').toEqual(NOTHING)
    const slow = client.connect('192.0.2.1:8080')
    for (const byte of request) {
      if (slow.state === 'closed' || slow.ended) break
      slow.send(byte)
      sim.advance('1s')
    }
    slow.close()
    expect(leftBehind(), 'slow').toEqual(NOTHING)
    const deaf = client.connect('192.0.2.1:8080')
    deaf.send(request)
    deaf.pause()
    sim.advance('1m')
    deaf.reset()
    expect(leftBehind(), 'deaf').toEqual(NOTHING)
    const half = client.connect('192.0.2.1:8080')
    half.send(request)
    half.finish()
    half.receiveAll()
    half.close()
    expect(leftBehind(), 'half closed').toEqual(NOTHING)
  })

  it('the same seed gives the same run', () => {
    const play = () => {
      const world = new Simulation({ seed: 5 })
      world.http('10.0.0.1:80').respond({ pieces: ['a', 'b'], interval: '1ms' })
      world.haproxy({ config: CONFIG, directory: false }).start()
      for (let i = 0; i < 20; i++) world.client(`198.51.100.${i + 1}`).send('POST', URL, { body: 'x' })
      world.advance('10s')
      return world.trace.hash
    }
    expect(play()).toBe(play())
  })
})
