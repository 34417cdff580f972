/** Generates statements that call functions of the libraries, with arguments at the borders of what they take. */
import { anything, expression, integerLiteral, list, object, pattern } from './expressions.js'
import type { Choices } from './choices.js'
import type { Kind, Scope } from './scope.js'
import { anyPattern, dateFormat, format, layout, numeral, replacement, snippet } from './texts.js'

/** A statement that calls a function of a library. */
export const library = (scope: Scope): string =>
  scope.choices.oneOf<string>([
    [3, () => tables(scope)],
    [4, () => strings(scope)],
    [1, () => packed(scope)],
    [1, () => codePoints(scope)],
    [2, () => numbers(scope)],
    [1, () => dates(scope)],
    [2, () => basics(scope)],
    [1, () => debugging(scope)],
  ])

const ORDERS = ['', ', function(a, b) tick() return a > b end', ', function(a, b) pause(a) return a < b end', ', function(a, b) works(9) return text(a) < text(b) end', ', function() return true end'] // prettier-ignore

const tables = (scope: Scope): string => {
  const { choices } = scope
  const some = (kind: Kind): string => expression(scope, kind, 1)
  const place = (): string => integer(scope)
  const like = (): string => some(choices.pick(['table', 'table', 'object'] as const))
  return choices.oneOf<string>([
    [2, () => `do local t = sized(${some('table')}) table.sort(t${choices.pick(ORDERS)}) show(table.unpack(t)) end`],
    [1, () => `do local t = sized(${some('table')}) table.insert(t, ${some('integer')}) show(table.remove(t, 1), #t) end`],
    [1, () => `do local t = { 1, 2, 3 } table.insert(t, ${some('integer')}, ${some('string')}) show(table.unpack(t)) end`],
    [1, () => `do local t = sized(${like()}) show(pcall(table.insert, t, ${place()}, ${some('string')})) show(rawlen(t), t[1], t[2]) end`],
    [1, () => `do local t = sized(${like()}) show(pcall(table.remove, t, ${place()})) show(rawlen(t), t[1], t[2]) end`],
    [1, () => `show(table.unpack(sized(${like()}), 1, small(${some('integer')})))`],
    [1, () => `show(pcall(table.unpack, ${like()}, ${place()}, ${place()}))`],
    [1, () => `show(pcall(table.concat, sized(${like()}), ${some(choices.pick(['string', 'integer'] as const))}, ${place()}, ${place()}))`],
    [1, () => `do local t = ${like()} show(pcall(table.move, ${like()}, small(${some('integer')}), small(${some('integer')}), ${place()}, t)) show(t[1], t[2], t[3]) end`],
    [1, () => `do local t = { 1, 2, 3, 4, 5 } show(table.unpack(table.move(t, small(${place()}), small(${place()}), small(${place()}) - 1))) end`],
    [1, () => `do local t = table.pack(${list(scope, 4)}) show(t.n, table.unpack(t, 1, t.n)) end`],
  ]) // prettier-ignore
}

