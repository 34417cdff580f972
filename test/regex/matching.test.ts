/** What patterns match and capture, kind by kind: the examples are of the pcre2pattern manual or in its manner, the answers PCRE2's. */
import { describe, expect, it } from 'vitest'
import { compileRegex, isRegexError } from '../../src/regex/index.js'

type Row = readonly [pattern: string, text: string, captured: readonly (string | undefined)[] | undefined]

const CASES: readonly (readonly [kind: string, rows: readonly Row[]])[] = [
  [
    'literals and escapes',
    [
      [
        '\\x41\\x{42}\\103\\o{104}\\cA\\e\\a\\f\\n\\r\\t',
        'ABCD\u0001\u001b\u0007\f\n\r\t',
        ['ABCD\u0001\u001b\u0007\f\n\r\t'],
      ],
      ['\\Qa.b*\\E+', 'a.b***', ['a.b***']],
      ['\\Qa.b', 'xa.b', ['a.b']],
      ['a\\Eb', 'ab', ['ab']],
      [
        '(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)\\11',
        'abcdefghij\t',
        ['abcdefghij\t', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'],
      ],
      ['\\0101', 'A1', undefined],
      ['[\\1\\x61-\\143]+', '\u0001abcd', ['\u0001abc']],
    ],
  ],
  [
    'character types',
    [
      ['\\d+\\D\\s\\S\\w\\W', '12a b_-', ['12a b_-']],
      ['\\h+\\H\\v+\\V', '\t \u00a0x\n\u000b\u0085y', ['\t \u00a0x\n\u000b\u0085y']],
      ['a\\Rb', 'a\r\nb', ['a\r\nb']],
      ['a\\R{2}b', 'a\n\u0085b', ['a\n\u0085b']],
      ['a\\Nb', 'a\nb', undefined],
      ['\\N{2}', 'ab', ['ab']],
      ['\\X', '\r\nx', ['\r\n']],
      ['\\C\\C', '\n\u00ff', ['\n\u00ff']],
      ['\\p{L}\\p{Lu}\\pN\\P{L}', '\u00e9\u00c9\u00b2-', ['\u00e9\u00c9\u00b2-']],
      ['\\p{^Latin}', 'a1', ['1']],
      ['\\p{Greek}|\\p{sc=Common}', 'a!', ['!']],
    ],
  ],
  [
    'classes',
    [
      ['[]a]+', ']a', [']a']],
      ['[^]a]', 'a]b', ['b']],
      ['[a-c-e]+', 'e-cd', ['e-c']],
      ['[[:alpha:][:digit:]_]+', '+a1_', ['a1_']],
      ['[[:^space:]]+', ' ab ', ['ab']],
      ['[\\w-]+', 'a-b', ['a-b']],
      ['[^\\W_]+', '__a1', ['a1']],
      ['[a\\]b]+', 'a]b', ['a]b']],
      ['[[:<:]]a\\w+[[:>:]]', 'ba ab', ['ab']],
      ['(?i)[^k-m]', 'LlMx', ['x']],
      ['(?[ [a-z] - [aeiou] ])+', 'abcde', ['bcd']],
      ['(?[ \\w & ! \\d + [-] ])+', '1a-_', ['a-_']],
      ['[\\Qa-c]\\E]+', 'b]-', [']-']],
    ],
  ],
  [
    'anchors',
    [
      ['^a$', 'a\n', ['a']],
      ['^a\\z', 'a\n', undefined],
      ['\\Aa\\Z', 'a\n', ['a']],
      ['(?m)^b$', 'a\nb\nc', ['b']],
      ['(?m)a$', 'a\r\n', undefined],
      ['\\Gb', 'ab', undefined],
      ['\\bfoo\\b', 'a foo.', ['foo']],
      ['\\Boo', 'foo', ['oo']],
      ['a.b', 'a\nb', undefined],
      ['(?s)a.b', 'a\nb', ['a\nb']],
      ['(*CRLF)(?m)^b$', 'a\r\nb\r\n', ['b']],
      ['(*ANYCRLF)a.b', 'a\rb', undefined],
      ['(*CR)a.b', 'a\nb', ['a\nb']],
    ],
  ],
  [
    'groups',
    [
      ["(?P<year>\\d+)-(?<month>\\d+)-(?'day'\\d+)", '2026-11-27', ['2026-11-27', '2026', '11', '27']],
      ['(?:a|b)+c', 'abac', ['abac']],
      ['(?>a+)b', 'aab', ['aab']],
      ['(?>a+)ab', 'aaab', undefined],
      ['(?|(a)|(b))(c)\\1', 'bcb', ['bcb', 'b', 'c']],
      ['(?|(?<n>a)|(?<n>b))\\k<n>', 'bb', ['bb', 'b']],
      ['(a)|(b)|(c)', 'b', ['b', undefined, 'b']],
      ['(a(b)?)+', 'aba', ['aba', 'a', 'b']],
      ['(?J)(?<n>a)|(?<n>b)\\k{n}', 'bb', ['bb', undefined, 'b']],
    ],
  ],
  [
    'options',
    [
      ['(?i)AbC', 'aBc', ['aBc']],
      ['a(?i)b|C', 'c', ['c']],
      ['(a(?i)b)c', 'aBc', ['aBc', 'aB']],
      ['(a(?i)b)c', 'aBC', undefined],
      ['(?i:a)b', 'Ab', ['Ab']],
      ['(?i-s:A.)', 'a\n', undefined],
      ['(?s-i:a.)b', 'a\nb', ['a\nb']],
      ['(?x) a b # comment\n c', 'abc', ['abc']],
      ['(?xx)[a b]+', 'a b', ['a']],
      ['(?U)a+?', 'aaa', ['aaa']],
      ['(?U)a+', 'aaa', ['a']],
      ['(?n)(a)(?<x>b)', 'ab', ['ab', 'b']],
      ['(?^)a', 'A', undefined],
      ['(?#comment)a', 'a', ['a']],
    ],
  ],
  [
    'quantifiers',
    [
      ['a{2,3}?', 'aaaa', ['aa']],
      ['a{,2}', 'aaa', ['aa']],
      ['a{ 1, 2 }', 'aaa', ['aa']],
      ['x{a}', 'x{a}', ['x{a}']],
      ['a*+a', 'aaa', undefined],
      ['a++b', 'aab', ['aab']],
      ['(ab)*?c', 'ababc', ['ababc', 'ab']],
      ['(?:a?)*?$', 'aa', ['aa']],
      ['(a|b)*+b', 'aab', undefined],
      ['(?:a|ab)++c', 'abc', undefined],
      ['(a){0}b', 'ab', ['b']],
      ['(?=ab)*a', 'ab', ['a']],
      ['(a*)*', 'aab', ['aa', '']],
      ['(a*)+', 'b', ['', '']],
    ],
  ],
  [
    'look-around',
    [
      ['foo(?=bar)', 'foobar', ['foo']],
      ['foo(?!bar)', 'foobar foobaz', ['foo']],
      ['(?<=foo)bar', 'foobar', ['bar']],
      ['(?<!foo)bar', 'foobar xbar', ['bar']],
      ['(?<=a|bc)d', 'bcd', ['d']],
      ['(?<=a{1,3})b', 'aab', ['b']],
      ['(?<=(?<!x)a)b', 'xab ab', ['b']],
      ['(?=(a+))a\\1', 'aaa', undefined],
      ['(?!(a)b)a', 'ac', ['a']],
      ['(*pla:a)\\w', 'ba', ['a']],
      ['(*nlb:a)b', 'ab bb', ['b']],
      ['(?*(\\w+)) .*\\1', 'ab cab', undefined],
      ['(*napla:(a+))a*b\\1', 'aabaa', ['aabaa', 'aa']],
    ],
  ],
  [
    'back-references',
    [
      ['(a+)b\\1', 'aabaa', ['aabaa', 'aa']],
      ['(a)\\g{-1}', 'aa', ['aa', 'a']],
      ['(a)\\g1', 'aa', ['aa', 'a']],
      ["(?<n>a)\\k<n>\\k'n'\\k{n}(?P=n)", 'aaaaa', ['aaaaa', 'a']],
      ['(?i)(a)\\1', 'aA', ['aA', 'a']],
      ['\\1(a)', 'aa', undefined],
      ['(a|b\\1)+', 'aba', ['aba', 'ba']],
      ['(?:(a)|b)\\1', 'b', undefined],
    ],
  ],
  [
    'calls',
    [
      ['\\((?:[^()]++|(?R))*+\\)', 'x(a(b)c)', ['(a(b)c)']],
      ['^(.|(.)(?1)\\2)$', 'abcba', ['abcba', 'abcba', 'a']],
      ['(?<n>a|b(?&n)c)$', 'bbacc', ['bbacc', 'bbacc']],
      ['(?P>x)(?<x>\\d)', '12', ['12', '2']],
      ['(?1)(a)', 'aa', ['aa', 'a']],
      ['(?+1)(a)', 'aa', ['aa', 'a']],
      ['(a)(?-1)', 'aa', ['aa', 'a']],
      ["(a)\\g<1>\\g'1'", 'aaa', ['aaa', 'a']],
      ['(sens|respons)e and (?1)ibility', 'sense and responsibility', ['sense and responsibility', 'sens']],
      [
        '(?(DEFINE)(?<byte>2[0-4]\\d|25[0-5]|1\\d\\d|[1-9]?\\d))\\b(?&byte)(\\.(?&byte)){3}\\b',
        'a 192.168.0.255',
        ['192.168.0.255', undefined, '.255'],
      ],
      ['(a|(b))(?1(2))\\2', 'abb', ['abb', 'a', 'b']],
    ],
  ],
  [
    'conditions',
    [
      ['(\\()?[^()]+(?(1)\\))', '(a)', ['(a)', '(']],
      ['^(\\()?a(?(1)\\))$', '(a', undefined],
      ['(?<q>")?a(?(<q>)"|;)', 'a;', ['a;']],
      ['(?(?=\\d)\\d{2}|[a-z]+)', '12ab', ['12']],
      ['(?(?!a)b|ac)', 'ac', ['ac']],
      ['(?(R)a|b)(?R)?', 'ba', ['ba']],
      ['(?(VERSION>=10.0)yes|no)', 'yes', ['yes']],
      ['((?(R1)a|b)(?1)?)', 'ba', ['ba', 'ba']],
    ],
  ],
  [
    'verbs',
    [
      ['a+(*FAIL)|b', 'aab', ['b']],
      ['a(*COMMIT)b|c', 'ac', undefined],
      ['a+(*PRUNE)c|b', 'aab', ['b']],
      ['aaa(*SKIP)x|a', 'aaaa', ['a']],
      ['a(*MARK:m)aa(*SKIP:m)x|a', 'aaaa', ['a']],
      ['(a(*THEN)b|ac)', 'ac', ['ac', 'ac']],
      ['a(*ACCEPT)b|c', 'a', ['a']],
      ['(a(*ACCEPT)b)c', 'a', ['a', 'a']],
      ['A(A|B(*ACCEPT)|C)D', 'AB', ['AB', 'B']],
      ['(*COMMIT)abc', 'xyzabc', ['abc']],
      ['(*NO_START_OPT)(*COMMIT)abc', 'xyzabc', undefined],
      ['(?!a(*COMMIT)b)a|c', 'ac', ['a']],
      ['(*NO_JIT)a', 'a', undefined],
      ['(*NOTEMPTY)a?', 'b', ['']],
    ],
  ],
  [
    'the start of a match',
    [
      ['foo\\Kbar', 'foobar', ['bar']],
      ['(a\\Kb)', 'ab', ['b', 'ab']],
      ['(?:a\\K)+', 'aaa', ['']],
    ],
  ],
  [
    'substrings and script runs',
    [
      ['(\\w+) (*scs:(1)a+$)\\d', 'baa 1', ['aa 1', 'aa']],
      ['(*sr:\\w+)!', 'ab!', ['ab!']],
      ['(*asr:a+)ab', 'aaab', undefined],
      ['(*atomic:a+)b', 'aab', ['aab']],
    ],
  ],
]

const captured = (pattern: string, text: string): (string | undefined)[] | undefined => {
  const regex = compileRegex(pattern)
  if (isRegexError(regex)) throw new Error(regex.error)
  const offsets = regex.exec(text)
  if (!offsets) return undefined
  return Array.from({ length: offsets.length / 2 }, (_, i) =>
    offsets[2 * i]! < 0 ? undefined : text.slice(offsets[2 * i], offsets[2 * i + 1]),
  )
}

for (const [kind, rows] of CASES)
  describe(kind, () => {
    it.each(rows)('%j on %j: %j', (pattern, text, expected) => {
      expect(captured(pattern, text)).toEqual(expected)
    })
  })

describe('options of a compilation', () => {
  it('ignore case', () => {
    const regex = compileRegex('abc', { ignoreCase: true })
    expect(!isRegexError(regex) && regex.test('xABC')).toBe(true)
  })

  it('disable captures of groups without a name', () => {
    const regex = compileRegex('(a)(?<n>b)', { captures: false })
    expect(!isRegexError(regex) && regex.exec('ab')).toEqual([0, 2, 1, 2])
  })

  it('report what is not emulated', () => {
    const regex = compileRegex('(*UTF)é')
    expect(!isRegexError(regex) && regex.gaps).toEqual(["'(*UTF)' in a regular expression"])
  })
})
