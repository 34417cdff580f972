/** `use-service`: an applet replies (`stream_parse_use_service`, src/stream.c). */
import type { Action } from '../../model/rules.js'
import { proxyTypeName } from '../../proxy/draft.js'
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
    if (service.startsWith('lua.')) registerUse(reader, service)
    reader.next()
    return { kind: 'use-service', service }
  },
}

/** Whether a script registers the service is known once it is loaded. */
const registerUse = (reader: RuleReader, service: string): void => {
  const { context, line, ruleSet, proxy } = reader
  const isHttp = ruleSet.startsWith('http')
  const problem = `'${reader.argument(1)}' unknown service name.`
  const owner = `${proxyTypeName(proxy)} '${proxy.name}'`
  const text = isHttp
    ? `error detected in ${owner} while parsing '${ruleSet} ${reader.name}' rule : ${problem}.`
    : problem
  context.luaUses.push({
    kind: 'service',
    name: service.slice('lua.'.length),
    environment: isHttp ? 'http' : 'tcp',
    place: line.place,
    error: `config : parsing [${line.file}:${line.line}] : ${text}`,
  })
}