const strings = (scope: Scope): string => {
  const { choices } = scope
  const some = (kind: Kind): string => expression(scope, kind, 1)
  const place = (): string => integer(scope)
  const value = (): string => some(choices.pick(['integer', 'float', 'string'] as const))
  const values = (most: number): string =>
    Array.from({ length: choices.below(most + 1) }, () => `, ${value()}`).join('')
  const read = (): string => (choices.oneIn(2) ? pattern(scope) : anyPattern(choices))
  return choices.oneOf<string>([
    [2, () => `show(string.gsub(${some('string')}, ${read()}, ${some(choices.pick(['function', 'string', 'object'] as const))}, small(${some('integer')})))`],
    [2, () => `show(string.find(${some('string')}, ${choices.oneIn(2) ? some('string') : read()}, ${some('integer')}, ${choices.pick(['true', 'false'])}))`],
    [3, () => `show(pcall(string.gsub, ${some('string')}, ${read()}, ${replacement(choices)}))`],
    [2, () => `show(pcall(string.match, ${some('string')}, ${read()}, ${place()}))`],
    [1, () => `do local n = 0 for a, b in string.gmatch(${some('string')}, ${read()}${choices.oneIn(2) ? `, ${place()}` : ''}) do n = n + 1 show(a, b) if n > 5 then break end end end`],
    [2, () => `show(string.format(${some('string')}, ${list(scope, 3)}))`],
    [4, () => `show(pcall(string.format, ${format(choices)}${values(3)}))`],
    [3, () => `show(pcall(string.format, ${format(choices)}${Array.from({ length: choices.below(4) }, () => `, ${extreme(choices)}`).join('')}))`],
    [2, () => `show(pcall(string.gsub, ${some('string')}, ${anyPattern(choices)}, ${choices.pick(['{ a = 1, b = false, ["1"] = "one", [1] = 2.5 }', 'function(x) tick() return x == "a" and "A" or x ~= "b" end', 'function() return {} end', '{ a = {} }', '2', '2.5', replacement(choices)])}, ${place()}))`],
    [1, () => `show(pcall(string.${choices.pick(['find', 'match', 'gsub'])}, ${some('string')}, string.rep(${choices.pick(['"()"', '"(.)"', '"a?"', '"%w-"', '"[ab]"', '"%%1"', '"("'])}, ${choices.pick([2, 31, 32, 33, 150, 199, 201, 250])}), ${choices.pick(['1', '"x"'])}))`],
    [1, () => `show(pcall(string.byte, ${some('string')}, ${place()}, ${place()}))`],
    [1, () => `show(pcall(string.sub, ${value()}, ${place()}, ${place()}))`],
    [1, () => `show(pcall(string.rep, "ab", ${choices.pick(['-1', '0', '1', '1 << 62', 'math.maxinteger', 'math.mininteger', '2.0', '"3"', '1.5'])}, ${choices.pick(['""', '","', 'nil'])}))`],
    [1, () => `show(pcall(string.rep, ${value()}, small(${place()})${choices.oneIn(2) ? `, ${value()}` : ''}))`],
    [1, () => `show(pcall(string.char, ${place()}, small(${place()}) + 65))`],
    [1, () => `show(string.${choices.pick(['len', 'upper', 'lower', 'reverse'])}(${value()}))`],
  ]) // prettier-ignore
}

/** Values that are packed, and what is read of them. */
const packed = (scope: Scope): string => {
  const { choices } = scope
  const as = layout(choices)
  const kinds = ['integer', 'integer', 'float', 'string'] as const
  const values = Array.from({ length: 1 + choices.below(4) }, () => expression(scope, choices.pick(kinds), 1))
  return choices.oneOf<string>([
    [2, () => `do local ok, s = pcall(string.pack, ${as}, ${values.join(', ')}) show(ok, s) if ok then show(pcall(string.unpack, ${as}, s)) end end`],
    [1, () => `show(pcall(string.unpack, ${as}, ${expression(scope, 'string', 1)}, ${integer(scope)}))`],
    [1, () => `show(pcall(string.packsize, ${as}))`],
    [1, () => `do local ok, s = pcall(string.pack, ${layout(choices)}, ${values.join(', ')}) show(pcall(string.unpack, ${as}, s)) end`],
  ]) // prettier-ignore
}

const codePoints = (scope: Scope): string => {
  const { choices } = scope
  const text = (): string => expression(scope, 'string', 1)
  const place = (): string => integer(scope)
  const lax = (): string => choices.pick(['', ', true', ', false'])
  const point = (): string => choices.pick(['72', '228', '8364', '0x10FFFF', '0x110000', '0x7FFFFFFF', '0x80000000', '-1', '0', '0xD800', '"65"', '1.0']) // prettier-ignore
  return choices.oneOf<string>([
    [2, () => `show(pcall(utf8.codepoint, ${text()}, ${place()}, ${place()}${lax()}))`],
    [2, () => `show(pcall(utf8.len, ${text()}, ${place()}, ${place()}${lax()}))`],
    [2, () => `show(pcall(utf8.offset, ${text()}, ${place()}${choices.oneIn(2) ? `, ${place()}` : ''}))`],
    [1, () => `show(pcall(utf8.char, ${point()}, ${point()}))`],
    [1, () => `show(pcall(function(...) for p, c in utf8.codes(${text()} .. utf8.char(${point()})${lax()}) do show(p, c) end end))`],
    [1, () => `for c in string.gmatch(${text()}, utf8.charpattern) do show(c) end`],
  ]) // prettier-ignore
}

