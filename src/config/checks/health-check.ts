/**
 * Health check configuration: options that select the kind of check, and `tcp-check` and `http-check` lines (src/tcpcheck.c,
 * src/extcheck.c).
 */
import { toByteString } from '../../bytes/text.js'
import type { CheckKind } from './kinds/kind.js'
import type { CheckRule, CommentRule, UnsupportedRule } from './rules.js'
import { defaultRequest, parseRule } from './rule-line.js'
import { RuleSet } from './ruleset.js'
import { hasBackend, proxyTypeName, type ProxyDraft } from '../proxy/draft.js'
import type { Line } from '../syntax/line.js'
import { variableActionName } from '../rules/actions/set-var.js'
import { isFormatProblem, parseCheckFormat } from '../samples/log-format.js'
import type { HealthCheckConfig } from '../model/proxy.js'
import type { LineResult, ParseContext } from '../parse-context.js'

const warnWithoutBackend = (context: ParseContext, line: Line, proxy: ProxyDraft, what: string): void => {
  if (hasBackend(proxy)) return
  context.warn(line, `'${what}' ignored because ${proxyTypeName(proxy)} '${proxy.name}' has no backend capability.`)
}

/** The rule set of this section; its first rule replaces inherited ones. */
const sectionTcpRules = (context: ParseContext, proxy: ProxyDraft): RuleSet<'tcp'> => {
  const { settings, inherited } = proxy
  if (settings.tcpRules !== undefined && settings.tcpRules !== inherited.tcpRules) return settings.tcpRules
  const tcpRules = context.addRuleSet(new RuleSet('tcp'))
  proxy.change({ tcpRules })
  return tcpRules
}

const sectionHttpRules = (context: ParseContext, proxy: ProxyDraft): RuleSet<'http'> => {
  const { settings, inherited } = proxy
  if (settings.httpRules !== undefined && settings.httpRules !== inherited.httpRules) return settings.httpRules
  const httpRules = context.addRuleSet(new RuleSet('http'))
  proxy.change({ httpRules })
  return httpRules
}

/** Parses `option httpchk`, `… <uri>`, `… <method> <uri>`, `… <method> <uri> <version>`, `… <method> <uri> <version> <host>`. */
export const readHttpchk = (context: ParseContext, line: Line, proxy: ProxyDraft): LineResult => {
  warnWithoutBackend(context, line, proxy, 'httpchk')
  if (context.tooManyWords(line, 4, 1)) return 'fatal'
  const [first, second, version, host] = [line.at(2), line.at(3), line.at(4), line.at(5)]
  if (version.includes('\r\n'))
    return context.alert(
      line,
      "'option httpchk' : hiding headers or body at the end of the version string is unsupported." +
        "Use 'http-check send' directive instead..",
    )
  const format = parseCheckFormat(host, context.options.samples)
  if ('error' in format) return context.alert(line, `'option httpchk' : ${format.error}.`)
  if ('notEmulated' in format) context.notEmulated(line, `${format.notEmulated} in 'option httpchk'`, 'checks')
  const rules = sectionHttpRules(context, proxy)
  rules.addOption({
    ...defaultRequest(0),
    fromOption: true,
    method: second === '' ? undefined : toByteString(first),
    uri: first === '' ? undefined : toByteString(second || first),
    version: version === '' ? undefined : toByteString(version),
    headers: host === '' || isFormatProblem(format) ? [] : [{ name: 'host', value: format }],
  })
  proxy.change({ healthCheck: rules, unusedHttpRules: false })
  return 'ok'
}

/** Parses `option tcp-check`: uses the rules of this section, unless the check is inherited. */
export const readTcpCheckOption = (context: ParseContext, line: Line, proxy: ProxyDraft): LineResult => {
  warnWithoutBackend(context, line, proxy, 'tcp-check')
  if (context.tooManyWords(line, 0, 1)) return 'fatal'
  if (proxy.settings.healthCheck.kind !== 'tcp')
    proxy.change({ healthCheck: sectionTcpRules(context, proxy), unusedTcpRules: false })
  return 'ok'
}

/** Parses an `http-check` line. */
export const readHttpCheck = (context: ParseContext, line: Line, proxy: ProxyDraft): LineResult => {
  warnWithoutBackend(context, line, proxy, 'http-check')
  const action = line.at(1)
  if (action === 'disable-on-404' || action === 'send-state') {
    if (context.tooManyWords(line, 1)) return 'fatal'
    proxy.change(action === 'send-state' ? { sendState: true } : { disableOn404: true })
    return 'ok'
  }
  if (!isRule(action, HTTP_RULES))
    return context.alert(
      line,
      "'http-check' only supports 'disable-on-404', 'send-state', 'comment', 'connect', 'send', 'expect', " +
        `${VARIABLES}. but got '${action}'`,
    )
  const rules = sectionHttpRules(context, proxy)
  const rule = readRule(context, line, rules)
  const isUsed = proxy.settings.healthCheck.kind === 'http'
  if (!('error' in rule) && isUsed) {
    proxy.change({ healthCheck: rules, unusedHttpRules: false })
    const problem = rules.addHttp(rule)
    return problem === undefined ? recordConnect(rule, proxy) : refuse(context, line, proxy, `${problem}`)
  }
  if (isFormatProblem(rule)) return refuse(context, line, proxy, rule.error)
  rules.append(rule)
  proxy.change({ unusedHttpRules: true })
  return recordConnect(rule, proxy)
}

