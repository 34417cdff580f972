/** Responses in any pieces: what a client reads does not depend on how the bytes arrive. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AnswerReader, InvalidAnswer } from '../../../src/sim/actors/answer-reader.js'

interface Read {
  readonly status: number
  readonly headers: readonly (readonly [string, string])[]
  readonly body: string
  readonly trailers: readonly (readonly [string, string])[]
}

/** Everything that is read of the responses in `pieces`; an error ends the list. */
const readAll = (pieces: readonly string[], method = 'GET'): (Read | string)[] => {
  const reader = new AnswerReader()
  const results: (Read | string)[] = []
  const drain = (isEnd: boolean): void => {
    for (;;) {
      const read = reader.read(method, isEnd)
      if (read === false) return
      if (typeof read === 'object') {
        results.push({ status: read.status, headers: read.headers.entries(), body: '', trailers: [] })
        continue
      }
      const { head, body, trailers } = reader
      results.push({
        status: head!.status,
        headers: head!.headers.entries(),
        body: body.join(''),
        trailers: trailers.entries(),
      })
      reader.startNext()
      if (isEnd && reader.isAtStart) return
    }
  }
  try {
    for (const piece of pieces) {
      reader.push(piece)
      drain(false)
    }
    drain(true)
  } catch (error) {
    if (!(error instanceof InvalidAnswer)) throw error
    results.push('invalid')
  }
  return results
}

const cut = (text: string, cuts: readonly number[]): string[] => {
  const places = [0, ...cuts.map((each) => each % (text.length + 1)).sort((a, b) => a - b), text.length]
  return places.slice(1).map((place, i) => text.slice(places[i], place))
}

const RESPONSES = [
  'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello',
  'HTTP/1.1 204 No Content\r\nX-A:  b \t\r\nx-a:\r\n\r\n',
  'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n',
  'HTTP/1.0 404 \r\ncontent-length: 0\r\n\r\n',
  'HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, Chunked\r\n\r\n3;a="b"\r\n\r\n\xff\r\n00A\r\n0123456789\r\n0\r\n\r\n',
  'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ncontent-length: 3\r\n\r\n1\r\na\r\n0\r\nX-T: 1\r\nx-u: 2\r\n\r\n',
]

describe('responses', () => {
  it('are read the same whatever the pieces are in which they arrive', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...RESPONSES), { minLength: 1, maxLength: 4 }),
        fc.constantFrom(
          '',
          'HTTP/1.1 200 OK\r\n\r\nuntil the end',
          'HTTP/1.1 20',
          'HTTP/1.1 200 OK\r\n bad\r\n\r\n',
          'HTTP/2',
        ),
        fc.array(fc.nat({ max: 1000 }), { maxLength: 30 }),
        (responses, last, cuts) => {
          const text = responses.join('') + last
          expect(readAll(cut(text, cuts))).toEqual(readAll([text]))
          expect(readAll([...text])).toEqual(readAll([text]))
        },
      ),
    )
  })

  it('have fields as sent, bodies without framing, and trailers', () => {
    expect(readAll([RESPONSES.join('')])).toEqual([
      { status: 200, headers: [['Content-Length', '5']], body: 'hello', trailers: [] },
      {
        status: 204,
        headers: [
          ['X-A', 'b'],
          ['x-a', ''],
        ],
        body: '',
        trailers: [],
      },
      { status: 103, headers: [['link', '</a>']], body: '', trailers: [] },
      { status: 404, headers: [['content-length', '0']], body: '', trailers: [] },
      { status: 200, headers: [['transfer-encoding', 'gzip, Chunked']], body: '\r\n\xff0123456789', trailers: [] },
      {
        status: 200,
        headers: [
          ['transfer-encoding', 'chunked'],
          ['content-length', '3'],
        ],
        body: 'a',
        trailers: [
          ['X-T', '1'],
          ['x-u', '2'],
        ],
      },
    ])
  })

  // RFC 9112, section 6.3
  it.each([
    ['HEAD', 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n'],
    ['CONNECT', 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n'],
    ['GET', 'HTTP/1.1 304 Not Modified\r\ntransfer-encoding: chunked\r\n\r\n'],
    ['GET', 'HTTP/1.1 101 Switching Protocols\r\n\r\n'],
  ])('to %s have no body where none can be: %j', (method, text) => {
    expect(readAll([text], method)).toMatchObject([{ body: '' }])
  })

  it('that end too early are not read', () => {
    for (const response of RESPONSES)
      for (let length = 1; length < response.length; length++)
        expect(readAll([response.slice(0, length)]), response.slice(0, length)).toEqual([])
  })

  it('with a head that does not end are invalid', () => {
    expect(readAll(['HTTP/1.1 200 OK\r\n', ...Array.from({ length: 200 }, () => 'x'.repeat(10_000))])).toEqual([
      'invalid',
    ])
  })
})
