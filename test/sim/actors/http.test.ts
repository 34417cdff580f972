import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SECOND } from '../../../src/engine/index.js'
import { HttpServer } from '../../../src/sim/actors/index.js'
import { address, Dialogue, place } from './world.js'

const start = () => {
  const w = place()
  const web = new HttpServer(w.here, address('10.0.0.1:80'))
  return { ...w, web, dial: () => new Dialogue(w, '10.0.0.1:80') }
}

const ask = (request: string) => {
  const { dial, web } = start()
  const dialogue = dial()
  return { answer: dialogue.say(request), dialogue, web }
}

describe('a web server', () => {
  it('answers 200 and closes after HTTP/1.0', () => {
    const { answer, dialogue, web } = ask('OPTIONS / HTTP/1.0\r\n\r\n')
    expect(answer).toBe('HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n')
    expect(dialogue.ended).toBe(true)
    expect(web.requests).toMatchObject([{ method: 'OPTIONS', path: '/', version: '1.0', headers: {}, body: '' }])
  })

  it('keeps an HTTP/1.1 connection and answers requests one after the other', () => {
    const one = 'POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello'
    const two =
      'POST /b HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nwor\r\n2;x=y\r\nld\r\n0\r\nT: 1\r\n\r\n'
    const three = 'GET /c HTTP/1.1\r\nhost: x\r\nConnection: close\r\n\r\n'
    const all = one + two + three
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: all.length }), { maxLength: 10 }), (cuts) => {
        const { dial, web } = start()
        const dialogue = dial()
        const places = [0, ...cuts.sort((a, b) => a - b), all.length]
        for (let i = 1; i < places.length; i++) dialogue.say(all.slice(places[i - 1], places[i]))
        expect(web.requests.map(({ method, path, body }) => `${method} ${path} ${body}`)).toEqual([
          'POST /a hello',
          'POST /b world',
          'GET /c ',
        ])
        expect(dialogue.heard.match(/200 OK/g)).toHaveLength(3)
        expect(dialogue.ended).toBe(true)
      }),
      { numRuns: 40 },
    )
  })

  it('sends the length but no body to HEAD', () => {
    const { dial, web } = start()
    web.respond({ body: 'hello' })
    expect(dial().say('HEAD / HTTP/1.1\r\nhost: x\r\n\r\n')).toBe('HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n')
  })

  // HAProxy's parser, with violations accepted; RFC 9112, section 3.2 (Host), and RFC 9110, section 15.6.6 (versions)
  it.each([
    ['GET / HTTP/1.1\r\n\r\n', 400],
    ['GET /\r\n\r\n', 200],
    ['POST /\r\n\r\n', 400],
    ['GET  / HTTP/1.1\r\nhost: x\r\n\r\n', 200],
    ['GET / HTTP/1.1\r\nhost : x\r\n\r\n', 400],
    ['GET / HTTP/1.1\r\nhost: x\r\ncontent-length: five\r\n\r\n', 400],
    ['GET / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n', 400],
    ['GET / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: gzip\r\n\r\n', 400],
    ['GET / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: gzip, chunked\r\n\r\n', 422],
    ['GET / HTTP/2.0\r\nhost: x\r\n\r\n', 505],
    ['\r\n\r\nGET / HTTP/1.1\r\nhost: x\r\n\r\n', 200],
  ])('%j is answered with %i', (request, status) => {
    expect(ask(request).answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
  })

  it('sends the configured response', () => {
    const { dial, web } = start()
    const get = () => dial().say('GET /x HTTP/1.0\r\n\r\n')
    web.respond(503)
    expect(get()).toMatch(/^HTTP\/1\.1 503 Service Unavailable\r\n/)
    web.respond({ status: 299, reason: 'Fine', headers: { 'X-A': 1 }, body: 'é' })
    expect(get()).toBe('HTTP/1.1 299 Fine\r\nX-A: 1\r\ncontent-length: 2\r\nconnection: close\r\n\r\n\xc3\xa9')
    web.respond(({ path }) => (path === '/x' ? 404 : 200))
    expect(get()).toMatch(/^HTTP\/1\.1 404 Not Found\r\n/)
    web.respond(() => undefined)
    expect(get()).toBe('')
    web.accept()
    expect(get()).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    expect(() => web.respond(99)).toThrow(RangeError)
  })

  it('can delay a response', () => {
    const { dial, web } = start()
    web.respond({ delay: '2s' })
    const dialogue = dial()
    expect(dialogue.say('GET / HTTP/1.0\r\n\r\n')).toBe('')
    expect(dialogue.say('', 2 * SECOND)).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
  })

  it('sends a body larger than the window as the client reads it', () => {
    const { dial, web } = start()
    web.respond({ body: 'x'.repeat(300_000) })
    expect(dial().say('GET / HTTP/1.0\r\n\r\n').split('\r\n\r\n')[1]).toHaveLength(300_000)
  })

  it('refuses, hangs, resets, and answers again', () => {
    const { dial, web } = start()
    const get = () => {
      const dialogue = dial()
      dialogue.say('GET / HTTP/1.0\r\n\r\n')
      return dialogue
    }
    expect(web.refuse() && get().error).toBe('ECONNREFUSED')
    expect(web.reset() && get().error).toBe('ECONNRESET')
    web.hang()
    const hanging = get()
    expect([hanging.heard, hanging.connection.state]).toEqual(['', 'open'])
    web.accept()
    expect(hanging.say('')).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    expect(web.mode).toBe('accept')
  })
})
