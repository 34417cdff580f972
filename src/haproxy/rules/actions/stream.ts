/**
 * Settings of a stream: `set-log-level`, `set-nice`, `set-retries` (src/stream.c), `set-timeout` (src/action.c), `set-priority-class`,
 * `set-priority-offset` (src/queue.c), `disable-l7-retry`, `switch-mode` (src/stream.c), and `do-log` (src/log.c).
 */
import type { RuleSetName } from '../../../config/model/rules.js'
import type {
  LogLevelAction,
  NiceAction,
  PriorityAction,
  RetriesAction,
  SwitchModeAction,
} from '../../../config/rules/actions/stream.js'
import { wantsHttp2 } from '../../../config/rules/emulated-actions.js'
import type { SetTimeoutAction } from '../../../config/rules/actions/timing.js'
import { MILLISECOND } from '../../../engine/clock.js'
import { evaluateInteger } from '../../samples/expression.js'
import { NEVER } from '../../streams/channel.js'
import { switchToHttp } from '../../streams/http/upgrade.js'
import { logNow } from '../../streams/log-now.js'
import { limitedClass, limitedOffset } from '../../streams/priority.js'
import type { RunAction } from '../action.js'
import type { ActionGroup } from './group.js'

const setTimeout: RunAction = (action, { stream, samples }) => {
  const { timeout, time } = action as SetTimeoutAction
  const milliseconds = typeof time === 'number' ? undefined : evaluateInteger(time, samples)
  if (typeof time !== 'number' && milliseconds === undefined) return 'continue'
  const micros = typeof time === 'number' ? time : Number(milliseconds) * MILLISECOND
  const value = micros === 0 ? NEVER : micros
  if (timeout === 'client') stream!.front.timeout = value
  else if (timeout === 'server') stream!.back.timeout = value
  else stream!.tunnelTimeout = value
  return 'continue'
}

const MOST_RETRIES = 100

const setRetries: RunAction = (action, { stream, samples }) => {
  const { retries } = action as RetriesAction
  const value = typeof retries === 'number' ? retries : Number(evaluateInteger(retries, samples) ?? -1)
  if (value >= 0 && value <= MOST_RETRIES) stream!.maxRetries = value
  return 'continue'
}

const setPriority: RunAction = (action, { stream, samples }) => {
  const { kind, value } = action as PriorityAction
  const number = evaluateInteger(value, samples)
  if (number === undefined) return 'continue'
  // an int in C
  const int = Number(BigInt.asIntN(32, number))
  if (kind === 'set-priority-class') stream!.priorityClass = limitedClass(int)
  else stream!.priorityOffset = limitedOffset(int)
  return 'continue'
}

/** What log lines of `do-log` are written for (`%OG`). */
const ORIGINS: Readonly<Partial<Record<RuleSetName, string>>> = {
  'tcp-request connection': 'tcp-req-conn',
  'tcp-request session': 'tcp-req-sess',
  'tcp-request content': 'tcp-req-cont',
  'tcp-response content': 'tcp-res-cont',
  'http-request': 'http-req',
  'http-response': 'http-res',
  'http-after-response': 'http-after-res',
}

export const STREAM_ACTIONS: ActionGroup = {
  'set-log-level': (action, { stream }) => {
    stream!.logLevel = (action as LogLevelAction).level
    return 'continue'
  },
  'set-nice': (action, { stream }) => {
    stream!.task.nice = (action as NiceAction).nice
    return 'continue'
  },
  'set-retries': setRetries,
  'set-timeout': setTimeout,
  'set-priority-class': setPriority,
  'set-priority-offset': setPriority,
  'disable-l7-retry': (_action, { stream }) => {
    stream!.transaction!.mayRetry = false
    stream!.transaction!.isRetryDisabled = true
    return 'continue'
  },
  'switch-mode': (action, { stream }) => {
    if (wantsHttp2(action)) return 'continue'
    if (switchToHttp(stream!, (action as SwitchModeAction).protocol)) return 'stop'
    stream!.abort()
    return 'abort'
  },
  'do-log': (_action, { session, stream, context, rule }) => {
    logNow(context, session, stream, ORIGINS[rule.ruleSet] ?? 'unspec')
    return 'continue'
  },
}