const numbers = (scope: Scope): string => {
  const { choices } = scope
  const some = (kind: Kind): string => expression(scope, kind, 1)
  const [i, j] = [integer(scope), integer(scope)]
  const number = (): string => some(choices.pick(['integer', 'float'] as const))
  const text = numeral(choices)
  return choices.oneOf<string>([
    [3, () => arithmetic(scope)],
    [2, () => `show(${i} << ${j}, ${i} >> ${j}, ${i} & ${j}, ${i} | ${j}, ${i} ~ ${j}, ~${i})`],
    [2, () => `show(pcall(function(...) return ${i} // ${j}, ${i} % ${j}, ${i} * ${j}, ${i} - ${j}, -${i} end))`],
    [1, () => `do local x, y = ${number()}, ${number()} show(x // y, x % y, x / y, x < y, x <= y, x == y, x > y, x ~= y) end`],
    [1, () => `show(pcall(math.fmod, ${number()}, ${number()}))`],
    [1, () => `show(math.ult(${i}, ${j}), math.tointeger(${some(choices.pick(['float', 'string'] as const))}), math.abs(${i}))`],
    [1, () => `show(pcall(math.${choices.pick(['max', 'min'])}, ${list(scope, 3)}))`],
    [1, () => `show(math.${choices.pick(['floor', 'ceil', 'modf', 'sqrt', 'frexp', 'type', 'tointeger', 'abs'])}(${number()}))`],
    [1, () => `show(pcall(math.ldexp, ${number()}, small(${i}) - 3))`],
    [2, () => `show(tonumber(${text}), math.type(tonumber(${text})), pcall(tonumber, ${text}, ${choices.pick(['2', '8', '10', '16', '36', '1', '37', i])}))`],
    [1, () => `show(pcall(function(...) return ${text} ${choices.pick(['+', '-', '*', '//', '%', '/', '|', '<<', '..', '<', '=='])} ${choices.oneIn(2) ? i : text} end))`],
    [1, () => `show(string.format("%.14g %d", ${number()}, ${choices.oneIn(2) ? i : text}))`],
    [1, () => `show(tonumber(${some('string')}, ${some('integer')}))`],
    [2, () => `do local n = 0 for i = ${i}, ${choices.oneIn(2) ? j : number()}, ${choices.pick(['1', '-1', '2', '1 << 62', 'math.mininteger', j, number()])} do n = n + 1 show(i) if n > 3 then break end end end`],
  ]) // prettier-ignore
}

