/** The context in which expressions are evaluated: the data that fetches and converters have access to. */
import type { ProcessContext } from '../context.js'
import type { Place } from '../../config/syntax/place.js'
import type { RequestHead, ResponseHead } from '../../http/index.js'
import type { Micros } from '../../engine/clock.js'
import type { Address } from '../../net/address.js'
import type { TlsSession } from '../../net/tls.js'
import type { ConnectionError } from '../connections/errors.js'
import type { Listener } from '../listeners/listener.js'
import type { ProxyDirectory } from '../proxy/directory.js'
import type { Proxy } from '../proxy/proxy.js'
import type { Server } from '../server/server.js'
import { BUFFER_SIZE, type Sample } from './sample.js'
import { Variables } from './variables.js'
import { SessionSubject, type LogSubject } from '../logs/subject.js'

/** What fetches and converters use of the process. */
export type SampleProcess = Pick<
  ProcessContext,
  | 'clock'
  | 'localTime'
  | 'environment'
  | 'machine'
  | 'checkRandom'
  | 'variables'
  | 'patterns'
  | 'publicKeys'
  | 'isStopping'
  | 'counters'
  | 'scheduler'
  | 'startedAt'
  | 'configuration'
> &
  Pick<ProxyDirectory, 'backendNamed' | 'frontendNamed'>

/** Which of the two messages an expression is evaluated for (`SMP_OPT_DIR`). */
export type SampleDirection = 'request' | 'response'

/** What has been received from a client, or from a server: an HTTP message, or bytes. All text is byte strings. */
export interface SampleMessage<Head = RequestHead | ResponseHead> {
  /** an HTTP message rather than bytes */
  readonly isHttp: boolean
  /** the head, once it is complete and until it is sent; undefined for bytes */
  readonly head: Head | undefined
  /** the body of an HTTP message, as far as it is in the buffer; empty without a head */
  readonly body: string
  /** bytes of the body, or of the current chunk, that are announced but not received yet (`htx->extra`) */
  readonly missing: number
  /** bytes that are not scheduled for sending; empty for HTTP */
  readonly input: string
  /** number of bytes that are not scheduled for sending, those of a head included */
  readonly size: number
  /** the message could not be parsed */
  readonly isInvalid: boolean
  /** the message has ended or was aborted: no more data will be received */
  readonly isComplete: boolean
  /** the buffer is full */
  readonly isFull: boolean
}

/** A part of the header of the PROXY protocol, version 2 (`PP2_TYPE_*`, include/haproxy/connection-t.h). */
export interface ProxyHeaderValue {
  readonly type: number
  /** a byte string */
  readonly value: string
}

/** The client's connection for which an expression is evaluated. */
export interface SampleSession {
  /** what led to the end of its connection, as `term_events` begins with it */
  readonly endEvents: string
  readonly frontend: Proxy
  /** undefined: it is a request of the HTTP client */
  readonly listener: Listener | undefined
  /** the client's address and the address it is connected to; undefined if unknown */
  readonly source: Address | undefined
  readonly destination: Address | undefined
  /** the same before `tcp-request session` rules */
  readonly connectionSource: Address | undefined
  readonly connectionDestination: Address | undefined
  /** the TLS handshake; undefined: plain TCP */
  readonly tls: TlsSession | undefined
  /** error of a handshake, or `NONE` */
  readonly connectionError: ConnectionError
  /** the multiplexer; undefined until the session is accepted */
  readonly protocol: 'http' | 'tcp' | undefined
  /** when it was accepted, or the last request ended, on the wall clock */
  readonly acceptedWall: Micros
  /** ms; -1: no request has begun */
  readonly idleTime: number
  /** ms; -1: handshakes are not complete */
  readonly handshakeTime: number
  /** the values of the PROXY protocol's header; undefined: no header was received */
  readonly proxyHeader?: readonly ProxyHeaderValue[] | undefined
}

/** A connection to a server. */
export interface SampleConnection {
  readonly protocol: 'http' | 'tcp'
  /** its error, or `NONE`; undefined while it is being established */
  readonly error: ConnectionError | undefined
}

