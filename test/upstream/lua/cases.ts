/** Generators of programs: expressions of extreme operands, formats, patterns, packing. */
import fc from 'fast-check'

const INTEGERS = [
  '0',
  '1',
  '-1',
  '2',
  '3',
  '-7',
  '10',
  '63',
  '64',
  '255',
  '2147483647',
  '-2147483648',
  '4294967296',
  '9007199254740991',
  '9007199254740992',
  '-9007199254740993',
  'math.maxinteger',
  'math.mininteger',
  '0x7ffffffffffffffe',
  '1234567890123',
]
const FLOATS = [
  '0.0',
  '-0.0',
  '0.5',
  '-1.5',
  '2.0',
  '1e15',
  '2^53',
  '2^63',
  '-2^63',
  '1e308',
  '5e-324',
  '1/0',
  '-1/0',
  '0/0',
  '3.14159',
  '1e100',
  '-2.5',
  '0.1',
]
const OTHERS = [
  '"10"',
  '"0x10"',
  '" 5 "',
  '"1.5"',
  '"abc"',
  '""',
  'nil',
  'true',
  '{}',
  '"9223372036854775808"',
  '"1e1"',
]

const number = fc.constantFrom(...INTEGERS, ...FLOATS)
const operand = fc.oneof({ weight: 8, arbitrary: number }, { weight: 1, arbitrary: fc.constantFrom(...OTHERS) })
const BINARY = ['+', '-', '*', '/', '//', '%', '^', '&', '|', '~', '<<', '>>', '==', '~=', '<', '<=', '>', '>=', '..']

/** `2^0.1` and such are rounded as the C library does it: not to the last digit the same, so only whole powers are tried. */
const binary = fc
  .tuple(operand, fc.constantFrom(...BINARY), operand)
  .map(([a, op, b]) => (op === '^' ? `(${a}) ^ 2` : `(${a}) ${op} (${b})`))
const unary = fc.tuple(fc.constantFrom('-', '~', '#', 'not '), operand).map(([op, a]) => `${op}(${a})`)
const call = fc
  .tuple(
    fc.constantFrom(
      'math.floor',
      'math.ceil',
      'math.abs',
      'math.tointeger',
      'math.type',
      'tostring',
      'tonumber',
      'math.sqrt',
      'math.fmod',
      'math.ult',
      'math.max',
      'math.min',
      'select',
      'rawequal',
    ),
    operand,
    operand,
  )
  .map(([f, a, b]) => `${f}(${a}, ${b})`)
const nested = fc
  .tuple(fc.oneof(binary, unary), fc.constantFrom('+', '-', '*', '//', '%', '|', '<', '=='), operand)
  .map(([a, op, b]) => `(${a}) ${op} (${b})`)

/** Operands as constants, which are folded when compiled, or in variables. */
export const expressions: fc.Arbitrary<string> = fc
  .tuple(fc.oneof(binary, unary, call, nested), fc.boolean())
  .map(([expression, variables]) => {
    if (!variables) return `return ${expression}`
    const match = /^\((.*)\) (\S+) \((.*)\)$/.exec(expression)
    return match && !match[1]!.includes('(')
      ? `local a, b = ${match[1]!}, ${match[3]!} return a ${match[2]!} b`
      : `return ${expression}`
  })

const conversion = fc.constantFrom(...'diuoxXcsqaAeEfgG')
const format = fc
  .tuple(
    fc.constantFrom('', '-', '+', ' ', '#', '0', '-0', '+0', '#0'),
    fc.constantFrom('', '1', '5', '12', '20'),
    fc.constantFrom('', '.', '.0', '.1', '.3', '.14', '.20'),
    conversion,
  )
  .map((parts) => `%${parts.join('')}`)
export const formats: fc.Arbitrary<string> = fc
  .tuple(format, operand, fc.boolean())
  .map(([text, a, around]) => `return string.format("${around ? `<${text}>%%` : text}", ${a})`)

const piece = fc.constantFrom(
  'a',
  'b',
  '.',
  '%a',
  '%d',
  '%s',
  '%w',
  '%x',
  '%p',
  '%u',
  '[ab]',
  '[^a]',
  '[a-c]',
  '[%a_]',
  '[]]',
  '%%',
  '%.',
  '(',
  ')',
  '()',
  '^',
  '$',
  '%b()',
  '%b\\0)',
  '%b',
  '%f[%w]',
  '%f[%z]',
  '%f[^%z%s]',
  '%f',
  '%z',
  '%Z',
  '[%z]',
  '[^%z ]',
  '\\0',
  '%g',
  '%c',
  '%l',
  '[%z-a]',
  '[a-]',
  '[^]',
  '%1',
  '%2',
  '-',
  '[a',
  '%',
)
const pattern = fc
  .array(
    fc.tuple(piece, fc.constantFrom('', '', '', '*', '+', '-', '?')).map((parts) => parts.join('')),
    { minLength: 1, maxLength: 5 },
  )
  .map((parts) => parts.join(''))
