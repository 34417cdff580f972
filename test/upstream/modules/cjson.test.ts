/** The stand-in for cjson encodes, decodes and refuses what lua-cjson does. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { describeModule, differences, quoted } from './real-modules.js'

const BEFORE = 'local cjson, safe = require("cjson"), require("cjson.safe")'

/** Byte strings with what JSON escapes. */
const text = fc.string({
  unit: fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...'ab/"\\ \b\f\n\r\t\u007f') },
    fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
  ),
  maxLength: 8,
})

const number = fc.oneof(
  fc.integer().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (Object.is(value, -0) ? '-0.0' : String(value))),
  fc.constantFrom('0', '1e15', '1e100', '2^53', '2^53+1', '0.1', '1/3', '-0.0', 'math.maxinteger', 'math.mininteger'),
  fc.constantFrom('0/0', '1/0', '-1/0'),
)

/** Expressions in Lua. Tables have at most one key outside of the array, as the order of several differs. */
const { value } = fc.letrec<{ value: string; table: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    text.map(quoted),
    number,
    fc.constantFrom('true', 'false', 'nil', 'cjson.null'),
    { weight: 2, arbitrary: tie('table') },
    { weight: 1, arbitrary: fc.constantFrom('print', 'io.stdout', 'coroutine.create(print)') },
  ),
  table: fc
    .tuple(
      fc.array(tie('value'), { maxLength: 4 }),
      fc.option(
        fc.tuple(fc.oneof(text.map(quoted), number, fc.constantFrom('true', '11', '30', '2^31')), tie('value')),
      ),
    )
    .map(([array, pair]) => {
      // neither nil nor NaN is a key
      const field = pair && pair[0] !== '0/0' ? [`[${pair[0]}] = ${pair[1]}`] : []
      return `{ ${[...array, ...field].join(', ')} }`
    }),
}))

const TOKENS = [
  ...[
    '{',
    '}',
    '[',
    ']',
    ':',
    ',',
    ' ',
    '\n',
    'true',
    'false',
    'null',
    'tru',
    'nul',
    '"a"',
    '"',
    '"\\u00e9"',
    '"\\ud83d',
  ],
  ...[
    '\\ude00"',
    '"\\x"',
    '"\\u12"',
    '0',
    '-1',
    '01',
    '1.5',
    '1.',
    '.5',
    '1e5',
    '1e',
    '0x1F',
    '0x.8p1',
    '0x',
    '-',
    '+1',
    '+',
  ],
  ...['NaN', 'nan(1)', '-Infinity', 'inf', 'Inf', 'i', 'x', '\0', '\u00ff', '/', "'", '\f', '\u00ef\u00bb\u00bf'],
]

const json = fc.json({ maxDepth: 4 }).map((valid) => Buffer.from(valid, 'utf8').toString('latin1'))

/** Valid texts, and texts in which something is inserted or removed. */
const document = fc.oneof(
  json,
  fc.tuple(json, fc.nat(), fc.nat(2), fc.constantFrom('', ...TOKENS)).map(([valid, place, removed, inserted]) => {
    const at = place % (valid.length + 1)
    return valid.slice(0, at) + inserted + valid.slice(at + removed)
  }),
  fc.array(fc.constantFrom(...TOKENS), { maxLength: 9 }).map((tokens) => tokens.join('')),
)

const argument = fc.constantFrom(
  'nil',
  'true',
  'false',
  '"on"',
  '"off"',
  '"null"',
  '"x"',
  '0',
  '1',
  '3',
  '"2"',
  '14',
  '15',
  '-1',
  '1.5',
  '{}',
)

const setting = fc
  .tuple(
    fc.constantFrom(
      ...[
        'encode_sparse_array',
        'encode_max_depth',
        'decode_max_depth',
        'encode_number_precision',
        'encode_keep_buffer',
      ],
      ...['encode_invalid_numbers', 'decode_invalid_numbers'],
    ),
    fc.array(argument, { maxLength: 4 }),
  )
  .map(([name, list]) => `c.${name}(${list.join(', ')})`)

const PIECES: Readonly<Record<string, fc.Arbitrary<string>>> = {
  'values that are encoded': value.map((each) => `return (cjson.encode(${each}))`),
  'texts that are decoded': document.map((each) => `return (cjson.decode(${quoted(each)}))`),
  'errors of cjson.safe': fc.oneof(
    value.map((each) => `local a, b = safe.encode(${each}) return a, b`),
    document.map((each) => `local a, b = safe.decode(${quoted(each)}) return a, b`),
  ),
  'results of settings': setting.map((call) => `local c = cjson.new() local a, b, c = ${call} return a, b, c`),
  'values that are encoded with settings': fc
    .tuple(setting, setting, value)
    .map(
      ([a, b, each]) =>
        `local c = cjson.new() pcall(function() ${a} end) pcall(function() ${b} end) return (c.encode(${each}))`,
    ),
  'texts that are decoded with settings': fc
    .tuple(setting, document)
    .map(([a, each]) => `local c = cjson.new() pcall(function() ${a} end) return (c.decode(${quoted(each)}))`),
}

const SPECIAL = String.raw`
local a = cjson.encode() return a
local a = cjson.encode(1, 2) return a
local a = cjson.decode() return a
local a = cjson.decode("1", "2") return a
local a = cjson.decode(nil) return a
local a = cjson.decode({}) return a
local a = cjson.decode(io.stdout) return a
local a = cjson.decode(12) return a
local a = safe.encode() return a
local a, b = safe.decode(nil) return a, b
local a, b = safe.new().decode("[") return a, b
return tostring(cjson.null), type(cjson.null), cjson.null == safe.null, cjson.null == cjson.decode("null")
return cjson._NAME, cjson._VERSION, safe._NAME, cjson == require("cjson"), cjson.new() == cjson
local t = {} for i = 1, 998 do t = { t } end return (cjson.encode(t))
local t = {} for i = 1, 1000 do t = { t } end return (cjson.encode(t))
local t = {} t[1] = t return (cjson.encode(t))
return (cjson.decode(("["):rep(1001)))
return (cjson.decode(("{\"a\":"):rep(1001)))
return (cjson.encode(setmetatable({}, { __index = { 1 } }))), (cjson.encode(setmetatable({ 1 }, { __len = function() return 5 end })))
return (cjson.encode({ [1] = 1, [2] = 2, [12] = 3 }))
return (cjson.encode({ [1] = 1, [2] = 2, [3] = 3, [4] = 4, [5] = 5, [12] = 3 }))
return (cjson.encode({ [1e15] = 1 })), (cjson.encode({ [2^31 - 1] = 1 }))
return cjson.decode([[{"a":1,"b":[1,2,{"c":null}],"a":3}]])
`
  .trim()
  .split('\n')

const COUNT = 600

describeModule('cjson', 'lua-cjson', () => {
  it.each(Object.entries(PIECES))('%s', (_, pieces) => {
    expect(differences(BEFORE, fc.sample(pieces, { numRuns: COUNT, seed: 18 })).slice(0, 20)).toEqual([])
  })

  it('special cases', () => {
    expect(differences(BEFORE, SPECIAL)).toEqual([])
  })

  it('values and texts with Lua 5.3', () => {
    const pieces = fc.oneof(...Object.values(PIECES))
    expect(differences(BEFORE, fc.sample(pieces, { numRuns: COUNT, seed: 53 }), '5.3').slice(0, 20)).toEqual([])
  })
})
