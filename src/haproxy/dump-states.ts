/** Reports the states of all servers, on the terminal and in the logs (`sig_dump_state` in src/haproxy.c, on SIGHUP). */
import { LOG_NOTICE, type LogSource } from './logs/logger.js'
import type { ProcessContext } from './context.js'
import type { Proxy } from './proxy/proxy.js'
import { ServerState } from './server/status.js'

/** A process whose servers are reported. */
export interface DumpedProcess extends ProcessContext {
  readonly proxies: readonly Proxy[]
  /** connections with the runtime API since its counters were cleared */
  readonly runtime: { readonly countedConnections: number }
}

export const dumpStates = (process: DumpedProcess): void => {
  const { logger, configuration, proxies } = process
  logger.message('warning', 'SIGHUP received, dumping servers states.')
  const report = (source: LogSource, text: string): void => {
    logger.message('warning', text)
    logger.send(source, LOG_NOTICE, text)
  }
  // the frontend of the runtime API is separate and has no logs
  if (configuration.global.statsSockets.length > 0)
    logger.message(
      'warning',
      `SIGHUP: Proxy GLOBAL has no servers. ${proxyConnections(process.runtime.countedConnections)}`,
    )
  for (const proxy of proxies) {
    logger.send(proxy, LOG_NOTICE, `SIGHUP received, dumping servers states for proxy ${proxy.name}.`)
    for (const server of proxy.servers) {
      const state = server.state === ServerState.STOPPED ? 'DOWN' : 'UP'
      report(proxy, `SIGHUP: Server ${server.path} is ${state}. Conn: 0 act, 0 pend, 0 tot.`)
    }
    report(proxy, `SIGHUP: Proxy ${proxy.name} ${serversOf(proxy)} ${proxyConnections(0)}`)
  }
}

const proxyConnections = (total: number): string => `Conn: act(FE+BE): 0+0, 0 pend (0 unass), tot(FE+BE): ${total}+0.`

const serversOf = (proxy: Proxy): string => {
  if (proxy.servers.length === 0) return 'has no servers.'
  const { activeServers: active, backupServers: backup } = proxy
  if (active > 0) return `has ${active} active servers and ${backup} backup servers available.`
  return backup > 0 ? 'is running on backup servers !' : 'has no server available !'
}
