/** Generated log-formats: literals, aliases that have a value without a stream, and expressions, with flags, names and types. */
import fc from 'fast-check'

const ALIASES =
  'ci cp fi fp si sp f ft sslc sslv b s Th Ti TR Tq Tw Tc Tr Td Ta Tt Tu B U ST CC CS ts tsc ac fc bc sc rc sq bq hr hrl hs hsl ' +
  'r HM HP HPO HQ HU HV lc ID OG'

const EXPRESSIONS = [
  'str(a)',
  'str("a]\\\\"b")',
  "str('x y')",
  'str()',
  'int(0)',
  'int(23)',
  'int(24)',
  'int(256)',
  'int(65536)',
  'int(4294967296)',
  'int(-1)',
  'int(-9223372036854775808)',
  'int(9223372036854775807)',
  'bool(true)',
  'bool(0)',
  'bin(00ff41)',
  'bin(410042)',
  'bin(225c5d)',
  'bin(e282ac0d0a7f25)',
  'bin()',
  'ipv4(192.0.2.1)',
  'ipv6(2001:db8::1)',
  'var(proc.nosuch)',
  'str(true)',
  'str(12x)',
  'bin(0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20)',
  'str(abc),length',
  'str(abc),field(2,:)',
  'str(a%b),hex',
  'always_true',
  'str(abcdefghijklmnopqrstuvwxyz0123456789)',
]

/** Aliases whose values change between runs. */
const VARYING = /%(?:\([^)]*\))?(?:\{[^}]*\})?(?:T|t|Tl|tr|trg|trl|Ts|ms|pid|rt)(?![A-Za-z0-9])/

const flag = fc.constantFrom('Q', 'X', 'E', 'M', 'json', 'cbor', 'bin', 'nosuch', '', 'json')
const flags = fc
  .array(
    fc.tuple(fc.constantFrom('+', '-', '', '+'), flag).map(([sign, name]) => sign + name),
    { minLength: 1, maxLength: 3 },
  )
  .map((list) => `{${list.join(',')}}`)
const sometimes = (arbitrary: fc.Arbitrary<string>): fc.Arbitrary<string> => fc.option(arbitrary, { freq: 2, nil: '' })

const name = fc
  .tuple(
    fc.constantFrom('a', 'b-c', 'd_1', '', 'long-name-of-a-key-with-30-chars'),
    fc.constantFrom('', '', ':str', ':sint', ':bool', ':raw'),
  )
  .map(([key, type]) => `(${key}${type})`)

const item = fc
  .tuple(
    sometimes(name),
    sometimes(flags),
    fc.oneof(
      fc.constantFrom(...ALIASES.split(' ')),
      fc.constantFrom(...EXPRESSIONS).map((expression) => `[${expression}]`),
      fc.constantFrom(...EXPRESSIONS).map((expression) => `[${expression}]`),
    ),
  )
  .map((parts) => `%${parts.join('')}`)

const global = flags.map((each) => `%${each}o`)
const literal = fc.constantFrom(' ', '  ', '-', '%%', '=x', '"', '\\', ']', 'é', '%-', ':a', '{"b"', '|')

/** A format that HAProxy accepts. */
export const format: fc.Arbitrary<string> = fc
  .tuple(
    sometimes(global),
    fc.array(
      fc.oneof({ arbitrary: item, weight: 3 }, { arbitrary: literal, weight: 2 }, { arbitrary: global, weight: 1 }),
      { minLength: 1, maxLength: 6 },
    ),
  )
  .map(([options, items]) => options + items.join(''))

/** Formats with one character inserted, replaced or removed, most of which HAProxy refuses. */
export const mutated: fc.Arbitrary<string> = fc
  .tuple(format, fc.nat(60), fc.constantFrom('insert', 'replace', 'remove'), fc.constantFrom(...'%%[](){}:,x0é-+ '))
  .map(([text, place, how, char]) => {
    const at = place % (text.length + 1)
    return text.slice(0, at) + (how === 'remove' ? '' : char) + text.slice(how === 'insert' ? at : at + 1)
  })
  .filter((text) => text !== '' && !VARYING.test(text))

/** Bytes of the buffer that a line is written to (`tune.bufsize`). */
const BUFFER = 16384

/** What ends a line where the buffer is full: values of each kind. */
const LAST = [
  'abcdef',
  '%[str(abcdef)]',
  '%{+Q}[str(abcdef)]',
  '%{+M}[str()]',
  '%{+E}[bin(5d5d5d41)]',
  '%{+json}[bin(225c220d41)]',
  '%{+json}[bin(010203)]',
  '%{+json}[int(-123456)]',
  '%(:str){+json}[int(123)]',
  '%(:bool){+json}[int(123)]',
  '%{+cbor}[str(abc)]',
  '%{+cbor}[bin(414243)]',
  '%{+cbor}[int(65536)]',
  '%{+cbor}[bool(true)]',
  '%{+cbor}[var(proc.nosuch)]',
  '%{+json}hr',
  '%(:raw){+json}[str(abcdef)]',
  '%{+json}ts',
  '%{+cbor}ts',
  '%ST',
  '%Tr',
  '%B',
  '%ft',
  '%{+Q}ft',
  '%{+json}ft',
  '%{+cbor}ft',
  '%r',
  '%{+X}lc',
  '%{+M}ci',
  '%{+Q}ci',
  '%ts',
]

/** Formats whose last value has from 0 to 11 bytes of room, also as the last one of a map. proc.v1 has 1000 bytes. */
export const full: readonly string[] = LAST.flatMap((last) =>
  Array.from({ length: 12 }, (_, room) => {
    const text = `${'%[var(proc.v1)]'.repeat(16)}${'x'.repeat(BUFFER - 16000 - room)}${last}`
    if (!last.startsWith('%') || last.includes('{+')) return [text]
    const map = (options: string, overhead: number): string => {
      const key = 'm'.repeat(BUFFER - 16000 - overhead - room)
      return `%{${options}}o${'%(n)[var(proc.v1)]'.repeat(16)}%(${key})ST%(k)${last.slice(1)}`
    }
    // the keys and the beginnings of the values
    return [text, map('+json', 16 * '"n": "", '.length + 10), map('+cbor,+bin', 16 * 5 + 5)]
  }).flat(),
)
