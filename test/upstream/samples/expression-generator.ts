/**
 * Generates sample expressions: a fetch with a constant value or a variable, and up to four converters. Arguments are made by the signatures, with ordinary
 * and extreme values; for arguments with a meaning, from `converter-arguments.ts`.
 */
import { converterSignature, fetchSignature } from '../../../src/config/samples/keywords.js'
import { SET_CONDITIONS } from '../../../src/config/samples/variables.js'
import { isCastable, type SampleType } from '../../../src/config/samples/types.js'
import type { ArgumentType } from '../../../src/config/samples/arguments.js'
import type { Choices } from './choices.js'
import { ARGUMENTS } from './converter-arguments.js'
import {
  fixMessage,
  forwardedHeader,
  forwardedNode,
  grpcMessages,
  jsonText,
  jsonWebToken,
  mqttPacket,
  protobufMessage,
} from './messages.js'

/** proc.v1 to proc.v13, of all types and lengths up to that of a buffer. */
export const VARIABLES = [
  ...['str(text)', 'int(3)', 'bool(true)', 'bin(0001ff)', 'ipv4(9.8.7.6)', 'meth(GET)', 'ipv6(2001:db8::1)'],
  `str(${'0123456789'.repeat(50)})`,
  ...[8, 9, 10, 11, 12].map((i) => `var(proc.v${i}),concat(,proc.v${i})`),
]

const INTEGERS = [
  ...['0', '1', '-1', '2', '3', '7', '8', '9', '-2', '16', '32', '64', '100', '255', '256', '-256', '65535', '65536'],
  ...['2147483647', '2147483648', '-2147483648', '4294967295', '4294967296', '9007199254740993', '1700000000'],
  ...['9223372036854775807', '-9223372036854775808', '9223372036854775808', '99999999999999999999', '+5', '007', '-0'],
]

const TEXTS = [
  ...[
    '',
    'a',
    'abc',
    'Hello World',
    'a=1&b=2&c',
    'a,b;c d',
    ',,a,,b',
    'example.com:8080',
    '[::1]:80',
    '::1',
    '1.2.3.4',
  ],
  ...[
    'GET',
    'true',
    '0',
    'YWJj',
    'YQ==',
    'YQ',
    '-_',
    '%41%2f+%zz',
    '%',
    'fr;q=0.5,en-us,*',
    'Sun, 06 Nov 1994 08:49:37 GMT',
  ],
  ...[
    'Sunday, 06-Nov-94 08:49:37 GMT',
    'Sun Nov  6 08:49:37 1994',
    'http://u@h:1/p?q#f',
    '{"a":[1,"x"]}',
    '"q"',
    '\\\\x',
  ],
  ...[
    '\t\r\n',
    '\x7f\x01',
    'Ä€😀',
    '\xff\xfe\xc3',
    'a\rb\nc',
    '255.255.255.255',
    '0x1F',
    '1e3',
    ' 12',
    '12 ',
    '+7x',
    '-',
  ],
]

const byteString = (text: string): string => (/[^\0-\xff]/.test(text) ? Buffer.from(text).toString('latin1') : text)

/** A text that is one of those above, an integer, a message or any bytes but NUL. */
const text = (choices: Choices): string => {
  switch (choices.integer(0, 9)) {
    case 0:
      return choices.of(INTEGERS)
    case 1:
      return choices.bytes(0, 20).replace(/\0/g, '0')
    case 2:
      return choices.of([jsonText, forwardedHeader, forwardedNode, jsonWebToken])(choices)
    case 3:
      return choices.many(1, 4, () => byteString(choices.of(TEXTS))).join(choices.of(['', ' ', ',', '&', '/']))
    default:
      return byteString(choices.of(TEXTS))
  }
}

/** A byte string as an argument: quotes, commas and parentheses are protected. */
const quoteArgument = (bytes: string): string =>
  /^[\w.:;=+*/@!?<>^-]*$/.test(bytes) ? bytes : `'${bytes.replace(/'/g, "'\\''")}'`

