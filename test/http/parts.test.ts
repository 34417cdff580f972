/** Parsers for parts of messages. Expected values follow the functions of HAProxy 3.2. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BodyQueue } from '../../src/http/body-queue.js'
import { equalsIgnoringCase, lowerCase, trimWhiteSpace } from '../../src/http/characters.js'
import { cookiesOf } from '../../src/http/cookies.js'
import { imfDate, parseAsctimeDate, parseHttpDate, parseImfDate, parseRfc850Date } from '../../src/http/dates.js'
import { ERROR_STATUSES, errorMessage } from '../../src/http/error-messages.js'
import { Fields } from '../../src/http/fields.js'
import { matchPreface } from '../../src/http/h1/request-reader.js'
import { ResponseReader } from '../../src/http/h1/response-reader.js'
import { findParameter } from '../../src/http/parameters.js'
import { reasonOf } from '../../src/http/status.js'
import { isDefaultPort, parseUri, portOf, splitQuery, withoutPort, withoutUserInfo } from '../../src/http/uri.js'
import { listValues } from '../../src/http/values.js'

describe('a request target', () => {
  it.each([
    ['', 'empty', undefined, undefined, undefined],
    ['*', 'asterisk', undefined, undefined, undefined],
    ['/a/b?c', 'path', undefined, undefined, '/a/b?c'],
    ['http://a:80/b', 'absolute or authority', 'http://', 'a:80', '/b'],
    ['HTTP+x-1.2://u@a', 'absolute or authority', 'HTTP+x-1.2://', 'u@a', undefined],
    ['http://a?b', 'absolute or authority', 'http://', 'a', '?b'],
    ['a:80', 'absolute or authority', undefined, 'a:80', undefined],
    ['1http://a/b', 'absolute or authority', undefined, '1http:', undefined],
  ])('%j is split', (text, format, scheme, authority, path) => {
    expect(parseUri(text)).toEqual({ format, scheme, authority, path })
  })

  it('has a host, a port and a query', () => {
    expect(['a', 'a:', 'a:80', 'a:b', '80', ':80', '[::1]:80'].map(portOf)).toEqual([
      undefined,
      '',
      '80',
      undefined,
      undefined,
      '80',
      '80',
    ])
    expect(['a', 'a:', 'a:80', '[::1]:80'].map(withoutPort)).toEqual(['a', 'a', 'a', '[::1]'])
    expect(['a', 'u:p@a', 'a@b@c'].map(withoutUserInfo)).toEqual(['a', 'a', 'c'])
    expect(splitQuery('/a?b?c')).toEqual({ path: '/a', query: 'b?c' })
    expect(splitQuery('/a')).toEqual({ path: '/a', query: undefined })
  })

  it('can omit the default port', () => {
    const is = (scheme: string | undefined) => ['', '80', '443', '8080'].map((port) => isDefaultPort(scheme, port))
    expect(is(undefined)).toEqual([true, true, true, false])
    expect(is('HTTP://')).toEqual([true, true, false, false])
    expect(is('https://')).toEqual([true, false, true, false])
    expect(is('ftp://')).toEqual([true, false, false, false])
  })
})

describe('lists', () => {
  it.each([
    ['', ['']],
    ['a', ['a']],
    ['a, b ,c', ['a', 'b', 'c']],
    ['a,', ['a', '']],
    [',a', ['', 'a']],
    ['"a,b", c', ['"a,b"', 'c']],
    ['"a\\",b", c', ['"a\\",b"', 'c']],
    ['"a, b', ['"a, b']],
  ])('%j has values', (text, values) => {
    expect([...listValues(text)]).toEqual(values)
  })
})

describe('cookies', () => {
  it.each([
    [
      'a=1; b=2',
      [
        ['a', '1'],
        ['b', '2'],
      ],
    ],
    [
      'a = 1 ;b=',
      [
        ['a', '1'],
        ['b', ''],
      ],
    ],
    [
      'a="1;2", b=3',
      [
        ['a', '"1;2"'],
        ['b', '3'],
      ],
    ],
    ['$Version=1; a=2; b', [['a', '2']]],
    ['a, b=1', [['b', '1']]],
    ['=1', [['', '1']]],
    ['', []],
  ])('of %j', (field, cookies) => {
    expect([...cookiesOf(field, 'Cookie')].map(({ name, value }) => [name, value])).toEqual(cookies)
  })

  it('are found by name, except an empty one at the very end', () => {
    const values = (field: string, name: string) => [...cookiesOf(field, 'Cookie', name)].map(({ value }) => value)
    expect(values('a=1; ab=2; a=3', 'a')).toEqual(['1', '3'])
    expect(values('b=1; a=', 'a')).toEqual([''])
    expect(values('b=1;a=', 'a')).toEqual([])
    expect(values('a=', 'a')).toEqual([])
  })

  it('are set one per field', () => {
    expect([...cookiesOf('a=1; Path=/; b=2', 'Set-Cookie')].map(({ name, value }) => [name, value])).toEqual([
      ['a', '1'],
    ])
    expect([...cookiesOf('a,b=1; Path=/', 'Set-Cookie')].map(({ name }) => name)).toEqual(['a,b'])
  })
})

describe('parameters', () => {
  it.each([
    ['yo=mama;ye=daddy', 'ye', 'daddy'],
    ['a=1&b=2', 'b', '2'],
    ['a=1&b=2', 'c', undefined],
    ['aa=1&a=2', 'a', '2'],
    ['a=1&a=2', 'a', '1'],
    ['a&b=1', '', '1'],
    ['a=1?b=2', 'b', '2'],
    ['a=', 'a', ''],
    ['a', 'a', undefined],
    ['A=1', 'a', undefined],
    ['', 'a', undefined],
  ])('of %j: %j', (text, name, value) => {
    expect(findParameter(text, name)).toBe(value)
  })

  it('can be matched in any case, with another delimiter', () => {
    expect(findParameter('Ab=1', 'aB', { ignoresCase: true })).toBe('1')
    expect(findParameter('a=1,b=2', 'b', { delimiter: ',' })).toBe('2')
  })
})

describe('dates', () => {
  const AT = 784111777
  it.each([
    ['Sun, 06 Nov 1994 08:49:37 GMT', parseImfDate],
    ['Sunday, 06-Nov-94 08:49:37 GMT', parseRfc850Date],
    ['Sunday, 06-Nov-1994 08:49:37 GMT', parseRfc850Date],
    ['Sun Nov  6 08:49:37 1994', parseAsctimeDate],
    ['Sun Nov 06 08:49:37 1994 and more', parseAsctimeDate],
  ])('%j', (text, parse) => {
    expect([parse(text), parseHttpDate(text)]).toEqual([AT, AT])
  })

  it.each(['sun, 06 Nov 1994 08:49:37 GMT', 'Sun, 6 Nov 1994 08:49:37 GMT', 'Sun, 06 Nov 1994 08:49:37 UTC', ''])(
    '%j is invalid',
    (text) => expect(parseHttpDate(text)).toBeUndefined(),
  )

  it('survive formatting and parsing', () => {
    expect(imfDate(AT)).toBe('Sun, 06 Nov 1994 08:49:37 GMT')
    fc.assert(
      fc.property(
        fc.integer({ min: -60_000_000_000, max: 250_000_000_000 }),
        (at) => parseHttpDate(imfDate(at)) === at,
      ),
    )
  })
})

describe('fields', () => {
  it('keep their order and repetitions', () => {
    const fields = new Fields([
      ['X-A', '1'],
      ['b', '2'],
      ['x-a', '3'],
    ])
    expect([fields.length, fields.get('x-a'), fields.all('x-a'), fields.has('c')]).toEqual([3, '1', ['1', '3'], false])
    fields.replaceAll('x-a', '4')
    fields.rewrite('b', () => '')
    expect([...fields]).toEqual([
      { name: 'x-a', value: '4' },
      { name: 'x-a', value: '4' },
    ])
    fields.set('X-A', '5')
    expect([...fields]).toEqual([{ name: 'x-a', value: '5' }])
    expect([fields.remove('x-a'), fields.remove('x-a'), fields.length]).toEqual([true, false, 0])
  })
})

describe('byte strings', () => {
  it('keep bytes above 0x7f when lowered and trimmed', () => {
    expect(lowerCase('A\xc9')).toBe('a\xc9')
    expect(equalsIgnoringCase('\xc9', '\xe9')).toBe(false)
    expect(trimWhiteSpace(' \t\xa0a\xa0\r\n')).toBe('\xa0a\xa0')
  })
})

describe('a queue of bytes', () => {
  it('returns what was pushed, in pieces', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ maxLength: 20 }), { maxLength: 200 }),
        fc.infiniteStream(fc.integer({ min: 1, max: 15 })),
        (pieces, sizes) => {
          const queue = new BodyQueue()
          for (const piece of pieces) queue.push(piece)
          expect(queue.toString()).toBe(pieces.join(''))
          let taken = ''
          while (queue.length > 0) {
            const size = sizes.next().value
            const piece = queue.take(size)
            expect(piece.length).toBeGreaterThan(0)
            expect(piece.length).toBeLessThanOrEqual(size)
            taken += piece
            expect(queue.length).toBe(pieces.join('').length - taken.length)
          }
          expect([taken, queue.take(), queue.take(0)]).toEqual([pieces.join(''), '', ''])
        },
      ),
    )
  })
})

describe('statuses', () => {
  it('have reasons', () => {
    expect([200, 404, 299, 799, 99, 0].map(reasonOf)).toEqual(['OK', 'Not Found', 'Success', 'Other', 'Other', 'Other'])
  })

  it('have messages that are complete responses', () => {
    for (const status of ERROR_STATUSES) {
      const reader = new ResponseReader()
      reader.push(errorMessage(status))
      expect(reader.next()).toMatchObject({ type: 'head', head: { status } })
      expect(reader.next()).toMatchObject({ type: 'data', left: 0 })
      expect(reader.next()).toEqual({ type: 'end' })
    }
    expect(errorMessage(555)).toBe(errorMessage(500))
  })
})

describe('the preface of HTTP/2', () => {
  it('is distinguished from requests', () => {
    const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'
    expect([preface, `${preface}x`, preface.slice(0, 20), '', 'P', 'PUT'].map(matchPreface)).toEqual([
      'preface',
      'preface',
      'maybe',
      'maybe',
      'maybe',
      'other',
    ])
  })
})
