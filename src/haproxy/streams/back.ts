/**
 * The way to a server: the states of the back side from the request for a connection until it is established, with retries and redispatches
 * (src/backend.c).
 */
import { SECOND } from '../../engine/clock.js'
import { adjustHealth } from '../checks/observe.js'
import { ServerState } from '../server/status.js'
import { ChannelFlag, NEVER } from './channel.js'
import { connectServer } from './connect-server.js'
import { ANY_SHUT, INPUT_CLOSED, SideFlag, SideState } from './connector.js'
import { countBackend, countServer } from './counting.js'
import { logConnected } from './stream-log.js'
import { assignServer, HASHING } from './assign.js'
import { attachApplet } from './attach-applet.js'
import { releaseServer, uncount } from './reservation.js'
import type { Stream } from './stream.js'
import { ConnectError } from './termination.js'

const { READ_EVENT, WRITE_EVENT, WRITE_TIMEOUT, WROTE_DATA } = ChannelFlag
const { ERROR, NOLINGER, SHUT_DONE, SHUT_WANTED } = SideFlag
const { REQ, QUE, TAR, ASS, CER, EST, DIS, CLO } = SideState

/** Whether the client has gone, so that no connection is needed (`back_may_abort_req`). */
const mayAbort = ({ front, back, request, abortsOnClose }: Stream): boolean =>
  front.has(ERROR) || (back.has(ANY_SHUT) && (!request.buffer.hasOutput || abortsOnClose))

const recordConnectError = (stream: Stream, error: number): void => {
  if (stream.connectError === 0) stream.connectError = error
}

/** Ends the attempts; the client gets a reply. */
const giveUp = (stream: Stream): void => {
  const { back } = stream
  back.abort()
  back.shutdown()
  back.state = CLO
  stream.failConnect()
}

/** Continues a connection that is not requested for the first time (`back_try_conn_req`). */
export const tryConnect = (stream: Stream): void => {
  switch (stream.back.state) {
    case ASS:
      return connectAssigned(stream)
    case QUE:
      return checkQueue(stream)
    case TAR:
      return checkPause(stream)
  }
}

const abortAttempt = (stream: Stream, error: number): void => {
  stream.connectError |= error
  stream.connectExpires = NEVER
  stream.hasConnectExpired = false
  giveUp(stream)
}

const connectAssigned = (stream: Stream): void => {
  const { back, server } = stream
  if (mayAbort(stream)) return abortAttempt(stream, ConnectError.ABORT)
  const outcome = connectServer(stream)
  if (server && outcome !== 'retry') {
    const counters = server.counting
    counters.sessions++
    counters.maxSessionRate = Math.max(counters.maxSessionRate, counters.sessionRate.add(stream.now))
    counters.lastSession = stream.now
  }
  if (outcome === 'connecting') return
  if (outcome === 'internal error') {
    recordConnectError(stream, ConnectError.OTHER)
    countServer(stream, 'failedConnections')
    countBackend(stream, 'failedConnections')
    releaseServer(stream)
    back.abort()
    back.shutdown()
    back.flags |= ERROR
    stream.times.queue = stream.elapsed
    back.state = CLO
    stream.failConnect()
    return
  }
  back.state = CER
  back.flags &= ~ERROR
  handleFailedConnect(stream)
}

const checkQueue = (stream: Stream): void => {
  const { back, request } = stream
  if (!stream.context.isQueued(stream)) {
    stream.connectExpires = NEVER
    if (!stream.isAssigned) back.state = REQ
    else {
      stream.times.queue = stream.elapsed
      back.state = ASS
    }
    return
  }
  if (stream.hasConnectExpired) {
    stream.connectExpires = NEVER
    stream.hasConnectExpired = false
    stream.times.queue = stream.elapsed
    stream.context.leaveQueue(stream)
    countServer(stream, 'failedConnections')
    countBackend(stream, 'failedConnections')
    back.abort()
    back.shutdown()
    request.flags |= WRITE_TIMEOUT
    recordConnectError(stream, ConnectError.QUEUE_TIMEOUT)
    back.state = CLO
    stream.failConnect()
    return
  }
  if (!mayAbort(stream)) return
  stream.times.queue = stream.elapsed
  stream.context.leaveQueue(stream)
  abortAttempt(stream, ConnectError.QUEUE_ABORT)
}

const checkPause = (stream: Stream): void => {
  if (mayAbort(stream)) return abortAttempt(stream, ConnectError.ABORT)
  if (!stream.hasConnectExpired) return
  stream.hasConnectExpired = false
  stream.connectExpires = NEVER
  stream.back.state = stream.isAssigned ? ASS : REQ
}

/** Assigns a server, or opens the applet that answers (`back_handle_st_req`). */
export const requestConnection = (stream: Stream): void => {
  const { back, applet } = stream
  if (applet) {
    attachApplet(stream, applet)
    return
  }
  const outcome = assignServer(stream)
  if (outcome === 'queued') {
    const { queue } = stream.backend.config.timeouts
    stream.connectExpires = queue === undefined ? NEVER : stream.now + queue
    back.state = QUE
    return
  }
  if (outcome !== 'assigned') {
    recordConnectError(stream, outcome === 'full' ? ConnectError.QUEUE_ERROR : ConnectError.ERROR)
    if (outcome === 'full') countServer(stream, 'failedConnections')
    countBackend(stream, 'failedConnections')
    back.abort()
    back.shutdown()
    back.flags |= ERROR
    back.state = CLO
    stream.failConnect()
    return
  }
  stream.times.queue = stream.elapsed
  back.state = ASS
  stream.backend.countingBackend.lastSession = stream.now
}

