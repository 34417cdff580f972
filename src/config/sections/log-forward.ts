/** The section `log-forward` (cfg_parse_log_forward in src/log.c). */
import { atol } from '../../bytes/integers.js'
import { makeBinds, makeBindSettings, readBindAddresses, readBindLine, readBindSettings } from '../bind/line.js'
import type { ParsedAddress } from '../../net/address.js'
import type { LogForwardHost } from '../model/log-forwards.js'
import type { LineResult, ParseContext, SectionParser } from '../parse-context.js'
import { proxyTypeName } from '../proxy/draft.js'
import { readLogLine } from '../proxy/log.js'
import { abort, type Section } from '../section.js'
import type { Line } from '../syntax/line.js'
import { invalidCharacter } from '../syntax/names.js'
import { isDurationError, parseDuration, trailingUnitText } from '../syntax/units.js'
import { LOG_FORWARDS, LogForwardDraft } from './log-forward-draft.js'

type Keyword = (context: ParseContext, line: Line, section: LogForwardDraft) => LineResult

const read: SectionParser = (context, line) => {
  if (line.at(0) === 'log-forward') return begin(context, line)
  const keyword = KEYWORDS.get(line.at(0))
  if (!keyword) return abort(context, line, `unknown keyword '${line.at(0)}' in log-forward section.`)
  const section = context.drafts(LOG_FORWARDS).current
  return section ? keyword(context, line, section) : 'ok'
}

/** A section with the name of another one is not created: its lines belong to the previous one. */
const begin: SectionParser = (context, line) => {
  const name = line.at(1)
  if (name === '') return abort(context, line, 'missing name for log-forward section.')
  if (context.tooManyWords(line, 1)) return 'fatal'
  const bad = invalidCharacter(name)
  if (bad !== undefined)
    return abort(context, line, `character '${bad}' is not permitted in '${line.at(0)}' name '${name}'.`)
  const sections = context.drafts(LOG_FORWARDS)
  const where = `config : Parsing [${line.file}:${line.line}]: `
  const other = sections.find(name)
  if (other)
    return context.rawAlert(
      line,
      `${where}log-forward section '${name}' has the same name as another log-forward section declared at ` +
        `${other.place.file}:${other.place.line}.`,
    )
  const proxy = context.findSection(name)
  if (proxy) {
    const what = `${proxyTypeName(proxy)} '${proxy.name}' declared at ${proxy.place.file}:${proxy.place.line}.`
    if (proxy.kind !== 'defaults')
      return context.rawAlert(line, `${where}log forward section '${name}' has the same name as ${what}`)
    const text = `${where}log-forward section '${name}' has the same name as ${what}`
    context.main.add(
      'warning',
      `${text} This is dangerous and will not be supported anymore in version 3.3.`,
      line.place,
    )
  }
  const section = new LogForwardDraft(name, line.place)
  sections.begin(section)
  context.registerSection(section.proxy)
  return context.notEmulated(line, `section 'log-forward ${name}'`, 'logs')
}

const count =
  (set: (section: LogForwardDraft, value: number) => void): Keyword =>
  (context, line, section) => {
    if (line.at(1) === '') return context.alert(line, `'${line.at(0)}' expects an integer argument.`)
    set(section, atol(line.at(1)))
    return context.tooManyWords(line, 1) ? 'fatal' : 'ok'
  }

/** The addresses of a line; undefined if they are invalid, after reporting the error. An empty text has none. */
const addressesOf = (
  context: ParseContext,
  line: Line,
  use: 'bind' | 'dgram-bind',
): readonly ParsedAddress[] | undefined => {
  const text = line.at(1)
  const addresses = text === '' ? [] : readBindAddresses(context, text, use)
  if (typeof addresses !== 'string') return addresses
  context.alert(line, `'${line.at(0)} ${text}' : ${addresses}`)
  return undefined
}

/** HAProxy does not keep the text of these lines. */
const NO_TEXT = '(null)'

