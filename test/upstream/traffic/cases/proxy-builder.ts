/** Cases of one frontend and one backend with one server. */
import type { Step, TrafficCase } from '../harness/case.js'

export interface ProxyOptions {
  readonly defaults?: string
  /** settings of the listener */
  readonly bind?: string
  readonly frontend?: string
  readonly backend?: string
  /** line of the server */
  readonly server?: string
  /** further sections */
  readonly more?: string
  /** steps of each connection of the server `s1` */
  readonly connections?: readonly (readonly Step[])[]
  readonly clients: readonly (readonly Step[])[]
  readonly files?: Readonly<Record<string, string>>
}

/** A case with the frontend `fe`, the backend `be` and its server `s1`. */
export const proxyCase = (
  name: string,
  mode: TrafficCase['mode'],
  {
    defaults = '',
    bind = '',
    frontend = '',
    backend = '',
    server = 'server s1 $s1',
    connections = [[]],
    clients,
    files,
    more = '',
  }: ProxyOptions,
): TrafficCase => ({
  name,
  mode,
  defaults,
  config: `frontend $fe
  bind $listen ${bind}
  ${frontend}
  default_backend $be
backend $be
  ${backend}
  ${server}
${more}`,
  clients,
  servers: { s1: connections },
  ...(files === undefined ? {} : { files }),
})

/** The same in TCP mode. */
export const tcpCase = (name: string, options: ProxyOptions): TrafficCase => proxyCase(name, 'tcp', options)
