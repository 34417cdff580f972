/** Actions that wait: `pause`, `wait-for-body` (src/http_act.c), `wait-for-handshake` (src/http_act.c). */
import type { PauseAction, WaitForBodyAction } from '../../../config/rules/actions/timing.js'
import { MILLISECOND } from '../../../engine/clock.js'
import { evaluateInteger } from '../../samples/expression.js'
import { NEVER } from '../../streams/channel.js'
import { waitForBody, type BodyProgress } from '../../streams/http/wait-for-body.js'
import type { Outcome, RunAction } from '../action.js'
import type { ActionGroup } from './group.js'

const pause: RunAction = (action, { stream, samples, isResponse }) => {
  const { time } = action as PauseAction
  const { now } = stream!
  const channel = isResponse ? stream!.response : stream!.request
  if (channel.analyseExpires === NEVER) {
    const milliseconds = typeof time === 'number' ? undefined : evaluateInteger(time, samples)
    if (typeof time !== 'number' && milliseconds === undefined) return 'continue'
    const micros = typeof time === 'number' ? time : Number(milliseconds) * MILLISECOND
    if (micros !== 0) channel.analyseExpires = now + micros
  }
  if (channel.analyseExpires !== NEVER && !channel.isLate(now)) return 'yield'
  channel.analyseExpires = NEVER
  return 'continue'
}

const OUTCOMES: Readonly<Record<BodyProgress, Outcome>> = {
  complete: 'continue',
  waiting: 'yield',
  abort: 'abort',
  invalid: 'invalid',
  error: 'error',
}

export const WAITING_ACTIONS: ActionGroup = {
  pause,
  'wait-for-body': (action, { stream, isResponse }) => {
    const { time, atLeast } = action as WaitForBodyAction
    return OUTCOMES[waitForBody(stream!, isResponse, time === 0 ? NEVER : time, atLeast)]
  },
  // handshakes are complete before there is a stream
  'wait-for-handshake': () => 'continue',
}
