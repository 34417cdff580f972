/** Generates nested loops that are continued and left by jumps, and loops whose limits are near those of integers. */
import { anything, condition, expression, integerLiteral } from './expressions.js'
import type { Kind, Scope } from './scope.js'
import { block, indent } from './statements.js'

/** A statement with jumps, or a numeric loop at a border. */
export const jump = (scope: Scope): string =>
  scope.choices.oneOf<string>([
    [3, () => nested(scope)],
    [2, () => machine(scope)],
    [2, () => numericLoop(scope)],
    [1, () => backwards(scope)],
  ])

/** Loops in loops, each with a label at its end. */
const nested = (scope: Scope): string => {
  const { choices } = scope
  const levels = 2 + choices.below(2)
  const names = Array.from({ length: levels }, () => scope.name('k'))
  const label = (i: number): string => `next_${names[i]}`
  const all = scope.name('q')
  const head = (name: string): string =>
    choices.pick([`for ${name} = 1, 3 do`, `for ${name} = 3, 1, -1 do`, `for ${name} in ipairs({ 4, 5 }) do`, `local ${name} = 0 while ${name} < 3 do ${name} = ${name} + 1`, `for _, ${name} in next, { 1, 2 } do`]) // prettier-ignore
  const leave = (from: number): string => {
    const target = choices.below(from + 1)
    const how = from > 0 && choices.oneIn(4) ? 'break' : `goto ${label(target)}`
    return `if (${names.slice(0, from + 1).join(' + ')}) % ${2 + choices.below(3)} == ${choices.below(3)} ${choices.pick(['and', 'or'])} ${condition(scope)} then ${how} end`
  }
  const body = (i: number): string => {
    const inner = scope.inner({ loop: undefined })
    inner.variables.push({ name: names[i]!, kind: 'integer', constant: true })
    const variable = choices.pick([`local x = ${names[i]}`, `local x <const> = ${anything(scope, 0)}`, `local x <close> = closable(${i}, "plain")`, '']) // prettier-ignore
    const closure =
      variable === ''
        ? ''
        : `${all}[#${all} + 1] = function() return ${choices.pick([`x, ${names[i]}`, names[i]!])} end`
    const parts = [variable, closure, leave(i), i + 1 < levels ? loop(i + 1) : block(inner, 2), leave(i)]
    return parts.filter((part) => part !== '').join('\n')
  }
  const loop = (i: number): string =>
    `do ${head(names[i]!)}\n  tick()\n  do\n${indent(indent(body(i)))}\n  end\n  ::${label(i)}::\nend end`
  return `do\n  local ${all} = {}\n${indent(loop(0))}\n  for i = 1, #${all} do show(${all}[i]()) end\nend`
}

/** States that jump from one to another, forwards and backwards. */
const machine = (scope: Scope): string => {
  const { choices } = scope
  const states = Array.from({ length: 2 + choices.below(3) }, () => scope.name('s'))
  const go = (): string => `if ${choices.oneIn(2) ? `n % ${2 + choices.below(4)} == 0` : condition(scope)} then goto ${choices.pick(states)} end` // prettier-ignore
  const part = (name: string): string =>
    `::${name}::\n  n = n + 1 tick()\n  if n > 12 then goto done end\n  do\n    local v = ${anything(scope, 1)}\n    f[#f + 1] = function() v, n = n, n + 1 return v end\n    ${go()}\n  end\n  ${go()}`
  return `do\n  local n, f = 0, {}\n  ${states.map(part).join('\n  ')}\n  ::done::\n  show(n, #f)\n  for i = 1, #f do show(f[i]()) end\nend`
}

/** A numeric loop of any numbers, whose variable is changed and kept. */
const numericLoop = (scope: Scope): string => {
  const { choices } = scope
  const some = (kind: Kind): string => expression(scope, kind, 1)
  const number = (): string =>
    choices.oneOf<string>([
      [3, () => integerLiteral(choices)],
      [2, () => choices.pick(['1', '3', '-2', '1.5', '-0.5', '1e300', '-1e300', '2^53', '-2^63', '2^63', '1/0', '-1/0', '0/0', '9007199254740993', '0x7ffffffffffffffe'])],
      [1, () => some(choices.pick(['integer', 'float', 'string'] as const))],
    ]) // prettier-ignore
  const change = choices.pick(['', 'i = i + 1', 'i = nil', 'i = "x"', 'local i = i'])
  return `do
  local n, f = 0, {}
  show(pcall(function(...)
    for i = ${number()}, ${number()}${choices.oneIn(3) ? '' : `, ${number()}`} do
      n = n + 1
      f[n] = function(...) i = select("#", ...) > 0 and (...) or i return i end
      ${change} show(n, i)
      if n >= ${choices.pick([2, 4, 6])} then break end
    end
  end))
  for i = 1, n do show(f[i](), f[i](i), f[i]()) end
end`
}

/** A block that is entered again by a jump to its beginning, with new variables each time. */
const backwards = (scope: Scope): string => {
  const { choices } = scope
  const name = scope.name('again')
  const inner = scope.inner({ loop: undefined })
  const variable = choices.pick(['local v', 'local v = n', 'local v <close> = closable(n, "plain")'])
  return `do
  local n, f = 0, {}
  ::${name}::
  tick()
  do
    ${variable}
    f[#f + 1] = function(x) ${variable.includes('<') ? 'return v' : 'v = x or v return v'}, n end
    n = n + 1
${indent(indent(block(inner, 2)))}
    if n < 4 then goto ${name} end
  end
  for i = 1, #f do show(f[i](), f[i](i)) end
end`
}
