/** Replacements, as HAProxy's `regsub` and `http-request replace-…` expand and check them. */
import { describe, expect, it } from 'vitest'
import { checkReplacement, compileRegex, expandReplacement, isRegexError } from '../../src/regex/index.js'

const replace = (pattern: string, text: string, replacement: string, size?: number): string | undefined => {
  const regex = compileRegex(pattern)
  if (isRegexError(regex)) throw new Error(regex.error)
  return expandReplacement(replacement, text, regex.exec(text)!, size)
}

describe('a replacement', () => {
  it.each([
    ['(\\w+) (\\w+)', 'one two', '\\2-\\1', 'two-one'],
    ['b', 'abc', '[\\0]', '[b]'],
    ['(a)|(b)', 'b', '<\\1\\2\\9>', '<b>'],
    ['a', 'a', '\\x41\\x7e\\xe9', 'A~\xe9'],
    ['a', 'a', '\\\\ \\n \\.', '\\ n .'],
    ['a', 'a', '\\x4g', 'P'],
  ])('%j in %j: %j is %j', (pattern, text, replacement, expected) => {
    expect(replace(pattern, text, replacement)).toBe(expected)
  })

  it('must not end within a sequence', () => {
    expect(replace('a', 'a', 'x\\')).toBeUndefined()
    expect(replace('a', 'a', 'x\\x4')).toBeUndefined()
  })

  it('needs space for a NUL byte', () => {
    expect(replace('.+', 'abcd', '\\0', 5)).toBe('abcd')
    expect(replace('.+', 'abcd', '\\0', 4)).toBeUndefined()
    expect(replace('a', 'a', 'bcd', 3)).toBeUndefined()
  })
})

describe('validation of a replacement', () => {
  it('detects incomplete sequences', () => {
    expect(checkReplacement('a\\1b\\x41\\\\').fault).toBeUndefined()
    expect(checkReplacement('a\\').fault).toBe('\\')
    expect(checkReplacement('a\\x4').fault).toBe('\\x4')
    expect(checkReplacement('a\\xg1b').fault).toBe('\\xg1b')
  })

  it('warns about unnecessary backslashes', () => {
    expect(checkReplacement('\\.a\\-').warnings).toEqual([
      "'\\.' : deprecated use of a backslash before something not '\\','x' or a digit.",
      "'\\-' : deprecated use of a backslash before something not '\\','x' or a digit.",
    ])
  })
})