const dates = (scope: Scope): string => {
  const { choices } = scope
  const field = (name: string, from: readonly string[]): string => `${name} = ${choices.pick(from)}`
  const odd = ['0', '-1', '1', '12', '13', '31', '60', '100', '1 << 31', 'math.maxinteger', '"7"', '"x"', '1.0', '1.5', 'nil'] // prettier-ignore
  const parts = [
    field('year', ['1970', '2000', '2024', '1900', '0', '-5', '9999', '1 << 31', '1 << 40', '"2001"', 'nil', '2000.0']),
    field('month', choices.oneIn(2) ? ['1', '2', '3', '12'] : odd),
    field('day', choices.oneIn(2) ? ['1', '28', '29', '31'] : odd),
    ...(choices.oneIn(2) ? [field('hour', ['0', '23', '24', '-1', ...odd])] : []),
    ...(choices.oneIn(2) ? [field('min', ['0', '59', '60', '-1', ...odd]), field('sec', ['0', '61', ...odd])] : []),
    ...(choices.oneIn(3) ? [field('isdst', ['false', 'nil', '1'])] : []),
  ]
  const time = choices.pick(['0', '-1', '951782400', '1709164800', '4102444800', '1 << 31', '1 << 40', '1e9', '1.5', `(${integer(scope)} or 0)`]) // prettier-ignore
  return choices.oneOf<string>([
    [2, () => `show(pcall(os.date, ${dateFormat(choices)}, ${time}))`],
    [1, () => `do local ok, t = pcall(os.date, "!*t", ${time}) if ok then show(t.year, t.month, t.day, t.hour, t.min, t.sec, t.wday, t.yday, t.isdst) else show(t) end end`],
    [2, () => `do local t = { ${parts.join(', ')} } local ok, time = pcall(os.time, t) show(ok, time) show(t.year, t.month, t.day, t.hour, t.min, t.sec) if ok then show(t.wday, t.yday, t.isdst) end end`],
    [1, () => `show(pcall(os.difftime, ${time}, ${integer(scope)}))`],
  ]) // prettier-ignore
}

const basics = (scope: Scope): string => {
  const { choices } = scope
  const some = (kind: Kind): string => expression(scope, kind, 1)
  const any = (): string => anything(scope, 1)
  return choices.oneOf<string>([
    [1, () => `show(select(${some('integer')}, ${list(scope, 3)}))`],
    [2, () => `show(pcall(select, ${choices.pick(['-1', '-2', '-3', '-4', '-100', '0', '"#"', '"#x"', '"2"', '2.0', '1.5', integer(scope)])}, ${list(scope, 4)}))`],
    [1, () => `show(tostring(${some('object')}), #${some('object')})`],
    [1, () => `show(${some('object')} == ${some('object')}, ${some('object')} < ${some('integer')}, ${some('object')} <= ${some('object')})`],
    [1, () => `show(rawget(${some('table')}, ${some('integer')}), rawlen(${some('table')}), next({ 4, 5, 6 }, ${choices.pick(['nil', '1', '3', '9', '1.0'])}))`],
    [2, () => `show(load(${snippet(choices)}, ${choices.pick(['"=s"', '"@s"', 'nil', '"s"'])}${choices.pick(['', ', "t"', ', "b"', ', "x"'])}))`],
    [1, () => `do local n, parts = 0, { "return ", ${any()}, ${any()} } show(load(function(...) n = n + 1 ${choices.pick(['', 'pause(n)', 'tick()'])} return parts[n] end, "=parts")) end`],
    [1, () => `show(pcall(rawset, ${some('table')}, ${any()}, 1))`],
    [1, () => `show(pcall(setmetatable, ${some(choices.pick(['table', 'string', 'object'] as const))}, ${choices.pick(['nil', '{}', '1', '{ __metatable = 1 }'])}))`],
    [1, () => `do local t = setmetatable({}, { __metatable = ${any()} }) show(getmetatable(t), pcall(setmetatable, t, {})) end`],
    [1, () => `show(pcall(assert, ${list(scope, 3)}))`],
    [1, () => `show(pcall(error, ${some('string')}, ${integer(scope)}))`],
    [1, () => `show(pcall(ipairs, ${any()}))`],
    [1, () => `show(pcall(coroutine.${choices.pick(['resume', 'status', 'create', 'wrap', 'close', 'isyieldable'])}, ${any()}))`],
    [1, () => `do local o = setmetatable({}, { __index = ${object(scope)} }) show(o.x, o[1], o[${integer(scope)}]) end`],
    [1, () => `do local log = {} local o = setmetatable({}, { __newindex = log }) o.x, o[1] = 1, ${any()} show(rawget(o, "x"), log.x, log[1]) end`],
  ]) // prettier-ignore
}

