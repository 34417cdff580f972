/** Generates the statements of a program: blocks that end, in every way that Lua has. */
import { ACTIONS, anything, condition, expression, list, object, pattern } from './expressions.js'
import { chain } from './chains.js'
import { construct } from './constructs.js'
import { jump } from './jumps.js'
import { library } from './libraries.js'
import { mistake } from './mistakes.js'
import { KINDS, type Kind, type Scope, type Variable } from './scope.js'
import { suspended } from './suspended.js'
import { system } from './system.js'

const SHAPES = ['calls', 'tail', 'protected', 'coroutines', 'metamethods', 'natives'] as const
export const indent = (text: string): string => text.replace(/^/gm, '  ')

/** A long string; `depth` is smaller in what is within it. */
const quoted = (text: string, depth: number): string => {
  const level = '='.repeat(depth + 2)
  return `[${level}[${text}]${level}]`
}

/** Statements, one a line, and perhaps one that ends the block. */
export const block = (scope: Scope, most = 3): string => {
  const count = 1 + scope.choices.below(most)
  const lines = Array.from({ length: count }, () => statement(scope))
  if (scope.choices.oneIn(6)) lines.push(ending(scope))
  return indent(lines.join('\n'))
}

/** A function that returns something; its body is its own. */
export const functionBody = (scope: Scope): string => {
  const { choices } = scope
  const varargs = choices.oneIn(3)
  const kinds: Kind[] = Array.from({ length: choices.below(4) }, () => choices.pick(['integer', 'string', 'table']))
  const parameters: Variable[] = kinds.map((kind) => ({ name: scope.name('p'), kind, constant: false }))
  const inner = scope.body(varargs, parameters)
  const names = [...parameters.map(({ name }) => name), ...(varargs ? ['...'] : [])].join(', ')
  return `function(${names})\n  tick()\n${bodyText(inner)}\nend`
}

const bodyText = (scope: Scope): string => {
  const text = indent([...Array.from({ length: scope.choices.below(3) }, () => statement(scope)), 'do end'].join('\n'))
  return `${text}\n  return ${list(scope, 2)}`
}

const ending = (scope: Scope): string => {
  const { choices, options } = scope
  return choices.oneOf<string>([
    [2, () => `do return ${list(scope, 2)} end`],
    [1, () => `do return (${expression(scope, 'function', 1)})(${list(scope, 2)}) end`],
    [1, () => 'do return end'],
    ...(options.loop && options.loop !== 'break' ? [[3, () => 'do goto continue end'] as const] : []),
    ...(options.loop && options.loop !== 'continue' ? [[3, () => 'do break end'] as const] : []),
  ])
}

const declare = (scope: Scope, kind: Kind, attribute = ''): string => {
  const value = expression(scope, kind)
  const name = scope.name(kind[0]!)
  scope.variables.push({ name, kind, constant: attribute !== '' || kind === 'function' })
  return `local ${name}${attribute} = ${value}`
}

const statement = (scope: Scope): string => {
  const { choices, options } = scope
  const any = (): string => anything(scope)
  const some = (kind: Kind): string => expression(scope, kind)
  const simple: (readonly [number, () => string])[] = [
    [6, () => `show(${list(scope, 3)})`],
    [6, () => declare(scope, choices.pick(KINDS))],
    [1, () => declare(scope, choices.pick(KINDS), ' <const>')],
    [3, () => assign(scope)],
    [1, () => `show(pcall(error, ${any()}${choices.oneIn(2) ? ', 0' : ''}))`],
    [1, () => `if ${condition(scope)} then error(${any()}${choices.pick(['', ', 0', ', 1', ', 2'])}) end`],
    [1, () => 'pause(1)'],
    [1, () => `show(yield(${list(scope, 2)}))`],
    [1, () => `show(coroutine.isyieldable(), (select(2, coroutine.running())))`],
    [1, () => `local ${scope.name('c')} <close> = closable(${choices.below(10)}, "${choices.pick(ACTIONS)}")`],
    [5, () => library(scope)],
    [2, () => mistake(scope)],
    [
      1,
      () =>
        scope.depth <= 0
          ? 'show(...)'.replace('...', list(scope, 1))
          : `show(load(${quoted(`return ${expression(scope.body(false), choices.pick(KINDS), 1)}`, scope.depth)}, "=loaded")())`,
    ],
  ]
  if (scope.depth <= 0) return choices.oneOf(simple)
  return choices.oneOf([
    ...simple,
    [1, () => `do\n${block(scope.inner())}\nend`],
    [2, () => `if ${condition(scope)} then\n${block(scope.inner())}\nelse\n${block(scope.inner())}\nend`],
    [3, () => loop(scope)],
    [2, () => `local function ${defineFunction(scope)}`],
    [2, () => `show(pcall(${functionBody(scope)}, ${list(scope, 2)}))`],
    ...(options.closing
      ? []
      : [[1, () => `show(xpcall(${functionBody(scope)}, function(m) return ${choices.pick(['m', 'text(m) .. "!"', '{}', 'works(9)', 'm, 2', 'pcall(error, m)'])} end, ${list(scope, 2)}))`] as const]), // prettier-ignore
    [2, () => `show(at(${choices.pick([0, 1, 3, 10, 30])}, "${choices.pick(SHAPES)}", ${functionBody(scope)}))`],
    [
      1,
      () =>
        `show(at(${choices.pick([50, 178, 185, 400])}, "${choices.pick(['calls', 'tail'])}", ${functionBody(scope)}))`,
    ],
    [2, () => `drive(coroutine.create(${functionBody(scope)}), ${options.closing ? choices.pick([1, 2, 3, 50]) : 50})`],
    [1, () => `show(pcall(coroutine.wrap(${functionBody(scope)})))`],
    [1, () => `show((${some('function')})(${list(scope, 2)}))`],
    [5, () => construct(scope)],
    [3, () => chain(scope)],
    [3, () => suspended(scope)],
    [3, () => jump(scope)],
    [1, () => system(scope)],
  ])
}

