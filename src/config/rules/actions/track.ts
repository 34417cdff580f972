/** `track-sc0` and its like: entries of stick tables that are tracked (`parse_http_track_sc`, src/http_act.c; src/tcp_rules.c). */
import type { Action } from '../../model/rules.js'
import type { SampleExpression } from '../../samples/expression.js'
import { placesMask, sourcesMask } from '../../samples/places.js'
import { hasFrontend, proxyTypeName } from '../../proxy/draft.js'
import { isCastable } from '../../samples/types.js'
import { tableSampleType } from '../../tables/table-draft.js'
import { conditionSources } from '../conflicts.js'
import { RuleProblem, type RuleReader } from '../rule-reader.js'
import type { ActionKeyword, RuleCheck } from './action.js'
import { ruleTitle } from './tcp.js'

export interface TrackAction extends Action {
  readonly kind: 'track-sc'
  /** the number of the counters */
  readonly counter: number
  readonly key: SampleExpression
  /** undefined: the proxy's own */
  readonly table: string | undefined
}

export const TRACK: ActionKeyword = {
  names: ['track-sc'],
  read: (reader): TrackAction => {
    if (reader.ruleSet.startsWith('http')) return readTrack(reader)
    try {
      return readTrack(reader)
    } catch (error) {
      // the message of TCP rules has a title
      if (error instanceof RuleProblem) reader.fail(`${ruleTitle(reader)} : ${error.message}`)
      throw error
    }
  },
  check: (...args) => checkTrack(...args),
}

const readTrack = (reader: RuleReader): TrackAction => {
  const isTcp = !reader.ruleSet.startsWith('http')
  const counter = readNumber(reader)
  const key = reader.availableExpression(isTcp ? { use: 'track' } : {})
  let table: string | undefined
  if (reader.word === 'table') {
    reader.next()
    table = reader.next()
    if (table === '' && !isTcp) reader.fail('missing table name')
  }
  return { kind: 'track-sc', counter, key, table }
}

/** `cfg_parse_track_sc_num` */
const readNumber = (reader: RuleReader): number => {
  const text = reader.name.slice('track-sc'.length)
  const { stickCounters } = reader.context.global
  if (!/^\d*$/.test(text)) reader.fail(`Wrong track-sc number '${text}'`)
  const number = Number(text)
  if (number < stickCounters) return number
  return reader.fail(
    stickCounters === 0
      ? `${number} track-sc number not usable, stick-counters are disabled by tune.stick-counters`
      : `${number} track-sc number exceeding ${stickCounters - 1} (tune.stick-counters-1) value`,
  )
}

const SESSION = placesMask('frontend tcp-request session rule')
const REQUEST = sourcesMask('request buffer', 'HTTP request headers', 'HTTP request', 'HTTP request body')

/** `check_trk_action`, src/action.c */
const checkTrack: RuleCheck = (rule, context, proxy, diagnostics) => {
  const { counter, key, table: name } = rule.action as TrackAction
  const wanted = name ?? proxy.name
  const table = context.tables.find(wanted)
  if (!table) return `unable to find table '${wanted}' referenced by track-sc${counter}`
  if (!isCastable(key.output, tableSampleType(table)))
    return `stick-table '${wanted}' uses a type incompatible with the 'track-sc${counter}' rule`
  if (rule.ruleSet !== 'tcp-request content' || !hasFrontend(proxy)) return undefined
  const owner = `${proxyTypeName(proxy)} '${proxy.name}'`
  if (!proxy.traffic.requestInspectDelay && (key.places & SESSION) === 0)
    diagnostics.add('warning', `${owner} : a 'tcp-request content track-sc*' ${WITHOUT_DELAY}`, proxy.place)
  const used = key.sources | (rule.condition ? conditionSources(rule.condition) : 0)
  if (proxy.settings.mode === 'http' && (used & REQUEST) === 0)
    diagnostics.add(
      'warning',
      `${owner} : a 'tcp-request content track-sc*' rule not depending on request contents for an HTTP frontend should be ` +
        "executed at the session level, using a 'tcp-request session' rule (mandatory to track invalid HTTP requests).",
      proxy.place,
    )
  return undefined
}

/** What warnings say of TCP rules that look at contents and do not wait for them. */
export const WITHOUT_DELAY =
  "rule explicitly depending on request contents without any 'tcp-request inspect-delay' setting. This means that this " +
  'rule will randomly find its contents. This can be fixed by setting the tcp-request inspect-delay.'