const debugging = (scope: Scope): string => {
  const { choices } = scope
  const level = choices.pick(['0', '1', '2', '3', '4', '5', '9', '-1', integer(scope)])
  return choices.oneOf<string>([
    [2, () => `show(debug.traceback(${choices.pick(['"m"', 'nil', '{}', '7', expression(scope, 'string', 1)])}, ${choices.pick(['0', '1', '2', '3', '50'])}))`],
    [3, () => `do local i = debug.getinfo(${level}, "nSltu") if i then show(i.name, i.namewhat, i.what, i.short_src, i.currentline, i.linedefined, i.istailcall, i.nups, i.nparams, i.isvararg) end end`],
    [2, () => `do local x, y, z = 1, ${anything(scope, 1)} local f, g = function() return x, z end, function(v) y = v return x, y end show(debug.setupvalue(${choices.pick(['f', 'g'])}, ${choices.pick(['0', '1', '2', '3', '-1'])}, ${anything(scope, 1)})) show(f()) show(g(2), x, y, z) ${choices.pick(['', 'debug.upvaluejoin(f, 1, g, 2) show(f()) y = 7 show(f())', 'show(debug.upvalueid(f, 1) == debug.upvalueid(g, 1), debug.upvalueid(f, 1) == debug.upvalueid(g, 2))', 'show(pcall(debug.upvaluejoin, f, 3, g, 1))'])} end`],
    [1, () => `do local i = debug.getinfo(${expression(scope, 'function', 1)}, "Su") show(i.what, i.linedefined, i.nparams, i.isvararg) end`],
  ]) // prettier-ignore
}

/** An integer, often one at a border. */
const integer = (scope: Scope): string =>
  scope.choices.oneIn(3) ? expression(scope, 'integer', 1) : integerLiteral(scope.choices)

/** Values at the borders of what formats print. */
const extreme = (choices: Choices): string =>
  choices.pick(['math.mininteger', 'math.maxinteger', '1e308', '-1e308', '5e-324', '2.2250738585072014e-308', '1/0', '-1/0', '-0.0', '0.1', '2^53', '2^63', '-2^63', '123456789012345678', '1e15', '1e100', '0.5', '2.5', '1e-5', '123456.789', '999999.5', '0', '-1', '255', '256', '65.0', '"0x10"', '"1e1"', '"x"', '"a\\0b"', '("x"):rep(120)', 'nil', 'true', '{ 1 }', 'print', 'object(1, "plain", "__tostring")', 'setmetatable({}, { __tostring = function() return 1 end })', 'setmetatable({}, { __name = "N", __tostring = function() return {} end })']) // prettier-ignore

/** Operations on variables and constants, which compilers translate in different ways. */
const arithmetic = (scope: Scope): string => {
  const { choices } = scope
  const value = (): string => (choices.oneIn(3) ? expression(scope, 'float', 1) : integer(scope))
  const constant = (): string => choices.pick(['0', '1', '2', '3', '-1', '-3', '7', '10', '127', '128', '-128', '-129', '255', '256', '2.0', '0.5', '1e300', '63', '64', '"x"', '"2"', 'nil', 'math.maxinteger']) // prettier-ignore
  const operator = (): string => choices.pick(['+', '-', '*', '/', '//', '%', '&', '|', '~', '<<', '>>', '==', '~=', '<', '<=', '>', '>=', '..']) // prettier-ignore
  const operand = (): string => choices.pick(['x', 'y', 'x', constant()])
  const operation = (): string => choices.oneOf<string>([
    [6, () => `${choices.pick(['x', 'y'])} ${operator()} ${operand()}`],
    [3, () => `${operand()} ${operator()} ${choices.pick(['x', 'y'])}`],
    [1, () => choices.pick(['-x', '~x', 'not x', '-y', 'x ^ 2', 'y ^ 0.5', '2 ^ -1', 'math.tointeger(x)', 'x // 0.0', 'x % -0.0', 'x % (1/0)', 'y % (-1/0)', '(x + y) * 2 - x', 'x < y == (y > x)'])],
  ]) // prettier-ignore
  const tests = Array.from(
    { length: 1 + choices.below(4) },
    () => `show(pcall(function(...) return ${operation()} end))`,
  )
  return `do local x, y = ${value()}, ${value()} ${tests.join(' ')} end`
}
