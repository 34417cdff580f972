/**
 * HTTP/1 of a client (src/mux_h1.c): parses requests, makes a stream of each, writes the responses, and keeps the connection open between
 * them. Requests that cannot be parsed are answered here, without a stream.
 */
import { Wake, type Task } from '../../engine/task.js'
import {
  clientMode,
  errorMessage,
  H2_PREFACE,
  MessageMismatch,
  MessageWriter,
  RequestReader,
  modeOfRequest,
  type MessageError,
  type RequestHead,
  type ResponseHead,
} from '../../http/index.js'
import type { Address } from '../../net/address.js'
import type { Micros } from '../../engine/clock.js'
import { NEVER, type Channel } from '../streams/channel.js'
import type { StreamContext } from '../streams/context.js'
import { Endpoint } from '../streams/endpoint.js'
import type { Session } from '../streams/session.js'
import type { Transport } from './transport.js'

/** States of the connection (`enum h1c_state`). */
enum State {
  /** no request has begun */
  IDLE,
  /** the head of a request is incomplete */
  EMBRYONIC,
  /** there is a stream */
  RUNNING,
  /** the stream is over, the rest of the request is being discarded */
  DRAINING,
  /** what is written is sent, then it is closed */
  CLOSING,
  CLOSED,
}

/** Bytes that are kept for sending at most, without the overhead of a buffer. */
const MOST_PENDING = 16_384

/** What a connection of HTTP needs of those who made it. */
export interface ClientOwner {
  /** Makes the stream of a request. Returns the channel that its head is put into. */
  begin(endpoint: H1Client, isNotFirst: boolean): Channel
  /** Logs a request that no stream was made of (`sess_log`). */
  logError(session: Session, error: FrontError): void
  /** The connection is closed. */
  closed(): void
}

/** Why a request got no stream. */
export interface FrontError {
  readonly status: number
  readonly cause: 'C' | 'c' | 'P' | 'I'
}

export class H1Client extends Endpoint {
  readonly kind = 'connection'
  #state = State.IDLE
  readonly #reader: RequestReader
  readonly #writer: MessageWriter
  readonly #task: Task
  /** when the request must be complete, or the connection is closed as idle */
  #idleExpires: Micros = NEVER
  /** it is not the first request (`H1C_F_WAIT_NEXT_REQ`) */
  #isNotFirst = false
  /** what the client has sent, whatever rules make of it */
  #request: Pick<RequestHead, 'method' | 'isVersion11' | 'connection'> | undefined
  #isResponseDone = false
  #isRequestDone = false
  #isResponseStarted = false
  /** reading waits for the end of the response */
  #isReadBlocked = false
  #wantsKeepAlive = false
  #isTunnel = false
  #isAborted = false
  #isSilent = false
  #endOfConnection = false
  #hasReadError = false

