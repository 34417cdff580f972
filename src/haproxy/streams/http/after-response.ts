/** `http-after-response` rules, which are evaluated on each response, those of HAProxy's own included (`http_eval_after_res_rules`). */
import { evaluateRules } from '../../rules/evaluate.js'
import type { Proxy } from '../../proxy/proxy.js'
import { samplesOf } from '../samples.js'
import type { Stream } from '../stream.js'

/** Evaluates the rules of the backend, then those of the frontend. Returns false if one has failed. */
export const evaluateAfterResponse = (stream: Stream): boolean => {
  const { backend, session } = stream
  if (stream.transaction!.isConstReply) return true
  stream.beginResponse()
  if (!evaluate(stream, backend, true)) return false
  if (session.frontend === backend) return true
  return evaluate(stream, session.frontend, session.frontend.config.defaultRules !== backend.config.defaultRules)
}

const evaluate = (stream: Stream, proxy: Proxy, withDefaults: boolean): boolean => {
  const lists = stream.context.plan(proxy).rules('http-after-response')
  if (lists.own.length + lists.defaults.length === 0) return true
  const { response } = stream.transaction!
  // rules that were interrupted continue afterwards
  const { position } = stream
  stream.position = undefined
  const verdict = evaluateRules({
    stream,
    proxy,
    lists,
    withDefaults,
    isResponse: true,
    isComplete: true,
    isFinal: true,
    samples: samplesOf(stream, proxy, true, 'response'),
    onList: () => (response.isSoft = false),
  })
  response.isSoft = false
  stream.position = position
  return verdict === 'continue' || verdict === 'stop' || verdict === 'done'
}
