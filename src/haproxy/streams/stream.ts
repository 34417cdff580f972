/** A stream: one request, or one TCP connection, on its way from a client to a server (`struct stream`, include/haproxy/stream-t.h). */
import { MILLISECOND, type Micros } from '../../engine/clock.js'
import { Wake, type Task } from '../../engine/task.js'
import { EndEvents } from '../connections/end-events.js'
import type { PacketMarks } from '../connections/origin.js'
import type { Address } from '../../net/address.js'
import type { Rule } from '../../config/model/rules.js'
import type { Proxy } from '../proxy/proxy.js'
import type { SampleContext } from '../samples/context.js'
import { Variables, VariableStore } from '../samples/variables.js'
import type { NameQuery } from '../resolvers/section.js'
import type { Server } from '../server/server.js'
import type { Block } from './block.js'
import { Channel, ChannelFlag, NEVER } from './channel.js'
import { Connector, SideState, type ConnectorStream } from './connector.js'
import type { StreamContext } from './context.js'
import type { Endpoint, EndpointOwner } from './endpoint.js'
import type { Filtering } from './filtering.js'
import { StreamEvent } from './events.js'
import { Transaction } from './http/transaction.js'
import type { Session } from './session.js'
import type { EndCause, EndState } from './termination.js'

/** Something at the back of a stream that is not a server, such as a Lua service. */
export interface Applet {
  /** its name in logs, `<lua.x>` */
  readonly name: string
  /** Makes the endpoint that answers a stream; undefined if that is not possible. */
  open(stream: Stream): Endpoint | undefined
}

/** Where in a list of rules an action has interrupted the evaluation. */
export interface RulePosition {
  readonly rules: readonly Rule[]
  readonly at: number
  /** the budget of a step was used up before the rule: its condition is still to be evaluated */
  readonly isForced: boolean
}

/** When the phases of a stream ended: ms since it was accepted, -1: not yet. */
export interface StreamTimes {
  /** on the clock of the run; -1: the request is not complete */
  requestAt: Micros
  queue: number
  connect: number
  data: number
  close: number
}

const END_EVENTS = { down: StreamEvent.SERVER_DOWN, up: StreamEvent.SERVER_UP, killed: StreamEvent.KILLED } as const

export class Stream implements ConnectorStream, EndpointOwner {
  readonly request: Channel
  readonly response: Channel
  readonly front: Connector
  readonly back: Connector
  readonly task: Task
  /** number among all streams of the process (`uniq_id`) */
  readonly number: number
  backend: Proxy
  /** whether rules or `default_backend` have chosen the backend (`SF_BE_ASSIGNED`) */
  hasBackend = false
  /** where the request is sent */
  target: Server | Applet | undefined
  /** the server is chosen, which retries may revoke (`SF_ASSIGNED`) */
  isAssigned = false
  /** persistence has chosen it (`SF_DIRECT`) */
  isDirect = false
  forcesPersistence = false
  ignoresPersistence = false
  /** the server that has reserved a connection for this stream (`srv_conn`) */
  reserved: Server | undefined
  /** counted among the sessions of its server (`SF_CURR_SESS`) */
  isCounted = false
  isReused = false
  isRedispatched = false
  /** a request to `monitor-uri` (`SF_MONITOR`) */
  isMonitor = false
  /** nothing of it is counted or logged (`SF_IGNORE`) */
  isIgnored = false
  transaction: Transaction | undefined
  /** the last context of expressions (./samples.ts) */
  samples: SampleContext | undefined
  readonly endEvents = new EndEvents()
  endCause: EndCause = '-'
  endState: EndState = '-'
  retries = 0
  maxRetries = 0
  /** marks of the packets to the server (`set-bc-mark`, `set-bc-tos`) */
  serverMarks: PacketMarks | undefined
  connectExpires: Micros = NEVER
  /** {@link connectExpires} has passed (`SF_CONN_EXP`) */
  hasConnectExpired = false
  /** bits of `ConnectError` */
  connectError = 0
  previousBackState = SideState.INI
  tunnelTimeout: Micros = NEVER
  /** when `tcp-request inspect-delay` is over */
  rulesExpire: Micros = NEVER
  position: RulePosition | undefined
  /** rules evaluated in this step (`rules_bcount`) */
  rulesDone = 0
  /** the rule that ended the evaluation, and the one that it waits for */
  lastRule: Rule | undefined
  waitingRule: Rule | undefined
  /** it waits for the body of the request before rules are evaluated */
  isWaitingForBody = false
  /** variables of the scopes `txn`, and `req` or `res` */
  readonly transactionVariables = new VariableStore('txn')
  readonly messageVariables = new VariableStore('req')
  readonly times: StreamTimes = { requestAt: -1, queue: -1, connect: -1, data: -1, close: 0 }
  /** of the session when the stream began */
  readonly acceptedAt: Micros
  readonly acceptedWall: Micros
  readonly handshakeTime: number
  readonly idleTime: number
  /** bytes counted so far */
  bytesIn = 0
  bytesOut = 0
  serverQueuePosition = 0
  backendQueuePosition = 0
  /** the query that `do-resolve` waits for */
  query: NameQuery | undefined
  /** `set-priority-class` and `set-priority-offset` */
  priorityClass = 0
  priorityOffset = 0
  /** `set-log-level`; undefined: the default level of the line */
  logLevel: number | 'silent' | undefined
  /** what its log line waits for: bits of `LogWait`; 0: no line is written at its end */
  logWaits: number
  requestCaptures: (string | undefined)[] | undefined
  responseCaptures: (string | undefined)[] | undefined
  uniqueId: string | undefined
  /** the request as it was sent, to be sent again */
  sentRequest: readonly Block[] | undefined
  /** `set-src` and `set-dst` */
  sourceOverride: Session['source']
  destinationOverride: Session['destination']
  /** the address to connect to, in place of the server's (`scb->dst`) */
  serverAddress: Address | undefined
  /** what scripts keep for it as long as it exists: their coroutines (`s->hlua`) */
  scriptState: { release(): void } | undefined
  /** undefined: neither its frontend nor its backend has filters */
  filters: Filtering | undefined
  /** bits of why it runs, `StreamEvent` */
  events = 0
  /** what is done when no server could be reached */
  onConnectFailure: ((stream: Stream) => void) | undefined

