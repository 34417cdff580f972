/** Text keeps every byte string whole. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  byteLength,
  decodeText,
  encodeText,
  firstByte,
  fromByteString,
  normalized,
  toByteString,
} from '../../src/bytes/text.js'

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')

/** Bytes that are often nearly UTF-8. */
const someBytes = fc
  .array(
    fc.constantFrom(0, 0x41, 0x7f, 0x80, 0x9f, 0xa0, 0xbf, 0xc0, 0xc2, 0xc3, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5, 0xff),
    {
      maxLength: 12,
    },
  )
  .map((bytes) => Uint8Array.from(bytes))

describe('text of bytes', () => {
  it('converts any bytes back to the same bytes', () => {
    fc.assert(
      fc.property(fc.oneof(someBytes, fc.uint8Array({ maxLength: 100 })), (bytes) => {
        const text = decodeText(bytes)
        expect(latin1(encodeText(text))).toBe(latin1(bytes))
        expect(toByteString(text)).toBe(latin1(bytes))
        expect(fromByteString(latin1(bytes))).toBe(text)
        expect(byteLength(text)).toBe(bytes.length)
      }),
      { numRuns: 2000 },
    )
  })

  it('converts any text back to the same text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(decodeText(encodeText(text))).toBe(text)
        expect(latin1(encodeText(text))).toBe(latin1(Buffer.from(text, 'utf8')))
      }),
    )
  })

  it('decodes valid UTF-8 like a decoder, including a byte order mark', () => {
    const valid = '\ufeffcafé \u0800 \ud7ff \ue000 \u{10ffff} \ufffd'
    expect(decodeText(Buffer.from(valid))).toBe(valid)
  })

  it.each([
    ['a byte of its own', 'a\xff', 'a\udcff'],
    ['half a character', '\xc3', '\udcc3'],
    ['a character that ends too early', '\xe2\x82x', '\udce2\udc82x'],
    ['a character with a byte too many', '\xc3\xa9\xa9', 'é\udca9'],
    ['a spelling that is too long', '\xc0\x80', '\udcc0\udc80'],
    ['a surrogate', '\xed\xa0\x80', '\udced\udca0\udc80'],
    ['what is beyond Unicode', '\xf4\x90\x80\x80', '\udcf4\udc90\udc80\udc80'],
    ['the replacement character beside an invalid byte', '\xef\xbf\xbd\xff', '\ufffd\udcff'],
  ])('keeps each byte of %s', (_, bytes, text) => {
    expect(fromByteString(bytes)).toBe(text)
    expect(decodeText(Buffer.from(bytes, 'latin1'))).toBe(text)
    expect(toByteString(text)).toBe(bytes)
  })

  it('distinguishes surrogate pairs from escaped bytes', () => {
    expect(toByteString('\u{1f480}')).toBe('\xf0\x9f\x92\x80')
    expect(toByteString('\u{1f480}\udc80')).toBe('\xf0\x9f\x92\x80\x80')
  })

  it('can be concatenated from pieces that were cut within a character', () => {
    const pieces = ['caf\xc3', '\xa9 \xff'].map(fromByteString).join('')
    expect(latin1(encodeText(pieces))).toBe('caf\xc3\xa9 \xff')
    expect(normalized(pieces)).toBe('café \udcff')
  })

  it('returns its first byte, which is not always a character', () => {
    expect([firstByte('abc'), firstByte('é'), firstByte('\u{1f480}'), firstByte('\udcff'), firstByte('')]).toEqual([
      'a',
      '\udcc3',
      '\udcf0',
      '\udcff',
      undefined,
    ])
  })
})
