/** Expressions of integer operators give what they give in lua5.4, for values of every size and for those that are no integers. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { differences, withLua } from './real-lua.js'

const VALUES = [
  ...['0', '1', '-1', '2', '31', '32', '33', '63', '64', '65535', '-65536', '0x7fffffff', '0x80000000', '-0x80000000'],
  ...['0xffffffff', '0x100000000', '-0xffffffff', '0xdeadbeefcafe', '-0xdeadbeefcafe', '0x1fffffffffffff'],
  ...['0x20000000000000', '-0x1fffffffffffff', '-0x20000000000000', '0x123456789abcdef0', '-0x123456789abcdef0'],
  ...['0x9e3779b97f4a7c15', 'math.maxinteger', 'math.mininteger', '3.0', '2.5', '-0.0', '1e100', '"7"', '"x"'],
]
const CONSTANTS = [
  '1',
  '-1',
  '7',
  '13',
  '31',
  '32',
  '63',
  '0xff',
  '0xffff',
  '0xffffffff',
  '0x100000001b3',
  '0x9e3779b97f4a7c15',
]

const leaf = fc.oneof(fc.constantFrom('a', 'b', 'c'), fc.constantFrom(...CONSTANTS))
const { expression } = fc.letrec<{ expression: string }>((tie) => ({
  expression: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc
      .tuple(tie('expression'), fc.constantFrom('+', '-', '*', '&', '|', '~', '<<', '>>', '&', '~'), tie('expression'))
      .map(([left, operator, right]) => `(${left} ${operator} ${right})`),
    fc
      .tuple(tie('expression'), fc.constantFrom('<<', '>>'), fc.constantFrom('1', '5', '13', '31', '32', '40', '63'))
      .map(([left, operator, by]) => `(${left} ${operator} ${by})`),
    fc.tuple(fc.constantFrom('~', '-'), tie('expression')).map(([operator, operand]) => `(${operator}${operand})`),
    tie('expression').map((operand) => `(${operand} & 0xffffffff)`),
  ),
}))

/** Runs the expression often enough that it is translated, with all kinds of values. */
const program = (text: string, seed: number): string => `
local values = { ${VALUES.join(', ')} }
local function f(a, b, c) local r = ${text} return r end
local seed = ${seed}
local function value() seed = (seed * 16807) % 2147483647 return values[seed % #values + 1] end
for i = 1, 40 do
  local a, b, c = value(), value(), value()
  local ok, r = pcall(f, a, b, c)
  print(ok and r or (tostring(r):gsub(" %(.*%)", "")))
end`

withLua('5.4', 'integer operators', () => {
  it('2000 expressions, of 40 values each', () => {
    const programs = fc.sample(expression, { numRuns: 2000, seed: 65 }).map(program)
    for (let i = 0; i < programs.length; i += 500)
      expect(differences('5.4', programs.slice(i, i + 500)).slice(0, 3)).toEqual([])
  })
})
