import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { wrapText } from '../../src/report/wrap.js'

describe('a text in lines of some width', () => {
  it('is wrapped at spaces', () => {
    expect(wrapText('one two three four', 9)).toEqual(['one two', 'three', 'four'])
    expect(wrapText('one two three four', 18)).toEqual(['one two three four'])
  })

  it('is unchanged if no width is known', () => {
    expect(wrapText('one two three\nfour', undefined)).toEqual(['one two three', 'four'])
  })

  it('has further lines under the indentation of the first, after a prefix', () => {
    expect(wrapText('  one two three', 9, '> ')).toEqual(['  one two', '  > three'])
  })

  it('has words broken that are wider than a line', () => {
    expect(wrapText('a 0123456789abc', 6)).toEqual(['a', '012345', '6789ab', 'c'])
  })

  it('keeps its colours, which have no width', () => {
    expect(wrapText('\x1b[1mone two\x1b[22m three', 7)).toEqual(['\x1b[1mone two\x1b[22m', 'three'])
    expect(wrapText('\x1b[1mone two three\x1b[22m', 8)).toEqual(['\x1b[1mone two', 'three\x1b[22m'])
  })

  it('counts East Asian characters as two columns and combining marks as none', () => {
    expect(wrapText('日本 日本', 8)).toEqual(['日本', '日本'])
    expect(wrapText('日本 日本', 9)).toEqual(['日本 日本'])
    expect(wrapText('e\u0301e\u0301 e\u0301e\u0301', 5)).toEqual(['e\u0301e\u0301 e\u0301e\u0301'])
  })

  it('fits the width, and loses only spaces at breaks', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\n', '-'), maxLength: 60 })
    fc.assert(
      fc.property(text, fc.integer({ min: 4, max: 30 }), fc.constantFrom('', '  '), (given, width, hang) => {
        const lines = wrapText(given, width, hang)
        for (const line of lines) expect(line.trimEnd().length).toBeLessThanOrEqual(width)
        const black = (each: string) => each.replace(/\s+/g, '')
        expect(black(lines.join(''))).toBe(black(given))
      }),
    )
  })
})
