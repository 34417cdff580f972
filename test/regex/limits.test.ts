/** Patterns that PCRE2 gives up on do not match, soon; HAProxy's answers come from its JIT compiler, whose limits these are. */
import { describe, expect, it } from 'vitest'
import { compileRegex, isRegexError, type Regex } from '../../src/regex/index.js'

const compile = (pattern: string): Regex => {
  const regex = compileRegex(pattern)
  if (isRegexError(regex)) throw new Error(regex.error)
  return regex
}

describe('patterns that take too many steps', () => {
  // the default is ten million steps, which take a while where the code is not bundled
  it.each([
    ['^(a+)+$', 'a'.repeat(40) + 'b'],
    ['^(a|a)*$', 'a'.repeat(40) + 'b'],
    ['^(([a-z])+.)+[A-Z]([a-z])+$', 'a'.repeat(50)],
    ['(?:a?){30}a{30}b|(a*)*c', 'a'.repeat(60)],
    ['^(?:a|b|ab)*c', 'ab'.repeat(20) + 'd'],
  ])('do not match: %j', (pattern, text) => {
    expect(compile(`(*LIMIT_MATCH=10000)${pattern}`).test(text)).toBe(false)
  })

  it('are irrelevant if a required byte is missing', () => {
    expect(compile('(x+x+)+y').test('x'.repeat(60))).toBe(false)
  })
})

describe('unlimited recursion', () => {
  it.each(['(?R)', '(?:(?R)|a)', '(a|(?1)b)c', '(?=(?R))a', '\\w(?R)?(?R)?b'])('%j does not match', (pattern) => {
    expect(compile(pattern).test('xxxx')).toBe(false)
  })
})

it('a repeated group that exhausts the stack does not match', () => {
  expect(compile('^(?:a|b)*$').test('ab'.repeat(500))).toBe(true)
  expect(compile('^(?:a|b)*$').test('ab'.repeat(5000))).toBe(false)
  expect(compile('^[ab]*$').test('ab'.repeat(5000))).toBe(true)
})

describe('the number of repetitions before the stack is exhausted', () => {
  it.each([
    ['^(?:a|b)*$', 'ab', 682],
    ['^(a|b)*$', 'ab', 511],
    ['^(ab)*$', 'ab', 1364],
    ['^(?:\\w+-)*$', 'ab-', 4094],
    ['^(\\w+-?)*$', 'ab-', 681],
    ['^(?:(a)|b)*?$', 'ab', 511],
    ['^((a|b)c)*$', 'acbc', 340],
    ['^(?:[^"\\\\]|\\\\.)*$', 'a\\"', 682],
    ['^(?:(?:ab)+c)*$', 'ababc', 1364],
  ])('%j: PCRE2 matches %j repetitions', (pattern, text, times) => {
    // its stack also has a few words that are not counted here
    expect(compile(pattern).test(text.repeat(times - 2))).toBe(true)
    expect(compile(pattern).test(text.repeat(times + 2))).toBe(false)
  })

  it('is unlimited for possessive quantifiers', () => {
    expect(compile('^(?:a|b)*+$').test('ab'.repeat(8000))).toBe(true)
    expect(compile('^(a|b)++$').test('ab'.repeat(8000))).toBe(true)
  })
})

describe('the maximum length of a pattern', () => {
  it.each([
    ['(?:abc){%}', 5460],
    ['(abc){1,%}', 3121],
    ['(?:a{1,3}[xy]{2}){%}', 1310],
    ['(?:\\d{2}b{1,3}\\w+c*){%}', 3276],
    ['^(?:[a-z0-9-]{1,63}\\.){%}', 1424],
  ])('%s: PCRE2 accepts %i', (pattern, times) => {
    const regex = compileRegex(pattern.replace('%', String(times + 1)))
    expect(isRegexError(regex) && regex.error).toContain('(error=regular expression is too large, erroffset=0)')
    expect(isRegexError(compileRegex(pattern.replace('%', String(times))))).toBe(false)
  })
})

it('a match does not affect the next one', () => {
  const regex = compile('(a)|(b)')
  expect(regex.exec('a')).toEqual([0, 1, 0, 1])
  expect(regex.exec('b')).toEqual([0, 1, -1, -1, 0, 1])
  expect(regex.exec('c')).toBeUndefined()
})
