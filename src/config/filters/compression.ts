/** `filter compression` and the keyword `compression` (`parse_compression_options`, `check_implicit_http_comp_flt`, src/flt_http_comp.c). */
import { toByteString } from '../../bytes/text.js'
import type { CompressionConfig, CompressionFilter } from '../model/filters.js'
import type { LineResult, ParseContext } from '../parse-context.js'
import { proxyTypeName, type ProxyDraft } from '../proxy/draft.js'
import type { Line } from '../syntax/line.js'
import { parseSize } from '../syntax/units.js'
import type { FilterKeyword } from './keyword.js'

export const COMPRESSION_FILTER: FilterKeyword = {
  names: ['compression'],
  read: (reader): CompressionFilter => {
    const { traffic, name } = reader.proxy
    if (traffic.filters.some(({ kind }) => kind === 'compression'))
      reader.fail(`${name}: Proxy supports only one compression filter\n`)
    return { kind: 'compression' }
  },
}

const DEFAULTS: CompressionConfig = {
  responseAlgorithms: [],
  requestAlgorithm: undefined,
  responseTypes: [],
  requestTypes: [],
  responses: true,
  requests: false,
  offload: false,
  requestMinSize: 0,
  responseMinSize: 0,
}

/** Algorithms of the library that HAProxy's packages are built with. */
const ALGORITHMS: readonly string[] = ['identity', 'deflate', 'raw-deflate', 'gzip']

const settings = (proxy: ProxyDraft): CompressionConfig => proxy.settings.compression ?? DEFAULTS

/** Reads a line of `compression`. */
export const readCompression = (context: ParseContext, line: Line, proxy: ProxyDraft): LineResult => {
  const reader = READERS.get(line.at(1))
  if (!reader)
    return context.alert(
      line,
      `'${line.at(0)}' expects 'algo', 'type', 'direction', 'offload', 'minsize-req' or 'minsize-res'.`,
    )
  const part = reader(line, settings(proxy))
  if (typeof part === 'string') return context.alert(line, part)
  proxy.change({ compression: { ...settings(proxy), ...part } })
  if (line.at(1) === 'offload' && proxy.kind === 'defaults')
    context.warn(line, `'${line.at(0)}' : '${line.at(1)}' ignored in 'defaults' section.`)
  return context.notEmulated(line, `'${line.at(0)}'`, 'traffic')
}

/** The settings that a line changes, or what is wrong with it. */
type Reader = (line: Line, current: CompressionConfig) => Partial<CompressionConfig> | string

const unsupported = (line: Line, algorithm: string): string =>
  `'${line.at(0)}' : '${algorithm}' is not a supported algorithm.`

const responseAlgorithms: Reader = (line, { responseAlgorithms: known }) => {
  const algorithms = line.from(2)
  if (algorithms.length === 0) return `parsing [${line.file}:${line.line}] : '${line.at(0)}' expects <algorithm>.`
  const unknown = algorithms.find((each) => !ALGORITHMS.includes(each))
  return unknown === undefined ? { responseAlgorithms: [...known, ...algorithms] } : unsupported(line, unknown)
}

const requestAlgorithm: Reader = (line) => {
  const algorithm = line.at(2)
  return ALGORITHMS.includes(algorithm) ? { requestAlgorithm: algorithm } : unsupported(line, algorithm)
}

const types =
  (name: 'responseTypes' | 'requestTypes'): Reader =>
  (line, current) => {
    const added = line.from(2)
    return added.length === 0
      ? `'${line.at(0)}' expects <type>.`
      : { [name]: [...current[name], ...added.map(toByteString)] }
  }

const minSize =
  (name: 'requestMinSize' | 'responseMinSize'): Reader =>
  (line) => {
    const text = line.at(2)
    if (text === '') return `'${line.at(1)}' expects an integer argument.`
    const size = parseSize(text)
    if (typeof size === 'number') return { [name]: size }
    return `unexpected '${size.rest}' after size passed to '${line.at(1)}'`
  }

const direction: Reader = (line) => {
  switch (line.at(2)) {
    case 'request':
      return { requests: true, responses: false }
    case 'response':
      return { responses: true }
    case 'both':
      return { requests: true, responses: true }
    default:
      return `'${line.at(0)}' expects 'request', 'response', or 'both'.`
  }
}

const READERS: ReadonlyMap<string, Reader> = new Map([
  ['algo', responseAlgorithms],
  ['algo-res', responseAlgorithms],
  ['algo-req', requestAlgorithm],
  ['offload', () => ({ offload: true })],
  ['type', types('responseTypes')],
  ['type-res', types('responseTypes')],
  ['type-req', types('requestTypes')],
  ['minsize-req', minSize('requestMinSize')],
  ['minsize-res', minSize('responseMinSize')],
  ['direction', direction],
])

/** Adds the filter of a proxy that compresses and does not declare it, or reports why that cannot be. */
export const checkCompression = (proxy: ProxyDraft, alert: (text: string) => void): void => {
  if (!proxy.settings.compression) return
  const { filters } = proxy.traffic
  const owner = `config: ${proxyTypeName(proxy)} '${proxy.name}'`
  const declared = filters.findIndex(({ kind }) => kind === 'compression')
  if (declared >= 0) {
    if (filters.slice(declared).some(({ kind }) => kind === 'cache'))
      alert(`${owner}: unable to enable the compression filter before any cache filter.`)
  } else if (filters.some(({ kind }) => kind !== 'cache' && kind !== 'fcgi-app'))
    alert(`${owner}: require an explicit filter declaration to use HTTP compression`)
  else filters.push({ kind: 'compression' })
}
