/** Properties of the HTTP/1 reader and writer: independence of piece sizes, stability, bounded memory. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clientMode, serverMode } from '../../src/http/h1/connection-mode.js'
import type { MessageEvent, MessageReader } from '../../src/http/h1/message-reader.js'
import { MessageMismatch, MessageWriter } from '../../src/http/h1/message-writer.js'
import { RequestReader } from '../../src/http/h1/request-reader.js'
import { ResponseReader } from '../../src/http/h1/response-reader.js'
import type { RequestHead, ResponseHead } from '../../src/http/message.js'
import { mutationsOf } from '../upstream/real-time/http/mutations.js'
import { eventsOf } from '../upstream/real-time/http/predicted.js'
import { REQUESTS } from '../upstream/real-time/http/requests.js'
import { RESPONSES } from '../upstream/real-time/http/responses.js'

const requests = [...Object.values(REQUESTS), ...mutationsOf(Object.values(REQUESTS), 500, 2)]
const responses = [...Object.values(RESPONSES), ...mutationsOf(Object.values(RESPONSES), 500, 2)]

/** Events as plain data: body data joined; errors without position and input, which depend on the pieces. */
const plain = <Head extends RequestHead | ResponseHead>(events: Iterable<MessageEvent<Head>>): unknown[] => {
  const result: unknown[] = []
  let data = ''
  for (const event of events) {
    if (event.type === 'data') {
      data += event.data
      continue
    }
    if (data !== '') result.push({ data })
    data = ''
    if (event.type === 'head') result.push({ ...event.head, fields: [...event.head.fields] })
    else if (event.type === 'trailers') result.push({ trailers: [...event.fields] })
    else if (event.type === 'error') {
      const { reason, status, hasHead, state, flags } = event.error
      result.push({ reason, status, hasHead, state, flags })
    } else result.push(event.type)
  }
  return data === '' ? result : [...result, { data }]
}

/** The events of all requests in a text. */
function* allEvents(text: string, relaxed: boolean, size?: () => number): Generator<MessageEvent<RequestHead>> {
  const reader = new RequestReader({ relaxed })
  const pieces = eventsOf(reader, text, size)
  for (const event of pieces) {
    yield event
    if (event.type === 'end') reader.startNext()
  }
}

function* responseEvents(text: string, relaxed: boolean, size?: () => number): Generator<MessageEvent<ResponseHead>> {
  const reader = new ResponseReader({ relaxed })
  reader.expect('GET')
  yield* eventsOf(reader, text, size)
  reader.end()
  yield* eventsOf(reader, '')
}

describe('reading', () => {
  const sizes = fc.infiniteStream(fc.integer({ min: 1, max: 40 }))

  it.each([
    ['requests', requests, allEvents],
    ['responses', responses, responseEvents],
  ] as const)('does not depend on how the bytes are cut: %s', (_, texts, events) => {
    fc.assert(
      fc.property(fc.constantFrom(...texts), fc.boolean(), sizes, (text, relaxed, stream) => {
        const size = () => stream.next().value
        expect(plain(events(text, relaxed, size) as never)).toEqual(plain(events(text, relaxed) as never))
      }),
      { numRuns: 2000, seed: 1 },
    )
  })

  it.each([
    ['requests', requests, allEvents],
    ['responses', responses, responseEvents],
  ] as const)('works byte by byte: %s', (_, texts, events) => {
    for (const text of texts.filter(({ length }) => length < 2000))
      expect(plain(events(text, false, () => 1) as never)).toEqual(plain(events(text, false) as never))
  })
})

const rewritten = <Head>(events: Iterable<MessageEvent<Head>>, writer: MessageWriter, head: (head: Head) => string) => {
  let text = ''
  let isEnded = false
  for (const event of events) {
    if (event.type === 'head') text += head(event.head)
    else if (event.type === 'data') text += writer.data(event.data).join('')
    else if (event.type === 'trailers') {
      text += writer.end(event.fields)
      isEnded = true
    } else if (event.type === 'end') {
      if (!isEnded) text += writer.end()
      isEnded = false
    } else return undefined
  }
  return text
}

