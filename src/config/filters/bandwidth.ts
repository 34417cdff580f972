/** `filter bwlim-in`, `filter bwlim-out` (`parse_bwlim_flt`, `bwlim_check`, src/flt_bwlim.c). */
import { firstByte } from '../../bytes/text.js'
import type { Micros } from '../../engine/clock.js'
import type { BandwidthFilter } from '../model/filters.js'
import type { SampleExpression } from '../samples/expression.js'
import { isCastable } from '../samples/types.js'
import { isDurationError, parseDuration, parseSize } from '../syntax/units.js'
import { tableSampleType } from '../tables/table-draft.js'
import type { FilterKeyword, FilterReader } from './keyword.js'

/** Options of a limit that streams share, and of one for each stream; `min-size` belongs to both. */
const SHARED: readonly string[] = ['key', 'table', 'limit']
const PER_STREAM: readonly string[] = ['default-period', 'default-limit']

/** What stands for the missing argument of an option in messages. */
const MISSING: Readonly<Record<string, string>> = { key: 'the sample expression', table: 'the table name' }

export const BANDWIDTH_FILTER: FilterKeyword = {
  names: ['bwlim-in', 'bwlim-out'],
  read: (reader): BandwidthFilter => {
    const { proxy } = reader
    const kind = reader.name as BandwidthFilter['kind']
    const name = reader.next()
    if (name === '') reader.fail(`'${kind}' : a name is expected as first argument `)
    const isDeclared = proxy.traffic.filters.some((each) => isBandwidth(each) && each.name === name)
    if (isDeclared) reader.fail(`bwlim filter '${name}' already declared for proxy '${proxy.name}'\n`)
    const options = readOptions(reader, kind)
    const { key, limit = 0, period = 0, minSize = 0, table } = options
    if (!options.isShared) {
      if (period === 0) reader.fail(`'${kind}' : <default-period> option is missing`)
      if (limit === 0) reader.fail(`'${kind}' : <default-limit> option is missing`)
      return { kind, name, limit, period, minSize, shared: undefined }
    }
    if (!key) return reader.fail(`'${kind}' : <key> option is missing`)
    if (limit === 0) reader.fail(`'${kind}' : <limit> option is missing`)
    return { kind, name, limit, period: 0, minSize, shared: { key, table } }
  },
  check: (filter, context, proxy) => {
    if (!isBandwidth(filter) || !filter.shared) return undefined
    const { kind, name, shared } = filter
    const wanted = shared.table ?? proxy.name
    const table = context.tables.find(wanted)
    if (!table) return `Proxy ${proxy.name} : unable to find table '${wanted}' referenced by bwlim filter '${name}'`
    const data = kind === 'bwlim-in' ? 'bytes_in_rate' : 'bytes_out_rate'
    const unusable = `Proxy ${proxy.name} : stick-table '${wanted}' uses a`
    if (!table.data.has(data))
      return `${unusable} data type incompatible with bwlim filter '${name}'. It must be '${data}'`
    return isCastable(shared.key.output, tableSampleType(table))
      ? undefined
      : `${unusable} key type incompatible with bwlim filter '${name}'`
  },
}

const isBandwidth = (filter: { readonly kind: string }): filter is BandwidthFilter => filter.kind.startsWith('bwlim-')

interface Options {
  isShared: boolean
  key?: SampleExpression
  table?: string
  limit?: number
  period?: Micros
  minSize?: number
}

const readOptions = (reader: FilterReader, kind: string): Options => {
  const options: Options = { isShared: false }
  let isPerStream = false
  for (;;) {
    const option = reader.word
    if (!SHARED.includes(option) && !PER_STREAM.includes(option) && option !== 'min-size') return options
    if (SHARED.includes(option) ? isPerStream : PER_STREAM.includes(option) && options.isShared)
      reader.fail(`'${kind}' : cannot mix per-stream and shared parameter`)
    reader.next()
    if (reader.word === '')
      reader.fail(`'${kind}' : ${MISSING[option] ?? 'the value'} is missing for '${option}' option`)
    if (SHARED.includes(option)) options.isShared = true
    if (PER_STREAM.includes(option)) isPerStream = true
    if (option === 'key') options.key = reader.expression()
    else readValue(reader, kind, option, options)
  }
}

const readValue = (reader: FilterReader, kind: string, option: string, options: Options): void => {
  const text = reader.next()
  if (option === 'table') {
    options.table = text
    return
  }
  const invalid = (char: string): never =>
    reader.fail(`'${kind}' : invalid value for option '${option}' (unexpected character '${char}')`)
  if (option === 'default-period') {
    const period = parseDuration(text)
    // the character of messages about times that are too great or small is undefined in HAProxy
    if (isDurationError(period)) invalid(typeof period === 'string' ? '' : period.unexpected)
    else options.period = period.value
    return
  }
  const size = parseSize(text)
  if (typeof size !== 'number') invalid(firstByte(size.rest) ?? '\0')
  else if (option === 'min-size') options.minSize = size
  else options.limit = size
}
