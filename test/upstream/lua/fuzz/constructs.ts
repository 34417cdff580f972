/** Generates statements in which several parts of the language meet: closures, jumps, coroutines, environments, classes, recursion. */
import { ACTIONS, anything, condition, expression, list } from './expressions.js'
import type { Kind, Scope } from './scope.js'
import { block, functionBody, indent } from './statements.js'

export const construct = (scope: Scope): string => {
  const { choices } = scope
  return choices.oneOf<string>([
    [2, () => closures(scope)],
    [2, () => leftTogether(scope)],
    [2, () => lifeOfCoroutine(scope)],
    [1, () => `do local i, t = 1, {} i, t[i], t[2], t[3] = i + 1, ${list(scope, 3)} show(i, t[1], t[2], t[3]) end`],
    [1, () => `show(pcall(coroutine.close, coroutine.running()))`],
    [1, () => recursion(scope)],
    [1, () => environment(scope)],
    [1, () => inheritance(scope)],
    [1, () => varargs(scope)],
    [1, () => sorting(scope)],
    [1, () => `do local f = ${functionBody(scope)} for i = 1, 3 do show(debug.getupvalue(f, i)) end end`],
    [1, () => `show(xpcall(${functionBody(scope)}, debug.traceback, ${list(scope, 1)}))`],
    [1, () => `do local x = ${anything(scope)} local function f(...) x = ... tick() return x end show(f(${list(scope, 2)}), x, f(), x) end`],
    [1, () => `if ${condition(scope)} then show(1) elseif ${condition(scope)} then show(2) elseif ${condition(scope)} then show(3) else show(4) end`],
  ])
} // prettier-ignore

const COMPARED = ['<', '>', '==', '~='] as const

/** Closures of the variables of a loop, called when the loop has ended. */
const closures = (scope: Scope): string => {
  const { choices } = scope
  const [name, all] = [scope.name('i'), scope.name('q')]
  const inner = scope.inner({ loop: 'any' })
  inner.variables.push({ name, kind: 'integer', constant: false })
  const head = choices.pick([`for ${name} = 1, 3`, `for ${name} in ipairs({ 4, 5, 6 })`, `for _, ${name} in ipairs({ 4, 5, 6 })`])
  return `do
  local ${all} = {}
  ${head} do
    tick()
    local x = ${anything(scope, 1)}
    ${all}[#${all} + 1] = function(v) ${name}, x = ${name} + 1, v or x return ${name}, x end
    do
${indent(indent(block(inner, 2)))}
    end
    ::continue::
  end
  for i = 1, #${all} do show(${all}[i](), ${all}[i](i)) end
end`
} // prettier-ignore

/** Loops that a jump leaves together. */
const leftTogether = (scope: Scope): string => {
  const { choices } = scope
  const [i, j, label] = [scope.name('i'), scope.name('i'), scope.name('done')]
  const inner = scope.inner({ loop: undefined })
  inner.variables.push({ name: i, kind: 'integer', constant: false }, { name: j, kind: 'integer', constant: false })
  const variable = choices.oneIn(2)
    ? `local x <close> = closable(${choices.below(10)}, "${choices.pick(ACTIONS)}")`
    : ''
  return `do
  for ${i} = 1, 3 do
    ${variable}
    for ${j} = 1, 3 do
      tick()
      if ${i} * ${j} ${choices.pick(COMPARED)} ${choices.below(9)} then goto ${label} end
${indent(indent(block(inner, 2)))}
    end
  end
  ::${label}::
end`
}

/** A coroutine that is resumed, closed and resumed again; with `closing`, where it may not have ended. */
const lifeOfCoroutine = (scope: Scope): string => {
  const { choices, options } = scope
  const name = scope.name('co')
  const resumes = Array.from(
    { length: options.closing ? choices.below(4) : 50 },
    (_, i) => i < 4 ? `show(coroutine.resume(${name}, ${list(scope, 2)}))` : '',
  ).filter((each) => each !== '')
  const all = options.closing ? resumes : [...resumes, `drive(${name}, 50)`]
  return `do
  local ${name} = coroutine.create(${functionBody(scope)})
${indent([...all, `show(coroutine.status(${name}))`, `show(coroutine.close(${name}))`, `show(coroutine.status(${name}), coroutine.resume(${name}, 1))`].join('\n'))}
end`
} // prettier-ignore

