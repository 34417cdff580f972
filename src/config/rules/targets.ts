/**
 * Lines that choose a backend or a server, or how it is remembered: `use_backend`, `use-server`, `force-persist`, `ignore-persist`, `stick`
 * (src/cfgparse-listen.c), and what is checked of them once all proxies are known (src/cfgparse.c).
 */
import { fromByteString, toByteString } from '../../bytes/text.js'
import type { Condition } from '../model/acl.js'
import type { StickRule, TargetRule } from '../model/traffic.js'
import type { LineResult, ParseContext } from '../parse-context.js'
import { hasBackend, hasFrontend, proxyTypeName, type ProxyDraft } from '../proxy/draft.js'
import { parseExpression } from '../samples/expression.js'
import { parseLogFormat } from '../samples/log-format.js'
import { placesMask, sourceNames, type SamplePlace } from '../samples/places.js'
import { isCastable } from '../samples/types.js'
import { findServer } from '../server/find.js'
import type { Diagnostics } from '../syntax/diagnostics.js'
import type { Line } from '../syntax/line.js'
import { storeServers, tableSampleType } from '../tables/table-draft.js'
import { recordExpression, recordLogFormat, type ArgumentUse } from './pending-arguments.js'
import { parseCondition } from './condition.js'
import { warnAboutConflicts } from './conflicts.js'
import { warnIfRequestBytes } from './validity.js'

type Reader = (context: ParseContext, line: Line, proxy: ProxyDraft) => LineResult

const isCondition = (word: string): boolean => word === 'if' || word === 'unless'

/** Reports a keyword in `defaults`, and warns of one in a proxy that has no such side. Returns whether the line is refused. */
const isRefused = (context: ParseContext, line: Line, proxy: ProxyDraft, side: 'frontend' | 'backend'): boolean => {
  if (proxy.kind === 'defaults') {
    context.alert(line, `'${line.at(0)}' not allowed in 'defaults' section.`)
    return true
  }
  if (!(side === 'frontend' ? hasFrontend(proxy) : hasBackend(proxy)))
    context.warn(
      line,
      `'${line.at(0)}' ignored because ${proxyTypeName(proxy)} '${proxy.name}' has no ${side} capability.`,
    )
  return false
}

/** `use_backend NAME [if|unless CONDITION]` */
export const readUseBackend: Reader = (context, line, proxy) => {
  if (isRefused(context, line, proxy, 'frontend')) return 'fatal'
  const name = line.at(1)
  if (name === '') return context.alert(line, `'${line.at(0)}' expects a backend name.`)
  const word = line.at(2)
  let condition: Condition | undefined
  if (isCondition(word)) {
    const parsed = parseCondition(context, line, 2, proxy.acls)
    if ('error' in parsed) return context.alert(line, `error detected while parsing switching rule : ${parsed.error}.`)
    condition = parsed.condition
    warnAboutConflicts(context, line, condition, placesMask('frontend use-backend rule'))
  } else if (word !== '')
    return context.alert(line, `unexpected keyword '${word}' after switching rule, only 'if' and 'unless' are allowed.`)
  proxy.traffic.switching.push({ name, condition, place: line.place })
  return 'ok'
}

/** Reads a condition that must be there. */
const readCondition = (
  context: ParseContext,
  line: Line,
  proxy: ProxyDraft,
  at: number,
  title: string,
): Condition | undefined => {
  if (!isCondition(line.at(at))) {
    context.alert(line, `'${line.at(0)}' requires either 'if' or 'unless' followed by a condition.`)
    return undefined
  }
  const parsed = parseCondition(context, line, at, proxy.acls)
  if (!('error' in parsed)) return parsed.condition
  context.alert(line, `error detected while parsing ${title} : ${parsed.error}.`)
  return undefined
}

/** `use-server NAME if|unless CONDITION` */
export const readUseServer: Reader = (context, line, proxy) => {
  if (isRefused(context, line, proxy, 'backend')) return 'fatal'
  const name = line.at(1)
  if (name === '') return context.alert(line, `'${line.at(0)}' expects a server name.`)
  const condition = readCondition(context, line, proxy, 2, 'switching rule')
  if (!condition) return 'fatal'
  warnAboutConflicts(context, line, condition, placesMask('backend use-server, balance or stick-match rule'))
  proxy.traffic.servers.push({ name, condition, place: line.place })
  return 'ok'
}

