/** Where an expression is evaluated: what fetches and converters may ask for. */
import type { ProcessContext } from '../context.js'
import type { RequestHead, ResponseHead } from '../../http/index.js'
import type { Address } from '../../net/address.js'
import type { TlsClient } from '../../net/tls.js'
import type { Listener } from '../listeners/listener.js'
import type { ProxyDirectory } from '../proxy/directory.js'
import type { Proxy } from '../proxy/proxy.js'
import type { Server } from '../server/server.js'
import { BUFFER_SIZE } from './sample.js'
import { Variables } from './variables.js'
import { SessionSubject, type LogSubject } from '../logs/subject.js'

/** What they use of the process. */
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

/** What has been received from a server. All text is byte strings. */
export interface SampleResponse {
  /** the bytes, unless the answer is one of HTTP */
  readonly input: string
  /** bytes in the buffer */
  readonly size: number
  /** the head of an answer of HTTP, once it is complete */
  readonly head?: ResponseHead | undefined
  /** what has been received of its body */
  readonly body: string
}

/** What has been received from a client, or from a server: a message of HTTP, or bytes. All text is byte strings. */
export interface SampleMessage<Head> {
  /** the head, once it is complete; undefined in other modes than HTTP */
  readonly head: Head | undefined
  /** the bytes in the buffer that are not forwarded yet; of a message, its body */
  readonly input: string
  /** number of these bytes */
  readonly length: number
  /** no more data will come for this message */
  readonly isComplete: boolean
  /** the buffer is full */
  readonly isFull: boolean
}

/** The connection of a client that an expression is evaluated for. */
export interface SampleSession {
  readonly frontend: Proxy
  readonly listener: Listener
  /** addresses of the client, and that it has connected to; undefined: unknown */
  readonly source: Address | undefined
  readonly destination: Address | undefined
  /** the TLS handshake; undefined: plain TCP */
  readonly tls: TlsClient | undefined
}

/** The stream that an expression is evaluated for. */
export interface SampleStream {
  /** it has failed, was retried or redispatched, or is answered with a status of 500 or more */
  readonly isFaulty: boolean
  /** what is at its back end */
  readonly handledBy: 'connection' | 'applet' | undefined
  /** Stores a text in a slot of `declare capture`; false if there is none of that number. */
  capture(direction: 'request' | 'response', slot: number, text: string): boolean
}

export interface SampleContext {
  /** what the aliases of log-formats are about */
  readonly log: LogSubject
  readonly process: SampleProcess
  readonly stream?: SampleStream | undefined
  /** the backend and the server that an expression is evaluated for, if any */
  readonly proxy?: Proxy | undefined
  readonly server?: Server | undefined
  readonly session?: SampleSession | undefined
  /** what a client has sent, if a request is expected here */
  readonly request?: SampleMessage<RequestHead> | undefined
  /** what a server has answered, if an answer is expected here */
  readonly response?: SampleResponse | undefined
  /** bytes that a result can have at most (`tune.bufsize`) */
  readonly bufsize: number
  /** whether no more data will come, so that what is short is taken as it is (`SMP_OPT_FINAL`) */
  readonly isFinal: boolean
  /** the variables that are in scope */
  readonly variables: Variables
}

/**
 * The context of expressions that are evaluated outside of traffic and checks: in the configuration and the runtime API.
 * @param frontend the name that log-formats have for it
 */
export const processContext = (process: SampleProcess, frontend: 'CFG' | 'CLI'): SampleContext => ({
  process,
  log: new SessionSubject(process, { frontend }),
  bufsize: BUFFER_SIZE,
  isFinal: true,
  variables: new Variables(process.variables),
})