/** Whether the client has given up while the connection is being established. */
const isAbandoned = ({ front, back, request, abortsOnClose }: Stream): boolean =>
  front.has(SHUT_DONE) || (back.has(SHUT_WANTED) && (!request.buffer.hasOutput || abortsOnClose))

const abandon = (stream: Stream): void => {
  const { back } = stream
  back.flags |= NOLINGER
  back.shutdown()
  stream.connectError |= ConnectError.ABORT
  stream.failConnect()
}

/** The connection is being established (`back_handle_st_con`). */
export const handleConnecting = (stream: Stream): void => {
  const { back } = stream
  if (isAbandoned(stream)) return abandon(stream)
  if (!stream.hasConnectExpired && !back.has(ERROR)) return
  recordConnectError(stream, back.has(ERROR) ? ConnectError.ERROR : ConnectError.TIMEOUT)
  back.state = CER
}

/** The connection is established, or an applet is attached (`back_handle_st_rdy`). */
export const handleConnected = (stream: Stream): void => {
  const { back, request } = stream
  if (stream.applet) {
    if (stream.times.requestAt < 0) stream.times.requestAt = stream.now
    stream.times.queue = stream.elapsed
    stream.backend.countingBackend.lastSession = stream.now
  }
  if (!request.has(WROTE_DATA)) {
    if (isAbandoned(stream)) return abandon(stream)
    if (back.has(ERROR)) {
      recordConnectError(stream, ConnectError.ERROR)
      back.state = CER
      return
    }
  }
  stream.connectError = 0
  back.state = EST
}

/** An attempt to connect has failed: another one, or the end (`back_handle_st_cer`). */
export const handleFailedConnect = (stream: Stream): void => {
  const { back, server, backend } = stream
  const mustPause = back.has(ERROR)
  stream.connectExpires = NEVER
  stream.hasConnectExpired = false
  if (server) {
    adjustHealth(server, 'L4 error')
    uncount(stream)
  }
  if (stream.retries >= stream.maxRetries || !backend.config.retryOn.has('conn-failure')) {
    recordConnectError(stream, ConnectError.ERROR)
    countServer(stream, 'failedConnections')
    countBackend(stream, 'failedConnections')
    releaseServer(stream)
    back.shutdown()
    back.flags |= ERROR
    back.state = CLO
    stream.failConnect()
    return
  }
  back.reset()
  stream.retries++
  chooseRedispatch(stream)
  if (!mustPause) return
  recordConnectError(stream, ConnectError.ERROR)
  const pause = Math.min(SECOND, backend.config.timeouts.connect ?? SECOND)
  if ((back.state === ASS || backend.activeServers <= 1) && !stream.isReused) {
    back.state = TAR
    stream.connectExpires = stream.now + pause
  }
}

/** Chooses between the same server and another one for the next attempt (`stream_choose_redispatch`). */
export const chooseRedispatch = (stream: Stream): void => {
  const { server, backend, back } = stream
  if (server && mayRedispatch(stream)) {
    releaseServer(stream)
    stream.isDirect = stream.isAssigned = false
    back.state = REQ
    return
  }
  if (server) server.counting.retries++
  backend.countingBackend.retries++
  back.state = ASS
}

const mayRedispatch = ({ server, backend, retries, maxRetries, isDirect, forcesPersistence }: Stream): boolean => {
  const { redispatch } = backend.config
  if (redispatch === undefined || forcesPersistence) return false
  const interval = redispatch > 0 ? redispatch : maxRetries + 1 + redispatch
  return (
    server!.state < ServerState.RUNNING ||
    (redispatch !== 0 && retries % interval === 0) ||
    (!isDirect && backend.activeServers > 1 && !HASHING.has(backend.config.balance?.algorithm ?? ''))
  )
}

/** The connection is there: the response can be analysed (`back_establish`). */
export const establish = (stream: Stream): void => {
  const { back, front, request, response, server, backend, session } = stream
  stream.times.connect = stream.elapsed
  stream.connectExpires = NEVER
  stream.hasConnectExpired = false
  if (back.has(ERROR) && request.has(WROTE_DATA)) {
    request.flags |= WRITE_EVENT
    response.flags |= READ_EVENT
    stream.connectError = ConnectError.DATA_ERROR
  }
  if (server) adjustHealth(server, 'L4 ok')
  logConnected(stream)
  response.analysers |=
    stream.context.plan(session.frontend).frontendResponse | stream.context.plan(backend).backendResponse
  response.flags |= READ_EVENT
  if (backend.config.options.has('nolinger')) back.flags |= NOLINGER
  const { endpoint } = back
  if (endpoint) endpoint.lastRead = stream.now
  if (stream.isHttp) back.flags |= SideFlag.RCV_ONCE
  if (endpoint?.kind === 'connection') {
    const { timeouts } = backend.config
    if (back.timeout === NEVER) back.timeout = timeouts.server ?? NEVER
    if (stream.tunnelTimeout === NEVER) stream.tunnelTimeout = timeouts.tunnel ?? NEVER
  }
  if (back.has(INPUT_CLOSED) || front.has(SHUT_DONE)) back.state = DIS
}