/** A word as it is written on a line. */
const quoteWord = (word: string): string =>
  word.replace(/[^!$%&(-[\]-~]/g, (char) => {
    if (char === '"' || char === "'" || char === '\\' || char === ' ' || char === '#') return `\\${char}`
    return `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`
  })

const hex = (bytes: string): string => Buffer.from(bytes, 'latin1').toString('hex')

const FETCHES: readonly ((choices: Choices) => string)[] = [
  (choices) => `str(${quoteArgument(text(choices))})`,
  (choices) => `str(${quoteArgument(text(choices))})`,
  (choices) => `str(${quoteArgument(text(choices))})`,
  (choices) => `int(${choices.of(INTEGERS)})`,
  (choices) => `int(${choices.percent(50) ? '-' : ''}${choices.integer(0, 4294967295)})`,
  (choices) => `bool(${choices.of(['true', 'false', '0', '1', 'TRUE', 'x'])})`,
  (choices) => `bin(${hex(choices.bytes(0, 40))})`,
  (choices) => `bin(${hex(choices.of([protobufMessage, grpcMessages, fixMessage, mqttPacket])(choices))})`,
  (choices) => `ipv4(${choices.of(['0.0.0.0', '127.0.0.1', '255.255.255.255', '10.1.2.3', '1.2.3'])})`,
  (choices) =>
    `ipv6(${choices.of(['::', '::1', '2001:db8::1', '::ffff:1.2.3.4', '2002:102:304::', 'ffff::ffff', '::1.2.3.4'])})`,
  (choices) => `meth(${choices.of(['GET', 'POST', 'OPTIONS', 'PURGE', 'get', 'a-b', 'a b'])})`,
  (choices) => `var(${variable(choices)}${choices.percent(20) ? `,${quoteArgument(text(choices))}` : ''})`,
  (choices) => choices.of(['always_true', 'always_false']),
]

const MASKS = ['0', '8', '24', '32', '33', '255.255.0.0', '255.0.255.0', '64', '128', '129', 'ffff::', '::ffff', '-1']
const PATTERNS = [
  ...['a', '.', '[aeiou]', '(.)(.)', 'x*', '^.', '.$', '\\d+', '(?i)HELLO', '\\s', '(a|b)+', '[^a-z]', '^', '$', '\\b'],
  ...['(?<=a)b', 'l{2}', '\\w+?', '(?:a)(b)?', '\\A.', '\\x00|\\xff', '(?m)^.'],
]
const REPLACEMENTS = ['', '-', '\\0\\0', '<\\1>', '\\2\\1', '\\x41', '\\9', '\\', 'a\\-b']

const variable = (choices: Choices): string =>
  choices.percent(90) ? `proc.v${choices.integer(1, VARIABLES.length)}` : 'proc.none'

/** An argument of a type, where a converter knows no more of it. */
const argument = (choices: Choices, type: ArgumentType): string => {
  switch (type) {
    case 'integer':
      return choices.of(INTEGERS)
    case 'IPv4 mask':
    case 'IPv6 mask':
      return choices.of(MASKS)
    case 'regex':
      return quoteArgument(choices.of(PATTERNS))
    case 'Protocol buffers field number':
      return choices.many(1, 3, () => choices.of(['1', '2', '3', '0', '4294967297'])).join('.')
    default:
      return choices.percent(30) ? variable(choices) : quoteArgument(text(choices))
  }
}

const OWN_VARIABLES = ['txn.x', 'sess.x', 'check.x', 'res.y', 'x', 'proc.', 'proc.x-y']

const FLAGS = ['', 'g', 'i', 'gi', 'x']

/** Arguments of converters for which those of any text would rarely be valid. */
const SPECIAL: Readonly<Record<string, (choices: Choices) => string>> = {
  regsub: (choices) =>
    `(${[choices.of(PATTERNS), choices.of(REPLACEMENTS), choices.of(FLAGS)].map(quoteArgument).join(',')})`,
  // HAProxy does not return from chunks of 2^63 - 1 bytes
  be2hex: (choices) =>
    `(${quoteArgument(text(choices))},${choices.of(['0', '1', '2', '3', '8', '100', '8192', '16384', '-1', '4294967298'])}${choices.of(['', ',0', ',1', ',2'])})`,
  // without arguments HAProxy 3.2.26 overwrites those of all converters that are called without, here and in has_ctl
  debug: (choices) => `(${quoteArgument(text(choices))})`,
  has_ctl: (choices) => `(${choices.of([...INTEGERS, 'any', 'http', '0x1ffffffff', 'x', ''])})`,
  // of variables that nothing else uses, since expressions are evaluated in any order
  'set-var': (choices) =>
    `(${choices.of(OWN_VARIABLES)}${choices.percent(30) ? `,${choices.of(SET_CONDITIONS)}` : ''})`,
  'unset-var': (choices) => `(${choices.of(OWN_VARIABLES)})`,
  ltime: (choices) => dateArguments(choices),
  utime: (choices) => dateArguments(choices),
  ms_ltime: (choices) => dateArguments(choices),
  ms_utime: (choices) => dateArguments(choices),
  us_ltime: (choices) => dateArguments(choices),
  us_utime: (choices) => dateArguments(choices),
}

const ONLY_SPECIAL = new Set(['be2hex', 'debug', 'has_ctl', 'set-var', 'unset-var'])

/** Only conversions whose results do not depend on the locale. */
const DATE_FORMATS = [
  '%Y-%m-%d',
  '%H:%M:%S',
  '%s',
  '%j',
  '%a %b',
  '%z%%',
  '%3N',
  '%N',
  '%F %T',
  '%G-%V',
  '',
  'text',
  '%y%U%w',
]

/** Dates of years that do not fit an `int` are not defined. */
const OFFSETS = INTEGERS.filter((text) => Math.abs(Number(text)) < 2 ** 53)

const dateArguments = (choices: Choices): string => {
  const format = quoteArgument(choices.many(1, 3, () => choices.of(DATE_FORMATS)).join(' '))
  return `(${format}${choices.percent(30) ? `,${choices.of(OFFSETS)}` : ''})`
}

/** Arguments that can be written as they are, and set no variable that others use. */
const isUsable = (name: string, listed: string): boolean =>
  !/["\\]/.test(listed) && !(name === 'aes_gcm_enc' && listed.includes('proc.'))

/** The parenthesis with arguments, or none. */
const converterArguments = (choices: Choices, name: string): string => {
  const { types, least } = converterSignature(name)!.signature
  const listed = ARGUMENTS[name]?.filter((each) => isUsable(name, each))
  if (listed && choices.percent(ONLY_SPECIAL.has(name) ? 0 : SPECIAL[name] ? 20 : 85)) return choices.of(listed)
  const special = SPECIAL[name]
  if (special) return special(choices)
  const count = choices.percent(98) ? choices.integer(least, types.length) : choices.integer(0, types.length + 1)
  if (count === 0 && choices.percent(90)) return ''
  return `(${choices
    .many(count, count, () => 0)
    .map((_, i) => argument(choices, types[i] ?? 'string'))
    .join(',')})`
}

/** Converters that are not compared: they need what this has not, such as maps and tables. */
const LEFT_OUT = /^(?:map.*|table_.*|in_table)$/

/** Converters whose results HAProxy 3.2.26 keeps in the buffer that the next converter writes to. */
const OVERWRITTEN = new Set(['rfc7239_nn', 'rfc7239_np'])

const outputOf = (name: string, input: SampleType): SampleType => {
  const { output, input: wanted } = converterSignature(name)!
  return output === 'same' ? (isCastable(input, wanted) && input !== 'any' ? input : wanted) : output
}

/** Generates expressions from the converters that there are. */
export class ExpressionGenerator {
  readonly #converters: readonly string[]

  constructor(
    readonly choices: Choices,
    converters: Iterable<string>,
  ) {
    this.#converters = [...converters].filter((name) => !LEFT_OUT.test(name)).sort()
  }

  /** An expression as a word of a line. */
  next(): string {
    const { choices } = this
    let expression = choices.of(FETCHES)(choices)
    let type = fetchSignature(/^\w+/.exec(expression)![0])!.output
    const count = choices.integer(1, 4)
    for (let i = 0; i < count; i++) {
      const possible = this.#converters.filter((name) => isCastable(type, converterSignature(name)!.input))
      const name = choices.of(possible.length > 0 && choices.percent(98) ? possible : this.#converters)
      expression += `,${name}${converterArguments(choices, name)}`
      type = outputOf(name, type)
      // the next converter would overwrite the value while it reads it
      if (OVERWRITTEN.has(name)) break
    }
    return quoteWord(expression)
  }
}
