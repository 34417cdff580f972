/** `tcp-request` and `tcp-response` (`tcp_parse_tcp_req`, `tcp_parse_tcp_rep`, src/tcp_rules.c). */
import type { Action, RuleSetName } from '../model/rules.js'
import type { LineResult, ParseContext } from '../parse-context.js'
import { hasBackend, hasFrontend, proxyTypeName, type ProxyDraft } from '../proxy/draft.js'
import type { Line } from '../syntax/line.js'
import { isDurationError, parseDuration } from '../syntax/units.js'
import { findTcpAction, TCP_REQUEST_ACTIONS, TCP_RESPONSE_ACTIONS } from './actions/tcp.js'
import { tcpConflict } from './conflicts.js'
import { warnIfAfterHttpResponse, warnIfMisplaced } from './misplaced.js'
import { isLuaAction, luaActionNames, readLuaAction } from './actions/lua.js'
import { ignoreUnlessEmulated } from './emulated-actions.js'
import { makeRule, readAction } from './read-rule.js'
import { RuleReader } from './rule-reader.js'
import { actionList, lookupAction, rulePlaces, suggestAction } from './rule-sets.js'

type TcpRuleSet = Extract<RuleSetName, `tcp-${string}`>

/** Reads a line of `tcp-request` or `tcp-response`. */
export const readTcpRule = (context: ParseContext, line: Line, proxy: ProxyDraft): LineResult => {
  const keyword = line.at(0)
  const isRequest = keyword === 'tcp-request'
  const kind = line.at(1)
  const owner = isRequest && proxy.kind === 'defaults' ? 'defaults section' : nameOf(proxy)
  if (kind === '') return context.alert(line, `missing argument for '${keyword}' in ${owner}`)
  if (kind === 'inspect-delay') return readInspectDelay(context, line, proxy)
  const ruleSet = `${keyword} ${kind}`
  if (!isTcpRuleSet(ruleSet)) {
    const expected = isRequest ? "'inspect-delay', 'connection', or 'content'" : "'inspect-delay' or 'content'"
    return context.alert(line, `'${keyword}' expects ${expected} in ${owner} (got '${kind}')`)
  }
  return readRule(context, line, proxy, ruleSet)
}

const RULE_SETS: readonly string[] = [
  'tcp-request connection',
  'tcp-request session',
  'tcp-request content',
  'tcp-response content',
] satisfies readonly TcpRuleSet[]

const isTcpRuleSet = (name: string): name is TcpRuleSet => RULE_SETS.includes(name)

const nameOf = (proxy: ProxyDraft): string => `${proxyTypeName(proxy)} '${proxy.name}'`

const isAnonymous = (proxy: ProxyDraft): boolean => proxy.kind === 'defaults' && proxy.name === ''

const readInspectDelay = (context: ParseContext, line: Line, proxy: ProxyDraft): LineResult => {
  const isRequest = line.at(0) === 'tcp-request'
  const what = `${line.at(0)} inspect-delay`
  if (isRequest && isAnonymous(proxy))
    return context.alert(line, `${what} is not allowed in anonymous 'defaults' sections`)
  if (!isRequest && (isAnonymous(proxy) || !hasBackend(proxy)))
    return context.alert(line, `${what} is only allowed in 'backend' sections or 'defaults' section with a name`)
  const value = line.at(2)
  const expects = `'${what}' expects a positive delay in milliseconds, in ${nameOf(proxy)}`
  if (value === '') return context.alert(line, expects)
  const delay = parseDuration(value)
  if (isDurationError(delay)) {
    const problem =
      delay === 'overflow'
        ? `timer overflow in '${value}', maximum value is 2147483647 ms or ~24.8 days`
        : delay === 'underflow'
          ? `timer underflow in '${value}', minimum non-null value is 1 ms`
          : `unexpected character '${delay.unexpected}'`
    return context.alert(line, `${expects} (${problem})`)
  }
  const { traffic } = proxy
  const direction = isRequest ? 'requestInspectDelay' : 'responseInspectDelay'
  if (traffic[direction]) context.warn(line, `ignoring ${what} (was already defined) in ${nameOf(proxy)}`)
  else traffic[direction] = delay.value
  return 'ok'
}

