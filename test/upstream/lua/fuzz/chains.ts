/** Generates chains of metamethods: values that are found, called, compared and concatenated through several objects. */
import { ACTIONS, anything, expression, integerLiteral, list } from './expressions.js'
import { KINDS, type Scope } from './scope.js'
import { functionBody } from './statements.js'

/** A statement that uses a value through one or several metamethods. */
export const chain = (scope: Scope): string =>
  scope.choices.oneOf<string>([
    [2, () => callChain(scope)],
    [2, () => indexChain(scope)],
    [2, () => concatenation(scope)],
    [2, () => operands(scope)],
    [2, () => results(scope)],
    [1, () => stringArithmetic(scope)],
  ])

/** At most as many metamethods `__index` and `__newindex` are followed. */
const LONGEST = 2000

/** Objects that are called through the objects in `__call`, each of which becomes an argument. */
const callChain = (scope: Scope): string => {
  const { choices } = scope
  const called = choices.oneIn(2) ? functionBody(scope) : choices.pick(['show', 'select', 'error', 'rawlen', 'coroutine.wrap', '1', 'nil']) // prettier-ignore
  const use = choices.pick(['return f(...)', 'return f(...)', 'return (f(...))', 'return pcall(f, ...)', 'return f:m(...)', 'return select("#", f(...))', 'return 1, f(...)', 'local x, y = f(...) return y, x', 'for x in f, ... do tick() show(x) break end']) // prettier-ignore
  return `do
  local f = ${called}
  for i = 1, ${choices.pick([1, 2, 3, 10, 40])} do f = setmetatable({ i }, { __call = f, __index = f }) end
  show(pcall(function(...) ${use} end, ${list(scope, 3)}))
end`
}

/** A field that is read and set through objects and functions, or never found. */
const indexChain = (scope: Scope): string => {
  const { choices } = scope
  const length = choices.pick([1, 2, 3, 30, LONGEST - 2, LONGEST - 1, LONGEST, LONGEST + 1])
  const event = choices.pick(['__index', '__newindex', '__index'])
  const functions = ['function(t, k, v) tick() if v then last[k] = v end return last[k] end', 'function(_, k) show(k) return k end'] // prettier-ignore
  // the library is shared by all programs, so that it must not be changed
  const library = event === '__index' ? ['string'] : []
  const next = length < 100 ? choices.pick(['o', ...functions, ...library]) : 'o'
  const end = choices.pick([
    '{ x = 1 }',
    'object(1, "pauses", "__index __newindex")',
    '5',
    '"text"',
    anything(scope, 1),
  ])
  const loop = choices.oneIn(6) ? 'setmetatable(last, { __index = last, __newindex = last })' : ''
  return `do
  local o = ${end}
  local last = type(o) == "table" and o or {}
  for i = 1, ${length} do o = setmetatable({}, { ${event} = ${next} }) end
  ${loop}
  show(pcall(function(...) return o.x, o[1], o.len end))
  show(pcall(function(...) o.x, o[2] = ${anything(scope, 1)}, 3 return rawget(o, "x"), rawget(last, "x"), last.x end))
  show(pcall(function(...) return o:${choices.pick(['x', 'len', 'm'])}(1) end))
end`
}

/** Values that are concatenated together, in an order that metamethods show. */
const concatenation = (scope: Scope): string => {
  const { choices } = scope
  const value = (): string =>
    choices.oneOf<string>([
      [3, () => expression(scope, choices.pick(['string', 'integer', 'float'] as const), 0)],
      [2, () => `object(${choices.below(10)}, "${choices.pick(ACTIONS)}", "__concat")`],
      [1, () => `setmetatable({}, { __concat = function(a, b) return type(a) .. type(b) end })`],
      [1, () => choices.pick(['x', 'y', '{}', 'nil', 'true', '1.0', '-0.0', '2^63', 'math.mininteger', '""'])],
    ])
  const operands = Array.from({ length: 2 + choices.below(5) }, value)
  return `show(pcall(function(...) local x, y = ${anything(scope, 1)}, "y" return ${operands.join(' .. ')} end))`
}

