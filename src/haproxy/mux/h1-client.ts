/**
 * HTTP/1 of a client (src/mux_h1.c): parses requests, makes a stream of each, writes the responses, and keeps the connection open between
 * them. Requests that cannot be parsed are answered here, without a stream.
 */
import { Wake, type Task } from '../../engine/task.js'
import { H2_PREFACE, type RequestHead } from '../../http/index.js'
import { NEVER, type Channel } from '../streams/channel.js'
import type { StreamContext } from '../streams/context.js'
import type { Endpoint, EndpointOwner } from '../streams/endpoint.js'
import type { Session } from '../streams/session.js'
import { captureRequest } from './capture-error.js'
import { EndEvent } from '../connections/end-events.js'
import { ClientDeadlines, type ClientPhase } from './h1-deadlines.js'
import { H1Exchange } from './h1-exchange.js'
import { refusalOf, type FrontError } from './h1-refusal.js'
import type { Transport } from './transport.js'

/** States of the connection (`enum h1c_state`). */
enum State {
  /** no request has begun */
  IDLE,
  /** the head of a request is incomplete */
  EMBRYONIC,
  /** the same, but a stream of TCP is there that waits for it */
  UPGRADING,
  /** there is a stream */
  RUNNING,
  /** the stream is over, the rest of the request is being discarded */
  DRAINING,
  /** what is written is sent, then it is closed */
  CLOSING,
  CLOSED,
}

/** What a connection of HTTP needs of those who made it. */
export interface ClientOwner {
  /**
   * The head of a request is complete: makes its stream, or has the one continue that waits for it (`endpoint.owner`).
   * @returns the channel that the head is put into; undefined if there can be no stream
   */
  begin(endpoint: H1Client, isNotFirst: boolean): Channel | undefined
  /** Logs a request that no stream was made of (`sess_log`). */
  logError(session: Session, error: FrontError): void
  /** The connection is closed. */
  closed(): void
}

/** A stream of TCP that continues as HTTP (`h1_init` with the context of a connector). */
export interface Upgrade {
  readonly stream: EndpointOwner
  /** the endpoint that the connection replaces */
  readonly replaced: Endpoint
  /** bytes of the connection that were read already */
  readonly received: string
}

export interface ClientOptions {
  /** the connection may begin with the preface of HTTP/2 (unlike `MX_FL_NO_UPG`) */
  readonly acceptsPreface: boolean
  readonly upgrade?: Upgrade
}

export class H1Client extends H1Exchange {
  #state = State.IDLE
  readonly #task: Task
  readonly #deadlines: ClientDeadlines
  /** it is not the first request (`H1C_F_WAIT_NEXT_REQ`) */
  #isNotFirst = false
  #isAborted = false
  /** a request has begun and is not over */
  #hasStream = false
  #isSilent = false

  constructor(
    context: StreamContext,
    session: Session,
    transport: Transport,
    readonly connectionOwner: ClientOwner,
    readonly options: ClientOptions,
  ) {
    super(context, session, transport)
    const { timeouts } = session.frontend.config
    this.#task = context.process.threads.spawn({ name: 'http client', run: () => this.#run() })
    this.#deadlines = new ClientDeadlines(timeouts, context.process.clock, this.#task)
    session.muxEvents = this.muxEvents
    transport.onEvent = () => this.#wake()
    if (options.upgrade) this.#upgrade(options.upgrade)
    this.#expectRequest()
    this.#refreshTimeout()
    if (transport.hasInput || this.reader.pending > 0) this.#task.wake(Wake.IO)
  }

