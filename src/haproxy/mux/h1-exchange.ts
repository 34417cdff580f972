/**
 * A request of a client and its response, as their stream sees them: the part of {@link H1Client} that is in use while there is a stream
 * (src/mux_h1.c).
 */
import {
  clientMode,
  MessageMismatch,
  MessageWriter,
  modeOfRequest,
  RequestReader,
  type RequestHead,
  type ResponseHead,
} from '../../http/index.js'
import { Channel } from '../streams/channel.js'
import type { StreamContext } from '../streams/context.js'
import type { Session } from '../streams/session.js'
import { captureRequest } from './capture-error.js'
import { adjustedNames } from './header-names.js'
import { H1Connection, type ControlEvent } from './h1-connection.js'
import type { Transport } from './transport.js'

export abstract class H1Exchange extends H1Connection<RequestHead, ResponseHead> {
  protected readonly reader: RequestReader
  protected readonly writer: MessageWriter
  protected readonly mayParse = true
  /** as the client has sent it, before rules */
  #request: Pick<RequestHead, 'method' | 'isVersion11' | 'connection'> | undefined
  /** status for a request whose rest cannot be parsed */
  #status: number | undefined
  /** the response allows another request */
  #isKept = false

  constructor(
    readonly context: StreamContext,
    readonly session: Session,
    transport: Transport,
  ) {
    super(transport, session.frontend, 'frontend')
    const { options } = session.frontend.config
    this.reader = new RequestReader({
      limits: context.limits,
      relaxed: options.has('accept-unsafe-violations-in-http-request'),
    })
    this.writer = new MessageWriter({
      names: adjustedNames(session.frontend, 'client'),
      dropsTrailers: options.has('http-drop-response-trailers'),
    })
  }

  /** Whether there is a stream. */
  protected abstract readonly isRunning: boolean
  /** Whether the connection is closed once everything is sent. */
  protected abstract readonly isClosing: boolean

  override get isReady(): boolean {
    return true
  }

  /** Begins with the head of a request. */
  protected begin(head: RequestHead): void {
    const { method, isVersion11, connection } = head
    this.#request = { method, isVersion11, connection }
    this.isIncomingDone = this.isOutgoingStarted = this.isOutgoingDone = false
    this.writer.mode = modeOfRequest(head)
  }

  /** What is there of a request once its head is complete. If it is invalid, returns the status of the refusal: there is no stream then. */
  protected receiveFirst(head: RequestHead): Channel | number {
    const { limits } = this.context
    const channel = new Channel(false, limits.buffer, limits.reserve, true)
    channel.receive({ kind: 'head', head })
    this.demux(channel)
    return this.#status ?? channel
  }

  receive(channel: Channel, keepsReading: boolean): boolean {
    if (!this.isRunning) return false
    const before = channel.total
    if (!this.isReadBlocked || keepsReading) this.readInput()
    if (!this.isReadBlocked) this.demux(channel)
    else if (this.endOfConnection) this.reportEnd()
    if (this.hasReadError && !this.hasFailed) this.failRead()
    return channel.total > before
  }

  protected handle(event: ControlEvent<RequestHead>, channel: Channel): boolean {
    if (event.type === 'head') return true
    if (event.type === 'end') this.#endRequest(channel)
    // the end of the connection is reported as such
    else if (event.error.reason === 'truncated') return true
    else {
      this.#status = event.error.status
      captureRequest(this.session, event.error, this.owner?.backend)
      this.failParsing(channel)
    }
    return false
  }

  #endRequest(channel: Channel): void {
    this.isIncomingDone = true
    this.expectsNoData = false
    channel.buffer.isComplete = true
    const { method, connection } = this.#request!
    if (method !== 'CONNECT' && !connection.upgrade) this.endOfInput = true
    if (this.isTunnel) return
    this.isReadBlocked = !this.isOutgoingDone
  }

  protected reportEnd(): void {
    this.endOfStream = true
    if (this.isIncomingDone || this.isTunnel) this.endOfInput = true
    else this.hasFailed = true
    this.recordEnd()
  }

  protected writeHead(head: ResponseHead): void {
    if (this.isOutgoingStarted) throw new MessageMismatch('a second head')
    const { frontend } = this.session
    const closes = frontend.config.httpConnectionMode === 'close' || frontend.stopped
    const text = this.writer.response(head, this.#request!, clientMode(closes))
    this.transport.write(text)
    if (head.isInterim) return
    this.isOutgoingStarted = true
    if (head.body === 'tunnel') this.#beginTunnel()
  }

  #beginTunnel(): void {
    this.isTunnel = true
    this.isReadBlocked = false
    this.endOfInput = false
    this.reader.tunnel()
    this.isOutgoingDone = true
  }

  protected endOutgoing(): void {
    this.isOutgoingDone = true
    this.#isKept = this.writer.mode === 'keep-alive' && !this.writer.isShort
    this.isReadBlocked = false
    if (this.isIncomingDone) this.endOfInput = true
  }

  /** Whether the end of the response closes the connection (`h1s_must_shut_conn`). */
  protected get mustClose(): boolean {
    if (this.killsConnection || this.isClosing || this.endOfConnection || this.hasReadError || this.sendFailed)
      return true
    if (this.transport.error !== undefined) return true
    if (this.isTunnel) return true
    if (!this.isIncomingDone && this.isOutgoingDone) return false
    return !(this.#isKept && this.isIncomingDone && this.isOutgoingDone)
  }
}
