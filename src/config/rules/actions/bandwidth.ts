/** `set-bandwidth-limit FILTER [limit …] [period …]` (`parse_bandwidth_limit`, `check_bwlim_action`, src/flt_bwlim.c). */
import type { Micros } from '../../../engine/clock.js'
import type { BandwidthFilter } from '../../model/filters.js'
import type { Action, RuleSetName } from '../../model/rules.js'
import { hasBackend, hasFrontend, proxyTypeName, type ProxyDraft } from '../../proxy/draft.js'
import type { SampleExpression } from '../../samples/expression.js'
import { placesMask, sourceNames } from '../../samples/places.js'
import type { Diagnostics } from '../../syntax/diagnostics.js'
import { isDurationError, parseDuration, parseSize } from '../../syntax/units.js'
import { rulePlaces } from '../rule-sets.js'
import { RuleProblem, type RuleReader } from '../rule-reader.js'
import type { ActionKeyword, RuleCheck } from './action.js'

export interface BandwidthLimitAction extends Action {
  readonly kind: 'set-bandwidth-limit'
  readonly filter: string
  /** bytes in a period; undefined: the filter's own */
  readonly limit: number | SampleExpression | undefined
  readonly period: Micros | SampleExpression | undefined
}

export const BANDWIDTH_LIMIT: ActionKeyword = {
  names: ['set-bandwidth-limit'],
  read: (reader): BandwidthLimitAction => {
    const filter = reader.next()
    if (filter === '') reader.fail('missing bwlim filter name')
    let limit: BandwidthLimitAction['limit']
    let period: BandwidthLimitAction['period']
    for (;;) {
      const { word } = reader
      if (word === 'limit') {
        reader.next()
        const size = parseSize(reader.word)
        limit =
          takeNumber(reader, typeof size === 'number' ? size : undefined) ?? readExpression(reader, 'limit', 'size')
      } else if (word === 'period') {
        reader.next()
        const time = parseDuration(reader.word)
        period =
          takeNumber(reader, isDurationError(time) ? undefined : time.value) ?? readExpression(reader, 'period', 'time')
      } else break
    }
    return { kind: 'set-bandwidth-limit', filter, limit, period }
  },
  check: (...args) => checkLimit(...args),
}

const checkLimit: RuleCheck = (rule, _context, proxy, diagnostics) => {
  const { filter: name, limit, period } = rule.action as BandwidthLimitAction
  const filters = proxy.traffic.filters.filter(({ kind }) => kind.startsWith('bwlim-')) as readonly BandwidthFilter[]
  // where the name is unknown, HAProxy takes the last filter
  const filter = filters.find((each) => each.name === name) ?? filters.at(-1)
  if (!filter) return `unable to find bwlim filter '${name}' referenced by set-bandwidth-limit rule`
  if (filter.shared && limit !== undefined)
    return 'set-bandwidth-limit rule cannot define a limit for a shared bwlim filter'
  if (filter.shared && period !== undefined)
    return 'set-bandwidth-limit rule cannot define a period for a shared bwlim filter'
  const places = rulePlaces(rule.ruleSet, proxy)
  const uses = [
    ['set-bandwidth-limit rule uses a limit', limit],
    ['set-bandwidth-limit rule uses a period', period],
    [`bwlim filter '${filter.name} uses a key`, filter.shared?.key],
  ] as const
  for (const [title, value] of uses) {
    if (value === undefined || typeof value === 'number') continue
    if ((value.places & places) === 0)
      return `${title} extracting information from '${sourceNames(value.sources)}', none of which is available here`
    warnWithoutDelay(rule.ruleSet, proxy, value, diagnostics)
  }
  return undefined
}

const SESSION = placesMask('frontend tcp-request session rule')
const SERVER_CONNECTION = placesMask('server source selection')

const warnWithoutDelay = (
  ruleSet: RuleSetName,
  proxy: ProxyDraft,
  { places }: SampleExpression,
  diagnostics: Diagnostics,
): void => {
  const { requestInspectDelay, responseInspectDelay } = proxy.traffic
  const warn = (direction: 'request' | 'response'): void =>
    diagnostics.add(
      'warning',
      `${proxyTypeName(proxy)} '${proxy.name}' : a 'tcp-${direction} content set-bandwidth-limit*' rule explicitly depending on ` +
        `${direction} contents without any 'tcp-${direction} inspect-delay' setting. This means that this rule will randomly ` +
        `find its contents. This can be fixed by setting the tcp-${direction} inspect-delay.`,
      proxy.place,
    )
  if (ruleSet === 'tcp-request content' && hasFrontend(proxy) && !requestInspectDelay && (places & SESSION) === 0)
    warn('request')
  if (
    ruleSet === 'tcp-response content' &&
    hasBackend(proxy) &&
    !responseInspectDelay &&
    (places & SERVER_CONNECTION) === 0
  )
    warn('response')
}

const takeNumber = (reader: RuleReader, value: number | undefined): number | undefined => {
  if (value !== undefined) reader.next()
  return value
}

const readExpression = (reader: RuleReader, option: string, what: string): SampleExpression => {
  const { word } = reader
  try {
    return reader.expression()
  } catch (error) {
    if (!(error instanceof RuleProblem)) throw error
    return reader.fail(`'${option}': invalid ${what} value or unknown fetch method '${word}'`)
  }
}