describe('writing', () => {
  const rewriteRequests = (text: string, relaxed: boolean): string | undefined => {
    const writer = new MessageWriter({ websocketKey: () => 'dGhlIHNhbXBsZSBub25jZQ==' })
    try {
      return rewritten(allEvents(text, relaxed), writer, (head) => {
        writer.mode = 'keep-alive'
        return writer.request(head, serverMode(false))
      })
    } catch (error) {
      if (!(error instanceof MessageMismatch)) throw error
      return undefined
    }
  }
  const rewriteResponses = (text: string, relaxed: boolean): string | undefined => {
    const writer = new MessageWriter()
    const request = { method: 'GET', isVersion11: true }
    return rewritten(responseEvents(text, relaxed), writer, (head) => writer.response(head, request, clientMode(false)))
  }

  it.each([
    ['requests', requests, rewriteRequests],
    ['responses', responses, rewriteResponses],
  ] as const)('is stable when the output is read and written again: %s', (_, texts, rewrite) => {
    let count = 0
    for (const text of texts)
      for (const relaxed of [false, true]) {
        const once = rewrite(text, relaxed)
        if (once === undefined) continue
        count++
        const twice = rewrite(once, relaxed)!
        // removing options can leave blanks and commas at the end, which a second pass removes
        expect(withoutConnection(twice)).toBe(withoutConnection(once))
        expect(rewrite(twice, relaxed)).toBe(twice)
      }
    expect(count).toBeGreaterThan(300)
  })
})

const withoutConnection = (text: string): string =>
  text.replace(/^connection: [^\n]*\n/gm, '').replace('Sec-Websocket-Key', 'sec-websocket-key')

describe('memory', () => {
  const BODY = 'x'.repeat(100_000)
  const CHUNKED = `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${BODY.length.toString(16)}\r\n${BODY}\r\n0\r\n\r\n`

  const fill = (reader: MessageReader<unknown>, text: string): number => {
    const count = Math.min(reader.room, text.length)
    reader.push(text.slice(0, count))
    return count
  }

  it('is bounded by the input buffer', () => {
    const reader = new RequestReader()
    expect(reader.room).toBe(15_360)
    const at = fill(reader, CHUNKED)
    expect([reader.room, reader.pending]).toEqual([16_320 - 15_360, 15_360])
    expect(reader.next()?.type).toBe('head')
    fill(reader, CHUNKED.slice(at))
    expect([reader.room, reader.pending]).toEqual([0, 16_320])
  })

  it('is bounded by the room of the caller', () => {
    const reader = new RequestReader()
    let at = 0
    let body = ''
    let trailers = 0
    for (let rounds = 0; rounds < 100_000; rounds++) {
      const event = reader.next(108)
      if (event === undefined) {
        expect(reader.needsRoom).toBe(false)
        const count = fill(reader, CHUNKED.slice(at))
        if (count === 0) break
        at += count
      } else if (event.type === 'data') {
        expect(event.data.length).toBeLessThanOrEqual(100)
        body += event.data
        expect(event.left).toBe(BODY.length - body.length)
      } else if (event.type === 'trailers') trailers++
    }
    expect([body.length, trailers, reader.state]).toEqual([BODY.length, 1, 30])
  })

  it('holds a head back until there is room for it', () => {
    const reader = new RequestReader()
    reader.push('GET /abc HTTP/1.1\r\nHost: a\r\n')
    const size = 8 + 20 + 'GET'.length + '/abc'.length + 'HTTP/1.1'.length + 8 + 'host'.length + 1 + 8 + 1
    expect([reader.next(), reader.needsRoom]).toEqual([undefined, false])
    reader.push('\r\n')
    expect([reader.next(size - 1), reader.needsRoom]).toEqual([undefined, true])
    expect([reader.next(size)?.type, reader.needsRoom]).toEqual(['head', false])
  })
})

describe('a connection', () => {
  it('can become a tunnel', () => {
    const reader = new ResponseReader()
    reader.expect('CONNECT')
    reader.push('HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc')
    expect(reader.next()).toMatchObject({ type: 'head', head: { body: 'tunnel' } })
    expect(reader.next()).toEqual({ type: 'end' })
    reader.tunnel()
    expect(reader.next()).toEqual({ type: 'data', data: 'abc', left: undefined })
    reader.push('def')
    expect(reader.next()).toEqual({ type: 'data', data: 'def', left: undefined })
    expect(reader.next()).toBeUndefined()
    reader.end()
    expect(reader.next()).toEqual({ type: 'end' })
  })

  it('carries several requests', () => {
    const reader = new RequestReader()
    reader.push('GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\n')
    expect(reader.next()).toMatchObject({ type: 'head', head: { uri: '/1' } })
    expect([reader.next()?.type, reader.next()]).toEqual(['end', undefined])
    reader.startNext()
    expect(reader.next()).toBeUndefined()
    reader.push('Host: a\r\n\r\n')
    expect(reader.next()).toMatchObject({ type: 'head', head: { uri: '/2' } })
  })
})
