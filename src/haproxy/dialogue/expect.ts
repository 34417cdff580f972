/** Evaluates an `expect` rule on received bytes (`tcpcheck_eval_expect` in src/tcpcheck.c). */
import { parseHex } from '../../config/syntax/bytes.js'
import { hexOf } from './messages.js'
import type { ProgramExpect } from '../../config/checks/program.js'
import type { DialogueContext } from './context.js'
import { formatText } from '../samples/log-format.js'

/** The verdict of a rule: more data is needed, a match as expected, or a failure with its description (if the rule has none). */
export type Verdict =
  'wait' | 'pass' | { readonly isMatch: boolean; readonly description: string; readonly isInvalid?: boolean }

const FAILED = (description: string): Verdict => ({ isMatch: false, description, isInvalid: true })

export const EMPTY_FORMAT = 'log-format string evaluated to an empty string'

export const expectBytes = (rule: ProgramExpect, context: DialogueContext, lastRead: boolean): Verdict => {
  const { input } = context.response
  const { pattern, minRecv } = rule
  if (!lastRead) {
    if ((pattern.type === 'string' || pattern.type === 'binary') && input.length < pattern.data.length) return 'wait'
    if (minRecv > 0 && input.length < minRecv) return 'wait'
  }
  const match = matches(rule, context, lastRead)
  if (typeof match !== 'boolean') return match
  if (!match && !lastRead && minRecv === -1) return 'wait'
  return match === rule.inverse ? { isMatch: match, description: '' } : 'pass'
}

const matches = ({ pattern }: ProgramExpect, context: DialogueContext, lastRead: boolean): boolean | Verdict => {
  const { input } = context.response
  switch (pattern.type) {
    case 'string':
    case 'binary':
      return input.includes(pattern.data)
    case 'rstring':
      return pattern.regex.test(input)
    case 'rbinary':
      return pattern.regex.test(hexOf(input))
    case 'string-lf':
    case 'binary-lf': {
      const text = formatText(pattern.format, context)
      if (text === '') return FAILED(EMPTY_FORMAT)
      const data = pattern.type === 'string-lf' ? text : parseHex(text)
      if (typeof data !== 'string') return FAILED('Failed to parse hexastring resulting of eval of a log-format string')
      if (input.length < data.length) return lastRead ? false : 'wait'
      return input.includes(data)
    }
    default:
      return false
  }
}