const OPERATORS = ['+', '-', '*', '/', '//', '%', '^', '&', '|', '~', '<<', '>>', '..', '<', '<=', '>', '>=', '==', '~='] as const // prettier-ignore

/** Two values whose metatables differ. */
const operands = (scope: Scope): string => {
  const { choices } = scope
  const events = ['__add', '__sub', '__mul', '__div', '__idiv', '__mod', '__pow', '__band', '__bor', '__bxor', '__shl', '__shr', '__concat', '__lt', '__le', '__eq', '__unm', '__bnot', '__len'] // prettier-ignore
  const metatable = (name: string): string =>
    Array.from(
      { length: 1 + choices.below(4) },
      () => `${choices.pick(events)} = function(...) return "${name}", select("#", ...), ... end`,
    ).join(', ')
  const other = choices.oneIn(2) ? `setmetatable({}, { ${metatable('q')} })` : expression(scope, choices.pick(KINDS), 1)
  const uses = Array.from({ length: 4 }, () => `show(pcall(function(...) return ${choices.oneIn(2) ? 'p' : 'q'} ${choices.pick(OPERATORS)} ${choices.oneIn(2) ? 'p' : 'q'} end))`) // prettier-ignore
  return `do
  local p, q = setmetatable({}, { ${metatable('p')} }), ${other}
  ${uses.join('\n  ')}
  show(pcall(function(...) return -p, ~p, #p end))
end`
}

/** What metamethods return where only some types are accepted. */
const results = (scope: Scope): string => {
  const { choices } = scope
  const value = choices.oneIn(2)
    ? anything(scope, 1)
    : choices.pick(['nil', 'false', '0', '2.0', '2.5', '"3"', '"x"', '{}', '1 << 40', '-1', '0/0'])
  const uses = ['tostring(o)', '#o', 'text(o)', 'o == p', 'o < p', 'o >= p', 'not (o ~= p)', 'table.concat(sized(o))', 'table.unpack(sized(o))', 'string.format("%s", o)', 'string.format("%d", #o)', 'string.rep(o)', 'math.floor(o)', 'getmetatable(o)', 'setmetatable(o, nil)', 'ipairs(o)(o, 0)', 'next(o)', 'rawlen(o), rawequal(o, p), rawget(o, 1)', 'o()', 'o.x', 'o + 1', 'error(o)', 'assert(false, o)', 'select(o)', 'load(o)', 'string.gsub("ab", ".", o)', 'coroutine.wrap(o)', 'o .. p', 'table.insert(o, 1)', 'math.max(o, p)'] // prettier-ignore
  return `do
  local mt = {}
  for _, name in ipairs { "__tostring", "__len", "__eq", "__lt", "__le", "__index", "__call", "__name", "__metatable", "__concat" } do mt[name] = function(...) return ${value} end end
  ${choices.pick(['', 'mt.__name = "Named"', 'mt.__name, mt.__tostring = "Named"', 'mt.__metatable = nil', 'mt.__name, mt.__metatable, mt.__tostring = 1, "locked"', 'mt.__len = nil'])}
  local o, p = setmetatable({}, mt), setmetatable({}, mt)
  ${Array.from({ length: 3 }, () => `show(pcall(function(...) return ${choices.pick(uses)} end))`).join('\n  ')}
end`
} // prettier-ignore

/** Arithmetic of strings that are numbers, or not. */
const stringArithmetic = (scope: Scope): string => {
  const { choices } = scope
  const value = (): string => choices.pick(['"10"', '"0x10"', '"1e1"', '" 5 "', '"-3"', '"2.5"', '"abc"', '""', '"9223372036854775808"', '"0x7fffffffffffffff"', '"inf"', '"1\\0"', '3', '-7', '2.5', integerLiteral(choices)]) // prettier-ignore
  const operator = (): string => choices.pick(['+', '-', '*', '/', '//', '%', '^', '&', '|', '~', '<<', '>>', '<', '==']) // prettier-ignore
  return `show(pcall(function(...) local x, y = ${value()}, ${value()} return x ${operator()} y, ${choices.pick(['-x', '~x', '-y', '#x'])} end), pcall(function(...) return ${value()} ${operator()} ${value()} end))`
}
