/** Durations as arguments of sections, with the messages that most of their parsers share. */
import type { Micros } from '../../engine/clock.js'
import type { ParseContext } from '../parse-context.js'
import type { Line } from './line.js'
import { isDurationError, parseDuration, trailingUnitText } from './units.js'

/** What messages name. */
export interface TimeArgument {
  /** the setting, without its argument */
  readonly keyword: string
  /** what is shown as the argument; default: the argument */
  readonly shown?: string
}

/** Parses the duration `text`; undefined if it is invalid, after reporting the error. */
export const readTime = (
  context: ParseContext,
  line: Line,
  text: string,
  { keyword, shown = text }: TimeArgument,
): Micros | undefined => {
  const parsed = parseDuration(text)
  if (!isDurationError(parsed)) {
    if (parsed.trailing !== '')
      context.main.add('warning', `config : ${trailingUnitText(text, parsed.trailing)}`, line.place)
    return parsed.value
  }
  const what = `in argument <${shown}> to <${keyword}>`
  if (parsed === 'overflow')
    context.alertWithoutSpace(line, `timer overflow ${what}, maximum value is 2147483647 ms (~24.8 days).`)
  else if (parsed === 'underflow')
    context.alertWithoutSpace(line, `timer underflow ${what}, minimum non-null value is 1 ms.`)
  else context.alertWithoutSpace(line, `unexpected character '${parsed.unexpected}' in argument to <${keyword}>.`)
  return undefined
}
