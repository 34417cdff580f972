/**
 * What the aliases of log-formats are about: a session with its stream, or a session without one, such as that of a check or of `set-var-fmt`
 * in `global` (the beginning of `sess_build_logline_orig` in src/log.c).
 */
import { MILLISECOND, type Micros } from '../../engine/clock.js'
import type { Address } from '../../net/address.js'
import type { ProcessContext } from '../context.js'

/** What is used of the process. */
export type LogProcess = Pick<ProcessContext, 'clock' | 'localTime' | 'machine' | 'counters'>

/** Durations in milliseconds; -1: not reached. */
export interface LogTimes {
  readonly handshake: number
  readonly idle: number
  /** from the accepted connection: the request is complete, the stream left the queue, was connected, has received response headers, ended */
  readonly request: number
  readonly queue: number
  readonly connect: number
  readonly data: number
  readonly close: number
}

/** The time on a connection before its current request, in ms: handshakes, and the idle time; 0: no request has begun. */
export const timeBeforeRequest = ({ idle, handshake }: Pick<LogTimes, 'idle' | 'handshake'>): number =>
  idle >= 0 ? idle + handshake : 0

export interface LogSubject {
  readonly process: LogProcess
  /** connections that clients have with all frontends */
  readonly connections: number
  /** the number of the request; without a stream a new one for each line */
  takeRequestNumber(): number
  readonly frontend: { readonly name: string; readonly connections: number; readonly lines: number }
  readonly backend: { readonly name: string; readonly connections: number; readonly isHttp: boolean }
  /** the server or the service that answers; `<NOSRV>` */
  readonly target: { readonly name: string; readonly connections: number }
  /** the client's connection; undefined addresses are unknown */
  readonly source: Address | undefined
  readonly destination: Address | undefined
  /** the number of the listener, which UNIX sockets have in place of a port */
  readonly listener: number
  readonly isTls: boolean
  readonly tlsCipher: string | undefined
  readonly tlsVersion: string | undefined
  /** the connection to the server */
  readonly serverSource: Address | undefined
  readonly serverDestination: Address | undefined
  /** when the connection was accepted, on the wall clock */
  readonly acceptedAt: Micros
  readonly times: LogTimes
  readonly bytesIn: number
  readonly bytesOut: number
  /** sizes and total times are final: the lines of the frontend wait for them (without `option logasap`) */
  readonly isFinal: boolean
  readonly status: number
  readonly clientCookie: string | undefined
  readonly serverCookie: string | undefined
  /** how the session ended, and in which state */
  readonly termination: string
  /** what became of the cookies of persistence */
  readonly cookieState: string
  readonly retries: number
  readonly isRedispatched: boolean
  /** positions in the queues of the server and the backend when the stream entered them */
  readonly serverQueue: number
  readonly backendQueue: number
  /** captured headers, in the order of the `capture` lines; undefined without captures */
  readonly requestCaptures: readonly (string | undefined)[] | undefined
  readonly responseCaptures: readonly (string | undefined)[] | undefined
  /** the first line of the request, as it was received */
  readonly requestLine: string | undefined
  readonly uniqueId: string | undefined
  /** what the line is written for (`log_orig_to_str`) */
  readonly origin: string
}

/** What is known of a session that has no stream. */
export interface BareSession {
  readonly frontend: string
  /** the backend and the server that are checked */
  readonly backend?: { readonly name: string; readonly isHttp: boolean }
  readonly server?: { readonly name: string } | undefined
  /** the connection of a check */
  readonly connection?: () => { readonly local: Address | undefined; readonly remote: Address | undefined } | undefined
}

const NO_SERVER = '<NOSRV>'

/** A session without a stream, which begins now. */
export class SessionSubject implements LogSubject {
  readonly acceptedAt: Micros
  readonly connections = 0
  readonly frontend: LogSubject['frontend']
  readonly backend: LogSubject['backend']
  readonly target: LogSubject['target']
  readonly source = undefined
  readonly destination = undefined
  readonly listener = 0
  readonly isTls = false
  readonly tlsCipher = undefined
  readonly tlsVersion = undefined
  readonly bytesIn = 0
  readonly bytesOut = 0
  readonly isFinal = false
  readonly status = 0
  readonly clientCookie = undefined
  readonly serverCookie = undefined
  readonly termination = 'PR'
  readonly cookieState = '--'
  readonly retries = 0
  readonly isRedispatched = false
  readonly serverQueue = 0
  readonly backendQueue = 0
  readonly requestCaptures = undefined
  readonly responseCaptures = undefined
  readonly requestLine = undefined
  readonly uniqueId = undefined
  readonly origin = 'unspec'
  readonly #begin: Micros

  constructor(
    readonly process: LogProcess,
    readonly session: BareSession,
  ) {
    this.#begin = process.clock.now
    this.acceptedAt = process.clock.wall
    this.frontend = { name: session.frontend, connections: 0, lines: 0 }
    this.backend = { connections: 0, ...(session.backend ?? { name: session.frontend, isHttp: false }) }
    this.target = { name: session.server?.name ?? NO_SERVER, connections: 0 }
  }

  takeRequestNumber(): number {
    return this.process.counters.requests++
  }

  get serverSource(): Address | undefined {
    return this.session.connection?.()?.local
  }

  get serverDestination(): Address | undefined {
    return this.session.connection?.()?.remote
  }

  get times(): LogTimes {
    const elapsed = Math.floor((this.process.clock.now - this.#begin) / MILLISECOND)
    return { handshake: -1, idle: 0, request: -1, queue: -1, connect: -1, data: -1, close: elapsed }
  }
}
