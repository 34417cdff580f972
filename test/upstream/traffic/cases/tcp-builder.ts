/** Cases of one frontend in TCP mode, and one backend with one server. */
import type { Step, TrafficCase } from '../harness/case.js'

export interface TcpOptions {
  readonly defaults?: string
  readonly frontend?: string
  readonly backend?: string
  readonly server?: string
  /** further sections */
  readonly more?: string
  readonly connections?: readonly (readonly Step[])[]
  readonly clients: readonly (readonly Step[])[]
}

/** A case with the frontend `fe`, the backend `be` and its server `s1`. */
export const tcpCase = (
  name: string,
  {
    defaults = '',
    frontend = '',
    backend = '',
    server = 'server s1 $s1',
    connections = [[]],
    clients,
    more = '',
  }: TcpOptions,
): TrafficCase => ({
  name,
  mode: 'tcp',
  defaults,
  config: `frontend $fe
  bind $listen
  ${frontend}
  default_backend $be
backend $be
  ${backend}
  ${server}
${more}`,
  clients,
  servers: { s1: connections },
})
