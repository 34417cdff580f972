/**
 * Actions on the data of tracked entries of stick tables: `sc-add-gpc`, `sc-inc-gpc` and its like, `sc-set-gpt` (`parse_inc_gpc`,
 * `parse_set_gpt`, `parse_add_gpc`, src/stick_table.c).
 */
import { strtol } from '../../../bytes/integers.js'
import type { Action, RuleSetName } from '../../model/rules.js'
import { placesMask } from '../../samples/places.js'
import type { RuleReader } from '../rule-reader.js'
import type { ActionKeyword } from './action.js'
import { numberOrExpression, type NumberOrExpression } from './values.js'

/** Changes a counter (`gpc`) or a tag (`gpt`) of a tracked entry. */
export interface TableCounterAction extends Action {
  readonly kind: 'sc-inc-gpc' | 'sc-add-gpc' | 'sc-set-gpt'
  /** the data type: `gpc` and `gpt` are arrays, the others stand alone */
  readonly data: 'gpc' | 'gpc0' | 'gpc1' | 'gpt' | 'gpt0'
  readonly index: number
  /** which tracked entry */
  readonly counter: number
  readonly value: NumberOrExpression
}

/** Where expressions of these actions must be available in any proxy. */
const VALUE_PLACES: Readonly<Record<RuleSetName, number>> = {
  'tcp-request connection': placesMask('frontend tcp-request connection rule'),
  'tcp-request session': placesMask('frontend tcp-request session rule'),
  'tcp-request content': placesMask('frontend tcp-request content rule'),
  'tcp-response content': placesMask('backend tcp-response content rule'),
  'http-request': placesMask('frontend http-request header rule'),
  'http-response': placesMask('backend http-response header rule'),
  'http-after-response': placesMask('backend http-response header rule'),
}

/** The words of the messages of each action, which differ. */
interface Messages {
  readonly missingId: (name: string) => string
  readonly badCounter: (name: string, rest: string) => string
  readonly tooGreat: (greatest: number) => string
}

const expects = (usage: string): string => `Expects ${usage}`

/** `(<index>,<counter>)` after the name. */
const readPair = (
  reader: RuleReader,
  text: string,
  { missingId, badCounter, tooGreat }: Messages,
): { readonly index: number; readonly counter: number } => {
  const { name } = reader
  const index = strtol(text)
  if (!index.rest.startsWith(',')) reader.fail(missingId(name))
  const rest = index.rest.slice(1)
  const counter = strtol(rest)
  if (!counter.rest.startsWith(')')) reader.fail(badCounter(name, rest))
  const { stickCounters } = reader.context.global
  if (counter.value >= stickCounters) reader.fail(tooGreat(stickCounters - 1))
  return { index: index.value, counter: counter.value }
}

/** The optional `(<counter>)` after `sc-inc-gpc0` and its like. */
const readCounter = (
  reader: RuleReader,
  text: string,
  usage: string,
  tooGreat: (greatest: number) => string,
  title: string,
): number => {
  if (text === '') return 0
  const invalid = `invalid stick table track ID${title}. ${expects(usage)}`
  if (!text.startsWith('(')) reader.fail(invalid)
  const counter = strtol(text.slice(1))
  if (!counter.rest.startsWith(')')) reader.fail(invalid)
  const { stickCounters } = reader.context.global
  if (counter.value >= stickCounters) reader.fail(tooGreat(stickCounters - 1))
  return counter.value
}

const requireCounters = (reader: RuleReader): void => {
  if (reader.context.global.stickCounters === 0)
    reader.fail(`Cannot use '${reader.name}', stick-counters are disabled via tune.stick-counters`)
}

const increment: ActionKeyword = {
  names: ['sc-inc-gpc', 'sc-inc-gpc0', 'sc-inc-gpc1'],
  read: (reader): TableCounterAction => {
    requireCounters(reader)
    const { name } = reader
    const usage = 'sc-inc-gpc(<GPC ID>,<Track ID>)'
    const rest = name.slice('sc-inc-gpc'.length)
    if (rest.startsWith('(')) {
      const pair = readPair(reader, rest.slice(1), {
        missingId: () => `Missing gpc ID '${name}'. ${expects(usage)}`,
        badCounter: () => `invalid stick table track ID '${name}'. ${expects(usage)}`,
        tooGreat: (greatest) =>
          `invalid stick table track ID '${name}'. The max allowed ID is ${greatest} (tune.stick-counters)`,
      })
      return { kind: 'sc-inc-gpc', data: 'gpc', ...pair, value: 1 }
    }
    if (!/^[01]/.test(rest)) reader.fail(`invalid gpc ID '${name}'. ${expects(usage)}`)
    const counter = readCounter(
      reader,
      rest.slice(1),
      `${name}(<Track ID>)`,
      (greatest) => `invalid stick table track ID. The max allowed ID is ${greatest} (tune.stick-counters)`,
      '',
    )
    return { kind: 'sc-inc-gpc', data: rest.startsWith('0') ? 'gpc0' : 'gpc1', index: 0, counter, value: 1 }
  },
}

const setTag: ActionKeyword = {
  names: ['sc-set-gpt', 'sc-set-gpt0'],
  read: (reader): TableCounterAction => {
    requireCounters(reader)
    const { name } = reader
    const usage = 'sc-set-gpt(<GPT ID>,<Track ID>)'
    const rest = name.slice('sc-set-gpt'.length)
    const tooGreat = (greatest: number): string =>
      `invalid stick table track ID '${name}'. The max allowed ID is ${greatest}`
    if (rest.startsWith('(')) {
      const pair = readPair(reader, rest.slice(1), {
        missingId: () => `Missing gpt ID '${name}'. ${expects(usage)}`,
        badCounter: () => `invalid stick table track ID '${name}'. ${expects(usage)}`,
        tooGreat,
      })
      return { kind: 'sc-set-gpt', data: 'gpt', ...pair, value: readValue(reader) }
    }
    if (!rest.startsWith('0')) reader.fail(`invalid gpt ID '${name}'. ${expects(usage)}`)
    const counter = readCounter(reader, rest.slice(1), 'sc-set-gpt0(<Track ID>)', tooGreat, ` '${name}'`)
    return { kind: 'sc-set-gpt', data: 'gpt0', index: 0, counter, value: readValue(reader) }
  },
}

const add: ActionKeyword = {
  names: ['sc-add-gpc'],
  read: (reader): TableCounterAction => {
    const { name } = reader
    const rest = name.slice('sc-add-gpc'.length)
    if (!rest.startsWith('('))
      reader.fail(`Missing or invalid arguments for '${name}'. ${expects('sc-add-gpc(<GPC ID>,<Track ID>)')}`)
    const usage = `${name}(<GPC ID>,<Track ID>)`
    const pair = readPair(reader, rest.slice(1), {
      missingId: () => `Missing gpc ID. ${expects(usage)}`,
      badCounter: (_, text) => `invalid stick table track ID '${text}'. ${expects(usage)}`,
      tooGreat: (greatest) =>
        `invalid stick table track ID '${name}'. The max allowed ID is ${greatest} (tune.stick-counters)`,
    })
    return { kind: 'sc-add-gpc', data: 'gpc', ...pair, value: readValue(reader) }
  },
}

const readValue = (reader: RuleReader): NumberOrExpression =>
  numberOrExpression(reader, { places: VALUE_PLACES[reader.ruleSet], base: 10 })

export const TABLE_COUNTER_ACTIONS = [increment, setTag, add]
