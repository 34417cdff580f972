/** Generates expressions of a kind; one in some is of another, for the errors. */
import type { Choices } from './choices.js'
import { KINDS, type Kind, type Scope } from './scope.js'
import { functionBody } from './statements.js'

const INTEGERS = ['0', '1', '2', '3', '-1', '7', '10', '64', '255', '1 << 31', '1 << 53', '2147483647', '9007199254740993', '-2147483648', 'math.maxinteger', 'math.mininteger', '0x7ffffffffffffffe', '0xfffffffffffffffffff', '-0x8000000000000000', '9223372036854775807'] // prettier-ignore
const BORDERS = ['0', '1', '2', '3', '4', '-1', '-2', '-3', '5', '31', '32', '33', '62', '63', '64', '65', '-63', '-64', '-65', '1 << 31', '1 << 32', '1 << 52', '1 << 53', '1 << 54', '(1 << 53) + 1', '-(1 << 53) - 1', 'math.maxinteger', 'math.maxinteger - 1', 'math.mininteger', 'math.mininteger + 1', '1 << 62', '-(1 << 62)', '0xffffffff', '0x5555555555555555', '-0x123456789'] // prettier-ignore
const FLOATS = ['0.5', '1.0', '-1.5', '2.0', '3.7', '1e15', '2^53', '2^63', '-2^63', '1e100', '-0.0', '1/0', '0/0', '1e308 * 10', '5e-324', '9223372036854775808', '-9223372036854775809', '0x1p-1074', '0x.8p1', '3.', '.5e1', '1e400', '0xA.8', '2^-1', '1e16', '123456.789e3', '0.1', '1e-7', '-1e15', '1e14'] // prettier-ignore
const STRINGS = ['"a"', '""', '"abc"', '"10"', '"0x1F"', '" 5 "', '"1e1"', '"hello world"', '"key=value; x=y"', '"a\\0b"', '"(a(b)c)"', '"\\u{20AC}x\\u{e4}"', '"1,2,,3"', '"\\255\\254"', '"%d %s"', '"\\x41\\z   b"', '[==[a]]b]==]', '"\\065\\0661"', "'\\''", '"\\u{7FFFFFFF}"', '"a\\nb\\tc\\r"', '"-0x10"', '"1e500"', '"0x1p4"', '"9223372036854775808"', '"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"'] // prettier-ignore
const PATTERNS = ['"%a+"', '"."', '"(%w)(%w)"', '"%d+"', '"()"', '"%b()"', '"%f[%w]%w+"', '"^a"', '"[^,]*"', '"(%w+)=(%w+)"', '"%s*$"', '"[%z\\1-\\31]"', '"a-b?"', '""', '"(a)%1"', '"[]"', '"%"', '"(("'] // prettier-ignore
const FORMATS = ['"%d"', '"%s"', '"%5.1f"', '"%x"', '"%q"', '"%g"', '"%-5s|"', '"%05d"', '"%i"', '"%c"', '"%a"', '"%10.3s"', '"%.14g"', '"%e"', '"%u"', '"%+d"'] // prettier-ignore
const FUNCTIONS = ['tostring', 'show', 'select', 'math.type', 'pause', 'rawlen', 'error', 'yield', 'pcall', 'assert', 'type', 'tonumber', 'rawequal', 'setmetatable', 'math.max', 'string.upper', 'table.pack', 'coroutine.wrap', 'coroutine.isyieldable', 'utf8.char', 'ipairs'] // prettier-ignore
const ARITHMETIC = ['+', '-', '*', '//', '%'] as const
const BITWISE = ['&', '|', '~', '<<', '>>'] as const
const COMPARISONS = ['<', '<=', '==', '~=', '>', '>='] as const
export const METAMETHODS = ['__index', '__add', '__lt', '__le', '__eq', '__concat', '__len', '__call', '__newindex', '__unm', '__tostring', '__pairs', '__close', '__sub', '__mul', '__div', '__mod', '__pow', '__idiv', '__band', '__bor', '__bxor', '__shl', '__shr', '__bnot'] // prettier-ignore
export const ACTIONS = ['plain', 'works', 'pauses', 'fails', 'nests', 'sorts', 'runs', 'protects', 'closes', 'throws']

