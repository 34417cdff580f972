/** How lines of `global` are validated whose keywords hapsim does not emulate. */
import { strtol } from '../../../bytes/integers.js'
import type { LineResult, ParseContext } from '../../parse-context.js'
import type { Line } from '../../syntax/line.js'
import { parseSize } from '../../syntax/units.js'
import type { ValueCheck } from '../check.js'

/** Validates a line. If the result is not `ok`, the error has been reported; warnings may have been in any case. */
export type GlobalCheck = (context: ParseContext, line: Line) => LineResult

/** Validates any number of arguments. */
export const anyWords =
  (check: ValueCheck = () => undefined): GlobalCheck =>
  (context, line) => {
    const problem = check(line.at(0), line.from(1))
    return problem === undefined ? 'ok' : context.alert(line, problem)
  }

/** Validates at most `max` arguments. */
export const atMost =
  (max: number, check: ValueCheck = () => undefined): GlobalCheck =>
  (context, line) =>
    context.tooManyWords(line, max) ? 'fatal' : anyWords(check)(context, line)

/** One argument. */
export const one = (check: ValueCheck): GlobalCheck => atMost(1, check)

/**
 * One argument of a keyword that can be used once, unless its value is 0. A repeated line is reported with the given severity, which does
 * not prevent startup, and ignored.
 */
export const once =
  (severity: 'alert' | 'warning', check: ValueCheck): GlobalCheck =>
  (context, line) => {
    if (context.tooManyWords(line, 1)) return 'fatal'
    const [name, value] = [line.at(0), line.at(1)]
    if (context.usedOnce.has(name)) {
      context.main.parsing(severity, line.place, `'${name}' already specified. Continuing.`)
      return 'ok'
    }
    const problem = check(name, [value])
    if (problem !== undefined) return context.alert(line, problem)
    if (strtol(value).value !== 0) context.usedOnce.add(name)
    return 'ok'
  }

/**
 * Reports an error as functions do that print it themselves and return no message: HAProxy then prints `(null)`, too. Returns `fatal`.
 */
export const alertTwice = (context: ParseContext, line: Line, text: string): 'fatal' => {
  context.alert(line, text)
  return context.alert(line, '(null)')
}

/** Makes {@link alertTwice} of a check. */
export const reportedTwice =
  (max: number, check: ValueCheck): GlobalCheck =>
  (context, line) => {
    if (context.tooManyWords(line, max)) return 'fatal'
    const problem = check(line.at(0), line.from(1))
    return problem === undefined ? 'ok' : alertTwice(context, line, problem)
  }

/** A size, with the error message of most keywords. */
export const size: ValueCheck = (name, [value = '']) => {
  const parsed = parseSize(value)
  return typeof parsed === 'number' ? undefined : `unexpected '${parsed.rest}' after size passed to '${name}'`
}

/** A size up to `max`. */
export const sizeUpTo =
  (max: number): ValueCheck =>
  (name, values) => {
    const problem = size(name, values)
    if (problem !== undefined) return problem
    return Number(parseSize(values[0]!)) > max ? `'${name}' expects a size in bytes from 0 to ${max}.` : undefined
  }

/** A size of 32 (the default) or 64 bits, with the other error message. */
export const sizeArgument =
  (bits?: 32 | 64): ValueCheck =>
  (name, [value = '']) => {
    const parsed = parseSize(value, bits)
    if (typeof parsed === 'number') return undefined
    return `'${name}': unexpected character '${parsed.rest[0] ?? '\0'}' in size argument '${value}'.`
  }

/** An integer and nothing else (`strtol`). */
export const parsableInteger: ValueCheck = (name, [value = '']) =>
  value !== '' && strtol(value).rest === ''
    ? undefined
    : `'${name}' passed a missing or unparsable integer value in '${value}'`
