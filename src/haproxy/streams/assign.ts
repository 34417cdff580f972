/** Assigning a server to a stream, and a place among its connections (`srv_redispatch_connect`, `assign_server_and_queue` in src/backend.c). */
import { streamsOf } from '../balance/server-streams.js'
import { Server } from '../server/server.js'
import { changeServer } from './reservation.js'
import type { Stream } from './stream.js'

export type Assignment = 'assigned' | 'queued' | 'full' | 'no server'

/** Chooses a server, unless one is chosen already, and reserves a connection to it. */
export const assignServer = (stream: Stream): Assignment => {
  if (!stream.isAssigned) {
    const before = stream.server
    if (!chooseServer(stream)) return 'no server'
    if (before) countChange(stream, before)
  }
  const { server } = stream
  if (!server || stream.reserved === server) return 'assigned'
  streamsOf(server).served++
  changeServer(stream, server)
  return 'assigned'
}

const chooseServer = (stream: Stream): boolean => {
  const { server, backend, reserved } = stream
  if (reserved) changeServer(stream, undefined)
  stream.target = undefined
  if (backend.config.balance === undefined) {
    // `dispatch` and `option transparent`: the connection goes to an address
    stream.isAssigned = true
    return true
  }
  const last = lastServer(stream)
  if (last) {
    stream.target = last
    stream.isAssigned = true
    return true
  }
  const next = stream.context.balancer(backend).next(server)
  if (!next) return false
  if (next !== server) {
    backend.countingBackend.balancedSessions++
    next.counting.balancedSessions++
  }
  stream.target = next
  stream.isAssigned = true
  return true
}

/** Algorithms by which a request always reaches the same server. */
export const HASHING: ReadonlySet<string> = new Set([
  'source',
  'uri',
  'url_param',
  'hdr',
  'rdp-cookie',
  'hash',
  'log-hash',
])

/** The server of a connection that belongs to the session, where the session or `option prefer-last-server` asks for it. */
const lastServer = ({ session, backend }: Stream): Server | undefined => {
  const { options, balance } = backend.config
  if (!(session.prefersLastServer || options.has('prefer-last-server')) || HASHING.has(balance!.algorithm)) return
  for (const target of session.privateConnections.targets)
    if (target instanceof Server && target.proxy === backend && target.willBeUsable) return target
  return undefined
}

const countChange = (stream: Stream, before: NonNullable<Stream['server']>): void => {
  const { server, backend } = stream
  if (server !== before) {
    stream.isRedispatched = true
    before.counting.redispatches++
    backend.countingBackend.redispatches++
  } else {
    before.counting.retries++
    backend.countingBackend.retries++
  }
}
