/** `http-request`, `http-response` and `http-after-response` (`parse_http_req_cond` and its like, src/http_rules.c). */
import type { Rule, RuleSetName } from '../model/rules.js'
import type { LineResult, ParseContext } from '../parse-context.js'
import { proxyTypeName, type ProxyDraft } from '../proxy/draft.js'
import type { Line } from '../syntax/line.js'
import { warnAboutConflicts } from './conflicts.js'
import { warnIfMisplaced } from './misplaced.js'
import { isLuaAction, luaActionNames, readLuaAction } from './actions/lua.js'
import { ignoreUnlessEmulated } from './emulated-actions.js'
import { makeRule, readAction } from './read-rule.js'
import { RuleReader } from './rule-reader.js'
import { actionList, lookupAction, rulePlaces, suggestAction } from './rule-sets.js'

export type HttpRuleSet = Extract<RuleSetName, `http-${string}`>

/** Reads a rule of an HTTP rule set. */
export const readHttpRule = (context: ParseContext, line: Line, proxy: ProxyDraft): LineResult => {
  const ruleSet = line.at(0) as HttpRuleSet
  if (proxy.kind === 'defaults' && proxy.name === '')
    return context.alert(line, `'${ruleSet}' not allowed in anonymous 'defaults' section.`)
  const { traffic } = proxy
  const previous = traffic.rules(ruleSet).at(-1)
  if (previous?.isFinal && !previous.condition)
    context.warnWithoutSpace(
      line,
      `previous '${ruleSet}' action is final and has no condition attached, further entries are NOOP.`,
    )
  const rule = parseHttpRule(context, line, proxy, ruleSet)
  if (!rule) return 'abort'
  if (ruleSet === 'http-request') warnIfMisplaced(context, line, traffic, ruleSet)
  warnAboutConflicts(context, line, rule.condition, rulePlaces(ruleSet, proxy))
  traffic.addRule(rule)
  return ignoreUnlessEmulated(context, line, ruleSet, rule.action)
}

/** The message about an action that HAProxy does not know. */
const unknownAction = ({ ruleSet, name, context }: RuleReader): string => {
  const ofScripts = luaActionNames({ context, ruleSet })
  const best = suggestAction(ruleSet, name, ofScripts)
  return (
    `'${ruleSet}' expects ${actionList(ruleSet, ofScripts)}, but got '${name}'${name === '' ? ' (missing argument)' : ''}.` +
    (best === undefined ? '' : ` Did you mean '${best}' maybe ?`)
  )
}

/**
 * The rule of a line; undefined if it is wrong, which has been reported.
 * @param at the word that names the action
 */
export const parseHttpRule = (
  context: ParseContext,
  line: Line,
  proxy: ProxyDraft,
  ruleSet: HttpRuleSet,
  at = 1,
): Rule | undefined => {
  const name = line.at(at)
  const reader = new RuleReader(context, line, proxy, ruleSet, at + 1)
  const known = lookupAction(ruleSet, name)
  // the parser of http-after-response does not look at this
  if (known?.isExperimental && !context.global.allowsExperimental && ruleSet !== 'http-after-response') {
    context.alert(
      line,
      `'${known.name}' action is experimental, must be allowed via a global 'expose-experimental-directives'`,
    )
    return undefined
  }
  const action = isLuaAction(name) ? readLuaAction(reader) : known && readAction(reader, known.name)
  if (!action) {
    context.alertWithoutSpace(line, unknownAction(reader))
    return undefined
  }
  if ('error' in action) {
    const owner = `${proxyTypeName(proxy)} '${proxy.name}'`
    context.alert(line, `error detected in ${owner} while parsing '${ruleSet} ${name}' rule : ${action.error}.`)
    return undefined
  }
  if (reader.remarkText !== undefined) context.warn(line, `${reader.remarkText}.`)
  const { word } = reader
  if (word !== '' && !reader.isEnd) {
    const expected = `'${ruleSet} ${name}' expects either 'if' or 'unless' followed by a condition`
    context.alertWithoutSpace(line, `${expected} but found '${word}'.`)
    return undefined
  }
  const condition = reader.condition()
  if (condition && 'error' in condition) {
    context.alert(line, `error detected while parsing an '${ruleSet} ${name}' condition : ${condition.error}.`)
    return undefined
  }
  return makeRule(reader, name, action, condition)
}
