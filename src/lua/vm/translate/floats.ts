/** Forms of arithmetic and comparisons for operands that are floats, or are converted to floats because the other one is. */
import { constantAt, isConstant } from '../names.js'
import { LuaFloat } from '../value.js'
import type { Code } from './code.js'

/** The condition of a form, and the operands as doubles. */
export interface FloatForm {
  readonly test: string
  readonly left: string
  readonly right: string
}

/** A double as JavaScript source. */
export const literal = (n: number): string => (n < 0 || Object.is(n, -0) ? `(-${Math.abs(n)})` : String(n))

/** A constant as a double in an operation with a float; undefined if it is not a number. */
export const constantDouble = (e: Code, operand: number): { n: number; float: boolean } | undefined => {
  const value = isConstant(operand) ? constantAt(e.proto, operand) : undefined
  if (value instanceof LuaFloat) return { n: value.n, float: true }
  return typeof value === 'number' ? { n: value, float: false } : undefined
}

/**
 * The forms of a binary operator on floats, the most frequent one first.
 *
 * @param always whether integers are converted to floats regardless of the other operand
 */
export const floatForms = (e: Code, B: number, C: number, always = false): FloatForm[] => {
  const [b, c] = [e.rk(B), e.rk(C)]
  const [left, right] = [constantDouble(e, B), constantDouble(e, C)]
  if (left && right) return []
  const constant = left ?? right
  if (constant) {
    const register = left ? c : b
    const form = (test: string, value: string): FloatForm => ({
      test,
      left: left ? literal(left.n) : value,
      right: right ? literal(right.n) : value,
    })
    const forms = [form(`${register} instanceof F`, `${register}.n`)]
    if (constant.float || always) forms.push(form(`typeof ${register}==='number'`, register))
    return forms
  }
  if (isConstant(B) || isConstant(C)) return []
  const forms = [{ test: `${b} instanceof F&&${c} instanceof F`, left: `${b}.n`, right: `${c}.n` }]
  if (always) forms.push({ test: `typeof ${b}==='number'&&typeof ${c}==='number'`, left: b, right: c })
  return forms
}

/** Generates `else if` branches that set `v` to the result of an operator for floats. */
export const floatBranches = (e: Code, B: number, C: number, operator: string, always = false): string =>
  floatForms(e, B, C, always)
    .map(({ test, left, right }) => `if(${test})v=new F(${left}${operator}${right});else `)
    .join('')

/** Generates the same for comparisons. */
export const floatComparisons = (e: Code, B: number, C: number, operator: string): string =>
  floatForms(e, B, C)
    .map(({ test, left, right }) => `if(${test})v=${left}${operator}${right};else `)
    .join('')
