/** Actions that end the evaluation of a list of rules without anything else (`tcp-request … accept|reject`, `allow`). */
import { RequestAnalyser, ResponseAnalyser } from '../../streams/analysers.js'
import { countBackend, countFrontend } from '../../streams/counting.js'
import type { ActionGroup } from './group.js'

export const VERDICT_ACTIONS: ActionGroup = {
  allow: () => 'stop',
  accept: () => 'stop',
  reject: (_action, { stream, rule }) => {
    // `http-request reject` closes the connection without a reply (`http_action_reject`)
    if (!stream || !rule.ruleSet.startsWith('http')) return 'deny'
    if (stream.front.endpoint) stream.front.endpoint.killsConnection = true
    stream.abort()
    stream.request.analysers &= RequestAnalyser.END
    stream.response.analysers &= ResponseAnalyser.END
    countBackend(stream, 'deniedRequests')
    countFrontend(stream, 'deniedRequests')
    stream.endBy('P')
    stream.endIn('R')
    return 'abort'
  },
}
