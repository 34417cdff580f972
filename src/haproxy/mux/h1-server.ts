/** HTTP/1 to a server (src/mux_h1.c): writes a request, parses the response, and is kept for further requests if both allow it. */
import {
  MessageWriter,
  modeOfResponse,
  ResponseReader,
  serverMode,
  type ConnectionMode,
  type MessageLimits,
  type RequestHead,
  type ResponseHead,
} from '../../http/index.js'
import { EndEvent } from '../connections/end-events.js'
import type { Proxy } from '../proxy/proxy.js'
import { NEVER, type Channel } from '../streams/channel.js'
import { captureResponse } from './capture-error.js'
import { adjustedNames } from './header-names.js'
import { H1Connection, type ControlEvent } from './h1-connection.js'
import type { Transport } from './transport.js'

/** What a connection to a server needs of those who made it. */
export interface ServerConnectionOwner {
  /** No stream uses it any more, and it could be used again. Returns false if it is not kept. */
  keep(connection: H1Server): boolean
  /** An idle connection was closed by the server. */
  lost(connection: H1Server): void
  /** It is closed. */
  closed(wasIdle: boolean): void
}

export class H1Server extends H1Connection<ResponseHead, RequestHead> {
  protected readonly reader: ResponseReader
  protected readonly writer: MessageWriter
  #mode: ConnectionMode = 'keep-alive'
  #hasHead = false
  #isClosing = false
  #isIdle = false
  #isReleased = false
  /** connections with another identity cannot be used in its place */
  identity = ''
  /** only the session of the client may use it again (`CO_FL_PRIVATE`) */
  isPrivate = false
  /** requests sent so far */
  requests = 0

  constructor(
    readonly backend: Proxy,
    transport: Transport,
    readonly connectionOwner: ServerConnectionOwner,
    limits: MessageLimits,
    serverName: string | undefined,
  ) {
    super(transport, backend, 'backend')
    this.streamBegins()
    // nothing is read before a request is sent
    this.isReadBlocked = true
    const { options, serverNameHeader } = backend.config
    this.reader = new ResponseReader({ limits, relaxed: options.has('accept-unsafe-violations-in-http-response') })
    this.writer = new MessageWriter({
      names: adjustedNames(backend, 'server'),
      dropsTrailers: options.has('http-drop-request-trailers'),
      pretendsKeepAlive: options.has('http-pretend-keepalive'),
      ...(serverNameHeader === undefined || serverName === undefined
        ? {}
        : { serverName: { field: serverNameHeader, server: serverName } }),
    })
    transport.onEvent = () => this.#wake()
  }

  #wake(): void {
    const { transport } = this
    if (this.#isIdle) {
      if (transport.hasInput || transport.error !== undefined) this.#dropIdle()
      return
    }
    if (transport.error !== undefined && !transport.isReady) this.hasFailed = true
    this.owner?.wake()
  }

  #dropIdle(): void {
    this.connectionOwner.lost(this)
    this.close()
  }

  /** Begins another request. */
  reuse(): void {
    this.#isIdle = false
    this.endEvents.clear()
    this.isShut = false
    this.streamBegins()
    this.#mode = 'keep-alive'
    this.isOutgoingStarted = this.isOutgoingDone = this.isIncomingDone = this.#hasHead = false
    this.isReadBlocked = true
    this.endOfInput = this.endOfStream = this.wantsRoom = this.expectsNoData = false
    this.lastRead = this.blockedSince = NEVER
  }

  receive(channel: Channel): boolean {
    // the end of the connection is noticed once the connection is used again, or idle
    if (this.isReadBlocked || (this.isIncomingDone && !this.isTunnel)) return false
    const before = channel.total
    this.readInput()
    this.demux(channel)
    if (this.hasReadError && !this.wantsRoom && !this.hasFailed) this.failRead()
    return channel.total > before
  }

  protected get mayParse(): boolean {
    return !this.isIncomingDone || this.isTunnel
  }

  protected handle(event: ControlEvent<ResponseHead>, channel: Channel): boolean {
    switch (event.type) {
      case 'head':
        return this.#handleHead(event.head, channel)
      case 'end':
        if (!this.isTunnel) this.isIncomingDone = channel.buffer.isComplete = this.endOfInput = true
        return true
      case 'error':
        if (event.error.reason === 'truncated') return true
        if (this.owner) captureResponse(this.backend, event.error, this.owner)
        this.failParsing(channel)
        return false
    }
  }

  #handleHead(head: ResponseHead, channel: Channel): boolean {
    channel.receive({ kind: 'head', head })
    this.#mode = modeOfResponse(head, this.#mode === 'keep-alive' ? this.writer.mode : this.#mode)
    if (head.isInterim) return true
    this.#hasHead = true
    if (head.body !== 'tunnel') return true
    if (!this.isOutgoingDone) {
      this.failParsing(channel)
      return false
    }
    this.isTunnel = true
    this.reader.tunnel()
    return true
  }

  protected reportEnd({ buffer }: Channel): void {
    if (this.isIncomingDone && this.reader.pending > 0) return
    this.endOfStream = true
    if (this.isIncomingDone || this.isTunnel) this.endOfInput = true
    else {
      if (!this.#hasHead && this.reader.pending > 0) buffer.problem = 'parsing'
      this.hasFailed = true
    }
    this.recordEnd()
  }

  protected endOutgoing(): void {
    this.isOutgoingDone = true
  }

  protected writeHead(head: RequestHead): void {
    const closes = this.backend.config.httpConnectionMode !== 'keep-alive'
    this.writer.mode = 'keep-alive'
    this.isOutgoingStarted = true
    this.transport.write(this.writer.request(head, serverMode(closes)))
    this.reader.expect(head.method)
    this.isReadBlocked = false
    this.requests++
  }

  /** Whether it could carry another request. */
  get #isReusable(): boolean {
    return (
      this.isOutgoingDone &&
      this.isIncomingDone &&
      this.#mode === 'keep-alive' &&
      !this.isTunnel &&
      !this.#isClosing &&
      !this.killsConnection &&
      !this.endOfConnection &&
      !this.hasReadError &&
      !this.hasFailed &&
      !this.sendFailed &&
      // otherwise the server waits for the rest
      !this.writer.isShort
    )
  }

  shut(mode: 'normal' | 'silent'): void {
    if (this.#isReusable) return
    this.#isClosing = true
    this.muxEvents.report('m', EndEvent.SHUT)
    if (mode === 'normal' || (this.isOutgoingDone && this.writer.isShort)) this.transport.finish()
    else this.transport.abandon()
  }

  detach(): void {
    this.owner = undefined
    this.count('open_streams', -1)
    if (this.#isReusable && this.reader.pending === 0 && !this.transport.hasInput && this.connectionOwner.keep(this)) {
      this.#isIdle = true
      return
    }
    this.close()
  }

  /** Closes the connection. */
  close(): void {
    if (this.#isReleased) return
    this.#isReleased = true
    this.count('open_connections', -1)
    this.transport.close()
    this.connectionOwner.closed(this.#isIdle)
  }
}
