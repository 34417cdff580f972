/** Words of a line: section 2.2 and 2.3 of the configuration manual. */
import { toByteString } from '../../src/bytes/text.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lexLine, MAX_LINE_ARGS } from '../../src/config/syntax/lexer.js'

const VARIABLES: Readonly<Record<string, string>> = { NAME: 'value', LIST: 'a b  c', EMPTY: '' }
const words = (text: string): string[] => [...lexLine(toByteString(text), (name) => VARIABLES[name]).words]

describe('words', () => {
  test.for([
    ['a b\tc', ['a', 'b', 'c']],
    ['a   b   ', ['a', 'b']],
    ['a b # comment', ['a', 'b']],
    ['a #b c', ['a']],
    ['a b#c d', ['a', 'b']],
    ['log-format %{+Q}o\\ %t\\ %s\\ %{-Q}r', ['log-format', '%{+Q}o %t %s %{-Q}r']],
    ['log-format "%{+Q}o %t"', ['log-format', '%{+Q}o %t']],
    [`a 'b "c" \\d $e #f'`, ['a', 'b "c" \\d $e #f']],
    ['a "b \'c\' \\"d\\" \\$e \\\\"', ['a', `b 'c' "d" $e \\`]],
    ['a b"c d"e', ['a', 'bc de']],
    ['a \\x41\\n\\t\\r\\# \\1', ['a', 'A\n\t\r#', '\\1']],
    ['a \\xc3\\xa9', ['a', 'é']],
    ['a b\\x00c d', ['a', 'b', 'd']],
    ['a "" b', ['a', '', 'b']],
    ['a \\$NAME $NAME', ['a', '\\$NAME', '$NAME']],
  ])('of %s', ([text, expected]) => {
    expect(words(text as string)).toEqual(expected)
  })
})

describe('variables', () => {
  test.for([
    ['a "$NAME"', ['a', 'value']],
    ['a "x${NAME}y"', ['a', 'xvaluey']],
    [`a '$NAME'`, ['a', '$NAME']],
    ['a "${NOPE-default}" "${NAME-default}" "${EMPTY-default}"', ['a', 'default', 'value', '']],
    ['a "$LIST" b', ['a', 'a b  c', 'b']],
    ['a "${LIST[*]}" b', ['a', 'a', 'b', 'c', 'b']],
    ['a "${NOPE[*]-x y}"', ['a', 'x', 'y']],
    ['a "$NOPE" b', ['a', 'b']],
  ])('in %s', ([text, expected]) => {
    expect(words(text as string)).toEqual(expected)
  })

  test.for([
    ['a "b', 'unmatched quote', 2],
    ["a 'b", 'unmatched quote', 2],
    ['a "$1"', 'forbidden first char in environment variable name', 4],
    ['a "${NAME"', 'unmatched brace in environment variable name', 4],
    ['a \\xZ1', 'truncated or invalid hexadecimal sequence', 2],
    ['a "${LIST[1]}"', 'truncated or invalid word expansion sequence', 9],
  ])('%s is invalid: %s', ([text, kind, at]) => {
    expect(lexLine(text as string, () => undefined).error).toMatchObject({ kind, at })
  })
})

test('a line has at most 64 words', () => {
  expect(lexLine('a '.repeat(MAX_LINE_ARGS), () => undefined).tooMany).toBeUndefined()
  expect(lexLine('a '.repeat(MAX_LINE_ARGS + 1), () => undefined).tooMany).toBeDefined()
})

describe('quoted text is parsed to the original', () => {
  const text = fc.string({ unit: 'binary', minLength: 1 }).filter((each) => !/[\0\r\n]/.test(each))
  const noSpace = fc.stringMatching(/^[!-~]+$/)

  test('in strong quotes', () => {
    const property = fc.property(fc.array(text, { minLength: 1, maxLength: MAX_LINE_ARGS }), (list) => {
      const quotable = list.map((each) => each.replaceAll("'", '-'))
      expect(words(quotable.map((each) => `'${each}'`).join(' '))).toEqual(quotable)
    })
    fc.assert(property)
  })

  test('in weak quotes', () => {
    const property = fc.property(fc.array(text, { minLength: 1, maxLength: MAX_LINE_ARGS }), (list) => {
      const quoted = list.map((each) => `"${each.replace(/[\\"$]/g, '\\$&')}"`)
      expect(words(quoted.join('\t'))).toEqual(list)
    })
    fc.assert(property)
  })

  test('after backslashes', () => {
    const property = fc.property(fc.array(noSpace, { minLength: 1, maxLength: MAX_LINE_ARGS }), (list) => {
      expect(words(list.map((each) => each.replace(/[\\"'#]/g, '\\$&')).join('  '))).toEqual(list)
    })
    fc.assert(property)
  })

  test('as hexadecimal bytes of UTF-8', () => {
    const property = fc.property(text, (each) => {
      const bytes = [...new TextEncoder().encode(each)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`)
      expect(words(bytes.join(''))).toEqual([each])
    })
    fc.assert(property)
  })

  test('and nothing throws', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (each) => void lexLine(each, () => 'x')))
    fc.assert(fc.property(fc.stringMatching(/^[ab "'\\#${}[\]*.x0-]*$/), (each) => void lexLine(each, () => 'x')))
  })
})
