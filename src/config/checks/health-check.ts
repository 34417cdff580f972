/**
 * How servers are checked: the options that choose the kind of check, and the lines that make its rules (src/tcpcheck.c,
 * src/extcheck.c).
 */
import { toByteString } from '../../bytes/text.js'
import type { CheckRule, CommentRule, UnsupportedRule } from './rules.js'
import { defaultRequest, parseRule } from './rule-line.js'
import { RuleSet } from './ruleset.js'
import { hasBackend, proxyTypeName, type ProxyDraft } from '../proxy/draft.js'
import type { Line } from '../syntax/line.js'
import { isFormatProblem } from '../samples/log-format.js'
import type { HealthCheckConfig } from '../model/proxy.js'
import type { LineResult, Reading } from '../reading.js'

const warnWithoutBackend = (reading: Reading, line: Line, proxy: ProxyDraft, what: string): void => {
  if (hasBackend(proxy)) return
  reading.warn(line, `'${what}' ignored because ${proxyTypeName(proxy)} '${proxy.name}' has no backend capability.`)
}

/** The rules of this section itself: its first one does without what was inherited. */
const sectionTcpRules = (reading: Reading, proxy: ProxyDraft): RuleSet<'tcp'> => {
  const { settings, inherited } = proxy
  if (settings.tcpRules !== undefined && settings.tcpRules !== inherited.tcpRules) return settings.tcpRules
  const tcpRules = reading.addRuleSet(new RuleSet('tcp'))
  proxy.change({ tcpRules })
  return tcpRules
}

const sectionHttpRules = (reading: Reading, proxy: ProxyDraft): RuleSet<'http'> => {
  const { settings, inherited } = proxy
  if (settings.httpRules !== undefined && settings.httpRules !== inherited.httpRules) return settings.httpRules
  const httpRules = reading.addRuleSet(new RuleSet('http'))
  proxy.change({ httpRules })
  return httpRules
}

/** `option httpchk`, `… <uri>`, `… <method> <uri>`, `… <method> <uri> <version>`, `… <method> <uri> <version> <host>`. */
export const readHttpchk = (reading: Reading, line: Line, proxy: ProxyDraft): LineResult => {
  warnWithoutBackend(reading, line, proxy, 'httpchk')
  if (reading.tooManyWords(line, 4, 1)) return 'fatal'
  const [first, second, version, host] = [line.at(2), line.at(3), line.at(4), line.at(5)]
  if (version.includes('\r\n'))
    return reading.alert(
      line,
      "'option httpchk' : hiding headers or body at the end of the version string is unsupported." +
        "Use 'http-check send' directive instead..",
    )
  const rules = sectionHttpRules(reading, proxy)
  rules.addOption({
    ...defaultRequest(0),
    fromOption: true,
    method: second === '' ? undefined : toByteString(first),
    uri: first === '' ? undefined : toByteString(second || first),
    version: version === '' ? undefined : toByteString(version),
    headers: host === '' ? [] : [{ name: 'host', value: [{ text: toByteString(host) }] }],
  })
  proxy.change({ healthCheck: rules, unusedHttpRules: false })
  return 'ok'
}

/** `option tcp-check`: the rules are those of this section, unless it inherits such a check. */
export const readTcpCheckOption = (reading: Reading, line: Line, proxy: ProxyDraft): LineResult => {
  warnWithoutBackend(reading, line, proxy, 'tcp-check')
  if (reading.tooManyWords(line, 0, 1)) return 'fatal'
  if (proxy.settings.healthCheck.kind !== 'tcp')
    proxy.change({ healthCheck: sectionTcpRules(reading, proxy), unusedTcpRules: false })
  return 'ok'
}

