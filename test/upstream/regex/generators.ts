/** Generates patterns of PCRE2, most of them valid, and texts that they may match. */
import fc from 'fast-check'

interface Shape {
  readonly text: string
  /** how many capturing groups it has */
  readonly groups: number
}

const LETTER = fc.constantFrom(...'aaabbbcx')
const TYPE = fc.constantFrom(
  ...['.', '\\w', '\\d', '\\s', '\\W', '\\D', '\\h', '\\N', '\\R', '\\X'],
  ...['[ab]', '[^a]', '[a-c]', '[^b\\n]', '[[:alpha:]]', '[[:^digit:]_]', '\\p{L}', '\\x61', '\\Qa.\\E'],
)
const ASSERTION = fc.constantFrom(
  '^',
  '$',
  '\\b',
  '\\B',
  '\\A',
  '\\z',
  '\\Z',
  '\\G',
  '(?<=a)',
  '(?<!b|ac)',
  '(?<=a|bc?)',
)
const REFERENCE = fc.constantFrom('\\1', '\\g{-1}', '(?1)?', '(?1)', '(?i:\\1)')
const QUANTIFIER = fc
  .tuple(fc.constantFrom('*', '+', '?', '{2}', '{1,3}', '{2,}', '{0,2}', '{,2}'), fc.constantFrom('', '', '', '?', '+'))
  .map(([count, mode]) => count + mode)
const OPENINGS = [
  '(',
  '(',
  '(?:',
  '(?:',
  '(?>',
  '(?=',
  '(?!',
  '(?i:',
  '(?s:',
  '(?m:',
  '(?U:',
  '(?|',
  '(?x: ',
  '(?(1)',
] as const

const { branches } = fc.letrec<{ atom: Shape; item: Shape; branch: Shape; branches: Shape; group: Shape }>((tie) => ({
  atom: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    ...[LETTER, LETTER, LETTER, TYPE, ASSERTION, REFERENCE].map((text) =>
      text.map((each) => ({ text: each, groups: 0 })),
    ),
    tie('group'),
    tie('group'),
  ),
  item: fc.tuple(tie('atom'), fc.option(QUANTIFIER, { freq: 2, nil: '' })).map(([{ text, groups }, quantifier]) => ({
    text: text + (ASSERTIONS.has(text) ? '' : quantifier),
    groups,
  })),
  branch: fc.array(tie('item'), { minLength: 0, maxLength: 4, size: 'max' }).map(joined('')),
  branches: fc.array(tie('branch'), { minLength: 1, maxLength: 3, size: 'max' }).map(joined('|')),
  group: fc.tuple(fc.constantFrom(...OPENINGS), tie('branches'), tie('branch')).map(([opening, inner, other]) => ({
    text: opening === '(?(1)' ? `${opening}${other.text}|b)` : `${opening}${inner.text})`,
    groups: inner.groups + other.groups + (opening === '(' ? 1 : 0),
  })),
}))

const ASSERTIONS = new Set(['^', '$', '\\b', '\\B', '\\A', '\\z', '\\Z', '\\G'])

function joined(separator: string) {
  return (shapes: readonly Shape[]): Shape => ({
    text: shapes.map(({ text }) => text).join(separator),
    groups: shapes.reduce((sum, { groups }) => sum + groups, 0),
  })
}

/** Patterns; those that refer to a group have one. */
export const pattern: fc.Arbitrary<string> = branches.map(({ text, groups }) =>
  groups === 0 && /\\1|\\g|\(\?\(?1\)/.test(text) ? `(a|b?)${text}` : text,
)

/** Patterns with a fault somewhere, or at least odd. */
export const oddPattern: fc.Arbitrary<string> = fc
  .tuple(
    pattern,
    fc.nat(60),
    fc.nat(3),
    fc.string({ unit: fc.constantFrom(...'()[]{}?*+|\\^$.<>=!-:#,PR01axQEgkN'), maxLength: 3 }),
  )
  .map(([text, at, removed, added]) => text.slice(0, at) + added + text.slice(at + removed))

/** Texts, as byte strings. */
export const subject: fc.Arbitrary<string> = fc.string({
  unit: fc.constantFrom(...'aaaabbbbcxABC \n1_\r\xe9'),
  maxLength: 14,
  size: 'max',
})
