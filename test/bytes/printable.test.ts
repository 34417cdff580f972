/** What a terminal would act on never reaches it. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { printable, printableInColours, printableRecord, showBytes } from '../../src/bytes/printable.js'
import { jsonText, printableJson } from '../../src/bytes/json-text.js'

/** Control characters but for the line feed and the tab, marks of direction, halves of pairs. */
const ACTIVE = /[\p{Cc}\p{Bidi_C}\u2028\u2029\ufeff\p{Cs}]/gu

const activeIn = (text: string): string[] => (text.match(ACTIVE) ?? []).filter((char) => char !== '\n' && char !== '\t')

/** Text with much of what must not pass. */
const hostile = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      '\x1b',
      '[',
      '0',
      'm',
      ';',
      '\x9b',
      '\0',
      '\r',
      '\n',
      '\t',
      '\u202e',
      '\u2066',
      '\udcff',
      '\ud800',
      'é',
    ),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
})

describe('printable text', () => {
  it.each([
    ['colours', '\x1b[31mred\x1b[0m', '\\x1b[31mred\\x1b[0m'],
    ['a title of the window', '\x1b]0;title\x07', '\\x1b]0;title\\x07'],
    ['the control sequence introducer of C1', '\x9b2J', '\\u009b2J'],
    ['NUL, DEL and a lone carriage return', 'a\0b\x7fc\rd', 'a\\x00b\\x7fc\\x0dd'],
    ['marks of direction', 'a\u202eb\u2066c\u200fd\u061c', 'a\\u202eb\\u2066c\\u200fd\\u061c'],
    ['separators of lines and paragraphs', 'a\u2028b\u2029', 'a\\u2028b\\u2029'],
    ['bytes that are not UTF-8', 'a\udcff\udc80', 'a\\xff\\x80'],
    ['halves of pairs', 'a\ud800', 'a\\ud800'],
  ])('shows %s', (_, text, shown) => {
    expect(printable(text)).toBe(shown)
  })

  it('keeps text in any language, line feeds and tabs', () => {
    const text = 'naïve\tשלום\n日本語 \u{1f480} e\u0301 a\u200db'
    expect(printable(text)).toBe(text)
    expect(printable('a\r\nb')).toBe('a\nb')
  })

  it('contains nothing that a terminal interprets, for any input', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(activeIn(printable(text))).toEqual([])
        expect(activeIn(printableInColours(text).replace(/\x1b\[[0-9;]*m/g, ''))).toEqual([])
        expect(activeIn(jsonText({ text }))).toEqual([])
        expect(printable(printable(text))).toBe(printable(text))
      }),
      { numRuns: 2000 },
    )
  })

  it('keeps our own colours if requested, and no other sequence', () => {
    expect(printableInColours('\x1b[1;31mbold\x1b[0m \x1b[2J \x9b31m')).toBe(
      '\x1b[1;31mbold\x1b[0m \\x1b[2J \\u009b31m',
    )
  })

  it('replaces every text of a record, including nested ones', () => {
    const record = { a: '\x1b', b: [{ c: '\0' }], 'k\x1b': 1, n: null, u: undefined, f: 2.5 }
    expect(printableRecord(record)).toEqual({
      a: '\\x1b',
      b: [{ c: '\\x00' }],
      'k\\x1b': 1,
      n: null,
      u: undefined,
      f: 2.5,
    })
  })
})

describe('JSON', () => {
  it('represents the same Unicode text as any other JSON', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(JSON.parse(jsonText({ text }))).toEqual({ text })
      }),
    )
  })

  it('shows bytes that are not UTF-8', () => {
    expect(jsonText({ text: 'caf\udce9 é' })).toBe('{"text":"caf\\\\xe9 é"}')
    expect(showBytes('\x1b\udce9')).toBe('\x1b\\xe9')
  })

  it('shows control characters in pages, too', () => {
    expect(printableJson(['\x1b\u202e'])).toBe('["\\\\x1b\\\\u202e"]')
  })
})
