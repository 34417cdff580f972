/**
 * Numbers, quantifiers and names in patterns (`read_number`, `read_repeat_counts` and `read_name` in pcre2_compile.c). Positions are
 * those that PCRE2 reports.
 */
import { PatternError } from './errors.js'

export const MAX_GROUP = 65535
const MAX_REPEAT = 65535
const MAX_NAME = 128

const isDigit = (char: string | undefined): boolean => char !== undefined && char >= '0' && char <= '9'
const isBlank = (char: string | undefined): boolean => char === ' ' || char === '\t'

/** The position after blanks, which are permitted at either end within braces. */
export const skipBlanks = (text: string, at: number): number => {
  while (isBlank(text[at])) at++
  return at
}

/** The result, and the position after it. */
export interface NumberRead {
  readonly value: number
  readonly at: number
}

/**
 * Reads a decimal number; undefined if there is none.
 *
 * @param relativeTo numbers with a sign are relative to this number of groups; undefined: signs are not permitted
 * @param tooBig the error for numbers above `max`
 * @param errorAt position of the error, by default after the number
 */
export const readNumber = (
  text: string,
  at: number,
  relativeTo: number | undefined,
  max: number,
  tooBig: number,
  errorAt?: number,
): NumberRead | undefined => {
  let sign = 0
  if (relativeTo !== undefined && (text[at] === '+' || text[at] === '-')) {
    sign = text[at] === '+' ? 1 : -1
    if (sign > 0) max -= relativeTo
    at++
  }
  if (!isDigit(text[at])) return undefined
  const start = at
  while (isDigit(text[at])) at++
  let value = Number(text.slice(start, at))
  if (value > max) throw new PatternError(tooBig, errorAt ?? at)
  if (sign !== 0) {
    if (value === 0) throw new PatternError(26, errorAt ?? at)
    if (sign > 0) value += relativeTo!
    else if (value > relativeTo!) throw new PatternError(15, errorAt ?? at)
    else value = relativeTo! + 1 - value
  }
  return { value, at }
}

const QUANTIFIER = /[ \t]*(?:(\d+)[ \t]*(?:(,)[ \t]*(\d*))?|,[ \t]*(\d+))[ \t]*\}/dy

export interface Counts {
  readonly min: number
  readonly max: number
  readonly at: number
}

/** Reads a quantifier after its `{`; undefined if it is not one, and the brace is literal. */
export const readCounts = (text: string, at: number, errorAt?: number): Counts | undefined => {
  QUANTIFIER.lastIndex = at
  const found = QUANTIFIER.exec(text)
  if (!found) return undefined
  const [all, first, comma, second, only] = found
  const behind = (group: number): number => errorAt ?? found.indices![group]![1]
  const min = first === undefined ? 0 : Number(first)
  if (min > MAX_REPEAT) throw new PatternError(5, behind(1))
  if (first !== undefined && comma === undefined) return { min, max: min, at: at + all.length }
  const last = first === undefined ? only! : second!
  const max = last === '' ? Infinity : Number(last)
  if (max < min || (max > MAX_REPEAT && max !== Infinity))
    throw new PatternError(max > MAX_REPEAT ? 5 : 4, behind(first === undefined ? 4 : 3))
  return { min, max, at: at + all.length }
}

export interface NameRead {
  readonly name: string
  /** start of the name */
  readonly offset: number
  readonly at: number
}

/**
 * Reads the name of a group.
 *
 * @param at before the name
 * @param terminator the text that must follow; empty: any
 */
export const readName = (text: string, at: number, terminator: string): NameRead => {
  const braced = terminator === '}'
  if (braced) at = skipBlanks(text, at)
  if (at >= text.length) throw new PatternError(62, at)
  if (isDigit(text[at])) throw new PatternError(44, at + 1)
  const { name, at: end } = readWord(text, at)
  let next = end
  if (name === '') throw new PatternError(62, next)
  if (braced) next = skipBlanks(text, next)
  if (terminator !== '') {
    if (text[next] !== terminator) throw new PatternError(42, next)
    next++
  }
  return { name, offset: at, at: next }
}

const WORD = /\w*/y

/** Reads the name of a verb or of an assertion such as `(*pla:…)`; it may be empty. */
export const readWord = (text: string, at: number): NameRead => {
  WORD.lastIndex = at
  const name = WORD.exec(text)![0]
  if (name.length > MAX_NAME) throw new PatternError(48, at + name.length)
  return { name, offset: at, at: at + name.length }
}
