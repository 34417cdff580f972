/**
 * Actions that use filters and caches: `cache-use`, `cache-store` (src/cache.c), `send-spoe-group` (src/flt_spoe.c), `ot-group`
 * (addons/ot, which is not emulated).
 */
import { unavailable } from '../../filters/spoe/engine.js'
import type { Action, RuleSetName } from '../../model/rules.js'
import { placesMask, type SamplePlace } from '../../samples/places.js'
import type { RuleReader } from '../rule-reader.js'
import type { ActionKeyword, RuleCheck } from './action.js'

export interface CacheAction extends Action {
  readonly kind: 'cache-use' | 'cache-store'
  readonly cache: string
}

export interface SendSpoeGroupAction extends Action {
  readonly kind: 'send-spoe-group'
  readonly engine: string
  readonly group: string
}

/** A group of scopes of the OpenTracing filter, which is not emulated. */
export interface OtGroupAction extends Action {
  readonly kind: 'ot-group'
  readonly filter: string
  readonly group: string
}

const cache: ActionKeyword = {
  names: ['cache-use', 'cache-store'],
  read: (reader): CacheAction => {
    if (reader.isEnd) reader.fail('expects a cache name')
    const name = reader.next()
    const { filters } = reader.proxy.traffic
    if (!filters.some((each) => each.kind === 'cache' && each.cache === name))
      filters.push({ kind: 'cache', cache: name, implicit: true })
    return { kind: reader.name as CacheAction['kind'], cache: name }
  },
}

const sendSpoeGroup: ActionKeyword = {
  names: ['send-spoe-group'],
  read: (reader): SendSpoeGroupAction => {
    requireTwoWords(reader, 'expects 2 arguments: <engine-id> <group-id>')
    return { kind: 'send-spoe-group', engine: reader.next(), group: reader.next() }
  },
  check: (...args) => checkEngine(...args),
}

/** Where the messages of a group are evaluated. */
const GROUP_PLACES: Readonly<Partial<Record<RuleSetName, SamplePlace>>> = {
  'tcp-request session': 'frontend tcp-request session rule',
  'tcp-request content': 'frontend tcp-request content rule',
  'tcp-response content': 'backend tcp-response content rule',
  'http-request': 'frontend http-request header rule',
  'http-response': 'backend http-response header rule',
}

/** The engine is that of a filter, and has the group (`check_send_spoe_group`). */
const checkEngine: RuleCheck = ({ action, ruleSet }, _context, proxy) => {
  const { engine, group: name } = action as SendSpoeGroupAction
  const engines = proxy.traffic.filters.filter((filter) => filter.kind === 'spoe')
  const found = engines.find((filter) => filter.engine === engine)
  if (!found)
    return engines.some((filter) => filter.engine === undefined)
      ? undefined
      : `unable to find SPOE engine '${engine}' used by the send-spoe-group '${name}'`
  if (!found.agent) return undefined
  const group = found.agent.groups.find((each) => each.name === name)
  if (!group) return `unable to find SPOE group '${name}' into SPOE engine '${engine}' configuration`
  const places = placesMask(GROUP_PLACES[ruleSet]!)
  for (const message of group.messages) {
    const problem = unavailable(message, places)
    if (problem) {
      const { file, line } = message.place
      return (
        `Invalid SPOE message '${message.name}' used by SPOE group '${name}' at ${file}:${line}: ` +
        `${problem.what},${problem.where}`
      )
    }
  }
  return undefined
}

const otGroup: ActionKeyword = {
  names: ['ot-group'],
  read: (reader): OtGroupAction => {
    requireTwoWords(reader, 'expects: <filter-id> <group-id> [{ if | unless } ...]')
    const [filter, group] = [reader.next(), reader.next()]
    return { kind: 'ot-group', filter, group }
  },
  check: ({ action }) => {
    const { filter, group } = action as OtGroupAction
    return `unable to find the OpenTracing filter '${filter}' used by the ot-group '${group}'`
  },
}

const requireTwoWords = (reader: RuleReader, problem: string): void => {
  const { line, at } = reader
  const after = line.at(at + 2)
  if (line.at(at + 1) === '' || (after !== '' && after !== 'if' && after !== 'unless')) reader.fail(problem)
}

export const FILTER_ACTIONS = [cache, sendSpoeGroup, otGroup]
