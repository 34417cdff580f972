/** `tcp-request connection` and `tcp-request session` rules (`tcp_exec_l4_rules` and `tcp_exec_l5_rules`, src/tcp_rules.c). */
import type { RuleSetName } from '../../config/model/rules.js'
import { evaluateCondition } from '../samples/expression.js'
import type { StreamContext } from '../streams/context.js'
import type { Session } from '../streams/session.js'
import { sessionSamples } from '../streams/session-samples.js'

/** Evaluates the rules for a new connection. Returns false if it is refused. */
export const evaluateConnectionRules = (context: StreamContext, session: Session): boolean =>
  evaluate(context, session, 'tcp-request connection', 'deniedConnections')

/** Evaluates the rules for a session whose handshakes are complete. */
export const evaluateSessionRules = (context: StreamContext, session: Session): boolean =>
  evaluate(context, session, 'tcp-request session', 'deniedSessions')

const evaluate = (
  context: StreamContext,
  session: Session,
  ruleSet: RuleSetName,
  denied: 'deniedConnections' | 'deniedSessions',
): boolean => {
  const { frontend, listener } = session
  const { defaults, own } = context.plan(frontend).rules(ruleSet)
  if (defaults.length + own.length === 0) return true
  const samples = sessionSamples(context, session)
  for (const rule of defaults.concat(own)) {
    if (rule.condition && evaluateCondition(rule.condition, samples) !== 'pass') continue
    const run = context.actions.get(rule.action.kind)
    if (!run) continue
    const scope = {
      rule,
      context,
      proxy: frontend,
      session,
      stream: undefined,
      isConnectionRule: ruleSet === 'tcp-request connection',
      samples,
      isResponse: false,
      isFinal: true,
      isFirst: true,
    }
    switch (run(rule.action, scope)) {
      case 'continue':
        continue
      case 'deny':
        if (rule.action.kind === 'reject') {
          frontend.countingFrontend[denied]++
          if (listener && frontend.config.options.has('socket-stats')) listener.counting[denied]++
        }
        return false
      case 'abort':
      case 'error':
      case 'invalid':
        return false
      default:
        return true
    }
  }
  return true
}
