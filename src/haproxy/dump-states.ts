/** Reports the states of all servers, on the terminal and in the logs (`sig_dump_state` in src/haproxy.c, on SIGHUP). */
import { LOG_NOTICE, type LogSource } from './logs/logger.js'
import type { ProcessContext } from './context.js'
import type { FrontendCounters } from './counters/proxy.js'
import type { Proxy } from './proxy/proxy.js'
import { ServerState } from './server/status.js'

/** A process whose servers are reported. */
export interface DumpedProcess extends ProcessContext {
  readonly proxies: readonly Proxy[]
  readonly runtime: { readonly counters: Readonly<FrontendCounters> }
}

export const dumpStates = (process: DumpedProcess): void => {
  const { logger, configuration, proxies } = process
  logger.message('warning', 'SIGHUP received, dumping servers states.')
  const report = (source: LogSource, text: string): void => {
    logger.message('warning', text)
    logger.send(source, LOG_NOTICE, text)
  }
  // the frontend of the runtime API is separate and has no logs
  if (configuration.global.statsSockets.length > 0) {
    const { connections } = process.runtime.counters
    logger.message(
      'warning',
      `SIGHUP: Proxy GLOBAL has no servers. Conn: act(FE+BE): 0+0, 0 pend (0 unass), tot(FE+BE): ${connections}+0.`,
    )
  }
  for (const proxy of proxies) {
    logger.send(proxy, LOG_NOTICE, `SIGHUP received, dumping servers states for proxy ${proxy.name}.`)
    for (const { state, path, traffic, counters } of proxy.servers) {
      const conn = `${traffic.currentSessions} act, ${traffic.pendingConnections} pend, ${counters.sessions} tot`
      report(proxy, `SIGHUP: Server ${path} is ${state === ServerState.STOPPED ? 'DOWN' : 'UP'}. Conn: ${conn}.`)
    }
    report(proxy, `SIGHUP: Proxy ${proxy.name} ${serversOf(proxy)} ${connectionsOf(proxy)}`)
  }
}
const connectionsOf = (proxy: Proxy): string => {
  const { frontendSessions, backendSessions, pendingConnections, frontendCounters, backendCounters, servers } = proxy
  const pending = servers.reduce((sum, { traffic }) => sum + traffic.pendingConnections, pendingConnections)
  return (
    `Conn: act(FE+BE): ${frontendSessions}+${backendSessions}, ${pending} pend (${pendingConnections} unass), ` +
    `tot(FE+BE): ${frontendCounters.connections}+${backendCounters.sessions}.`
  )
}

const serversOf = (proxy: Proxy): string => {
  if (proxy.servers.length === 0) return 'has no servers.'
  const { activeServers: active, backupServers: backup } = proxy
  if (active > 0) return `has ${active} active servers and ${backup} backup servers available.`
  return backup > 0 ? 'is running on backup servers !' : 'has no server available !'
}
