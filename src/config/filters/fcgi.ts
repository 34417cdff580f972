/** `filter fcgi-app NAME` and `use-fcgi-app NAME` (`parse_fcgi_flt`, `proxy_parse_use_fcgi_app`, `fcgi_flt_check`, src/fcgi-app.c). */
import type { FcgiFilter } from '../model/filters.js'
import type { LineResult, ParseContext } from '../parse-context.js'
import { hasBackend, type ProxyDraft } from '../proxy/draft.js'
import { parseLogFormat } from '../samples/log-format.js'
import { placesMask } from '../samples/places.js'
import { FCGI_APPS } from '../sections/fcgi-app-draft.js'
import type { Line } from '../syntax/line.js'
import type { FilterKeyword } from './keyword.js'

export const FCGI_FILTER: FilterKeyword = {
  names: ['fcgi-app'],
  read: (reader): FcgiFilter => {
    const app = reader.next()
    if (app === '') reader.fail('fcgi-app : expects a <name> argument')
    const { filters } = reader.proxy.traffic
    const earlier = filters.findIndex((each) => each.kind === 'fcgi-app' && each.app === app)
    if (earlier >= 0) filters.splice(earlier, 1)
    return { kind: 'fcgi-app', app, implicit: false, parameters: [] }
  },
  check: (filter, context, proxy) => check(filter as FcgiFilter, context, proxy),
}

/** Reads `use-fcgi-app`, which declares the filter if no line has done so. */
export const readUseFcgiApp = (context: ParseContext, line: Line, proxy: ProxyDraft): LineResult => {
  const [keyword, app] = [line.at(0), line.at(1)]
  if (proxy.kind === 'defaults' || !hasBackend(proxy))
    return context.alert(line, `'${keyword}' only available in backend or listen section`)
  if (app === '') return context.alert(line, `'${keyword}' expects <name> as argument`)
  const { filters } = proxy.traffic
  const declared = filters.find((each) => each.kind === 'fcgi-app')
  if (declared && declared.app !== app)
    return context.alert(line, `'${keyword}' : only one fcgi-app supported per backend`)
  if (!declared) filters.push({ kind: 'fcgi-app', app, implicit: true, parameters: [] })
  return context.notEmulated(line, `'${keyword}'`, 'traffic')
}

const REQUEST_HEADERS = placesMask('backend http-request header rule')

/** Looks the application up, and parses the values of its parameters for the proxy. */
const check = (filter: FcgiFilter, context: ParseContext, proxy: ProxyDraft): string | undefined => {
  const owner = `proxy '${proxy.name}'`
  const app = context.drafts(FCGI_APPS).find(filter.app)
  if (!app) return `${owner} : fcgi-app '${filter.app}' not found.`
  for (const other of proxy.traffic.filters) {
    if (other === filter || other.kind === 'compression' || other.kind === 'cache') continue
    if (other.kind === 'fcgi-app') return `${owner} : only one fcgi-app supported per backend.`
    if (filter.implicit)
      return `config: ${owner}: require an explicit filter declaration to use the fcgi-app '${app.name}'.`
  }
  for (const rule of app.rules) {
    if (rule.kind !== 'set-param') continue
    const format = context.atPlace(app.place, () =>
      parseLogFormat(rule.value, { keywords: context.options.samples, places: REQUEST_HEADERS, http: true }),
    )
    if ('error' in format) return `${owner} : ${format.error}.`
    filter.parameters.push({ name: rule.name, value: format, condition: rule.condition })
  }
  return undefined
}
