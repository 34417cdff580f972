/** `stats …` in proxies: the statistics page (src/cfgparse-listen.c, src/uri_auth.c). */
import type { StatsPageConfig } from '../model/stats-page.js'
import type { LineResult, ParseContext } from '../parse-context.js'
import { parseCondition } from '../rules/condition.js'
import { warnAboutConflicts } from '../rules/conflicts.js'
import { parseHttpRule } from '../rules/http-rules.js'
import { rulePlaces } from '../rules/rule-sets.js'
import type { Line } from '../syntax/line.js'
import { isDurationError, parseDuration } from '../syntax/units.js'
import type { ProxyDraft } from './draft.js'

const DEFAULTS: StatsPageConfig = {
  uri: '/haproxy?stats',
  realm: undefined,
  refresh: 0,
  accounts: [],
  scope: [],
  hideVersion: false,
  showLegends: false,
  showModules: false,
  node: undefined,
  description: undefined,
  admin: [],
  rules: [],
}

type Reader = (context: ParseContext, line: Line, proxy: ProxyDraft) => LineResult

/** Reads a line of `stats`. The settings of `defaults` are not added to: the first line of a proxy begins anew. */
export const readStatsPage: Reader = (context, line, proxy) => {
  if (proxy.kind !== 'defaults' && proxy.settings.statsPage === proxy.inherited.statsPage)
    proxy.change({ statsPage: undefined })
  const parameter = line.at(1)
  const reader = PARAMETERS.get(parameter)
  if (!reader) {
    const [problem, word] =
      parameter === '' ? ['missing keyword in', line.at(0)] : ['unknown stats parameter', parameter]
    return context.alertWithoutSpace(
      line,
      `${problem} '${word}', expects 'admin', 'uri', 'realm', 'auth', 'scope', 'enable', 'hide-version', 'show-node', ` +
        "'show-desc' or 'show-legends'.",
    )
  }
  const result = reader(context, line, proxy)
  return result === 'ok' ? context.notEmulated(line, `'${line.at(0)}'`, 'traffic') : result
}

const change = (proxy: ProxyDraft, part: Partial<StatsPageConfig>): 'ok' => {
  proxy.change({ statsPage: { ...(proxy.settings.statsPage ?? DEFAULTS), ...part } })
  return 'ok'
}

const page = (proxy: ProxyDraft): StatsPageConfig => proxy.settings.statsPage ?? DEFAULTS

/** A parameter with an argument. @param missing what is said without it */
const text =
  (missing: string, part: (value: string, page: StatsPageConfig) => Partial<StatsPageConfig>): Reader =>
  (context, line, proxy) => {
    const value = line.at(2)
    if (value === '') return context.alert(line, `'${line.at(1)}' needs ${missing}.`)
    return change(proxy, part(value, page(proxy)))
  }

const flag =
  (part: Partial<StatsPageConfig>): Reader =>
  (_context, _line, proxy) =>
    change(proxy, part)

const admin: Reader = (context, line, proxy) => {
  const title = `${line.at(0)} ${line.at(1)}`
  if (proxy.kind === 'defaults') return context.alertWithoutSpace(line, `'${title}' not allowed in 'defaults' section.`)
  if (line.at(2) !== 'if' && line.at(2) !== 'unless')
    return context.alert(line, `'${title}' requires either 'if' or 'unless' followed by a condition.`)
  const parsed = parseCondition(context, line, 2, proxy.acls)
  if ('error' in parsed) return context.alert(line, `error detected while parsing a '${title}' rule : ${parsed.error}.`)
  warnAboutConflicts(context, line, parsed.condition, rulePlaces('http-request', proxy))
  return change(proxy, { admin: [...page(proxy).admin, parsed.condition] })
}

const refresh: Reader = (context, line, proxy) => {
  const value = line.at(2)
  const parsed = parseDuration(value, 's')
  const what = `in argument <${value}> to stats refresh interval`
  if (parsed === 'overflow')
    return context.alertWithoutSpace(line, `timer overflow ${what}, maximum value is 2147483647 s (~68 years).`)
  if (parsed === 'underflow')
    return context.alertWithoutSpace(line, `timer underflow ${what}, minimum non-null value is 1 s.`)
  if (isDurationError(parsed))
    return context.alertWithoutSpace(
      line,
      `unexpected character '${parsed.unexpected}' in argument to stats refresh interval.`,
    )
  return change(proxy, { refresh: parsed.value })
}

const httpRequest: Reader = (context, line, proxy) => {
  if (proxy.kind === 'defaults')
    return context.alertWithoutSpace(line, `'${line.at(0)}' not allowed in 'defaults' section.`)
  const { rules } = page(proxy)
  const last = rules.at(-1)
  if (last && !last.condition)
    context.warnWithoutSpace(
      line,
      `previous '${line.at(0)}' action has no condition attached, further entries are NOOP.`,
    )
  const rule = parseHttpRule(context, line, proxy, 'http-request', 2)
  if (!rule) return 'abort'
  warnAboutConflicts(context, line, rule.condition, rulePlaces('http-request', proxy))
  return change(proxy, { rules: [...rules, rule] })
}

const showNode: Reader = (context, line, proxy) => {
  const node = line.at(2)
  if (!/^[A-Za-z0-9_.-]*$/.test(node))
    return context.alertWithoutSpace(
      line,
      `'${line.at(0)} ${line.at(1)}' invalid node name - should be a stringwith digits(0-9), letters(A-Z, a-z), hyphen(-) ` +
        'or underscode(_).',
    )
  return change(proxy, { node })
}

const showDescription: Reader = (context, line, proxy) => {
  if (line.at(2) === '' && context.global.description === undefined) {
    context.warnWithoutSpace(line, `'${line.at(1)}' requires a parameter or 'desc' to be set in the global section.`)
    return 'ok'
  }
  return change(proxy, { description: line.from(2).join(' ') })
}

const PARAMETERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['admin', admin],
  ['uri', text('an URI prefix', (uri) => ({ uri }))],
  ['realm', text('an realm name', (realm) => ({ realm }))],
  ['refresh', refresh],
  ['http-request', httpRequest],
  ['auth', text('a user:password account', (account, { accounts }) => ({ accounts: [...accounts, account] }))],
  ['scope', text('a proxy name', (name, { scope }) => ({ scope: [...scope, name] }))],
  ['enable', flag({})],
  ['hide-version', flag({ hideVersion: true })],
  ['show-legends', flag({ showLegends: true })],
  ['show-modules', flag({ showModules: true })],
  ['show-node', showNode],
  ['show-desc', showDescription],
])

/** HAProxy derives the rules of `stats auth` from it: `auth unless { http_auth(…) }`; both at once are refused. */
export const statsAuthProblem = (proxy: ProxyDraft): string | undefined => {
  const { statsPage } = proxy.settings
  if (!statsPage || statsPage.rules.length === 0) return undefined
  if (statsPage.accounts.length === 0 && statsPage.realm === undefined) return undefined
  return `proxy '${proxy.name}': stats 'auth'/'realm' and 'http-request' can't be used at the same time.`
}
