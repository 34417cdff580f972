/** The keyword `filter` of proxies (`parse_filter`, `flt_check`, src/filters.c). */
import type { FilterConfig } from '../model/filters.js'
import type { LineResult, ParseContext } from '../parse-context.js'
import { proxyTypeName, type ProxyDraft } from '../proxy/draft.js'
import type { Diagnostics } from '../syntax/diagnostics.js'
import type { Line } from '../syntax/line.js'
import { BANDWIDTH_FILTER } from './bandwidth.js'
import { CACHE_FILTER } from './cache.js'
import { COMPRESSION_FILTER, checkCompression } from './compression.js'
import { FilterProblem, FilterReader, type FilterKeyword } from './keyword.js'
import { FCGI_FILTER } from './fcgi.js'
import { LUA_FILTER, OPENTRACING_FILTER, TRACE_FILTER } from './others.js'
import { SPOE_FILTER } from './spoe/filter.js'

/** Whether the word names a filter that a script may register. */
const isLua = (name: string): boolean => name.startsWith('lua.')

const KEYWORDS: readonly FilterKeyword[] = [
  BANDWIDTH_FILTER,
  CACHE_FILTER,
  COMPRESSION_FILTER,
  FCGI_FILTER,
  OPENTRACING_FILTER,
  SPOE_FILTER,
  TRACE_FILTER,
]

const byName = new Map(KEYWORDS.flatMap((keyword) => keyword.names.map((name) => [name, keyword] as const)))

/** Filters with the part of HAProxy that registers them, sorted by name. */
const REGISTERED: readonly (readonly [string, string])[] = [
  ['BWLIM', 'bwlim-in'],
  ['BWLIM', 'bwlim-out'],
  ['CACHE', 'cache'],
  ['COMP', 'compression'],
  ['FCGI', 'fcgi-app'],
  ['OT', 'opentracing'],
  ['SPOE', 'spoe'],
  ['TRACE', 'trace'],
]

/** The list of filters in messages (`flt_dump_kws`). @param ofScripts names of filters that scripts have registered */
const filterList = (ofScripts: readonly string[]): string =>
  [...REGISTERED, ...ofScripts.map((name) => ['HLUA', name] as const)]
    .sort(([, one], [, other]) => (one < other ? -1 : 1))
    .map(([scope, name]) => `\n    [${scope.padStart(4)}] ${name}`)
    .join('')

/** The parser of a filter; undefined if its name is unknown. */
const findFilter = (context: ParseContext, line: Line, name: string): FilterKeyword | undefined => {
  if (!isLua(name)) return byName.get(name)
  const use = {
    kind: 'filter',
    name: name.slice('lua.'.length),
    environment: '',
    argumentCount: 0,
    place: line.place,
  } as const
  return context.useLua(use) && LUA_FILTER
}

/** Reads a line of `filter`. */
export const readFilter = (context: ParseContext, line: Line, proxy: ProxyDraft): LineResult => {
  const keyword = line.at(0)
  const parsing = `parsing [${line.file}:${line.line}]`
  if (proxy.kind === 'defaults')
    return context.alert(line, `${parsing} : ${keyword} is not allowed in a 'default' section.`)
  const name = line.at(1)
  if (name === '')
    return context.alert(
      line,
      `${parsing} : missing argument for '${keyword}' in ${proxyTypeName(proxy)} '${proxy.name}'.`,
    )
  const known = findFilter(context, line, name)
  if (!known) {
    const list = filterList(context.options.scripts?.list('filter', '') ?? [])
    return context.alert(line, `'${keyword}' : unknown keyword '${name}'. Registered keywords :${list}`)
  }
  const reader = new FilterReader(context, line, proxy)
  const filter = readWith(known, reader)
  if ('error' in filter) return context.alert(line, `'${keyword}' : ${filter.error}`)
  if (reader.word !== '') return context.alert(line, `'${keyword} ${name}' : unknown keyword '${reader.word}'.`)
  proxy.traffic.filters.push(filter)
  return filter.kind === 'lua' ? 'ok' : context.notEmulated(line, `'${keyword}'`, 'traffic')
}

const readWith = (keyword: FilterKeyword, reader: FilterReader): FilterConfig | { readonly error: string } => {
  try {
    return keyword.read(reader)
  } catch (error) {
    if (error instanceof FilterProblem) return { error: error.message }
    throw error
  }
}

/** Validates the filters of a proxy once the whole configuration is read. */
export const checkFilters = (context: ParseContext, proxy: ProxyDraft, diagnostics: Diagnostics): void => {
  const { filters } = proxy.traffic
  const alert = (text: string): void => diagnostics.add('alert', text, proxy.place)
  checkCompression(proxy, alert)
  for (const filter of filters) {
    const problem = byName.get(filter.kind)?.check?.(filter, context, proxy, diagnostics)
    if (problem !== undefined) alert(problem)
  }
}
