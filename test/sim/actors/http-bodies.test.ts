/** Bodies of a web server as text and as bytes, and ways to end its connections. */
import { describe, expect, it } from 'vitest'
import { HttpServer } from '../../../src/sim/actors/index.js'
import { fromBytes } from '../../../src/bytes/latin1.js'
import { address, Dialogue, place } from './world.js'

const start = () => {
  const w = place()
  const web = new HttpServer(w.here, address('10.0.0.1:80'))
  return { ...w, web, dial: () => new Dialogue(w, '10.0.0.1:80') }
}
const GET = 'GET / HTTP/1.1\r\nhost: x\r\n\r\n'
const post = (body: string) => `POST / HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\n\r\n${body}`

describe('the body of a request', () => {
  it.each([
    ['text', fromBytes(Buffer.from('grüße')), 'grüße'],
    ['bytes that are no text', 'a\xff\0b', 'a\udcff\0b'],
    ['none', '', ''],
  ])('can be read as text and as bytes: %s', (_, sent, body) => {
    const { dial, web } = start()
    dial().say(post(sent))
    expect(web.requests).toMatchObject([{ body: sent, text: body }])
    expect(fromBytes(web.requests[0]!.bytes)).toBe(sent)
  })
})

describe('the body of a response', () => {
  it('is text in UTF-8, or bytes', () => {
    const { dial, web } = start()
    const dialogue = dial()
    web.respond({ body: 'ü' })
    expect(dialogue.say(GET)).toMatch(/content-length: 2\r\n\r\n\xc3\xbc$/)
    web.respond({ body: Uint8Array.of(0xff, 0) })
    expect(dialogue.say(GET)).toMatch(/content-length: 2\r\n\r\n\xff\0$/)
    expect(() => web.respond({ body: 5 as never })).toThrow('a body is text or bytes, not number')
  })
})

describe('a connection is closed', () => {
  it('after a response that closes', () => {
    const { dial, web } = start()
    web.respond({ body: 'ok', close: true })
    const dialogue = dial()
    expect(dialogue.say(GET)).toBe('HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok')
    expect(dialogue.ended).toBe(true)
  })

  it('instead of a response', () => {
    const { dial, web } = start()
    const closed = dial()
    web.respond('close')
    expect(closed.say(GET)).toBe('')
    expect([closed.ended, closed.error]).toEqual([true, undefined])
    const reset = dial()
    web.respond(() => 'reset')
    reset.say(GET)
    expect(reset.error).toBe('ECONNRESET')
    expect(() => web.respond('closed' as never)).toThrow("invalid response 'closed'")
  })

  it('at any time, while others are accepted', () => {
    const { dial, web } = start()
    const [idle, waiting] = [dial(), dial()]
    idle.say(GET)
    web.respond(() => undefined)
    waiting.say(GET)
    expect(web.openConnections).toBe(2)
    web.closeConnections().respond(204)
    expect(idle.say('') + waiting.say('')).toBe('')
    expect([idle.ended, waiting.ended, web.openConnections]).toEqual([true, true, 0])
    expect(dial().say(GET)).toMatch(/^HTTP\/1\.1 204 /)
  })
})