/** A function that calls itself, deeper than the VM has frames of JavaScript for. */
const recursion = (scope: Scope): string => {
  const { choices } = scope
  const name = scope.name('r')
  const inner = scope.body(false, [{ name: 'n', kind: 'integer', constant: false }])
  const depth = choices.pick([3, 20, 181, 250])
  const call = choices.pick([`return ${name}(n - 1)`, `return 1 + ${name}(n - 1)`, `return (${name}(n - 1))`, `local x, y = ${name}(n - 1) return y, x`, `return pcall(${name}, n - 1)`]) // prettier-ignore
  return `local function ${name}(n)
  if n % 7 == 0 then tick() end
  if n <= 0 then
${indent(block(inner, 2))}
    do return n end
  end
  ${call}
end
show(pcall(${name}, ${call.includes('pcall') ? Math.min(depth, 50) : depth}))`
}

/** Globals in a separate table. */
const environment = (scope: Scope): string => {
  const { choices } = scope
  const around = choices.pick([
    '_ENV',
    '{}',
    `{ X = ${anything(scope, 1)} }`,
    'object(4, "plain", "__index __newindex")',
  ])
  return `do
  local _ENV = setmetatable({}, { __index = ${around} })
  X = ${anything(scope, 1)}
  show(X, G, ${choices.pick(['Y', 'Y.z', 'Y()', 'X.y', 'X + 1', 'rawget'])})
end`
}

/** A class that is derived from another one. */
const inheritance = (scope: Scope): string => {
  const { choices } = scope
  const some = (kind: Kind): string => expression(scope, kind, 1)
  return `do
  local Base = { kind = "base" }
  Base.__index = Base
  function Base.new(class, v) return setmetatable({ v = v }, class) end
  function Base:get(...) tick() return self.v, self.kind, ... end
  Base.__${choices.pick(['eq', 'lt', 'le', 'add', 'concat', 'call', 'tostring', 'len'])} = function(a, b, ...) ${choices.pick(['', 'pause(1)', 'works(9)'])} return ${some('integer')} end
  local Derived = setmetatable({ kind = "derived" }, Base)
  Derived.__index = Derived
  ${choices.pick(['', 'Derived.__add = Base.__add', 'function Derived:get(v) return Base.get(self, v) end', 'function Derived:get(v) return v, Base.get(self) end'])}
  local o = Derived:new(${anything(scope, 1)})
  show(o:get(${list(scope, 1)}))
  show(pcall(function(...) return ${choices.pick(['o + 1', 'o .. "x"', 'o == Base:new(1)', 'o < o', 'o <= 1', 'o()', '#o', 'o.get()', 'o:unknown()', 'Derived.get(nil)', 'Base.new(Derived, 1):get()', 'brief(o)'])} end))
end`
} // prettier-ignore

/** Arguments that are passed on, cut and counted. */
const varargs = (scope: Scope): string => {
  const { choices } = scope
  const uses = ['...', '(...)', 'select("#", ...)', 'select(-1, ...)', '#{ ... }', '(select(2, ...))', '..., 1', '{ ... }[1]', 'table.pack(...).n', 'math.max(...)', '#{ n = 1, ... }', 'f(...)', 'f((...))', 'f(..., ...)'].filter((each) => !each.startsWith('{')) // prettier-ignore
  return `do
  local function f(...) return select("#", ...) end
  local function g(a, ...)
    local b, c = ...
    ${choices.pick(['', 'pause(2)', 'a, b = b, a', 'local d <const> = ...'])}
    return a, b, c, ${choices.pick(uses)}
  end
  show(g(${list(scope, 4)}))
  show(pcall(g))
end`
}

/** More elements than are sorted by a few comparisons, by what may be no order. */
const sorting = (scope: Scope): string => {
  const { choices } = scope
  const order = choices.pick(['a < b', 'a > b', 'a <= b', 'true', 'a % 3 < b % 3', 'not (a < b)', '(n % 5) == 0', 'n > 30 and error("enough", 0) or a < b', 'text(a) < text(b)']) // prettier-ignore
  return `do
  local t, n = {}, 0
  for i = 1, ${choices.pick([5, 12, 30, 60])} do t[i] = (i * ${choices.pick([7, 13, -5, 1])}) % ${choices.pick([11, 17, 100, 3])} end
  show(pcall(table.sort, t, function(a, b) n = n + 1 ${choices.oneIn(4) ? 'works(5)' : ''} return ${order} end))
  show(n, table.concat(t, " "))
end`
}