const defineFunction = (scope: Scope): string => {
  const text = functionBody(scope)
  const name = scope.name('f')
  scope.variables.push({ name, kind: 'function', constant: true })
  return `${name}${text.slice('function'.length)}`
}

const assign = (scope: Scope): string => {
  const { choices } = scope
  const kind = choices.pick(['integer', 'string', 'float', 'table'] as const)
  const target = scope.find(kind, true)
  const other = scope.find('table')
  // texts would double in loops
  const value = (): string => (kind === 'string' ? `brief(${expression(scope, kind)})` : expression(scope, kind))
  if (!target) return other ? `${other.name}[small(${expression(scope, 'integer')})] = ${anything(scope)}` : 'X = X'
  return choices.oneOf<string>([
    [4, () => `${target.name} = ${value()}`],
    [1, () => `${target.name}, G = ${value()}, brief(${anything(scope)})`],
    [1, () => `G = brief(${target.name}) show(G)`],
    [1, () => `local t = ${expression(scope, 'object')} t[${expression(scope, 'integer')}] = ${target.name} t.x = 1`],
    [1, () => (other ? `${other.name}.x, ${target.name} = ${target.name}, ${value()}` : 'X = 1')],
  ])
}

const loop = (scope: Scope): string => {
  const { choices } = scope
  const name = scope.name('i')
  const body = (kind: Kind, loop: 'any' | 'continue' | 'break' = 'any'): string => {
    const inner = scope.inner({ loop })
    if (choices.oneIn(2)) inner.variables.push({ name, kind, constant: false })
    return `  tick()\n  do\n${indent(block(inner, 3))}\n  end${loop === 'break' ? '' : '\n  ::continue::'}`
  }
  const closing = (): string => `closable(${choices.below(10)}, "${choices.pick(ACTIONS)}")`
  return choices.oneOf<string>([
    [3, () => `for ${name} = ${choices.pick(['1, 3', '3, 1, -1', '1.0, 2', '1, 2, 0.5', 'math.maxinteger - 1, math.maxinteger', '1, 0', '1, 3, 0', '1, "x"', '-1, -math.huge, -1 << 62', '3, 1.5, -1', 'math.mininteger, math.mininteger + 1', 'math.mininteger + 2, math.mininteger, -1', '1, 0/0', 'math.maxinteger - 3, 1e300, 2', '0.1, 0.7, 0.3', '1, -1, -0.5'])} do\n${body('integer')}\nend`], // prettier-ignore
    [2, () => `for _, ${name} in ipairs(${expression(scope, choices.pick(['table', 'object'] as const))}) do\n${body('integer')}\nend`], // prettier-ignore
    [1, () => `for ${name} in pairs(${object(scope)}) do\n  if type(${name}) ~= "number" then break end\n${body('integer')}\nend`], // prettier-ignore
    [1, () => `for ${name} in string.gmatch(${expression(scope, 'string')}, ${pattern(scope)}) do\n${body('string')}\nend`], // prettier-ignore
    [1, () => `for _, ${name} in utf8.codes(${choices.pick(['"abc"', '"\\u{20AC}x\\u{e4}"', '""', '"\\255a"'])}${choices.pick(['', ', true'])}) do\n${body('integer')}\nend`], // prettier-ignore
    [1, () => `for ${name} in coroutine.wrap(${functionBody(scope)}) do\n${body('integer')}\nend`],
    [1, () => `for ${name} in next, { 1, 2 }, nil, ${closing()} do\n${body('integer', 'continue')}\nend`],
    [
      1,
      () => `for ${name} in ${expression(scope, 'function')}, ${expression(scope, 'table')} do\n${body('string')}\nend`,
    ],
    [1, () => `local ${name} = 0 while ${name} < 3 and ${condition(scope)} do\n  ${name} = ${name} + 1\n${body('integer')}\nend`], // prettier-ignore
    [1, () => `do local n = 0 repeat\n  n = n + 1\n  local ${name} = ${anything(scope)}\n${body('integer', 'break')}\n  until n > 2 or ${name} == n end`], // prettier-ignore
    [1, () => `do local n = 0\n  ::again${name}::\n  tick()\n  n = n + 1\n${block(scope.inner(), 3)}\n  if n < 3 then goto again${name} end\nend`], // prettier-ignore
  ])
}
