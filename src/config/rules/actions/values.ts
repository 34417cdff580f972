/** Values of actions that are a number or an expression. */
import type { SampleExpression } from '../../samples/expression.js'
import type { RuleReader } from '../rule-reader.js'

export type NumberOrExpression = number | SampleExpression

/** A number as C's strtol reads it with base 0 or 10; undefined if something else is there. */
export const wholeNumber = (text: string, base: 0 | 10 = 0): number | undefined => {
  if (text === '') return 0
  const [, sign, digits] = /^\s*([+-]?)(0[xX][0-9a-fA-F]+|\d+)$/.exec(text) ?? []
  if (digits === undefined || (base === 10 && /^0[xX]/.test(digits))) return undefined
  const isOctal = base === 0 && /^0\d/.test(digits)
  if (isOctal && /[89]/.test(digits)) return undefined
  const value = Number(isOctal ? `0o${digits.slice(1)}` : digits)
  return sign === '-' ? -value : value
}

interface NumberOptions {
  readonly places: number
  /** what messages call the fetch */
  readonly shown?: string
  readonly base?: 0 | 10
}

/** Reads a number, or an expression that must be available at `places`. */
export const numberOrExpression = (reader: RuleReader, options: NumberOptions): NumberOrExpression => {
  const value = wholeNumber(reader.word, options.base)
  if (value === undefined) return reader.availableExpression(options)
  reader.next()
  return value
}