/** `force-persist if|unless CONDITION`, `ignore-persist …` */
export const readPersistence: Reader = (context, line, proxy) => {
  if (isRefused(context, line, proxy, 'backend')) return 'fatal'
  const condition = readCondition(context, line, proxy, 1, `a '${line.at(0)}' rule`)
  if (!condition) return 'fatal'
  warnAboutConflicts(context, line, condition, placesMask('backend tcp-request content rule'))
  proxy.traffic.persistence.push({ force: line.at(0) === 'force-persist', condition })
  return context.notEmulated(line, `'${line.at(0)}'`, 'traffic')
}

/** What each kind of `stick` does. */
const STICKS: Readonly<Record<string, Pick<StickRule, 'stores' | 'matches'> & { readonly onResponse: boolean }>> = {
  store: { stores: true, matches: false, onResponse: false },
  'store-request': { stores: true, matches: false, onResponse: false },
  'store-response': { stores: true, matches: false, onResponse: true },
  match: { stores: false, matches: true, onResponse: false },
  on: { stores: true, matches: true, onResponse: false },
}

/** `stick on|match|store-request|store-response EXPRESSION [table NAME] [if|unless CONDITION]` */
export const readStick: Reader = (context, line, proxy) => {
  if (isRefused(context, line, proxy, 'backend')) return 'fatal'
  if (!hasBackend(proxy)) return 'ok'
  const keyword = line.at(0)
  const kind = STICKS[line.at(1)]
  if (!kind) return context.alert(line, `'${keyword}' expects 'on', 'match', or 'store'.`)
  if (line.at(2) === '') return context.alert(line, `'${keyword}' expects a fetch method.`)
  const parsed = parseExpression(line.words.map(toByteString), 2, 0, false, context.options.samples)
  if ('error' in parsed) return context.alert(line, `'${keyword}': ${fromByteString(parsed.error)}`)
  const { expression } = parsed
  recordExpression(proxy, expression, 'stick', line.place)
  const place: SamplePlace = kind.onResponse
    ? 'backend stick-store rule'
    : 'backend use-server, balance or stick-match rule'
  if ((expression.places & placesMask(place)) === 0) {
    const where = kind.onResponse ? "available for 'store-response'" : 'available during request'
    const what = `fetch method '${expression.fetch.name}' extracts information from '${sourceNames(expression.sources)}'`
    return context.alert(line, `'${keyword}': ${what}, none of which is ${where}.`)
  }
  let at = parsed.word
  let table: string | undefined
  if (line.at(at) === 'table') {
    table = line.at(at + 1)
    at += 2
  }
  let condition: Condition | undefined
  if (isCondition(line.at(at))) {
    const read = parseCondition(context, line, at, proxy.acls)
    if ('error' in read)
      return context.alert(line, `'${keyword}': error detected while parsing sticking condition : ${read.error}.`)
    condition = read.condition
  } else if (line.at(at) !== '') return context.alert(line, `'${keyword}': unknown keyword '${line.at(at)}'.`)
  warnAboutConflicts(context, line, condition, placesMask(place))
  const { stores, matches, onResponse } = kind
  const rules = onResponse ? proxy.traffic.storing : proxy.traffic.sticking
  rules.push({ expression, stores, matches, table, condition })
  return context.notEmulated(line, `'${keyword}'`, 'traffic')
}

const HTTP_REQUEST = placesMask('frontend http-request header rule')