const SUBJECTS = [
  '',
  'a',
  'abc',
  'aabb(ab)c',
  'hello world 12',
  'key = value',
  'x.y-z',
  '((a)b)',
  'AbC_1',
  '  trim  ',
  'a\\0b',
  '\\0\\0',
  'one\\0two ) z%z',
  '\\255\\128a',
]
const search = fc.constantFrom('find', 'match', 'gsub', 'gmatch')
export const patterns: fc.Arbitrary<string> = fc
  .tuple(
    search,
    fc.constantFrom(...SUBJECTS),
    pattern,
    fc.constantFrom('x', '<%0>', '%1', '%%', ''),
    fc.integer({ min: -4, max: 6 }),
  )
  .map(([f, subject, p, replacement, start]) => {
    if (f === 'gsub') return `return ("${subject}"):gsub("${p}", "${replacement}")`
    if (f === 'gmatch')
      return `local t = {} for a, b in ("${subject}"):gmatch("${p}") do t[#t + 1] = tostring(a) .. tostring(b) end return table.concat(t, ";")`
    return `return ("${subject}"):${f}("${p}", ${start})`
  })

const packOption = fc.constantFrom(
  'b',
  'B',
  'h',
  'H',
  'i',
  'I',
  'l',
  'L',
  'j',
  'J',
  'T',
  'i1',
  'i3',
  'I5',
  'i7',
  'i8',
  'i9',
  'I16',
  'f',
  'd',
  'n',
)
const packLayout = fc.constantFrom('', '<', '>', '=', '!', '!4', '!8', '>!2', 'x', '<x')
export const packs: fc.Arbitrary<string> = fc
  .array(fc.tuple(packLayout, packOption, fc.constantFrom(...INTEGERS, '0.5', '1e10')), { minLength: 1, maxLength: 3 })
  .map((parts) => {
    const text = parts.map(([layout, option]) => layout + option).join('')
    const values = parts.map(([, , value]) => value).join(', ')
    return `local s = string.pack("${text}", ${values}) return #s, s, string.packsize("${text}"), string.unpack("${text}", s)`
  })

/** Texts that may or may not be numbers, in the bases that `tonumber` takes. */
const numberPiece = fc.constantFrom(
  '0',
  '1',
  '9',
  '7f',
  'ff',
  '0x',
  'x',
  '.',
  'e',
  'E',
  'p',
  'P',
  '+',
  '-',
  ' ',
  '_',
  'z',
  'inf',
  'nan',
  '99999999999999999999',
)
export const conversions: fc.Arbitrary<string> = fc
  .tuple(
    fc.array(numberPiece, { minLength: 1, maxLength: 5 }),
    fc.constantFrom('', '', '', ', 10', ', 16', ', 2', ', 36', ', 8'),
  )
  .map(([parts, base]) => {
    const text = parts.join('')
    return `return tonumber("${text}"${base}), math.tointeger(tonumber("${text}")), pcall(function() return "${text}" + 1, "${text}" | 0 end)`
  })

/** Programs with a token changed, taken out, doubled or put in: what is wrong with them is said in the same words. */
const TOKENS = [
  'end',
  'do',
  'then',
  'if',
  'function',
  'local',
  'return',
  'break',
  'goto x',
  '::x::',
  '(',
  ')',
  '{',
  '}',
  '[',
  ']',
  '=',
  '==',
  '~=',
  '<',
  '//',
  '..',
  '...',
  ',',
  ';',
  '"',
  "'",
  '[[',
  ']]',
  '--',
  '#',
  '~',
  '1e',
  '0x',
  '<const>',
  '<close>',
  'nil',
  '\\',
]

export const mutations = (programs: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.constantFrom(...programs),
      fc.nat(),
      fc.constantFrom('change', 'drop', 'double', 'insert', 'cut'),
      fc.constantFrom(...TOKENS),
    )
    .map(([program, at, kind, token]) => {
      const parts = program.match(/\w+|\s+|[^\w\s]/g) ?? []
      const i = at % parts.length
      const changed = {
        change: [token],
        drop: [],
        double: [parts[i]!, parts[i]!],
        insert: [token, parts[i]!],
        cut: undefined,
      }[kind as 'change' | 'drop' | 'double' | 'insert' | 'cut']
      const text = [...parts.slice(0, i), ...(changed ?? []), ...(changed ? parts.slice(i + 1) : [])].join('')
      // only whether and how it is read: a changed loop may have no end
      return `local f, message = load(${JSON.stringify(text).replace(/\\u00(..)/g, '\\x$1')}, "=mutated") return f and "read", message`
    })
