/** Log lines of sessions without a stream: invalid requests, and connections that fail before (`_sess_log`, src/log.c). */
import { MILLISECOND } from '../../engine/clock.js'
import { isIp } from '../../net/address.js'
import { localDateText } from '../logs/aliases/dates.js'
import { LOG_ERR, LOG_INFO } from '../logs/logger.js'
import type { LogSubject } from '../logs/subject.js'
import { sendLine } from '../logs/traffic-line.js'
import type { FrontError } from '../mux/h1-refusal.js'
import type { SampleContext } from '../samples/context.js'
import type { StreamContext } from './context.js'
import { isLineFinal } from './log-subject.js'
import type { Session } from './session.js'
import { sessionSamples } from './session-samples.js'

/** Why there is no stream, and what the line is written for. */
type Unstarted = FrontError & { readonly origin: string }

/** Such a request as the aliases of log-formats see it. */
const subjectOf = (context: StreamContext, session: Session, why: Unstarted): LogSubject => {
  const { process } = context
  const { frontend, acceptedAt, handshakeTime, idleTime } = session
  // frontends of TCP do not ask what has parsed the request
  const { status, cause } = frontend.mode === 'http' ? why : ({ status: 0, cause: 'P' } as const)
  return {
    process,
    connections: process.counters.connections,
    takeRequestNumber: () => process.counters.requests++,
    frontend: { name: frontend.name, connections: frontend.frontendSessions, lines: frontend.logLines },
    backend: { name: frontend.name, connections: frontend.backendSessions, isHttp: frontend.mode === 'http' },
    target: { name: '<NOSRV>', connections: 0 },
    source: session.source,
    destination: session.destination,
    listener: session.listener?.id ?? 0,
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
    isFinal: isLineFinal(context, session),
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
    origin: why.origin,
  }
}

/** What formats of lines about a session without a stream are evaluated for. */
export const samplesOfUnstarted = (context: StreamContext, session: Session, why: Unstarted): SampleContext => ({
  ...sessionSamples(context, session),
  log: subjectOf(context, session, why),
})

/** Writes the line of an invalid request with `error-log-format`, or with the format of the frontend. */
export const logSession = (context: StreamContext, session: Session, error: FrontError): void => {
  const { logFormats } = session.frontend.config
  write(context, session, { ...error, origin: 'sess_error' }, logFormats?.error ?? logFormats?.line)
}

/**
 * Writes the line of a connection that failed before its session was complete, such as in a TLS handshake or while a header of the PROXY
 * protocol was expected (`session_kill_embryonic`, src/session.c).
 *
 * @param problem in HAProxy's words (`conn_err_code_str`)
 * @param isEmpty nothing was received: `option dontlognull` suppresses the line
 */
export const logEmbryonic = (context: StreamContext, session: Session, problem: string, isEmpty: boolean): void => {
  const { frontend } = session
  const { logSteps, logWaits } = context.plan(frontend)
  if (logSteps === undefined && logWaits === 0) return
  if (isEmpty && frontend.config.options.has('dontlognull')) return
  const line = frontend.config.logFormats?.error ?? embryonicText(session, problem)
  write(context, session, { status: 0, cause: 'P', origin: 'sess_killed' }, line)
}

/** `127.0.0.1:1234 [date] frontend/listener: problem` (`session_embryonic_build_legacy_err`). */
const embryonicText = ({ source, acceptedWall, listener, frontend, process }: Session, problem: string): string => {
  const client =
    source === undefined ? 'unknown' : isIp(source) ? `${source.ip}:${source.port}` : `unix:${listener!.id}`
  const date = localDateText(acceptedWall, process)
  return `${client} [${date}] ${frontend.name}/${listener!.config.name ?? listener!.id}: ${problem}`
}

const write = (
  context: StreamContext,
  session: Session,
  why: Unstarted,
  line: Parameters<typeof sendLine>[3],
): void => {
  const { frontend } = session
  if (!context.process.logger.hasTargets(frontend)) return
  const level = frontend.config.options.has('log-separate-errors') ? LOG_ERR : LOG_INFO
  sendLine(frontend, level, samplesOfUnstarted(context, session, why), line)
  frontend.logLines++
}
