/** Values of actions that are a number or an expression. */
import { strtol, strtolAnyBase } from '../../../bytes/integers.js'
import type { SampleExpression } from '../../samples/expression.js'
import type { RuleReader } from '../rule-reader.js'

export type NumberOrExpression = number | SampleExpression

/** A number as C's strtol reads it with base 0 or 10; undefined if something else is there. */
export const wholeNumber = (text: string, base: 0 | 10 = 0): number | undefined => {
  const { value, rest } = base === 0 ? strtolAnyBase(text) : strtol(text)
  return rest === '' ? value : undefined
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