/** An integer at a border of those that are represented or handled in one way. */
export const integerLiteral = (choices: Choices): string => `(${choices.pick(BORDERS)})`

/** An expression of a kind. */
export const expression = (scope: Scope, kind: Kind, depth = 2): string => {
  const { choices } = scope
  if (choices.oneIn(40)) return of(scope, choices.pick(KINDS), depth)
  return of(scope, kind, depth)
}

/** An expression of any kind. */
export const anything = (scope: Scope, depth = 2): string => expression(scope, scope.choices.pick(KINDS), depth)

/** Something that is true or false. */
export const condition = (scope: Scope): string => {
  const { choices } = scope
  const number = (): string => expression(scope, choices.pick(['integer', 'integer', 'float'] as const), 1)
  return choices.oneOf<string>([
    [4, () => `${number()} ${choices.pick(COMPARISONS)} ${number()}`],
    [1, () => `${expression(scope, 'string', 1)} ${choices.pick(COMPARISONS)} ${expression(scope, 'string', 1)}`],
    [1, () => `${expression(scope, 'object', 1)} ${choices.pick(COMPARISONS)} ${expression(scope, 'object', 1)}`],
    [1, () => `not (${anything(scope, 1)})`],
    [1, () => `(${condition(scope)}) ${choices.pick(['and', 'or'])} (${condition(scope)})`],
    [1, () => `rawequal(${anything(scope, 1)}, ${anything(scope, 1)})`],
    [1, () => choices.pick(['true', 'false', 'nil'])],
  ])
}

const of = (scope: Scope, kind: Kind, depth: number): string => {
  const { choices } = scope
  const variable = choices.oneIn(2) ? scope.find(kind) : undefined
  if (variable) return variable.name
  switch (kind) {
    case 'integer':
      return depth > 0 && choices.oneIn(2) ? integer(scope, depth - 1) : `(${choices.pick(INTEGERS)})`
    case 'float':
      return depth > 0 && choices.oneIn(2) ? float(scope, depth - 1) : `(${choices.pick(FLOATS)})`
    case 'string':
      return depth > 0 && choices.oneIn(2) ? string(scope, depth - 1) : `(${choices.pick(STRINGS)})`
    case 'table':
      return table(scope, depth - 1)
    case 'object':
      return object(scope)
    case 'function':
      return scope.depth > 0 && choices.oneIn(3) ? functionBody(scope) : choices.pick(FUNCTIONS)
  }
}

const integer = (scope: Scope, depth: number): string => {
  const { choices } = scope
  const some = (kind: Kind): string => expression(scope, kind, depth)
  return choices.oneOf<string>([
    [6, () => `(${some('integer')} ${choices.pick(ARITHMETIC)} ${some('integer')})`],
    [5, () => `(${some('integer')} ${choices.pick(BITWISE)} ${some('integer')})`],
    [1, () => `(${some('float')} ${choices.pick(BITWISE)} ${some('integer')})`],
    [1, () => `(${some('string')} ${choices.pick(BITWISE)} ${some('integer')})`],
    [1, () => `(${choices.pick(['-', '~'])}${some('integer')})`],
    [2, () => `#${some('string')}`],
    [2, () => `#${some('table')}`],
    [1, () => `#${some('object')}`],
    [1, () => `(math.tointeger(${some(choices.pick(['float', 'string', 'integer'] as const))}) or 9)`],
    [1, () => `math.floor(${some('float')})`],
    [1, () => `math.abs(${some('integer')})`],
    [1, () => `(tonumber(${some('string')}${choices.pick(['', ', 10', ', 16', ', 2', ', 36'])}) or 8)`],
    [1, () => `select("#", ${list(scope, 3)})`],
    [1, () => `(string.byte(${some('string')}, ${some('integer')}) or 0)`],
    [1, () => `(utf8.len(${some('string')}${choices.oneIn(2) ? `, ${some('integer')}` : ''}) or -1)`],
    [1, () => `(utf8.offset(${some('string')}, small(${some('integer')}) - 3) or -2)`],
    [1, () => `(string.find(${some('string')}, ${pattern(scope)}, small(${some('integer')}) - 2) or 0)`],
    [1, () => `(${some('object')} + ${some('integer')})`],
    [1, () => `(${some('integer')} ${choices.pick(ARITHMETIC)} ${some('object')})`],
    [1, () => `((${some('table')})[${some('integer')}] or 4)`],
    [1, () => `math.max(${some('integer')}, ${some('integer')})`],
    [1, () => `(string.unpack("<i4", string.pack("<i8", ${some('integer')})))`],
    [1, () => `string.packsize("${choices.pick(['i4', '!8 b i8', '<I3', 'd n'])}")`],
    [1, () => `(${condition(scope)} and ${some('integer')} or ${some('integer')})`],
    [1, () => `works(small(${some('integer')}))`],
  ])
}

