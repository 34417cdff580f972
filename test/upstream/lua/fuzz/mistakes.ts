/** Generates operations on values that they are not for: their errors name the variable that is wrong. */
import { expression } from './expressions.js'
import { KINDS, type Scope } from './scope.js'

const OPERATIONS = ['$.x.y', '$()', '$:foo()', '$.x()', '$.x.y()', '-$', '~$', '#$', '$ + {}', '{} + $', '$ .. {}', '"x" .. $ .. nil', '2 ^ $', '$ // nil', '$ & 1.5', '1.5 | $', '$ << "x"', '$ < {}', '{} <= $', 'nil > $', '$[nil]', '$[1][2]', '$.x.y.z', '$[$]', '$("x")', '$ {}', '($)()', '(-$)()', '$[1]()', '$["a b"]()', '$.and_', 'unknown($)', 'unknown.x', 'string.unknown($)', '$ % 0', '1 // ($ and 0)', 'math.floor($)', '("x"):rep($)', '("x").y.z', 'string.rep()', 'table.concat({ $ })', 'ipairs()', 'setmetatable($, 1)', 'tostring()', '$ == nil and $ < $'] // prettier-ignore

const ASSIGNMENTS = ['$.x = 1', '$[nil] = 1', '$[0/0] = 1', '$.x.y = 1', '$[1][2] = 3', '$["x"].y = nil', 'unknown.x = 1', 'for i = $, 2 do break end', 'for i = 1, $ do break end', 'for i = 1, 2, $ do break end', 'for k in $ do break end', 'local x <close> = $', 'goto_ = $ + nil', '$()', '$:m(1)', 'unknown()', 'a.b.c = $', 'b.x.y()', 'G.x.y = 1'] // prettier-ignore

/** A statement with an operation on any value, which mostly fails. */
export const mistake = (scope: Scope): string => {
  const { choices } = scope
  const kind = choices.pick(KINDS)
  const operand = (scope.choices.oneIn(4) ? undefined : scope.find(kind)?.name) ?? expression(scope, kind, 1)
  const prefix = /^[a-z]\w*$/.test(operand) ? operand : `(${operand})`
  const fill = (template: string): string => template.replaceAll('$', () => prefix)
  return choices.oneOf<string>([
    [3, () => `show(pcall(function(...) return ${fill(choices.pick(OPERATIONS))} end))`],
    [2, () => `show(pcall(function(...) local v = ${operand} return ${choices.pick(OPERATIONS).replaceAll('$', 'v')} end))`],
    [2, () => `show(pcall(function(...) local v = ${operand} ${choices.pick(ASSIGNMENTS).replaceAll('$', 'v')} end))`],
    [1, () => `show(pcall(function(...) local v <const> = ${operand} return function(...) ${choices.pick(ASSIGNMENTS).replaceAll('$', 'v')} end end)())`],
    [1, () => `show(pcall(function(...) local t = { f = ${operand} } return ${choices.pick(OPERATIONS).replaceAll('$', 't.f')} end))`],
    [1, () => `show(pcall(function(...) G = ${operand} if type(G) == "function" then G = 1 end return ${choices.pick(OPERATIONS).replaceAll('$', 'G')} end))`],
  ]) // prettier-ignore
}
