/**
 * Actions that use filters and caches: `cache-use`, `cache-store` (src/cache.c), `send-spoe-group` (src/flt_spoe.c), `ot-group`
 * (addons/ot, which is not emulated).
 */
import type { Action } from '../../model/rules.js'
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

/** The engine must be that of a filter; its groups are looked up where the files of SPOE filters are read. */
const checkEngine: RuleCheck = ({ action }, _context, proxy) => {
  const { engine, group } = action as SendSpoeGroupAction
  const isKnown = proxy.traffic.filters.some((filter) => filter.kind === 'spoe' && filter.engine === engine)
  return isKnown ? undefined : `unable to find SPOE engine '${engine}' used by the send-spoe-group '${group}'`
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