const float = (scope: Scope, depth: number): string => {
  const { choices } = scope
  const some = (kind: Kind): string => expression(scope, kind, depth)
  return choices.oneOf<string>([
    [6, () => `(${some('float')} ${choices.pick(ARITHMETIC)} ${some('integer')})`],
    [2, () => `(${some('integer')} / ${some('integer')})`],
    [1, () => `(${some('float')} ^ 2)`],
    [1, () => `(-${some('float')})`],
    [1, () => `math.${choices.pick(['sqrt', 'abs', 'ceil', 'floor'])}(${some('float')})`],
    [1, () => `math.fmod(${some('float')}, ${some('float')})`],
    [1, () => `math.min(${some('float')}, ${some('integer')})`],
    [1, () => `(${some('string')} + ${some('float')})`],
    [1, () => `(${some('object')} * ${some('float')})`],
    [1, () => `(${some('float')} // ${some('float')})`],
    [1, () => `(${some('float')} % ${some('float')})`],
    [1, () => `(select(2, math.modf(${some('float')})))`],
    [1, () => `(string.unpack("d", string.pack("d", ${some('float')})))`],
    [1, () => `(string.unpack("f", string.pack("f", small(${some('float')}))))`],
  ])
}

export const pattern = (scope: Scope): string => scope.choices.pick(PATTERNS)

const string = (scope: Scope, depth: number): string => {
  const { choices } = scope
  const some = (kind: Kind): string => expression(scope, kind, depth)
  const any = (): string => anything(scope, depth)
  return choices.oneOf<string>([
    [4, () => `(${some('string')} .. ${some(choices.pick(['string', 'integer', 'float'] as const))})`],
    [1, () => `((${some('string')} .. ${some('object')}) .. ${some('string')})`],
    [
      1,
      () =>
        `(${some('string')} .. ${some('integer')} .. ${some(choices.pick(['object', 'float', 'string'] as const))} .. ${some('string')})`,
    ],
    [1, () => `brief(${any()})`],
    [
      2,
      () =>
        `masked(string.format(${choices.pick(FORMATS)}, ${some(choices.pick(['integer', 'float', 'string'] as const))}))`,
    ],
    [1, () => `masked(string.format("%s %s", ${some('object')}, ${some('integer')}))`],
    [1, () => `(${some('string')}):sub(${some('integer')}, ${some('integer')})`],
    [1, () => `(${some('string')}):rep(small(${some('integer')}), ${some('string')})`],
    [1, () => `(${some('string')}):${choices.pick(['upper', 'lower', 'reverse'])}()`],
    [2, () => `(string.gsub(${some('string')}, ${pattern(scope)}, ${choices.pick(['"<%0>"', '"%1"', '""', '"%%"', '"%2"'])}))`], // prettier-ignore
    [2, () => `(string.gsub(${some('string')}, ${pattern(scope)}, ${some(choices.pick(['function', 'object', 'table'] as const))}))`], // prettier-ignore
    [1, () => `(string.match(${some('string')}, ${pattern(scope)}) or "none")`],
    [1, () => `table.concat(sized(${some('table')}), ${choices.pick(['","', '""'])})`],
    [1, () => `utf8.char(${choices.pick(['72', '228', '8364', '0x10FFFF', '0x7FFFFFFF'])}, small(${some('integer')}))`],
    [1, () => `type(${any()})`],
    [1, () => `(math.type(${any()}) or "no number")`],
    [1, () => `string.char(65 + small(${some('integer')}))`],
    [1, () => `string.pack("${choices.pick(['z', 's1', '>s2', '<i2', 'b', '!4 i3'])}", ${some(choices.pick(['string', 'integer'] as const))})`], // prettier-ignore
    [1, () => `masked(tostring(${some(choices.pick(['integer', 'float', 'object'] as const))}))`],
    [1, () => `(${condition(scope)} and ${some('string')} or ${some('string')})`],
  ])
}

