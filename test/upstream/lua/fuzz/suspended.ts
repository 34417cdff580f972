/** Generates coroutines that fail, that are resumed where they cannot be, and that yield where functions of the libraries call them. */
import { ACTIONS, anything, list } from './expressions.js'
import type { Scope } from './scope.js'
import { block, functionBody, indent } from './statements.js'

/** A statement with a coroutine whose state or errors matter. */
export const suspended = (scope: Scope): string =>
  scope.choices.oneOf<string>([
    [2, () => wrapped(scope)],
    [2, () => yieldsWithin(scope)],
    [2, () => resumedWithin(scope)],
    [2, () => failingIterator(scope)],
    [2, () => closingErrors(scope)],
    [1, () => inspected(scope)],
    [1, () => passedOn(scope)],
  ])

/** How often coroutines are resumed: those that may not be closed run to their ends. */
const times = (scope: Scope): number => (scope.options.closing ? scope.choices.pick([1, 2, 3, 50]) : 50)

/** A function of `coroutine.wrap` that is called until the coroutine has ended, and once more. */
const wrapped = (scope: Scope): string => {
  const { choices } = scope
  const body = choices.oneIn(2)
    ? functionBody(scope)
    : `function(...) show(...) ${choices.pick(['error(', 'coroutine.yield(', 'return (', 'assert(false, '])}${anything(scope, 1)}) end`
  return `do
  local f = coroutine.wrap(${body})
  for i = 1, ${scope.options.closing ? choices.pick([1, 2, 3]) : 60} do
    local r = table.pack(pcall(f, i, ${list(scope, 2)}))
    show(table.unpack(r, 1, r.n))
    if not r[1] then break end
  end
  ${choices.pick(['', 'show(pcall(f))', 'show(pcall(function(...) return (f()) end))'])}
end`
}

const YIELDING = ['table.sort({ 3, 1, 2 }, function(a, b) coroutine.yield(a) return a < b end)', 'string.gsub("ab", ".", coroutine.yield)', 'load(coroutine.yield)', 'pcall(pcall, coroutine.yield, 1)', 'select(2, coroutine.yield(1, 2))', 'coroutine.wrap(coroutine.yield)(1)', 'coroutine.resume(coroutine.create(coroutine.yield), 1)', 'setmetatable({}, { __index = coroutine.yield })[1]', 'setmetatable({}, { __call = coroutine.yield })(1)', '#setmetatable({}, { __len = coroutine.yield })', 'setmetatable({}, { __eq = coroutine.yield }) == {}', 'setmetatable({}, { __lt = coroutine.yield }) < 1', 'setmetatable({}, { __concat = coroutine.yield }) .. "x"', '"x" .. setmetatable({}, { __concat = coroutine.yield }) .. "y"', '-setmetatable({}, { __unm = coroutine.yield })', 'tostring(setmetatable({}, { __tostring = coroutine.yield }))', 'table.concat(setmetatable({}, { __len = function() return 2 end, __index = coroutine.yield }))', 'table.unpack(setmetatable({}, { __index = coroutine.yield }), 1, 2)', 'ipairs(setmetatable({}, { __index = coroutine.yield }))({}, 0)', 'pairs(setmetatable({}, { __pairs = coroutine.yield }))', 'math.max(1, setmetatable({}, { __lt = coroutine.yield }))', 'table.insert(setmetatable({}, { __newindex = coroutine.yield }), 1)', 'next({}, coroutine.yield())', 'utf8.char(65, coroutine.yield(1) and 66 or 67)', 'debug.traceback("m", 1)', 'error(coroutine.yield(1))', 'dofile(coroutine.yield(1) and "absent")', 'string.format("%s", setmetatable({}, { __tostring = coroutine.yield }))', 'coroutine.isyieldable()', 'coroutine.close(coroutine.create(coroutine.yield))', 'table.move({ 1, 2 }, 1, 2, 1, setmetatable({}, { __newindex = coroutine.yield }))', 'require(coroutine.yield(1) and "absent")'] // prettier-ignore

/** Yields in functions that metamethods and functions of the libraries call. */
const yieldsWithin = (scope: Scope): string => {
  const { choices } = scope
  const yielding = (): string => choices.pick(YIELDING)
  const body = choices.oneOf<string>([
    [3, () => `return ${yielding()}`],
    [2, () => `show(pcall(function(...) return ${yielding()} end)) return ${yielding()}`],
    [1, () => `for i, v in coroutine.yield do tick() show(i, v) if i then break end end`],
    [1, () => `local x <close> = setmetatable({}, { __close = coroutine.yield }) return ${yielding()}`],
    [1, () => `local x <close> = closable(1, "${choices.pick(ACTIONS)}") show(${yielding()})`],
    [1, () => `return coroutine.wrap(function(...) return ${yielding()} end)(...)`],
  ])
  return `drive(coroutine.create(function(...) ${body} end), ${times(scope)})`
}

