/**
 * `pause`, `set-timeout` and `wait-for-body` (`parse_http_pause`, `parse_http_set_timeout`, `parse_http_wait_for_body`,
 * src/http_act.c; `cfg_parse_rule_set_timeout`, src/action.c).
 */
import { firstByte } from '../../../bytes/text.js'
import type { Micros } from '../../../engine/clock.js'
import type { Action } from '../../model/rules.js'
import { hasBackend, hasFrontend } from '../../proxy/draft.js'
import type { SampleExpression } from '../../samples/expression.js'
import { isDurationError, parseDuration, parseSize } from '../../syntax/units.js'
import { RuleProblem, type RuleReader } from '../rule-reader.js'
import type { ActionKeyword } from './action.js'

/** A time, or an expression for one in milliseconds. */
type TimeOrExpression = Micros | SampleExpression

export interface PauseAction extends Action {
  readonly kind: 'pause'
  readonly time: TimeOrExpression
}

export interface SetTimeoutAction extends Action {
  readonly kind: 'set-timeout'
  readonly timeout: 'server' | 'tunnel' | 'client'
  readonly time: TimeOrExpression
}

export interface WaitForBodyAction extends Action {
  readonly kind: 'wait-for-body'
  readonly time: Micros
  /** bytes; 0: the whole body */
  readonly atLeast: number
}

/** Reads a time that is not 0, or an expression. @param rule what messages call the rule */
const timeOrExpression = (reader: RuleReader, rule: string): TimeOrExpression => {
  const { word } = reader
  const parsed = parseDuration(word)
  if (parsed === 'overflow')
    reader.fail(`timer overflow in argument '${word}' to rule '${rule}' (maximum value is 2147483647 ms or ~24.8 days)`)
  if (parsed === 'underflow')
    reader.fail(`timer underflow in argument '${word}' to rule '${rule}' (minimum value is 1 ms)`)
  if (!isDurationError(parsed)) {
    if (parsed.value === 0) reader.fail(`null value is not valid for a '${rule}' rule`)
    reader.next()
    return parsed.value
  }
  try {
    return reader.expression()
  } catch (error) {
    if (!(error instanceof RuleProblem)) throw error
    return reader.fail(`unexpected character '${parsed.unexpected}' in rule '${rule}'`)
  }
}

const pause: ActionKeyword = {
  names: ['pause'],
  read: (reader): PauseAction => {
    return { kind: 'pause', time: timeOrExpression(reader, 'pause') }
  },
}

const setTimeout: ActionKeyword = {
  names: ['set-timeout'],
  read: (reader): SetTimeoutAction => {
    const { proxy, at } = reader
    if (reader.word === '' || reader.line.at(at + 1) === '') reader.fail('expects exactly 2 arguments')
    const timeout = reader.next()
    if (timeout !== 'server' && timeout !== 'tunnel' && timeout !== 'client')
      return reader.fail(`'set-timeout' rule supports 'server'/'tunnel'/'client' (got '${timeout}')`)
    if (timeout === 'client' ? !hasFrontend(proxy) : !hasBackend(proxy))
      reader.fail(`'${proxy.name}' has no ${timeout === 'client' ? 'frontend' : 'backend'} capability`)
    const time = timeOrExpression(reader, `set-timeout ${timeout}`)
    reader.at = at + 2
    return { kind: 'set-timeout', timeout, time }
  },
}

const waitForBody: ActionKeyword = {
  names: ['wait-for-body'],
  read: (reader): WaitForBodyAction => {
    const usage = 'expects time <time> [ at-least <bytes> ]'
    if (reader.word === '') reader.fail(usage)
    let time: Micros | undefined
    let atLeast = 0
    while (reader.word === 'time' || reader.word === 'at-least') {
      const option = reader.next()
      const text = reader.next()
      if (text === '') reader.fail(`missing argument for '${option}'`)
      if (option === 'time') time = readTime(reader, text)
      else {
        const size = parseSize(text)
        if (typeof size !== 'number') return reader.fail(`unexpected character '${firstByte(size.rest) ?? '\0'}'`)
        atLeast = size
      }
    }
    return time === undefined ? reader.fail(usage) : { kind: 'wait-for-body', time, atLeast }
  },
}

const readTime = (reader: RuleReader, text: string): Micros => {
  const parsed = parseDuration(text)
  if (parsed === 'overflow') reader.fail('time overflow (maximum value is 2147483647 ms or ~24.8 days)')
  if (parsed === 'underflow') reader.fail('time underflow (minimum non-null value is 1 ms)')
  if (isDurationError(parsed)) return reader.fail(`unexpected character '${parsed.unexpected}'`)
  return parsed.value
}

export const TIMING_ACTIONS = [pause, setTimeout, waitForBody]