const table = (scope: Scope, depth: number): string => {
  const { choices } = scope
  if (depth < 0) return choices.pick(['{}', '{ 1, 2, 3 }', '{ 3, 1, 2 }', '{ "a", "b" }'])
  return choices.oneOf<string>([
    [5, () => `{ ${list(scope, 4, depth)} }`],
    [1, () => `{ ${expression(scope, 'integer', depth)}, x = ${anything(scope, depth)}, [small(${expression(scope, 'integer', depth)}) + 1] = 5 }`], // prettier-ignore
    [1, () => `table.pack(${list(scope, 3, depth)})`],
    [1, () => `table.move(${expression(scope, 'table', depth)}, 1, 3, small(${expression(scope, 'integer', depth)}))`],
    [1, () => `table.move(${expression(scope, 'object', depth)}, 1, 2, 1, {})`],
    [1, () => `{ table.unpack(sized(${expression(scope, 'table', depth)})) }`],
    [1, () => `setmetatable(${expression(scope, 'table', depth)}, nil)`],
    ...(scope.options.varargs ? [[1, () => '{ ... }'] as const] : []),
  ])
}

/** Expressions separated by commas, of which the last may give many values. */
export const list = (scope: Scope, most: number, depth = 1): string => {
  const { choices } = scope
  const parts = Array.from({ length: choices.below(most + 1) }, () => anything(scope, depth))
  choices.oneOf<unknown>([
    [5, () => undefined],
    [1, () => (scope.options.varargs ? parts.push('...') : 0)],
    [1, () => parts.push(`table.unpack(sized(${expression(scope, 'table', 1)}))`)],
    [1, () => parts.push('nil')],
    [1, () => parts.push(`pcall(${expression(scope, 'function', 1)}, ${anything(scope, 1)})`)],
    [1, () => parts.push(`string.find(${expression(scope, 'string', 1)}, ${pattern(scope)})`)],
    [1, () => parts.push(`string.byte(${expression(scope, 'string', 1)}, 1, 3)`)],
  ])
  return parts.length > 0 ? parts.join(', ') : '1'
}

/** A new object, never of another kind. */
export const object = (scope: Scope): string => {
  const { choices } = scope
  return choices.oneOf<string>([
    [4, () => {
      const names = Array.from({ length: 1 + choices.below(6) }, () => choices.pick(METAMETHODS))
      return `object(${choices.below(10)}, "${choices.pick(ACTIONS)}", "${names.join(' ')}")`
    }],
    ...(scope.depth > 0
      ? [[1, () => `setmetatable({ id = 1 }, { ${choices.pick(METAMETHODS)} = ${functionBody(scope)} })`] as const]
      : []),
    [1, () => `setmetatable({ 1, 2 }, { __index = ${expression(scope, choices.pick(['table', 'object', 'string'] as const), 1)} })`],
  ]) // prettier-ignore
}
