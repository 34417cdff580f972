/** A stream as the aliases of log-formats see it (`sess_build_logline_orig`, src/log.c). */
import { LogWait } from '../../config/samples/log-waits.js'
import { MILLISECOND, type Micros } from '../../engine/clock.js'
import type { Address } from '../../net/address.js'
import { streamsOf } from '../balance/server-streams.js'
import type { LogSubject, LogTimes } from '../logs/subject.js'
import type { StreamContext } from './context.js'
import type { Session } from './session.js'
import type { Stream } from './stream.js'

/** The modes of `cookie` in which logs show what became of it. */
const COOKIE_MODES = ['rewrite', 'indirect', 'insert', 'prefix'] as const

/** Whether lines of a session's frontend show final sizes and times: they wait for them, or `log-steps` is set. */
export const isLineFinal = (context: StreamContext, { frontend }: Session): boolean => {
  const { logSteps, logWaits } = context.plan(frontend)
  return logSteps !== undefined || (logWaits & LogWait.BYTES) !== 0
}

export class StreamSubject implements LogSubject {
  /** what the line is written for */
  origin = 'unspec'
  readonly process: LogSubject['process']

  constructor(readonly stream: Stream) {
    this.process = stream.context.process
  }

  get connections(): number {
    return this.process.counters.connections
  }

  takeRequestNumber(): number {
    return this.stream.number
  }

  get frontend(): LogSubject['frontend'] {
    const { frontend } = this.stream.session
    return { name: frontend.name, connections: frontend.frontendSessions, lines: frontend.logLines }
  }

  get backend(): LogSubject['backend'] {
    const { backend } = this.stream
    return { name: backend.name, connections: backend.backendSessions, isHttp: backend.mode === 'http' }
  }

  get target(): LogSubject['target'] {
    const { server, applet } = this.stream
    if (server) return { name: server.name, connections: streamsOf(server).currentSessions }
    return { name: applet?.name ?? '<NOSRV>', connections: 0 }
  }

  get source(): Address | undefined {
    return this.stream.sourceOverride ?? this.stream.session.source
  }

  get destination(): Address | undefined {
    return this.stream.destinationOverride ?? this.stream.session.destination
  }

  get listener(): number {
    return this.stream.session.listener?.id ?? 0
  }

  get isTls(): boolean {
    return this.stream.session.tls !== undefined
  }

  get tlsCipher(): string | undefined {
    return this.stream.session.tls?.cipher
  }

  get tlsVersion(): string | undefined {
    return this.stream.session.tls?.version
  }

  get serverSource(): Address | undefined {
    return this.stream.back.endpoint?.local
  }

  get serverDestination(): Address | undefined {
    return this.stream.back.endpoint?.remote
  }

  get acceptedAt(): Micros {
    return this.stream.acceptedWall
  }

  get times(): LogTimes {
    const { stream } = this
    const { requestAt, queue, connect, data, close } = stream.times
    const request = requestAt - stream.acceptedAt >= 0 ? Math.floor((requestAt - stream.acceptedAt) / MILLISECOND) : -1
    return {
      handshake: stream.handshakeTime,
      idle: stream.idleTime,
      request: requestAt < 0 ? -1 : request,
      queue,
      connect,
      data,
      close,
    }
  }

  get bytesIn(): number {
    return this.stream.bytesIn
  }

  get bytesOut(): number {
    return this.stream.bytesOut
  }

  /** Sizes and times are final if the line waits for them. */
  get isFinal(): boolean {
    return isLineFinal(this.stream.context, this.stream.session)
  }

  get status(): number {
    // the transaction begins after the line of the accepted connection
    return this.origin === 'txn_accept' ? 0 : (this.stream.transaction?.status ?? 0)
  }

  get clientCookie(): string | undefined {
    return this.stream.transaction?.clientCookie
  }

  get serverCookie(): string | undefined {
    return this.stream.transaction?.serverCookie
  }

  get termination(): string {
    return this.stream.endCause + this.stream.endState
  }

  get cookieState(): string {
    const { backend, transaction } = this.stream
    const options = backend.config.cookie?.options
    const isManaged = COOKIE_MODES.some((mode) => options?.has(mode) === true)
    return transaction && isManaged ? transaction.cookie.request + transaction.cookie.response : '--'
  }

  get retries(): number {
    return this.stream.retries
  }

  get isRedispatched(): boolean {
    return this.stream.isRedispatched
  }

  get serverQueue(): number {
    return this.stream.serverQueuePosition
  }

  get backendQueue(): number {
    return this.stream.backendQueuePosition
  }

  get requestCaptures(): LogSubject['requestCaptures'] {
    return this.stream.requestCaptures
  }

  get responseCaptures(): LogSubject['responseCaptures'] {
    return this.stream.responseCaptures
  }

  get requestLine(): string | undefined {
    return this.stream.transaction?.requestLine
  }

  get uniqueId(): string | undefined {
    return this.stream.uniqueId
  }
}
