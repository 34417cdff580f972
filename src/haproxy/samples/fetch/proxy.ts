/**
 * Fetches about frontends, backends and servers (src/backend.c, src/frontend.c): those for which an expression is evaluated, and those named
 * by arguments.
 */
import { MILLISECOND, type Micros } from '../../../engine/clock.js'
import type { Proxy } from '../../proxy/proxy.js'
import { dynamicMaxconn } from '../../server/dynamic-maxconn.js'
import type { Server } from '../../server/server.js'
import { visibleWeight } from '../../server/weight.js'
import type { SampleContext } from '../context.js'
import { referenceArgument, type Fetch } from '../keyword.js'
import { firstBackup, isRunning, isUp, usableServers } from '../server-state.js'
import { bool, sint, str, type Sample } from '../sample.js'

/** A fetch of the backend of the check or the stream; a session without a stream has none. */
const ofBackend = (name: string, value: (backend: Proxy) => Sample): Fetch => ({
  name,
  bind:
    () =>
    ({ proxy, session, stream }) => {
      const backend = session ? stream?.backend : proxy
      return backend && value(backend)
    },
})

const ofServer = (name: string, value: (server: Server) => Sample): Fetch => ({
  name,
  bind:
    () =>
    ({ server }) =>
      server && value(server),
})

/** A number of the proxy that the argument names. */
const ofNamedProxy =
  (find: (context: SampleContext, name: string) => Proxy | undefined) =>
  (name: string, value: (proxy: Proxy, now: Micros) => number): Fetch => ({
    name,
    bind: (args) => {
      const reference = referenceArgument(args)
      return (context) => {
        const proxy = reference === '' ? context.proxy : find(context, reference)
        return proxy && sint(value(proxy, context.process.clock.now))
      }
    },
  })

const ofNamedFrontend = ofNamedProxy(({ process }, name) => process.frontendNamed(name))
const ofNamedBackend = ofNamedProxy(({ process }, name) => process.backendNamed(name))

/** A fetch of `server`, a server of the proxy where the expression is, or of `backend/server`. */
const ofNamedServer = (name: string, value: (server: Server, now: Micros) => Sample): Fetch => ({
  name,
  bind: (args) => {
    const [server = '', backend] = referenceArgument(args).split('/').reverse()
    return ({ process, proxy }) => {
      const found = (backend === undefined ? proxy : process.backendNamed(backend))?.server(server)
      return found && value(found, process.clock.now)
    }
  },
})

const timeout = (micros: Micros | undefined): Sample => sint(Math.floor((micros ?? 0) / MILLISECOND))

/** Frontends do not inherit the timeouts of backends. */
const backendTimeout = ({ backend, config }: Proxy, name: 'server' | 'tunnel'): Sample =>
  timeout(backend ? config.timeouts[name] : undefined)

/** Connections in the queues of a backend and its servers (`totpend`). */
const totalPending = ({ pendingConnections, servers }: Proxy): number =>
  servers.reduce((sum, { traffic }) => sum + traffic.pendingConnections, pendingConnections)

/** Free connection slots of a server; -1 without a limit. */
const freeConnections = (server: Server): number =>
  server.maxconn === 0 ? -1 : Math.max(dynamicMaxconn(server) - server.traffic.currentSessions, 0)

const freeBackendConnections = (backend: Proxy): number => {
  const backup = firstBackup(backend)
  const used = backend.servers.filter(
    (server) =>
      server.counted &&
      (!server.backup ||
        (backend.activeServers === 0 && (server === backup || backend.config.options.has('allbackups')))),
  )
  if (used.some(({ maxconn }) => maxconn === 0)) return -1
  return used.reduce((sum, server) => sum + freeConnections(server), 0)
}

/** Free slots in servers and their queues; -1 if one of them has no limit. */
const connectionSlots = ({ servers }: Proxy): number => {
  const running = servers.filter(isRunning)
  if (running.some(({ maxconn, config }) => maxconn === 0 || config.maxqueue === 0)) return -1
  return running.reduce(
    (sum, { maxconn, config, traffic }) =>
      sum + maxconn - traffic.currentSessions + config.maxqueue - traffic.pendingConnections,
    0,
  )
}

const averageQueue = (backend: Proxy): number => {
  const pending = totalPending(backend)
  const servers = usableServers(backend)
  return servers > 0 ? Math.floor((pending + servers - 1) / servers) : pending * 2
}

export const PROXY_FETCHES: readonly Fetch[] = [
  ofBackend('be_name', (backend) => str(backend.name)),
  ofBackend('be_id', (backend) => sint(backend.uuid)),
  ofBackend('be_server_timeout', (proxy) => backendTimeout(proxy, 'server')),
  ofBackend('be_tunnel_timeout', (proxy) => backendTimeout(proxy, 'tunnel')),
  ofServer('srv_name', (server) => str(server.name)),
  ofServer('srv_id', (server) => sint(server.puid)),

  ofNamedFrontend('fe_conn', (frontend) => frontend.frontendSessions),
  ofNamedFrontend('fe_req_rate', (frontend, now) => frontend.frontendCounters.requestRate.read(now)),
  ofNamedFrontend('fe_sess_rate', (frontend, now) => frontend.frontendCounters.sessionRate.read(now)),

  ofNamedBackend('avg_queue', averageQueue),
  ofNamedBackend('be_conn', (backend) => backend.backendSessions),
  ofNamedBackend('be_conn_free', freeBackendConnections),
  ofNamedBackend('be_sess_rate', (backend, now) => backend.backendCounters.sessionRate.read(now)),
  ofNamedBackend('connslots', connectionSlots),
  ofNamedBackend('nbsrv', usableServers),
  ofNamedBackend('queue', totalPending),

  ofNamedServer('srv_conn', ({ traffic }) => sint(traffic.currentSessions)),
  ofNamedServer('srv_conn_free', (server) => sint(freeConnections(server))),
  ofNamedServer('srv_is_up', (server) => bool(isUp(server))),
  ofNamedServer('srv_iweight', ({ initialWeight }) => sint(initialWeight)),
  ofNamedServer('srv_queue', ({ traffic }) => sint(traffic.pendingConnections)),
  ofNamedServer('srv_sess_rate', ({ counters }, now) => sint(counters.sessionRate.read(now))),
  ofNamedServer('srv_uweight', ({ weight }) => sint(weight)),
  ofNamedServer('srv_weight', (server) => sint(visibleWeight(server))),
]