/** Coroutines that resume, close and inspect those that resumed them. */
const resumedWithin = (scope: Scope): string => {
  const { choices, options } = scope
  const uses = (co: string): string[] => [`coroutine.status(${co})`, `coroutine.resume(${co}, 1)`, `debug.traceback(${co})`, `debug.traceback(${co}, "m", 1)`, `${co} and coroutine.isyieldable(${co})`] // prettier-ignore
  const use = (co: string): string =>
    choices.pick(options.closing ? [...uses(co), `pcall(coroutine.close, ${co})`] : uses(co))
  return `do
  local one, two
  one = coroutine.create(function(...)
    two = coroutine.create(function(...)
      show(${use('one')}, ${use('two')})
      ${choices.pick(['', 'coroutine.yield(3)', 'error("two", 0)', 'pause(2)', `show(${anything(scope, 1)})`])}
      return 4
    end)
    show(coroutine.resume(two, 2))
    ${choices.pick(['', 'show(coroutine.resume(two))', 'coroutine.yield(5)'])}
    show(${use('two')}, ${use('one')})
  end)
  show(coroutine.resume(one))
  show(${use('one')}, ${use('two')})
  drive(one, 50)
  drive(two, 50)
end`
}

/** A loop over the values of a coroutine, which fails on the way. */
const failingIterator = (scope: Scope): string => {
  const { choices } = scope
  const inner = scope.body(true)
  return `show(pcall(function(...)
  for i, v in coroutine.wrap(function(...)
    ${choices.oneIn(2) ? `local x <close> = closable(2, "${choices.pick(ACTIONS)}")` : ''}
    for i = 1, 3 do
      tick()
      coroutine.yield(i, ${anything(scope, 1)})
      if i == ${choices.below(4)} then error(${anything(scope, 1)}${choices.pick(['', ', 0', ', 2'])}) end
    end
  end) do
    show(i, v)
    do
${indent(indent(block(inner, 2)))}
    end
  end
end))`
}

/** Variables to be closed whose closing fails, in a coroutine that ends, fails or is closed. */
const closingErrors = (scope: Scope): string => {
  const { choices, options } = scope
  const variable = (i: number): string =>
    choices.oneOf<string>([
      [3, () => `local v${i} <close> = closable(${i}, "${choices.pick(ACTIONS)}")`],
      [1, () => `local v${i} <close> = setmetatable({}, { __close = function(_, e, ...) show("closing", ${i}, e) error(${anything(scope, 1)}, ${choices.below(3)}) end })`],
      [1, () => `local v${i} <close> = ${choices.pick(['nil', 'false', '1', '{}', 'setmetatable({}, { __close = 1 })'])}`],
    ]) // prettier-ignore
  const end = choices.pick(['', 'error("end", 0)', 'error({})', 'coroutine.yield(1)', 'return coroutine.yield(2)', 'local x = nil + 1', 'return 1, 2, 3', 'return select("#", ...)']) // prettier-ignore
  return `do
  local co = coroutine.create(function(...)
    ${Array.from({ length: 1 + choices.below(3) }, (_, i) => variable(i)).join('\n    ')}
    ${choices.pick(['', 'do local w <close> = closable(9, "plain") end', 'coroutine.yield(0)', 'pause(1)'])}
    do ${end} end
  end)
  ${options.closing && choices.oneIn(2) ? `show(coroutine.resume(co, 1)) show(coroutine.close(co), coroutine.status(co))` : `drive(co, ${times(scope)})`}
end`
} // prettier-ignore

/** A suspended coroutine that is looked into from outside. */
const inspected = (scope: Scope): string => {
  const { choices, options } = scope
  const depth = choices.pick([0, 1, 3, 10, 30])
  const way = choices.pick(['calls', 'tail', 'protected', 'metamethods'])
  const level = choices.pick(['0', '1', '2', '3', '-1', '30'])
  return `do
  local co = coroutine.create(function(...) return at(${depth}, "${way}", function() coroutine.yield(1) ${choices.pick(['', 'error("end")', 'local x = nil .. ""'])} end) end)
  show(debug.traceback(co), debug.traceback(co, nil, 1), debug.traceback(co, "m", ${level}))
  show(coroutine.resume(co))
  show(debug.traceback(co, "m", ${level}))
  do local i = debug.getinfo(co, ${level}, "nSlt") if i then show(i.name, i.namewhat, i.what, i.currentline, i.istailcall) end end
  ${options.closing && choices.oneIn(2) ? 'show(coroutine.close(co), coroutine.status(co))' : 'drive(co, 50)'}
  show(debug.traceback(co, "m", ${level}))
end`
} // prettier-ignore

/** Numbers of values that go through coroutines, protected calls and yields. */
const passedOn = (scope: Scope): string => {
  const { choices } = scope
  const calls = ['pcall', 'select("#", ...), pcall', 'coroutine.yield', 'coroutine.wrap(select)', 'pcall(pcall, ', 'select(-1, ...), pcall'] // prettier-ignore
  const call = choices.pick(calls)
  const passed = call.endsWith(', ') ? `${call}select, "#", ...)` : `${call}(${choices.pick(['select, "#", ...', 'select, -1, ...', 'select, 2, ...', 'table.pack, ...', 'coroutine.yield, ...', 'error, ...'])})` // prettier-ignore
  return `do
  local co = coroutine.create(function(...) while true do tick() show(select("#", ...), ...) show(${passed}) local r = table.pack(coroutine.yield(...)) if r[1] == 4 then return table.unpack(r, 1, r.n) end end end)
  show(coroutine.resume(co, ${list(scope, 3)}))
  show(coroutine.resume(co, ${list(scope, 2)}))
  drive(co, 50)
end`
}
