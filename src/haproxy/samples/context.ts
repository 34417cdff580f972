/** Where an expression is evaluated: what fetches and converters may ask for. */
import type { ProcessContext } from '../context.js'
import type { ResponseHead } from '../../http/index.js'
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