/** Parses a rule. Unsupported parts are omitted with a warning; if the whole rule is unsupported, a placeholder remains. */
const readRule = (
  context: ParseContext,
  line: Line,
  rules: RuleSet,
): CheckRule | CommentRule | UnsupportedRule | { readonly error: string } => {
  const onUnsupported = (what: string): void =>
    void context.notEmulated(line, `${what} in '${ruleName(line)}'`, 'checks')
  const index = rules.nextIndex
  const rule = parseRule(context, line, rules, onUnsupported)
  if (!('notEmulated' in rule)) return rule
  onUnsupported(rule.notEmulated)
  const [word = ''] = /^[a-z]+/.exec(line.at(1)) ?? []
  const of =
    word === 'send' ? (rules.kind === 'http' ? 'http-send' : 'send') : word === 'expect' ? 'expect' : 'variable'
  return { action: 'left-out', of, index, comment: undefined }
}

const HTTP_RULES: ReadonlySet<string> = new Set(['comment', 'connect', 'send', 'expect'])
const TCP_RULES: ReadonlySet<string> = new Set([...HTTP_RULES, 'send-lf', 'send-binary', 'send-binary-lf'])
const VARIABLES = "'set-var-fmt(*)', 'set-var(*)', 'unset-var(*)'"

const isRule = (action: string, names: ReadonlySet<string>): boolean =>
  names.has(action) || variableActionName(action) !== undefined

const ruleName = (line: Line): string => `${line.at(0)} ${line.at(1)}`

const recordConnect = (rule: CheckRule | CommentRule | UnsupportedRule, proxy: ProxyDraft): LineResult => {
  if (rule.action === 'connect' && rule.ssl) proxy.change({ checkConnectsSsl: true })
  return 'ok'
}

/** Reports an invalid rule. HAProxy then discards all rules of the section. */
const refuse = (context: ParseContext, line: Line, proxy: ProxyDraft, problem: string): LineResult => {
  if (line.at(0) === 'http-check') proxy.change({ httpRules: context.addRuleSet(new RuleSet('http')) })
  else proxy.change({ tcpRules: context.addRuleSet(new RuleSet('tcp')) })
  return context.alert(line, `'${ruleName(line)}' : ${problem}.`)
}

/** Parses a `tcp-check` line. */
export const readTcpCheck = (context: ParseContext, line: Line, proxy: ProxyDraft): LineResult => {
  warnWithoutBackend(context, line, proxy, 'tcp-check')
  const action = line.at(1)
  if (!isRule(action, TCP_RULES))
    return context.alert(
      line,
      `'tcp-check' only supports 'comment', 'connect', 'send', 'send-binary', 'expect', ${VARIABLES}. but got '${action}'`,
    )
  const rules = sectionTcpRules(context, proxy)
  const rule = readRule(context, line, rules)
  if (isFormatProblem(rule)) return refuse(context, line, proxy, rule.error)
  rules.append(rule)
  const isUsed = proxy.settings.healthCheck.kind === 'tcp'
  proxy.change(isUsed ? { healthCheck: rules, unusedTcpRules: false } : { unusedTcpRules: true })
  return recordConnect(rule, proxy)
}

/** Parses an option that selects a built-in kind of check: `option smtpchk`. */
export const readBuiltInCheck = (context: ParseContext, line: Line, proxy: ProxyDraft, type: CheckKind): LineResult => {
  warnWithoutBackend(context, line, proxy, type.option)
  if (context.tooManyWords(line, type.maxArguments, 1)) return 'fatal'
  const program = type.parse(line.from(2))
  if ('error' in program) return context.alert(line, program.error)
  selectCheck(proxy, { kind: 'built-in', type, program })
  return 'ok'
}

/** Parses `option external-check`. */
export const readExternalCheckOption = (context: ParseContext, line: Line, proxy: ProxyDraft): LineResult => {
  if (context.tooManyWords(line, 0, 1)) return 'fatal'
  selectCheck(proxy, { kind: 'external' })
  return 'ok'
}

/** Selects a check that has no rules of the configuration. */
const selectCheck = (proxy: ProxyDraft, healthCheck: HealthCheckConfig): void =>
  proxy.change({ healthCheck, unusedHttpRules: false, unusedTcpRules: false })

/** Parses `external-check command` and `external-check path`. */
export const readExternalCheck = (context: ParseContext, line: Line, proxy: ProxyDraft): LineResult => {
  const [what, value] = [line.at(1), line.at(2)]
  if (what === '') return context.alert(line, "missing argument after 'external-check'.\n")
  if (what !== 'command' && what !== 'path')
    return context.alert(line, `'external-check' only supports 'command' and 'path'. but got '${what}'.`)
  if (context.tooManyWords(line, 2)) return 'fatal'
  if (value === '') return context.alert(line, `missing argument after '${what}'.`)
  proxy.change(what === 'command' ? { checkCommand: value } : { checkPath: value })
  return 'ok'
}