/** The stream for which an expression is evaluated. */
export interface SampleStream {
  /** what led to its end, as `term_events` shows it */
  readonly endEvents: string
  /** it has failed, was retried or redispatched, or is answered with a status of 500 or more */
  readonly isFaulty: boolean
  /** the backend, or the frontend as long as none is chosen */
  readonly backend: Proxy
  /** what its backend side is attached to */
  readonly handledBy: 'connection' | 'applet' | undefined
  /** the client's address and the address it is connected to, as changed by rules */
  readonly source: Address | undefined
  readonly destination: Address | undefined
  /** the connection to the server; undefined if there is no such connection */
  readonly serverConnection: SampleConnection | undefined
  /** the client's connection, while the stream uses it */
  readonly clientError: ConnectionError | undefined
  /** the connection to the server was reused */
  readonly isReused: boolean
  /** method of the request; undefined: not known yet */
  readonly method: string | undefined
  /** major and minor version of the request and of the response, once they are received */
  readonly requestVersion: '1.0' | '1.1' | undefined
  readonly responseVersion: '1.0' | '1.1' | undefined
  /** status of the response to the client, and of the server's; -1: not known yet; undefined: no HTTP */
  readonly status: number | undefined
  readonly serverStatus: number | undefined
  /** it is the first request of its connection; undefined: no HTTP */
  readonly isFirstRequest: boolean | undefined
  /** timeouts in effect, in microseconds; Infinity: none */
  readonly clientTimeout: Micros
  readonly serverTimeout: Micros
  readonly tunnelTimeout: Micros
  /** the rule that ended the evaluation of a rule set, and the rule that is waiting */
  readonly lastRulePlace: Place | undefined
  readonly waitingRulePlace: Place | undefined
  /** it waits for the body of the request (`option http-buffer-request`) */
  readonly isWaitingForBody: boolean
  /** its place in queues, as `set-priority-class` and `set-priority-offset` (ms) have set it */
  readonly priorityClass: number
  readonly priorityOffset: number
  /** number among all streams of the process */
  readonly number: number
  /** The unique id, generated at the first access; undefined without `unique-id-format`. */
  takeUniqueId(): string | undefined
  /** Stores a text in a slot of `declare capture`; false if the slot does not exist. */
  capture(direction: SampleDirection, slot: number, text: string): boolean
}

/** The fetches and converters that scripts have registered; names are without `lua.`, texts are byte strings. */
export interface SampleScripts {
  fetch(name: string, args: readonly string[], context: SampleContext): Sample | undefined
  convert(name: string, sample: Sample, args: readonly string[], context: SampleContext): Sample | undefined
}

export interface SampleContext {
  /** the subject of log-format aliases */
  readonly log: LogSubject
  readonly process: SampleProcess
  readonly stream?: SampleStream | undefined
  /** the backend and the server that an expression is evaluated for, if any */
  readonly proxy?: Proxy | undefined
  readonly server?: Server | undefined
  readonly session?: SampleSession | undefined
  /** data received from the client, where requests are processed */
  readonly request?: SampleMessage<RequestHead> | undefined
  /** data received from the server, where responses are processed */
  readonly response?: SampleMessage<ResponseHead> | undefined
  /** set for each expression of a log-format, which may be evaluated for either message */
  direction: SampleDirection
  /** maximum size of a result in bytes (`tune.bufsize`) */
  readonly bufsize: number
  /** whether no more data will be received, so that incomplete values are accepted (`SMP_OPT_FINAL`) */
  readonly isFinal: boolean
  /** the variables that are in scope */
  readonly variables: Variables
  /** undefined outside of streams */
  readonly scripts?: SampleScripts | undefined
}

/**
 * The context of expressions that are evaluated outside of traffic and checks: in the configuration and the runtime API.
 * @param frontend the name that log-formats have for it
 */
export const processContext = (process: SampleProcess, frontend: 'CFG' | 'CLI'): SampleContext => ({
  process,
  log: new SessionSubject(process, { frontend }),
  direction: 'request',
  bufsize: BUFFER_SIZE,
  isFinal: true,
  variables: new Variables(process.variables),
})
