/** The log line of a request that no stream was made of (`sess_log`, src/log.c). */
import { MILLISECOND } from '../../engine/clock.js'
import type { LogSubject } from '../logs/subject.js'
import type { FrontError } from '../mux/h1-refusal.js'
import { formatText } from '../samples/log-format.js'
import type { SampleContext } from '../samples/context.js'
import type { StreamContext } from './context.js'
import type { Session } from './session.js'
import { sessionSamples } from './session-samples.js'

/** Why there is no stream, and what the line is written for. */
type Unstarted = FrontError & { readonly origin: string }

/** Such a request as the aliases of log-formats see it. */
const subjectOf = ({ process }: StreamContext, session: Session, { status, cause, origin }: Unstarted): LogSubject => {
  const { frontend, acceptedAt, handshakeTime, idleTime } = session
  return {
    process,
    connections: process.counters.connections,
    takeRequestNumber: () => process.counters.requests++,
    frontend: { name: frontend.name, connections: frontend.frontendSessions, lines: frontend.logLines },
    backend: { name: frontend.name, connections: frontend.backendSessions, isHttp: frontend.mode === 'http' },
    target: { name: '<NOSRV>', connections: 0 },
    source: session.source,
    destination: session.destination,
    listener: session.listener.id,
    isTls: session.tls !== undefined,
    tlsCipher: undefined,
    tlsVersion: undefined,
    serverSource: undefined,
    serverDestination: undefined,
    acceptedAt: session.acceptedWall,
    times: {
      handshake: handshakeTime,
      idle: Math.max(idleTime, 0),
      request: -1,
      queue: -1,
      connect: -1,
      data: -1,
      close: Math.floor((process.clock.now - acceptedAt) / MILLISECOND),
    },
    bytesIn: 0,
    bytesOut: 0,
    isFinal: true,
    status,
    clientCookie: undefined,
    serverCookie: undefined,
    termination: `${cause}R`,
    cookieState: '--',
    retries: 0,
    isRedispatched: false,
    serverQueue: 0,
    backendQueue: 0,
    requestCaptures: undefined,
    responseCaptures: undefined,
    requestLine: undefined,
    uniqueId: undefined,
    origin,
  }
}

/** What formats of lines about a session without a stream are evaluated for. */
export const samplesOfUnstarted = (context: StreamContext, session: Session, why: Unstarted): SampleContext => ({
  ...sessionSamples(context, session),
  log: subjectOf(context, session, why),
})

/** Writes the line with `error-log-format`, or with the format of the frontend. */
export const logSession = (context: StreamContext, session: Session, error: FrontError): void => {
  const { process } = context
  const { frontend } = session
  const { logFormats, options } = frontend.config
  const format = logFormats?.error ?? logFormats?.line
  if (!format || !process.logger.hasTargets(frontend)) return
  const line = formatText(format, samplesOfUnstarted(context, session, { ...error, origin: 'sess_error' }))
  frontend.logLines++
  process.logger.send(frontend, options.has('log-separate-errors') ? 3 : 6, line)
}