/** The name of a target if it is text alone; undefined if it is a log-format, or a wrong one, which is reported. */
const staticName = (
  context: ParseContext,
  proxy: ProxyDraft,
  rule: TargetRule,
  use: ArgumentUse,
  problem: (error: string) => string,
  diagnostics: Diagnostics,
): string | undefined => {
  const { name, place } = rule
  const format = context.atPlace(place, () =>
    parseLogFormat(name, { keywords: context.options.samples, places: HTTP_REQUEST }),
  )
  for (const warning of format.warnings) diagnostics.parsing('warning', place, warning)
  if ('error' in format) {
    diagnostics.add('alert', `Parsing [${place.file}:${place.line}]${problem(format.error)}.`, place)
    return undefined
  }
  recordLogFormat(proxy, format, use, place)
  if (format.items.every(({ kind }) => kind === 'text') && format.items.length < 2) return name
  rule.format = format
  return undefined
}

/** The backends of `use_backend`. */
export const checkSwitching = (context: ParseContext, proxy: ProxyDraft, diagnostics: Diagnostics): void => {
  for (const rule of proxy.traffic.switching) {
    const problem = (error: string): string => `: failed to parse use_backend rule '${rule.name}' : ${error}`
    const name = staticName(context, proxy, rule, 'use_backend', problem, diagnostics)
    if (name === undefined) {
      proxy.upgradesToHttp = true
      continue
    }
    const target = context.backend(name)
    const [mode, wanted] = [proxy.settings.mode, target?.settings.mode]
    if (!target)
      diagnostics.add('alert', `Proxy '${proxy.name}': unable to find required use_backend: '${name}'.`, proxy.place)
    else if (target === proxy)
      diagnostics.add('alert', `Proxy '${proxy.name}': loop detected for use_backend: '${name}'.`, proxy.place)
    else if (wanted !== mode && !(mode === 'tcp' && wanted === 'http')) {
      const describe = (each: ProxyDraft): string =>
        `${each.settings.mode === 'log' ? 'syslog' : each.settings.mode} ${proxyTypeName(each)} '${each.name}' ` +
        `(${each.place.file}:${each.place.line})`
      const text = `${describe(proxy)} tries to use incompatible ${describe(target)} in a 'use_backend' rule (see 'mode').`
      diagnostics.add('alert', text, proxy.place)
    } else if (wanted === 'http') proxy.upgradesToHttp = true
    warnIfRequestBytes(proxy, rule.condition, diagnostics)
  }
}

/** The servers of `use-server`, which cannot be removed at run time (`SRV_F_NON_PURGEABLE`). */
export const checkUseServer = (context: ParseContext, proxy: ProxyDraft, diagnostics: Diagnostics): void => {
  for (const rule of proxy.traffic.servers) {
    const problem = (error: string): string => `; use-server rule failed to parse log-format '${rule.name}' : ${error}`
    const name = staticName(context, proxy, rule, 'use-server', problem, diagnostics)
    if (name === undefined) continue
    warnIfRequestBytes(proxy, rule.condition, diagnostics)
    const target = findServer(proxy, name, diagnostics)
    if (target) target.nonPurgeable = true
    else
      diagnostics.add(
        'alert',
        `${proxyTypeName(proxy)} '${proxy.name}' : unable to find server '${name}' referenced in a 'use-server' rule.`,
        proxy.place,
      )
  }
}

/** The tables of `stick` (`resolve_stick_rule`). */
export const checkSticking = (context: ParseContext, proxy: ProxyDraft, diagnostics: Diagnostics): void => {
  const { sticking, storing } = proxy.traffic
  for (const rule of sticking) {
    checkStickTable(context, proxy, rule, diagnostics)
    warnIfRequestBytes(proxy, rule.condition, diagnostics)
  }
  for (const rule of storing) checkStickTable(context, proxy, rule, diagnostics)
}

const checkStickTable = (
  context: ParseContext,
  proxy: ProxyDraft,
  { table: named, expression }: StickRule,
  diagnostics: Diagnostics,
): void => {
  const name = named ?? proxy.name
  const table = context.tables.find(name)
  const alert = (problem: string): void => diagnostics.add('alert', `Proxy '${proxy.name}': ${problem}.`, proxy.place)
  if (!table) alert(`unable to find stick-table '${name}'`)
  else if (!isCastable(expression.output, tableSampleType(table)))
    alert(`type of fetch not usable with type of stick-table '${name}'`)
  else storeServers(table)
}