const bind: Keyword = (context, line, { proxy }) => {
  const addresses = addressesOf(context, line, 'bind')
  if (!addresses) return 'fatal'
  const settings = makeBindSettings()
  if (readBindLine(context, line, 2, { addresses, others: proxy.binds }, settings) !== 'ok') return 'fatal'
  proxy.addBinds(makeBinds(NO_TEXT, addresses, settings, line))
  if (settings.tls.ssl)
    context.tlsBinds.push({ proxy: proxy.name, text: NO_TEXT, place: line.place, tls: settings.tls })
  return 'ok'
}

const datagramBind: Keyword = (context, line, { proxy }) => {
  const addresses = addressesOf(context, line, 'dgram-bind')
  if (!addresses) return 'fatal'
  const settings = makeBindSettings()
  const problem = readBindSettings(context, line, 2, { addresses, others: proxy.binds }, settings, (name) => {
    context.notEmulated(line, `'${name}' of '${line.at(0)}'`, 'logs')
  })
  if (problem && 'error' in problem) return context.alert(line, problem.error.trimEnd())
  if (problem) {
    const hint = problem.best === undefined ? '.' : `; did you mean '${problem.best}' maybe ?`
    return context.alert(line, `unknown keyword '${problem.unknown}' in 'log-forward' section${hint}`)
  }
  proxy.addBinds(makeBinds(NO_TEXT, addresses, settings, line))
  return 'ok'
}

const log: Keyword = (context, line, { proxy }) => {
  const targets = readLogLine(context, line, proxy.settings.logs, context.global.logs)
  if (typeof targets === 'string') return context.alert(line, `${line.at(0)} : ${targets}`)
  proxy.change({ logs: targets })
  return 'ok'
}

const timeout: Keyword = (context, line, { proxy }) => {
  const [keyword, which, text] = [line.at(0), line.at(1), line.at(2)]
  if (which !== 'client') return context.alert(line, `unknown keyword '${keyword} ${which}' in log-forward section.`)
  if (text === '') return context.alert(line, 'missing timeout client value.')
  const parsed = parseDuration(text)
  if (!isDurationError(parsed)) {
    if (parsed.trailing !== '')
      context.main.add('warning', `config : ${trailingUnitText(text, parsed.trailing)}`, line.place)
    proxy.change({ timeouts: { ...proxy.timeouts, client: parsed.value === 0 ? undefined : parsed.value } })
    return 'ok'
  }
  const what = `in argument '${text}' to 'timeout client'`
  const problem =
    parsed === 'overflow'
      ? `timer overflow ${what} (maximum value is 2147483647 ms or ~24.8 days)`
      : parsed === 'underflow'
        ? `timer underflow ${what} (minimum non-null value is 1 ms)`
        : `unexpected character '${parsed.unexpected}' in 'timeout client'`
  return context.alert(line, `${keyword} : ${problem}`)
}

const HOSTS: readonly LogForwardHost[] = ['replace', 'fill', 'keep', 'append']

const option: Keyword = (context, line, section) => {
  const name = line.at(1)
  const isSet = line.modifier === 'set'
  if (name === '') return context.alertWithoutSpace(line, `'${line.at(0)}' expects an option name.`)
  if (name === 'dont-parse-log' || name === 'assume-rfc6587-ntf') {
    if (context.tooManyWords(line, 0, 1)) return 'fatal'
    section[name === 'dont-parse-log' ? 'dontParse' : 'assumesLineFeeds'] = isSet
    return 'ok'
  }
  if (name !== 'host') return abort(context, line, `unknown option '${name}' in log-forward section.`)
  const host = HOSTS.find((each) => each === line.at(2))
  if (!host) return abort(context, line, "option 'host' expects {replace|fill|keep|append}.")
  section.host = isSet ? host : 'fill'
  return 'ok'
}

const KEYWORDS: ReadonlyMap<string, Keyword> = new Map([
  ['maxconn', count((section, value) => void (section.maxconn = value))],
  ['backlog', count(() => undefined)],
  ['bind', bind],
  ['dgram-bind', datagramBind],
  ['log', log],
  ['timeout', timeout],
  ['option', option],
])

/** The section `log-forward`. */
export const LOG_FORWARD_SECTION: Section = {
  keyword: 'log-forward',
  read,
  proxies: (context) => context.drafts(LOG_FORWARDS).all.map(({ proxy }) => proxy),
}
