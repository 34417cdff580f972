/** The list of data after `store` in the line of a stick table (parse_stick_table in src/stick_table.c). */
import { atoi } from '../../bytes/integers.js'
import { isDurationError, parseDuration, trailingUnitText } from '../syntax/units.js'
import type { TableData } from '../model/tables.js'
import { TABLE_DATA_TYPES, tableDataName } from './data-types.js'

/** `STKTABLE_MAX_DT_ARRAY_SIZE` */
const MAX_ELEMENTS = 100

/** An element of the list. */
interface StoreItem {
  readonly name: string
  /** the first and the last of the arguments in parentheses; undefined if absent; the last also if there is only one */
  readonly first: string | undefined
  readonly last: string | undefined
}

/** Messages about the list. */
export interface StoreMessages {
  /** a warning, with its prefix */
  warn(text: string): void
  /** a warning without prefix */
  warnOfUnit(text: string): void
}

/** Adds what the list `text` names to `data`; returns an error message if it is invalid. */
export const parseStore = (text: string, data: Map<string, TableData>, messages: StoreMessages): string | undefined => {
  let rest = text
  while (rest !== '') {
    const item = takeItem(rest)
    if (typeof item === 'string') return `missing closing parenthesis after store option '${item}'.`
    rest = item.rest
    const name = tableDataName(item.name)
    if (name === undefined) return `unknown store option '${item.name}'.`
    const problem = data.has(name)
      ? messages.warn(`store option '${item.name}' already enabled, ignored.`)
      : addData(name, item, data, messages)
    if (typeof problem === 'string') return problem
  }
  return incompatibleData(data)
}

/** Splits off the first element; returns its name if a parenthesis is not closed. */
const takeItem = (text: string): (StoreItem & { readonly rest: string }) | string => {
  let name: string | undefined
  let first: string | undefined
  let last: string | undefined
  let at = 0
  for (; at < text.length && text[at] !== ','; at++) {
    if (text[at] !== '(') continue
    name ??= text.slice(0, at)
    const close = text.indexOf(')', at)
    if (close < 0) return name
    const given = text.slice(at + 1, close).split(',')
    first = given[0]!
    if (given.length > 1) last = given.at(-1)!
    at = close
  }
  return { name: name ?? text.slice(0, at), first, last, rest: text.slice(at + 1) }
}

/** `stktable_alloc_data_type` with its errors as messages. */
const addData = (
  name: string,
  item: StoreItem,
  data: Map<string, TableData>,
  messages: StoreMessages,
): string | undefined => {
  const { isArray, kind } = TABLE_DATA_TYPES.get(name)!
  const missing = `missing argument to store option '${item.name}'.`
  let elements = 1
  let argument = item.first
  if (isArray) {
    if (argument === undefined) return missing
    elements = atoi(argument)
    if (elements < 1 || elements > MAX_ELEMENTS)
      return `array size is out of allowed range (1-${MAX_ELEMENTS}) for store option '${item.name}'.`
    argument = item.last
  }
  if (kind !== 'rate') {
    if (argument !== undefined) return `unexpected argument to store option '${item.name}'.`
    data.set(name, { elements, period: undefined })
    return undefined
  }
  if (argument === undefined) return missing
  const parsed = parseDuration(argument)
  if (isDurationError(parsed)) return `error when processing store option '${item.name}'.`
  if (parsed.trailing !== '') messages.warnOfUnit(trailingUnitText(argument, parsed.trailing))
  data.set(name, { elements, period: parsed.value })
  return undefined
}

/** Arrays replace the single counters and tags of the same kind. */
const incompatibleData = (data: ReadonlyMap<string, TableData>): string | undefined => {
  const [array, singles] =
    data.has('gpt') && data.has('gpt0')
      ? ['gpt', 'gpt0']
      : data.has('gpc') && (data.has('gpc0') || data.has('gpc1'))
        ? ['gpc', 'gpc[0/1]']
        : data.has('gpc_rate') && (data.has('gpc0_rate') || data.has('gpc1_rate'))
          ? ['gpc_rate', 'gpc[0/1]_rate']
          : []
  return array === undefined
    ? undefined
    : `simultaneous usage of '${array}' and '${singles}' in a same table is not permitted as '${array}' overrides '${singles}'.`
}
