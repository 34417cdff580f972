/** Patterns that JavaScript's expressions match, beside our machine, which matches all. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { compileRegex, isRegexError } from '../../src/regex/index.js'
import { compileTree } from '../../src/regex/compiler.js'
import { Matcher } from '../../src/regex/matcher.js'
import { nativePattern } from '../../src/regex/native.js'
import { parseRegex } from '../../src/regex/parser.js'
import { pattern, subject } from '../upstream/regex/generators.js'

const native = (text: string) => nativePattern(parseRegex(text, false, true))

it('finds the same matches as the machine', () => {
  let count = 0
  fc.assert(
    fc.property(
      pattern,
      fc.array(subject, { minLength: 4, maxLength: 4 }),
      fc.boolean(),
      (text, subjects, ignoreCase) => {
        if (isRegexError(compileRegex(text))) return
        const tree = parseRegex(text, ignoreCase, true)
        const translated = nativePattern(tree)
        if (!translated) return
        count++
        const machine = new Matcher(compileTree(tree))
        for (const each of subjects.filter(({ length }) => length <= translated.longest)) {
          const match = machine.match(each)
          const found = translated.expression.exec(each)
          expect(found && [found.index, found.index + found[0].length]).toEqual(match ? [match[0], match[1]] : null)
        }
      },
    ),
    { numRuns: 2000, seed: 1 },
  )
  expect(count).toBeGreaterThan(200)
})

it.each([
  '^/api/v[0-9]+/users/([^/]+)/?$',
  '^(.*\\.)?example\\.com$',
  '(ok|fine)</b>',
  '(?i)^host:\\s*\\S+',
  '\\bx\\b',
])('is used for %s', (text) => {
  expect(native(text)?.longest).toBeGreaterThan(500)
})

it.each([
  ...[
    '(a+)+',
    '(ab)*',
    '(a)\\1',
    '(?=a)b',
    '(?>a+)b',
    'a*+a',
    '\\R',
    'a\\Kb',
    '(|a)?',
    'a{300}',
    '(*CRLF)a$',
    '(?R)?a',
  ],
  ...['(*LIMIT_MATCH=5)a+', 'a(*COMMIT)b'],
])('is not used for %s', (text) => {
  expect(native(text)).toBeUndefined()
})

it('is not used for subjects with which the step limit could be reached', () => {
  const longest = (text: string): number => native(text)!.longest
  expect(longest('.*.*x')).toBeLessThan(longest('.*x'))
  expect(longest('.*.*.*.*x')).toBeLessThan(50)
  expect(longest('(a|b)?'.repeat(30))).toBe(-1)
})
