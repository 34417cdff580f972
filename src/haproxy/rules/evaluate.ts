/**
 * Evaluates lists of rules on messages, and continues where an action has yielded (`http_req_get_intercept_rule` and
 * `http_res_get_intercept_rule` in src/http_ana.c, `tcp_inspect_request` in src/tcp_rules.c).
 */
import type { Rule } from '../../config/model/rules.js'
import { Wake } from '../../engine/task.js'
import type { RuleLists } from '../proxy/plan.js'
import type { Proxy } from '../proxy/proxy.js'
import type { SampleContext } from '../samples/context.js'
import { evaluateCondition } from '../samples/expression.js'
import type { Stream } from '../streams/stream.js'
import type { ActionScope, Outcome } from './action.js'

/** The result of a list: `continue` at its end; `missing`: a condition waits for more data. */
export type Verdict = Outcome | 'missing'

export interface Evaluation {
  readonly stream: Stream
  readonly proxy: Proxy
  readonly lists: RuleLists
  /** whether the rules of `defaults` are evaluated */
  readonly withDefaults: boolean
  readonly isResponse: boolean
  /** conditions have all data that they will get: one that misses data fails */
  readonly isComplete: boolean
  /** actions may not yield */
  readonly isFinal: boolean
  readonly samples: SampleContext
  /** called before each of the lists */
  readonly onList?: () => void
}

export const evaluateRules = (evaluation: Evaluation): Verdict => {
  const { stream, lists, withDefaults } = evaluation
  const { position } = stream
  stream.position = undefined
  const all = withDefaults ? lists.all : lists.ownOnly
  const resumed = position ? all.indexOf(position.rules) : -1
  for (let index = Math.max(resumed, 0); index < all.length; index++) {
    const isResumed = index === resumed
    if (!isResumed) evaluation.onList?.()
    const verdict = evaluateList(evaluation, all[index]!, isResumed ? position : undefined)
    if (verdict !== 'continue') return verdict
  }
  return 'continue'
}

const evaluateList = (evaluation: Evaluation, rules: readonly Rule[], from: Stream['position']): Verdict => {
  const { stream, isFinal } = evaluation
  for (let at = from?.at ?? 0; at < rules.length; at++) {
    const rule = rules[at]!
    const isResumed = from !== undefined && at === from.at && !from.isForced
    if (!isResumed) {
      if (stream.rulesDone++ >= stream.context.rulesAtOnce && !isFinal) {
        stream.position = { rules, at, isForced: true }
        stream.task.wake(Wake.MESSAGE)
        return 'yield'
      }
      const result = applies(evaluation, rule)
      if (result === 'missing') return result
      if (!result) continue
    }
    const outcome = runAction(evaluation, rule, !isResumed)
    if (outcome === 'continue') continue
    if (outcome === 'yield' && !isFinal) {
      stream.position = { rules, at, isForced: false }
      stream.waitingRule = rule
      return outcome
    }
    stream.lastRule = rule
    return outcome
  }
  return 'continue'
}

const applies = ({ samples }: Evaluation, { condition }: Rule): boolean | 'missing' => {
  if (condition === undefined) return true
  const result = evaluateCondition(condition, samples)
  return result === 'miss' ? 'missing' : result === 'pass'
}

const runAction = (evaluation: Evaluation, rule: Rule, isFirst: boolean): Outcome => {
  const { stream, proxy, samples, isResponse, isFinal } = evaluation
  const run = stream.context.actions.get(rule.action.kind)
  stream.waitingRule = undefined
  if (!run) return 'continue'
  const { context, session } = stream
  const scope: ActionScope = {
    rule,
    context,
    proxy,
    session,
    stream,
    isConnectionRule: false,
    samples,
    isResponse,
    isFinal,
    isFirst,
  }
  return run(rule.action, scope)
}
