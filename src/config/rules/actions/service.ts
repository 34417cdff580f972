/** `use-service`: an applet replies (`stream_parse_use_service`, src/stream.c). */
import type { Action } from '../../model/rules.js'
import type { RuleReader } from '../rule-reader.js'
import type { ActionKeyword } from './action.js'

export interface UseServiceAction extends Action {
  readonly kind: 'use-service'
  /** `lua.NAME`, or one of HAProxy's own */
  readonly service: string
}

const SERVICES: readonly string[] = ['prometheus-exporter']

export const USE_SERVICE: ActionKeyword = {
  names: ['use-service'],
  read: (reader): UseServiceAction => {
    const service = reader.word
    if (service === '') reader.fail(`'${reader.argument(0)}' expects a service name.`)
    // scripts are not loaded yet
    if (!SERVICES.includes(service) && !service.startsWith('lua.'))
      reader.fail(`'${reader.argument(1)}' unknown service name.`)
    if (service === 'prometheus-exporter' && reader.ruleSet !== 'http-request')
      reader.fail("Prometheus exporter service only available on 'http-request' rulesets")
    if (service.startsWith('lua.')) checkLuaService(reader, service)
    reader.next()
    return { kind: 'use-service', service }
  },
}

/** Services of scripts are for HTTP requests, or for TCP connections outside of HTTP mode (`action_register_service_http`, src/hlua.c). */
const checkLuaService = (reader: RuleReader, service: string): void => {
  const { context, line, ruleSet, proxy } = reader
  const isHttp = proxy.settings.mode === 'http'
  const environment = ruleSet === 'http-request' ? 'http' : 'tcp'
  const use = {
    kind: 'service',
    name: service.slice('lua.'.length),
    environment,
    argumentCount: 0,
    place: line.place,
  } as const
  const found = context.useLua(environment === 'tcp' && isHttp ? { ...use, environment: '' } : use)
  if (found === 'open') return
  if (!found) reader.fail(`'${reader.argument(1)}' unknown service name.`)
  if (found.environment === 'tcp' && isHttp) reader.fail('Lua TCP services cannot be used on HTTP proxies')
  if (found.environment === 'http' && environment === 'tcp')
    reader.fail("HTTP applets are forbidden from 'tcp-request' rulesets")
}