  constructor(
    readonly context: StreamContext,
    readonly session: Session,
    /** it carries HTTP messages, and not bytes (`SF_HTX`) */
    public isHttp: boolean,
    run: (stream: Stream) => void,
  ) {
    const { process, limits } = context
    const { frontend } = session
    this.number = process.counters.requests++
    this.logWaits = context.plan(session.frontend).logWaits
    this.backend = frontend
    this.acceptedAt = session.acceptedAt
    this.acceptedWall = session.acceptedWall
    this.handshakeTime = session.handshakeTime
    this.idleTime = session.idleTime
    this.request = new Channel(false, limits.buffer, limits.reserve, isHttp)
    this.response = new Channel(true, limits.buffer, limits.reserve, isHttp)
    this.front = new Connector(this, false, this.request, this.response)
    this.back = new Connector(this, true, this.response, this.request)
    this.front.opposite = this.back
    this.back.opposite = this.front
    this.front.state = SideState.EST
    this.front.timeout = frontend.config.timeouts.client ?? NEVER
    this.request.flags |= ChannelFlag.READ_EVENT
    if (isHttp) this.transaction = new Transaction()
    this.task = process.threads.spawn({
      name: 'stream',
      nice: session.listener?.config.nice ?? 0,
      run: (task) => {
        // it stays on the thread on which it runs first
        if (task.thread === 0) task.bind(process.scheduler.current!.thread)
        this.events |= task.reasons
        run(this)
      },
    })
  }

  get now(): Micros {
    return this.context.process.clock.now
  }

  /** Milliseconds since it was accepted. */
  get elapsed(): number {
    return Math.floor((this.now - this.acceptedAt) / MILLISECOND)
  }

  get server(): Server | undefined {
    return this.target !== undefined && 'traffic' in this.target ? this.target : undefined
  }

  get applet(): Applet | undefined {
    return this.target !== undefined && 'open' in this.target ? this.target : undefined
  }

  get abortsOnClose(): boolean {
    return this.backend.config.options.has('abortonclose')
  }

  wake(): void {
    this.task.wake(Wake.IO)
  }

  halfClosedTimeout(isBack: boolean): Micros | undefined {
    if (!isBack) return this.session.frontend.config.timeouts.clientFin
    return this.hasBackend ? this.backend.config.timeouts.serverFin : undefined
  }

  /** Records what has ended it, unless something else has before. */
  endBy(cause: EndCause): void {
    if (this.endCause === '-') this.endCause = cause
  }

  endIn(state: EndState): void {
    if (this.endState === '-') this.endState = state
  }

  /** Stops both directions (`stream_abort`). */
  abort(): void {
    abortChannel(this.request, this.front, this.back)
    abortChannel(this.response, this.back, this.front)
  }

  /** Ends it, as its server went down or a better one came up, or the operator asks for it (`stream_shutdown`). */
  endForServer(why: 'down' | 'up' | 'killed'): void {
    this.task.wake(END_EVENTS[why])
  }

  /** Bytes become messages from now on; both channels must be empty. */
  becomeHttp(): void {
    this.isHttp = this.request.buffer.isHttp = this.response.buffer.isHttp = true
  }

  /** The variables that expressions of this stream see. */
  get variables(): Variables {
    return (this.#variables ??= new Variables(this.context.process.variables, {
      sess: this.session.variables,
      txn: this.transactionVariables,
      reqres: this.messageVariables,
    }))
  }
  #variables: Variables | undefined

  /** From now on variables of the scope `res` exist in place of those of `req`. */
  beginResponse(): void {
    if (this.messageVariables.scope === 'res') return
    if (this.messageVariables.variables.size > 0) this.variables.prune('req')
    this.messageVariables.scope = 'res'
  }

  /** Removes the variables of the transaction. */
  pruneVariables(): void {
    if (this.messageVariables.variables.size > 0) this.variables.prune(this.messageVariables.scope as 'req' | 'res')
    if (this.transactionVariables.variables.size > 0) this.variables.prune('txn')
  }

  /** The reply to the request, when no server could be reached. */
  failConnect(): void {
    this.onConnectFailure?.(this)
  }
}

/** Stops a channel: no more input, and an end of the output (`channel_abort`). */
export const abortChannel = (channel: Channel, producer: Connector, consumer: Connector): void => {
  producer.scheduleAbort()
  consumer.scheduleShutdown()
  channel.autoClose()
  channel.dontConnect()
}
