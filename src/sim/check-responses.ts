/** Default responses of simulated servers to health checks. */
import type { HealthCheckConfig } from '../config/model/proxy.js'
import type { TcpServer } from './actors/index.js'

/** Makes `server` pass checks of a built-in kind. Servers with other checks are not changed. */
export const respondToChecks = (server: TcpServer, check: HealthCheckConfig): TcpServer => {
  if (check.kind !== 'built-in') return server
  const { greeting, response } = check.type.example
  if (greeting !== undefined) server.greet(greeting)
  return server.respond(response)
}
