/** Validation of the rules of a proxy once the whole configuration is read (`check_action_rules`, src/action.c; src/cfgparse.c). */
import type { Condition } from '../model/acl.js'
import type { Rule, RuleSetName } from '../model/rules.js'
import type { ParseContext } from '../parse-context.js'
import type { ProxyDraft } from '../proxy/draft.js'
import { sourcesMask } from '../samples/places.js'
import type { Diagnostics } from '../syntax/diagnostics.js'
import type { RuleCheck } from './actions/action.js'
import { actionKeyword } from './actions/index.js'
import { findTcpAction } from './actions/tcp.js'
import { conditionSources } from './conflicts.js'
import { lookupAction } from './rule-sets.js'

/** In the order in which they are validated. */
const RULE_SETS: readonly RuleSetName[] = [
  'tcp-request connection',
  'tcp-request session',
  'tcp-request content',
  'tcp-response content',
  'http-request',
  'http-response',
  'http-after-response',
]

/** Runs the checks of all rules. */
export const checkRules = (context: ParseContext, proxy: ProxyDraft, diagnostics: Diagnostics): void => {
  for (const ruleSet of RULE_SETS)
    for (const rule of proxy.traffic.rules(ruleSet)) {
      const problem = checkOf(rule)?.(rule, context, proxy, diagnostics)
      if (problem !== undefined) diagnostics.add('alert', `Proxy '${proxy.name}': ${problem}.`, proxy.place)
      warnIfRequestBytes(proxy, rule.condition, diagnostics)
    }
}

/** The check of the rule's action. */
const checkOf = ({ ruleSet, name }: Rule): RuleCheck | undefined => {
  const known = findTcpAction(ruleSet, name) ?? lookupAction(ruleSet, name)?.name
  return known === undefined ? undefined : actionKeyword(ruleSet, known)?.check
}

const BUFFERS = sourcesMask('request buffer', 'response buffer')

/** Warns about fetches from raw bytes in HTTP proxies, where they have no value (`warnif_tcp_http_cond`). */
export const warnIfRequestBytes = (
  proxy: ProxyDraft,
  condition: Condition | undefined,
  diagnostics: Diagnostics,
): void => {
  if (!condition || proxy.settings.mode !== 'http' || (conditionSources(condition) & BUFFERS) === 0) return
  const { file, line } = condition.place
  diagnostics.add(
    'warning',
    `Proxy '${proxy.name}': L6 sample fetches ignored on HTTP proxies (declared at ${file}:${line}).`,
    proxy.place,
  )
}
