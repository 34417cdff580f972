/** `use-service`: an applet replies (`stream_parse_use_service`, src/stream.c). */
import type { Action } from '../../model/rules.js'
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
    reader.next()
    return { kind: 'use-service', service }
  },
}
