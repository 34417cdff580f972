/** What streams count for proxies, servers and listeners (counters of src/stream.c and src/http_ana.c). */
import type { BackendCounters, FrontendCounters } from '../counters/proxy.js'
import type { Session } from './session.js'
import type { Stream } from './stream.js'

/** Names of counters that are plain numbers. */
type NumberKeys<T> = { [K in keyof T]: T[K] extends number ? K : never }[keyof T]
export type FrontendCount = NumberKeys<FrontendCounters>
export type BackendCount = NumberKeys<BackendCounters>

/** Counts for the frontend, and for its listener where `option socket-stats` asks for it. */
export const countFrontend = ({ session }: Stream, name: FrontendCount): void => countSession(session, name)

/** The same for a session that has no stream. */
export const countSession = ({ frontend, listener }: Session, name: FrontendCount): void => {
  frontend.countingFrontend[name]++
  if (listener && frontend.config.options.has('socket-stats')) listener.counting[name]++
}

export const countBackend = ({ backend }: Stream, name: BackendCount): void => {
  backend.countingBackend[name]++
}

/** A message could not be rewritten, as there was no room. */
export const countFailedRewrite = (stream: Stream): void => {
  countFrontend(stream, 'failedRewrites')
  if (stream.hasBackend) countBackend(stream, 'failedRewrites')
  countServer(stream, 'failedRewrites')
}

export const countServer = ({ server }: Stream, name: BackendCount): void => {
  if (server) server.counting[name]++
}

/** The client or the server has ended the stream before its end. */
export const countAbort = (stream: Stream, by: 'client' | 'server'): void => {
  const name = by === 'client' ? 'clientAborts' : 'serverAborts'
  countBackend(stream, name)
  countFrontend(stream, name)
  countServer(stream, name)
}

export const countFailedResponse = (stream: Stream): void => {
  countBackend(stream, 'failedResponses')
  countServer(stream, 'failedResponses')
}

export const countInternalError = (stream: Stream, isRequest: boolean): void => {
  countFrontend(stream, 'internalErrors')
  if (!isRequest || stream.hasBackend) countBackend(stream, 'internalErrors')
  if (!isRequest) countServer(stream, 'internalErrors')
}

/** Counts the bytes since the last call (`stream_process_counters`). */
export const countBytes = (stream: Stream): void => {
  const { request, response, session, backend, server } = stream
  const received = request.total - stream.bytesIn
  const sent = response.total - stream.bytesOut
  stream.bytesIn = request.total
  stream.bytesOut = response.total
  if (received === 0 && sent === 0) return
  const targets = [session.frontend.countingFrontend, backend.countingBackend]
  for (const counters of targets) {
    counters.bytesIn += received
    counters.bytesOut += sent
  }
  if (server) {
    server.counting.bytesIn += received
    server.counting.bytesOut += sent
  }
  if (session.listener && session.frontend.config.options.has('socket-stats')) {
    session.listener.counting.bytesIn += received
    session.listener.counting.bytesOut += sent
  }
}

/** Counts a request, by the major version of HTTP. */
export const countRequest = ({ frontend, listener, process }: Session, version: number): void => {
  if (!(version >= 0 && version <= 3)) return
  const counters = frontend.countingFrontend
  counters.requestsByVersion[version]!++
  counters.maxRequestRate = Math.max(counters.maxRequestRate, counters.requestRate.add(process.clock.now))
  if (listener && frontend.config.options.has('socket-stats')) listener.counting.requestsByVersion[version]!++
}
