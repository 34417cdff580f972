/** Evaluates an `expect` rule on an HTTP response (`tcpcheck_eval_expect_http` in src/tcpcheck.c). */
import type { HeaderPattern } from '../../config/checks/rules.js'
import { Regex } from '../../regex/index.js'
import { EMPTY_FORMAT, type Verdict } from './expect.js'
import { listValues } from '../../http/values.js'
import { lowerCase } from '../../http/characters.js'
import type { HttpAnswer } from './http-input.js'
import type { ProgramExpect } from '../../config/checks/program.js'
import type { DialogueContext } from './context.js'
import { formatText } from '../samples/log-format.js'
import { STATUS, type CheckStatus } from '../../config/checks/status.js'

/** A verdict, with the status of a failure unless the rule sets one. */
export interface HttpVerdict {
  readonly verdict: Verdict
  readonly status: CheckStatus
}

/** @param lastRead whether nothing more of the response will be received */
export const expectAnswer = (
  rule: ProgramExpect,
  answer: HttpAnswer,
  context: DialogueContext,
  lastRead: boolean,
): HttpVerdict => {
  const { pattern } = rule
  const { status, statusText } = answer.head
  // the server's reason phrase, unless the rule has an `on-error`
  const reason = rule.onError === undefined || rule.onError.items.length === 0 ? answer.head.reason : ''
  const judged = (isMatch: boolean, status: CheckStatus, description: string): HttpVerdict => ({
    verdict: isMatch === rule.inverse ? { isMatch: false, description } : 'pass',
    status,
  })
  switch (pattern.type) {
    case 'http-status':
      return judged(
        pattern.ranges.some(([from, to]) => status >= from && status <= to),
        STATUS.L7STS,
        reason,
      )
    case 'http-rstatus':
      return judged(pattern.regex.test(statusText), STATUS.L7STS, reason)
    case 'http-header': {
      const match = matchesHeader(pattern, answer, context)
      if (match === 'empty') return { verdict: failed(EMPTY_FORMAT), status: STATUS.L7RSP }
      return judged(match, STATUS.L7STS, reason)
    }
    default:
      return { verdict: expectBody(rule, answer, context, lastRead), status: STATUS.L7RSP }
  }
}

const failed = (description: string): Verdict => ({ isMatch: false, description, isInvalid: true })

const expectBody = (
  rule: ProgramExpect,
  { body }: HttpAnswer,
  context: DialogueContext,
  lastRead: boolean,
): Verdict => {
  const { pattern, minRecv, inverse, onError } = rule
  const own = (text: string): string => (onError === undefined || onError.items.length === 0 ? text : '')
  if (body === '') {
    if (!lastRead) return 'wait'
    return { isMatch: false, description: own('HTTP content check could not find a response body') }
  }
  const data =
    pattern.type === 'http-body'
      ? pattern.data
      : pattern.type === 'http-body-lf'
        ? formatText(pattern.format, context)
        : undefined
  if (data === '') return failed(EMPTY_FORMAT)
  if (!lastRead && (body.length < (data?.length ?? 0) || (minRecv > 0 && body.length < minRecv))) return 'wait'
  const match = data === undefined ? pattern.type === 'http-rbody' && pattern.regex.test(body) : body.includes(data)
  if (!match && !lastRead && minRecv === -1) return 'wait'
  if (match !== inverse) return 'pass'
  return {
    isMatch: false,
    description: own(inverse ? 'HTTP check matched unwanted content' : 'HTTP content check did not match'),
  }
}

type HeaderExpectation = Extract<ProgramExpect['pattern'], { type: 'http-header' }>

const matchesHeader = (
  { name, value, full }: HeaderExpectation,
  { head }: HttpAnswer,
  context: DialogueContext,
): boolean | 'empty' => {
  const namePattern = resolved(name, context)
  const valuePattern = value && resolved(value, context)
  if (namePattern === '' || valuePattern === '') return 'empty'
  return [...head.fields].some((field) => {
    if (!matchesText(name.method, lowered(namePattern), field.name)) return false
    if (value === undefined) return true
    const values = full ? [field.value] : [...listValues(field.value)]
    return values.some((each) => matchesText(value.method, valuePattern!, each))
  })
}

const lowered = (pattern: string | Regex): string | Regex =>
  typeof pattern === 'string' ? lowerCase(pattern) : pattern

const resolved = ({ pattern }: HeaderPattern, context: DialogueContext): string | Regex =>
  typeof pattern === 'string' || pattern instanceof Regex ? pattern : formatText(pattern, context)

const matchesText = (method: HeaderPattern['method'], pattern: string | Regex, text: string): boolean => {
  if (typeof pattern !== 'string') return pattern.test(text)
  switch (method) {
    case 'beg':
      return text.startsWith(pattern)
    case 'end':
      return text.endsWith(pattern)
    case 'sub':
      return text.includes(pattern)
    default:
      return text === pattern
  }
}