  #upgrade({ stream, replaced, received }: Upgrade): void {
    this.owner = stream
    this.lastRead = replaced.lastRead
    this.blockedSince = replaced.blockedSince
    this.reader.push(received)
    this.#beginMessage(State.UPGRADING)
  }

  /** A request begins. */
  #beginMessage(state: State): void {
    this.#state = state
    this.streamBegins()
    this.#hasStream = true
    this.#deadlines.endRequest()
    this.expectsNoData = true
  }

  override get hasInput(): boolean {
    return this.#state !== State.UPGRADING && super.hasInput
  }

  #wake(): void {
    if (this.#state !== State.RUNNING) this.#task.wake(Wake.IO)
    if (this.isRunning) this.owner?.wake()
  }

  /** Whether a stream uses the connection; it may have shut its side, and wait for that of the client, as in tunnels. */
  protected get isRunning(): boolean {
    if (this.#state === State.RUNNING) return true
    return this.#state === State.CLOSING && this.owner !== undefined && !this.#isAborted
  }

  protected get isClosing(): boolean {
    return this.#state === State.CLOSING
  }

  /** Sends what is written, and then the end if the connection is closing (`h1_send`). */
  #send(): void {
    this.transport.flush()
    if (this.#state === State.CLOSING && this.transport.pending === 0) this.#shutOutput()
  }

  /** The step of the connection while there is no stream (`h1_process`, `h1_timeout_task`). */
  #run(): void {
    if (this.#state !== State.RUNNING && this.#task.reasons === Wake.TIMER && this.#deadlines.isExpired)
      return this.#expire()
    if (this.isRunning) {
      if (this.isClosing) this.#send()
      return
    }
    this.#process()
  }

  #process(): void {
    this.readInput(Infinity)
    while (this.#state === State.DRAINING && this.reader.pending > 0 && !this.#isAborted) {
      this.#drain()
      if (this.#state === State.DRAINING) this.readInput(Infinity)
    }
    if (this.reader.pending > 0 && !this.#isAborted && this.#state < State.RUNNING) this.#parse()
    if (this.#state === State.RUNNING) return
    this.#send()
    if (this.transport.error !== undefined) this.hasReadError = true
    const isSilentlyClosed = this.#state >= State.CLOSING && this.#isSilent && this.transport.pending === 0
    if (this.endOfConnection || this.hasReadError || this.#isAborted || isSilentlyClosed) {
      if (this.#state < State.RUNNING) this.#refuse(400)
      else if (this.#state === State.DRAINING) this.#state = State.CLOSED
      else this.#beginClosing()
      this.#send()
      if (this.owner) return this.#failUpgrade()
      if (this.transport.error !== undefined) return this.#release()
      if (this.transport.pending > 0) return this.#refreshTimeout()
      return this.#release()
    }
    if (
      this.#isNotFirst &&
      this.session.frontend.stopped &&
      !this.session.frontend.config.options.has('idle-close-on-response')
    )
      return this.#release()
    this.#refreshTimeout()
  }

  /** Reads the head of a request; makes a stream once it is complete. */
  #parse(): void {
    const { session, context } = this
    if (this.#isPreface()) return this.#refusePreface()
    if (this.#state === State.IDLE) this.#beginMessage(State.EMBRYONIC)
    if (session.idleTime === -1)
      session.idleTime = Math.floor((context.process.clock.now - session.acceptedAt) / 1000) - session.handshakeTime
    const event = this.reader.next()
    this.#expectRequest()
    if (!event) return
    if (event.type === 'error') {
      captureRequest(session, event.error, undefined)
      return this.#refuse(event.error.status)
    }
    if (event.type === 'head') this.#begin(event.head)
  }

  /** Whether the client begins HTTP/2, which is not emulated. */
  #isPreface(): boolean {
    if (this.#isNotFirst || !this.options.acceptsPreface) return false
    return !this.session.frontend.config.options.has('disable-h2-upgrade') && this.reader.input.startsWith(H2_PREFACE)
  }

  /** Closes the connection; a stream that waits for a request ends before. */
  #refusePreface(): void {
    if (!this.owner) return this.#release()
    this.endOfInput = this.endOfStream = this.#isAborted = true
    this.#state = State.CLOSING
    this.owner.wake()
  }

  #begin(head: RequestHead): void {
    const before = this.#state
    this.#state = State.RUNNING
    this.begin(head)
    const received = this.receiveFirst(head)
    if (typeof received === 'number') {
      this.#state = before
      this.#refuse(received)
      return
    }
    const channel = this.connectionOwner.begin(this, this.#isNotFirst)
    if (!channel) {
      this.#state = before
      return this.#failInternally()
    }
    this.#deadlines.endRequest()
    this.#deadlines.refresh('streaming')
    channel.take(received)
    this.lastRead = this.context.process.clock.now
    this.session.requests++
  }

  shut(mode: 'normal' | 'silent'): void {
    if (this.#state === State.UPGRADING && !this.killsConnection) return
    if (!this.mustClose) return
    this.muxEvents.report('m', EndEvent.SHUT)
    this.#beginClosing()
    if (mode === 'silent') this.#isSilent = true
    if (this.transport.pending === 0) this.#shutOutput()
  }

  #shutOutput(): void {
    if (this.#isSilent) this.transport.abandon()
    else this.transport.finish()
  }

  #beginClosing(): void {
    this.#state = this.transport.pending > 0 || this.owner !== undefined ? State.CLOSING : State.CLOSED
  }

  /** The stream is over: the connection waits for the next request, or is closed (`h1_detach`). */
  detach(): void {
    this.owner = undefined
    this.lastRead = this.blockedSince = NEVER
    if (this.#state === State.RUNNING && !this.isIncomingDone && !this.isTunnel) {
      this.#state = State.DRAINING
      this.muxEvents.report('m', EndEvent.GRACEFUL_SHUT)
      this.#expectRequest()
      this.#task.wake(Wake.IO)
      this.#refreshTimeout()
      return
    }
    this.#finishDetach()
  }

  #finishDetach(): void {
    this.session.beginRequest()
    if (this.#state === State.RUNNING || this.#state === State.DRAINING) {
      if (this.mustClose) this.#beginClosing()
      else return this.#waitForNext()
    }
    if (this.hasReadError || this.hasFailed || this.transport.pending === 0) {
      if (!this.#isSilent && this.transport.error === undefined) this.transport.finish()
      return this.#release()
    }
    this.#state = State.CLOSING
    this.#refreshTimeout()
  }

  #endStream(): void {
    if (this.#hasStream) this.count('open_streams', -1)
    this.#hasStream = false
  }

  #waitForNext(): void {
    this.#endStream()
    this.#state = State.IDLE
    this.#isNotFirst = true
    this.endEvents.clear()
    this.isShut = false
    this.endOfInput = this.endOfStream = this.wantsRoom = false
    this.isReadBlocked = false
    this.reader.startNext()
    this.#deadlines.endRequest()
    this.#expectRequest()
    this.#refreshTimeout()
    if (this.reader.pending > 0 || this.transport.hasInput || this.endOfConnection) this.#task.wake(Wake.IO)
    else if (this.session.frontend.stopped) this.#task.wake(Wake.IO)
  }

  /** Discards the rest of a request whose response is sent. */
  #drain(): void {
    for (;;) {
      const event = this.reader.next()
      if (!event) return
      if (event.type === 'error') {
        this.#isAborted = true
        return
      }
      if (event.type !== 'end') continue
      this.isIncomingDone = true
      if (this.mustClose) {
        this.#beginClosing()
        this.#isAborted = true
      } else this.#finishDetach()
      return
    }
  }

  /** Answers a request that has no stream, and closes the connection. */
  #refuse(status: number, cause: FrontError['cause'] = this.hasReadError || this.endOfConnection ? 'C' : 'P'): void {
    const { session } = this
    const { options } = session.frontend.config
    const isEmpty = this.reader.pending === 0
    if (isEmpty && (this.#isNotFirst || options.has('http-ignore-probes'))) {
      this.#isAborted = true
      this.#beginClosing()
      return
    }
    if (cause === 'P') this.muxEvents.report('m', EndEvent.PROTOCOL_ERROR)
    const error = { status, cause }
    const refusal = refusalOf(session, error)
    // nothing is sent while a body may still come (`h1s_destroy`)
    if (!this.reader.announcesBody) this.transport.write(refusal)
    this.#isAborted = true
    this.#beginClosing()
    if (!isEmpty || !options.has('dontlognull')) this.connectionOwner.logError(session, error)
  }

  /** Answers a request of which no stream could be made, and closes the connection (`h1_handle_internal_err`). */
  #failInternally(): void {
    const error = { status: 500, cause: 'I' } as const
    this.transport.write(refusalOf(this.session, error))
    this.#isAborted = true
    this.#beginClosing()
    this.connectionOwner.logError(this.session, error)
  }

  /** The time is over (`h1_timeout_task`). */
  #expire(): void {
    if (this.#state < State.CLOSING && !this.hasReadError) {
      if (this.#state === State.DRAINING) this.#state = State.CLOSED
      else this.#refuse(408, 'c')
      this.#send()
      if (this.transport.pending > 0 && this.transport.error === undefined) return this.#refreshTimeout()
    }
    if (this.owner) this.#failUpgrade()
    else this.#release()
  }

  /** No request will come: the stream that waits for one ends, and the connection with it. */
  #failUpgrade(): void {
    this.endOfStream = this.hasFailed = true
    this.owner!.wake()
    this.#refreshTimeout()
  }

  #expectRequest(): void {
    if (this.#state >= State.RUNNING) this.#deadlines.endRequest()
    else this.#deadlines.startRequest(this.#state === State.IDLE && this.#isNotFirst && this.reader.pending === 0)
  }

  #refreshTimeout(): void {
    this.#deadlines.refresh(this.#phase)
  }

  get #phase(): ClientPhase {
    if (this.#state > State.DRAINING) return 'closing'
    if (this.transport.pending > 0) return 'sending'
    if (this.#state === State.IDLE) return 'idle'
    return this.#state === State.RUNNING ? 'streaming' : 'reading'
  }

  /** Closes the connection if it waits for a request, as the process stops. */
  closeIfIdle(): void {
    if (this.#state === State.IDLE && this.#isNotFirst) this.#task.wake(Wake.IO)
  }

  /** Resets the connection in any state. */
  abort(): void {
    this.transport.reset()
    this.#release()
  }

  #release(): void {
    if (this.#task.dead) return
    this.#endStream()
    this.count('open_connections', -1)
    this.#state = State.CLOSED
    this.#task.kill()
    this.transport.close()
    this.connectionOwner.closed()
  }
}