  constructor(
    readonly context: StreamContext,
    readonly session: Session,
    readonly transport: Transport,
    readonly connectionOwner: ClientOwner,
  ) {
    super()
    const { config } = session.frontend
    const { options } = config
    this.#reader = new RequestReader({
      limits: context.limits,
      relaxed: options.has('accept-unsafe-violations-in-http-request'),
    })
    this.#writer = new MessageWriter({ dropsTrailers: options.has('http-drop-response-trailers') })
    this.#task = context.process.threads.spawn({ name: 'http client', run: () => this.#run() })
    transport.onEvent = () => this.#wake()
    this.#setIdleExpiration()
    this.#refreshTimeout()
    if (transport.hasInput) this.#task.wake(Wake.IO)
  }

  #wake(): void {
    if (this.#state === State.RUNNING) this.owner?.wake()
    else this.#task.wake(Wake.IO)
  }

  get isReady(): boolean {
    return true
  }

  get hasInput(): boolean {
    if (this.endOfStream || this.hasFailed || this.#isReadBlocked) return false
    return this.transport.hasInput || (this.#reader.pending > 0 && !this.endOfInput)
  }

  get local(): Address | undefined {
    return this.transport.local
  }

  get remote(): Address | undefined {
    return this.transport.remote
  }

  get #timeout(): Micros | undefined {
    return this.session.frontend.config.timeouts.client
  }

  /** The step of the connection while there is no stream (`h1_process`, `h1_timeout_task`). */
  #run(): void {
    if (this.#state === State.RUNNING) return
    if (this.#task.reasons === Wake.TIMER && this.#isExpired) return this.#expire()
    this.#process()
  }

  get #isExpired(): boolean {
    return this.#deadline <= this.context.process.clock.now
  }

  #process(): void {
    this.#readInput()
    if (this.#reader.pending > 0 && !this.#isAborted) {
      if (this.#state === State.DRAINING) this.#drain()
      else if (this.#state < State.RUNNING) this.#parse()
    }
    if (isRunning(this.#state)) return
    this.transport.flush()
    if (this.transport.error !== undefined) this.#hasReadError = true
    const isSilentlyClosed = this.#state >= State.CLOSING && this.#isSilent && this.transport.pending === 0
    if (this.#endOfConnection || this.#hasReadError || this.#isAborted || isSilentlyClosed) {
      if (this.#state < State.RUNNING) this.#refuse(400)
      else if (this.#state === State.DRAINING) this.#state = State.CLOSED
      else this.#beginClosing()
      this.transport.flush()
      if (this.transport.error !== undefined) return this.#release()
      if (this.transport.pending > 0) return this.#refreshTimeout()
      return this.#release()
    }
    if (this.#state >= State.CLOSING && this.transport.pending === 0) this.transport.finish()
    if (
      this.#isNotFirst &&
      this.session.frontend.stopped &&
      !this.session.frontend.config.options.has('idle-close-on-response')
    )
      return this.#release()
    this.#refreshTimeout()
  }

  #readInput(): void {
    const { transport } = this
    while (!this.#endOfConnection && !this.#hasReadError) {
      const { room } = this.#reader
      if (room === 0 || this.#state >= State.CLOSING) return
      const text = transport.read(room)
      if (text !== '') this.#reader.push(text)
      else {
        if (transport.error !== undefined) this.#hasReadError = true
        else if (transport.ended) this.#noteEnd()
        return
      }
    }
  }

  #noteEnd(): void {
    this.#endOfConnection = true
    this.#reader.end()
  }

  /** Reads the head of a request; makes a stream once it is complete. */
  #parse(): void {
    const { session, context } = this
    if (this.#state === State.IDLE) {
      this.#state = State.EMBRYONIC
      this.#idleExpires = NEVER
      this.expectsNoData = true
    }
    if (session.idleTime === -1)
      session.idleTime = Math.floor((context.process.clock.now - session.acceptedAt) / 1000) - session.handshakeTime
    if (!this.#isNotFirst && !session.frontend.config.options.has('disable-h2-upgrade') && this.#isPreface())
      return this.#release()
    const event = this.#reader.next()
    this.#setIdleExpiration()
    if (!event) return
    if (event.type === 'error') return this.#refuseInvalid(event.error)
    if (event.type === 'head') this.#begin(event.head)
  }

  /** Whether the client begins HTTP/2, which is not emulated. */
  #isPreface(): boolean {
    return this.#reader.input.startsWith(H2_PREFACE)
  }

  #begin(head: RequestHead): void {
    this.#state = State.RUNNING
    const { method, isVersion11, connection } = head
    this.#request = { method, isVersion11, connection }
    this.#isRequestDone = this.#isResponseDone = this.#isResponseStarted = false
    this.#writer.mode = modeOfRequest(head)
    const channel = this.connectionOwner.begin(this, this.#isNotFirst)
    this.#idleExpires = NEVER
    this.#task.cancelTimer()
    channel.receive({ kind: 'head', head })
    this.lastRead = this.context.process.clock.now
    this.#demux(channel)
    this.session.requests++
  }

  receive(channel: Channel, keepsReading: boolean): boolean {
    if (this.#state !== State.RUNNING) return false
    const before = channel.total
    if (!this.#isReadBlocked || keepsReading) this.#readForStream()
    if (!this.#isReadBlocked) this.#demux(channel)
    else if (this.#endOfConnection) this.#reportEnd()
    if (this.#hasReadError) this.hasFailed = true
    return channel.total > before
  }

  /** Reads what there is; between requests at most what is needed to notice the end. */
  #readForStream(): void {
    const { transport } = this
    while (!this.#endOfConnection && !this.#hasReadError) {
      const { room } = this.#reader
      if (room === 0) return
      const text = transport.read(room)
      if (text === '') {
        if (transport.error !== undefined) this.#hasReadError = true
        else if (transport.ended) this.#noteEnd()
        return
      }
      this.#reader.push(text)
      // a body is passed on piece by piece
      if (this.#reader.pending >= MOST_PENDING) return
    }
  }

  /** Moves what is parsed to the channel (`h1_process_demux`). */
  #demux(channel: Channel): void {
    for (;;) {
      const event = this.#reader.next(channel.room)
      if (!event) break
      switch (event.type) {
        case 'data':
          channel.receive({
            kind: 'data',
            bytes: event.data,
            announced: event.left === undefined ? undefined : event.left + event.data.length,
          })
          continue
        case 'trailers':
          channel.receive({ kind: 'trailers', fields: event.fields })
          continue
        case 'end':
          this.#endRequest(channel)
          return
        case 'error':
          channel.buffer.problem = 'parsing'
          this.hasFailed = true
          return
        case 'head':
          continue
      }
    }
    this.wantsRoom = this.#reader.needsRoom
    if (!this.wantsRoom && this.#endOfConnection) this.#reportEnd()
  }

  #endRequest(channel: Channel): void {
    this.#isRequestDone = true
    this.expectsNoData = false
    channel.buffer.isComplete = true
    const { method, connection } = this.#request!
    if (method !== 'CONNECT' && !connection.upgrade) this.endOfInput = true
    if (this.#isTunnel) return
    this.#isReadBlocked = !this.#isResponseDone
  }

  #reportEnd(): void {
    this.endOfStream = true
    if (this.#isRequestDone || this.#isTunnel) this.endOfInput = true
    else this.hasFailed = true
  }

  send(channel: Channel): boolean {
    const { transport } = this
    const { buffer } = channel
    let isTaken = false
    while (buffer.hasOutput && transport.pending < MOST_PENDING && transport.error === undefined) {
      const block = buffer.next!
      try {
        if (block.kind === 'head') this.#writeHead(block.head as ResponseHead)
        else if (block.kind === 'data') {
          if (this.#isTunnel) transport.write(block.bytes)
          else
            for (const piece of this.#writer.data(block.bytes, block.announced ?? block.bytes.length))
              transport.write(piece)
        } else {
          transport.write(this.#writer.end(block.fields))
          this.#endResponse()
        }
      } catch (error) {
        if (!(error instanceof MessageMismatch)) throw error
        buffer.problem = 'processing'
        this.hasFailed = true
        return isTaken
      }
      buffer.shift()
      isTaken = true
    }
    if (!buffer.hasOutput && buffer.isComplete && this.#isResponseStarted && !this.#isResponseDone && !this.#isTunnel) {
      transport.write(this.#writer.end())
      this.#endResponse()
    }
    transport.flush()
    if (transport.error !== undefined) {
      if (this.#endOfConnection) this.hasFailed = true
      else this.sendFailed = true
    }
    return isTaken
  }

  #writeHead(head: ResponseHead): void {
    const { frontend } = this.session
    const closes = frontend.config.httpConnectionMode === 'close' || frontend.stopped
    const text = this.#writer.response(head, this.#request!, clientMode(closes))
    this.transport.write(text)
    if (head.isInterim) return
    this.#isResponseStarted = true
    if (head.body === 'tunnel') this.#beginTunnel()
  }

  #beginTunnel(): void {
    this.#isTunnel = true
    this.#isReadBlocked = false
    this.endOfInput = false
    this.#reader.tunnel()
    this.#isResponseDone = true
  }

  #endResponse(): void {
    this.#isResponseDone = true
    this.#wantsKeepAlive = this.#writer.mode === 'keep-alive'
    this.#isReadBlocked = false
    if (this.#isRequestDone) this.endOfInput = true
  }

  /** Whether the end of the response closes the connection (`h1s_must_shut_conn`). */
  get #mustClose(): boolean {
    if (
      this.killsConnection ||
      this.#state === State.CLOSING ||
      this.#endOfConnection ||
      this.#hasReadError ||
      this.sendFailed
    )
      return true
    if (this.#isTunnel) return true
    if (!this.#isRequestDone && this.#isResponseDone) return false
    return !(this.#wantsKeepAlive && this.#isRequestDone && this.#isResponseDone)
  }

  shut(mode: 'normal' | 'silent'): void {
    if (!this.#mustClose) return
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
    if (this.#state === State.RUNNING && !this.#isRequestDone && !this.#isTunnel) {
      this.#state = State.DRAINING
      this.#setIdleExpiration()
      this.#task.wake(Wake.IO)
      this.#refreshTimeout()
      return
    }
    this.#finishDetach()
  }

  #finishDetach(): void {
    this.session.beginRequest()
    if (this.#state === State.RUNNING || this.#state === State.DRAINING) {
      if (this.#mustClose) this.#beginClosing()
      else return this.#waitForNext()
    }
    if (this.#hasReadError || this.hasFailed || this.transport.pending === 0) {
      if (!this.#isSilent && this.transport.error === undefined) this.transport.finish()
      return this.#release()
    }
    this.#state = State.CLOSING
    this.#refreshTimeout()
  }

  #waitForNext(): void {
    this.#state = State.IDLE
    this.#isNotFirst = true
    this.endOfInput = this.endOfStream = this.wantsRoom = false
    this.#isReadBlocked = false
    this.#reader.startNext()
    this.#idleExpires = NEVER
    this.#setIdleExpiration()
    this.#refreshTimeout()
    if (this.#reader.pending > 0 || this.transport.hasInput || this.#endOfConnection) this.#task.wake(Wake.IO)
    else if (this.session.frontend.stopped) this.#task.wake(Wake.IO)
  }

  /** Discards the rest of a request whose response is sent. */
  #drain(): void {
    for (;;) {
      const event = this.#reader.next()
      if (!event) return
      if (event.type === 'error') {
        this.#isAborted = true
        return
      }
      if (event.type !== 'end') continue
      this.#isRequestDone = true
      if (this.#mustClose) {
        this.#beginClosing()
        this.#isAborted = true
      } else this.#finishDetach()
      return
    }
  }

  /** Answers a request that is no request, and closes (`h1_handle_parsing_error` and its like). */
  #refuseInvalid({ status }: MessageError): void {
    this.#refuse(status)
  }

  #refuse(status: number, cause: FrontError['cause'] = this.#hasReadError || this.#endOfConnection ? 'C' : 'P'): void {
    const { session } = this
    const { options } = session.frontend.config
    const isEmpty = this.#reader.pending === 0
    if (isEmpty && (this.#isNotFirst || options.has('http-ignore-probes'))) {
      this.#isAborted = true
      this.#beginClosing()
      return
    }
    const counters = session.frontend.countingFrontend
    const { now } = this.context.process.clock
    counters.requestsByVersion[1]!++
    counters.maxRequestRate = Math.max(counters.maxRequestRate, counters.requestRate.add(now))
    counters.responses[status >= 500 ? 5 : 4]!++
    counters.failedRequests++
    if (!this.#hasSilentPage(status)) this.transport.write(errorMessage(status))
    this.#isAborted = true
    this.#beginClosing()
    if (!isEmpty || !options.has('dontlognull')) this.connectionOwner.logError(session, { status, cause })
  }

  /** Whether the error page of the frontend is empty, so that nothing is sent. */
  #hasSilentPage(status: number): boolean {
    return this.session.frontend.config.errorPages.some(
      (setting) => setting.kind === 'page' && setting.page.status === status && setting.page.response === undefined,
    )
  }

  /** The time is over (`h1_timeout_task`). */
  #expire(): void {
    if (this.#state < State.CLOSING && !this.#hasReadError) {
      if (this.#state === State.DRAINING) this.#state = State.CLOSED
      else this.#refuse(408, 'c')
      this.transport.flush()
      if (this.transport.pending > 0 && this.transport.error === undefined) return this.#refreshTimeout()
    }
    if (this.transport.pending === 0) this.transport.finish()
    this.#release()
  }

  #setIdleExpiration(): void {
    const { timeouts } = this.session.frontend.config
    const { now } = this.context.process.clock
    if (this.#state >= State.RUNNING) {
      this.#idleExpires = NEVER
      return
    }
    if (this.#idleExpires !== NEVER) return
    const waits = this.#state === State.IDLE && this.#isNotFirst && this.#reader.pending === 0
    const time = (waits ? timeouts.httpKeepAlive : undefined) ?? timeouts.httpRequest
    if (time !== undefined) this.#idleExpires = now + time
  }

  #deadline: Micros = NEVER

  #refreshTimeout(): void {
    const { now } = this.context.process.clock
    const { clientFin } = this.session.frontend.config.timeouts
    const after = (time: Micros | undefined): Micros => (time === undefined ? NEVER : now + time)
    if (this.#state > State.DRAINING) this.#deadline = after(clientFin ?? this.#timeout)
    else if (this.transport.pending > 0) this.#deadline = after(this.#timeout)
    else if (this.#state === State.IDLE)
      this.#deadline = this.#idleExpires === NEVER ? after(this.#timeout) : this.#idleExpires
    else if (this.#state !== State.RUNNING) this.#deadline = Math.min(this.#idleExpires, after(this.#timeout))
    else this.#deadline = NEVER
    if (this.#deadline === NEVER) this.#task.cancelTimer()
    else this.#task.wakeAt(this.#deadline)
  }

  /** Closes the connection if it waits for a request, as the process stops. */
  closeIfIdle(): void {
    if (this.#state === State.IDLE && this.#isNotFirst) this.#task.wake(Wake.IO)
  }

  /** Resets the connection, whatever it does. */
  abort(): void {
    this.transport.reset()
    this.#release()
  }

  #release(): void {
    if (this.#task.dead) return
    this.#state = State.CLOSED
    this.#task.kill()
    this.transport.close()
    this.connectionOwner.closed()
  }
}

const isRunning = (state: State): boolean => state === State.RUNNING