export const readHttpCheck = (reading: Reading, line: Line, proxy: ProxyDraft): LineResult => {
  warnWithoutBackend(reading, line, proxy, 'http-check')
  const action = line.at(1)
  if (action === 'disable-on-404' || action === 'send-state') {
    if (reading.tooManyWords(line, 1)) return 'fatal'
    proxy.change(action === 'send-state' ? { sendState: true } : { disableOn404: true })
    return 'ok'
  }
  if (!isRule(action, HTTP_RULES))
    return reading.alert(
      line,
      "'http-check' only supports 'disable-on-404', 'send-state', 'comment', 'connect', 'send', 'expect', " +
        `${VARIABLES}. but got '${action}'`,
    )
  const rules = sectionHttpRules(reading, proxy)
  const rule = readRule(reading, line, rules)
  const isUsed = proxy.settings.healthCheck.kind === 'http'
  if (!('error' in rule) && isUsed) {
    proxy.change({ healthCheck: rules, unusedHttpRules: false })
    const problem = rules.addHttp(rule)
    return problem === undefined ? recordConnect(rule, proxy) : refuse(reading, line, proxy, `${problem}`)
  }
  if (isFormatProblem(rule)) return refuse(reading, line, proxy, rule.error)
  rules.append(rule)
  proxy.change({ unusedHttpRules: true })
  return recordConnect(rule, proxy)
}

/** What is not emulated is left out with a word about it, the rest of the rule is kept where that makes sense. */
const readRule = (
  reading: Reading,
  line: Line,
  rules: RuleSet,
): CheckRule | CommentRule | UnsupportedRule | { readonly error: string } => {
  const leaveOut = (what: string): void => void reading.notEmulated(line, `${what} in '${ruleName(line)}'`, 'checks')
  const index = rules.nextIndex
  const rule = parseRule(reading, line, rules, leaveOut)
  if (!('notEmulated' in rule)) return rule
  leaveOut(rule.notEmulated)
  const [word = ''] = /^[a-z]+/.exec(line.at(1)) ?? []
  const of =
    word === 'send' ? (rules.kind === 'http' ? 'http-send' : 'send') : word === 'expect' ? 'expect' : 'variable'
  return { action: 'left-out', of, index, comment: undefined }
}

const HTTP_RULES: ReadonlySet<string> = new Set(['comment', 'connect', 'send', 'expect'])
const TCP_RULES: ReadonlySet<string> = new Set([...HTTP_RULES, 'send-lf', 'send-binary', 'send-binary-lf'])
const VARIABLES = "'set-var-fmt(*)', 'set-var(*)', 'unset-var(*)'"