const readRule = (context: ParseContext, line: Line, proxy: ProxyDraft, ruleSet: TcpRuleSet): LineResult => {
  const isFrontendOnly = ruleSet === 'tcp-request connection' || ruleSet === 'tcp-request session'
  if (isFrontendOnly && !hasFrontend(proxy)) {
    const what = `${proxyTypeName(proxy)} ${proxy.name}`
    return context.alert(line, `${ruleSet} is not allowed because ${what} is not a frontend`)
  }
  if (ruleSet === 'tcp-response content' && (isAnonymous(proxy) || !hasBackend(proxy)))
    return context.alert(line, `${ruleSet} is only allowed in 'backend' sections or 'defaults' section with a name`)
  if (isAnonymous(proxy)) return context.alert(line, `${ruleSet} is not allowed in anonymous 'defaults' sections`)
  const reader = new RuleReader(context, line, proxy, ruleSet, 3)
  const action = readTcpAction(reader)
  if ('error' in action) return context.alert(line, action.error)
  const { word } = reader
  const name = line.at(2)
  if (word !== '' && !reader.isEnd)
    return context.alert(
      line,
      `'${ruleSet} ${name}' only accepts 'if' or 'unless', in ${nameOf(proxy)} (got '${word}')`,
    )
  const condition = reader.condition()
  if (condition && 'error' in condition) {
    const where = `error detected in ${nameOf(proxy)} while parsing '${word}' condition`
    return context.alert(line, `'${ruleSet} ${name}' : ${where} : ${condition.error}`)
  }
  const { traffic } = proxy
  if (ruleSet === 'tcp-response content') warnIfAfterHttpResponse(context, line, traffic)
  else warnIfMisplaced(context, line, traffic, ruleSet)
  const conflict = condition && tcpConflict(condition, rulePlaces(ruleSet, proxy), ruleSet)
  if (conflict !== undefined) context.warn(line, conflict)
  traffic.addRule(makeRule(reader, name, action, condition))
  return ignoreUnlessEmulated(context, line, ruleSet, action)
}

/** The action, one of those that are part of the parser of TCP rules, or a registered one. */
const readTcpAction = (reader: RuleReader): Action | { readonly error: string } => {
  const { ruleSet } = reader
  const name = reader.line.at(2)
  const builtIn = findTcpAction(ruleSet, name)
  if (builtIn !== undefined) return readAction(reader, builtIn)
  const known = lookupAction(ruleSet, name)
  if (known) return readAction(reader, known.name)
  return (isLuaAction(name) ? readLuaAction(reader) : undefined) ?? { error: unknownAction(reader) }
}

/** The message about an action that HAProxy does not know. */
const unknownAction = (reader: RuleReader): string => {
  const { ruleSet, proxy, context, line } = reader
  const name = line.at(2)
  const isRequest = ruleSet !== 'tcp-response content'
  const extra = isRequest ? TCP_REQUEST_ACTIONS : TCP_RESPONSE_ACTIONS
  const ofScripts = luaActionNames(reader)
  const best = suggestAction(ruleSet, name, [...ofScripts, ...extra])
  const hint = best === undefined ? '' : ` Did you mean '${best}' maybe ?`
  const builtInList = isRequest
    ? "'accept', 'reject', 'capture', 'expect-proxy', 'expect-netscaler-cip', " +
      `'track-sc0' ... 'track-sc${context.global.stickCounters - 1}'`
    : "'accept', 'close', 'reject'"
  return `'${ruleSet}' expects ${builtInList}, ${actionList(ruleSet, ofScripts)} in ${nameOf(proxy)} (got '${name}').${hint}\n`
}
