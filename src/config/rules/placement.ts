/**
 * Where traffic rules are allowed, and which sections may inherit from a `defaults` section with rules (src/tcp_rules.c,
 * src/cfgparse-listen.c). The rules themselves are not parsed.
 */
import {
  DefaultsDraft,
  hasBackend,
  hasFrontend,
  proxyTypeName,
  type ProxyDraft,
  type RuleKind,
  type SectionKind,
} from '../proxy/draft.js'
import type { Line } from '../syntax/line.js'
import type { ParseContext } from '../parse-context.js'
import { isDurationError, parseDuration } from '../syntax/units.js'

/** Validates the place of a traffic rule; valid rules in `defaults` are recorded. */
export const ruleProblem = (line: Line, proxy: ProxyDraft): string | undefined => {
  const [keyword, place] = [line.at(0), line.at(1)]
  const isAnonymous = proxy.kind === 'defaults' && proxy.name === ''
  if (keyword === 'http-request' || keyword === 'http-response' || keyword === 'http-after-response') {
    if (isAnonymous) return `'${keyword}' not allowed in anonymous 'defaults' section.`
    return void record(proxy, 'http')
  }
  if (keyword !== 'tcp-request' && keyword !== 'tcp-response') return undefined
  const isRequest = keyword === 'tcp-request'
  if (place === '') return `missing argument for '${keyword}' in ${ownerName(isRequest, proxy)}`
  const kind = PLACES[`${keyword} ${place}`]
  if (kind === undefined) {
    const expected = isRequest ? "'inspect-delay', 'connection', or 'content'" : "'inspect-delay' or 'content'"
    return `'${keyword}' expects ${expected} in ${ownerName(isRequest, proxy)} (got '${place}')`
  }
  const what = `${keyword} ${place}`
  if (!isRequest && (isAnonymous || !hasBackend(proxy)))
    return `${what} is only allowed in 'backend' sections or 'defaults' section with a name`
  if (isAnonymous) return `${what} is not allowed in anonymous 'defaults' sections`
  if (kind === 'connection' && !hasFrontend(proxy))
    return `${what} is not allowed because ${proxyTypeName(proxy)} ${proxy.name} is not a frontend`
  if (kind === 'delay') return delayProblem(what, line.at(2), ownerName(isRequest, proxy))
  return void record(proxy, kind)
}

const PLACES: Readonly<Record<string, RuleKind | 'delay' | undefined>> = {
  'tcp-request inspect-delay': 'delay',
  'tcp-response inspect-delay': 'delay',
  'tcp-request connection': 'connection',
  'tcp-request session': 'connection',
  'tcp-request content': 'request',
  'tcp-response content': 'response',
}

const ownerName = (isRequest: boolean, proxy: ProxyDraft): string =>
  isRequest && proxy.kind === 'defaults' ? 'defaults section' : `${proxyTypeName(proxy)} '${proxy.name}'`

const delayProblem = (what: string, value: string, owner: string): string | undefined => {
  const expects = `'${what}' expects a positive delay in milliseconds, in ${owner}`
  if (value === '') return expects
  const parsed = parseDuration(value)
  if (!isDurationError(parsed)) return undefined
  if (parsed === 'overflow')
    return `${expects} (timer overflow in '${value}', maximum value is 2147483647 ms or ~24.8 days)`
  if (parsed === 'underflow') return `${expects} (timer underflow in '${value}', minimum non-null value is 1 ms)`
  return `${expects} (unexpected character '${parsed.unexpected}')`
}

const record = (proxy: ProxyDraft, kind: RuleKind): void => {
  if (proxy instanceof DefaultsDraft) proxy.rules.add(kind)
}

/** Whether a section may inherit from this `defaults` section; if not, the error has been reported. */
export const mayInherit = (
  context: ParseContext,
  line: Line,
  kind: SectionKind,
  from: DefaultsDraft | undefined,
): boolean => {
  if (!from || from.rules.size === 0) return true
  const at = `(defaults section at ${from.place.file}:${from.place.line}).`
  const refuse = (text: string): false => {
    context.alertWithoutSpace(line, text)
    return false
  }
  if (kind === 'defaults')
    return refuse(`a defaults section cannot inherit from a defaults section defining TCP/HTTP rules ${at}`)
  if (kind === 'listen')
    return refuse('a listen section cannot inherit from a defaults section defining TCP/HTTP rules.')
  if (from.rulesFor !== undefined && from.rulesFor !== kind)
    return refuse(
      `frontends and backends cannot inherit from the same defaults section if it defines TCP/HTTP rules ${at}`,
    )
  const inheriting = `a ${kind} section cannot inherit from a defaults section defining`
  if (kind === 'backend' && from.rules.has('connection'))
    return refuse(`${inheriting} 'tcp-request connection' or 'tcp-request session' rules ${at}`)
  if (kind === 'frontend' && from.rules.has('response'))
    return refuse(`${inheriting} 'tcp-response content' rules ${at}`)
  from.rulesFor = kind
  return true
}