const isRule = (action: string, names: ReadonlySet<string>): boolean =>
  names.has(action) || /^(?:set-var|set-var-fmt|unset-var)\(/.test(action)

const ruleName = (line: Line): string => `${line.at(0)} ${line.at(1)}`

const recordConnect = (rule: CheckRule | CommentRule | UnsupportedRule, proxy: ProxyDraft): LineResult => {
  if (rule.action === 'connect' && rule.ssl) proxy.change({ checkConnectsSsl: true })
  return 'ok'
}

/** HAProxy forgets all rules of the section when one is refused. */
const refuse = (reading: Reading, line: Line, proxy: ProxyDraft, problem: string): LineResult => {
  if (line.at(0) === 'http-check') proxy.change({ httpRules: reading.addRuleSet(new RuleSet('http')) })
  else proxy.change({ tcpRules: reading.addRuleSet(new RuleSet('tcp')) })
  return reading.alert(line, `'${ruleName(line)}' : ${problem}.`)
}

export const readTcpCheck = (reading: Reading, line: Line, proxy: ProxyDraft): LineResult => {
  warnWithoutBackend(reading, line, proxy, 'tcp-check')
  const action = line.at(1)
  if (!isRule(action, TCP_RULES))
    return reading.alert(
      line,
      `'tcp-check' only supports 'comment', 'connect', 'send', 'send-binary', 'expect', ${VARIABLES}. but got '${action}'`,
    )
  const rules = sectionTcpRules(reading, proxy)
  const rule = readRule(reading, line, rules)
  if (isFormatProblem(rule)) return refuse(reading, line, proxy, rule.error)
  rules.append(rule)
  const isUsed = proxy.settings.healthCheck.kind === 'tcp'
  proxy.change(isUsed ? { healthCheck: rules, unusedTcpRules: false } : { unusedTcpRules: true })
  return recordConnect(rule, proxy)
}

type Predefined = (line: Line) => HealthCheckConfig | { readonly error: string }

/** How many words each kind's option takes, and what it says. */
const PREDEFINED: Readonly<Record<string, readonly [number, Predefined]>> = {
  smtpchk: [
    2,
    (line) => {
      const [verb, host] = [line.at(2), line.at(3)]
      const isHello = (verb === 'EHLO' || verb === 'HELO') && host !== ''
      return { kind: 'smtp', hello: isHello ? toByteString(`${verb} ${host}`) : 'HELO localhost' }
    },
  ],
  'ssl-hello-chk': [0, () => ({ kind: 'ssl-hello' })],
  'ldap-check': [0, () => ({ kind: 'ldap' })],
  'redis-check': [0, () => ({ kind: 'redis' })],
  'spop-check': [0, () => ({ kind: 'spop' })],
  'pgsql-check': [
    2,
    (line) => {
      if (line.at(2) === '' || line.at(3) === '')
        return { error: "'option pgsql-check' expects 'user <username>' as argument." }
      if (line.at(2) !== 'user') return { error: "'option pgsql-check' only supports optional values: 'user'." }
      return { kind: 'pgsql', user: toByteString(line.at(3)) }
    },
  ],
  'mysql-check': [
    3,
    (line) => {
      const [word, user, version] = [line.at(2), line.at(3), line.at(4)]
      if (word === '') return { kind: 'mysql', user: undefined, version: 'post-41' }
      if (word !== 'user')
        return { error: `'option mysql-check' only supports optional values: 'user' (got '${word}').` }
      if (user === '') return { error: "'option mysql-check user' expects <username> as argument." }
      if (version !== '' && version !== 'post-41' && version !== 'pre-41')
        return { error: `keyword 'user' only supports 'post-41' and 'pre-41' (got '${version}').` }
      return { kind: 'mysql', user: toByteString(user), version: version || 'post-41' }
    },
  ],
  'external-check': [0, () => ({ kind: 'external' })],
}

export const isPredefinedCheck = (option: string): boolean => Object.hasOwn(PREDEFINED, option)

/** `option smtpchk` and the other kinds whose dialogue HAProxy knows by itself. */
export const readPredefinedCheck = (reading: Reading, line: Line, proxy: ProxyDraft): LineResult => {
  const name = line.at(1)
  const [words, make] = PREDEFINED[name]!
  if (name !== 'external-check') warnWithoutBackend(reading, line, proxy, name)
  if (reading.tooManyWords(line, words, 1)) return 'fatal'
  const healthCheck = make(line)
  if ('error' in healthCheck) return reading.alert(line, healthCheck.error)
  proxy.change({ healthCheck, unusedHttpRules: false, unusedTcpRules: false })
  return 'ok'
}

/** `external-check command` and `external-check path`. */
export const readExternalCheck = (reading: Reading, line: Line, proxy: ProxyDraft): LineResult => {
  const [what, value] = [line.at(1), line.at(2)]
  if (what === '') return reading.alert(line, "missing argument after 'external-check'.\n")
  if (what !== 'command' && what !== 'path')
    return reading.alert(line, `'external-check' only supports 'command' and 'path'. but got '${what}'.`)
  if (reading.tooManyWords(line, 2)) return 'fatal'
  if (value === '') return reading.alert(line, `missing argument after '${what}'.`)
  proxy.change(what === 'command' ? { checkCommand: value } : { checkPath: value })
  return 'ok'
}
