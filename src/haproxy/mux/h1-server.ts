/** HTTP/1 to a server (src/mux_h1.c): writes a request, parses the response, and is kept for further requests if both allow it. */
import type { Address } from '../../net/address.js'
import {
  MessageMismatch,
  MessageWriter,
  modeOfResponse,
  ResponseReader,
  serverMode,
  type ConnectionMode,
  type MessageLimits,
  type RequestHead,
} from '../../http/index.js'
import type { Proxy } from '../proxy/proxy.js'
import { NEVER, type Channel } from '../streams/channel.js'
import { Endpoint } from '../streams/endpoint.js'
import type { Transport } from './transport.js'

const MOST_PENDING = 16_384

/** What a connection to a server needs of those who made it. */
export interface ServerConnectionOwner {
  /** No stream uses it any more, and it could be used again. Returns false if it is not kept. */
  keep(connection: H1Server): boolean
  /** An idle connection was closed by the server. */
  lost(connection: H1Server): void
  /** It is closed. */
  closed(): void
}

export class H1Server extends Endpoint {
  readonly kind = 'connection'
  readonly #reader: ResponseReader
  readonly #writer: MessageWriter
  #mode: ConnectionMode = 'keep-alive'
  #method = ''
  #isRequestDone = false
  #isResponseDone = false
  #hasHead = false
  /** nothing is read before a request is sent */
  #isReadBlocked = true
  #isTunnel = false
  #endOfConnection = false
  #hasReadError = false
  #isClosing = false
  #isIdle = false
  #isReleased = false
  /** requests sent so far */
  requests = 0

  constructor(
    readonly backend: Proxy,
    readonly transport: Transport,
    readonly connectionOwner: ServerConnectionOwner,
    limits: MessageLimits,
    serverName: string,
  ) {
    super()
    const { options, serverNameHeader } = backend.config
    this.#reader = new ResponseReader({ limits, relaxed: options.has('accept-unsafe-violations-in-http-response') })
    this.#writer = new MessageWriter({
      dropsTrailers: options.has('http-drop-request-trailers'),
      pretendsKeepAlive: options.has('http-pretend-keepalive'),
      ...(serverNameHeader === undefined ? {} : { serverName: { field: serverNameHeader, server: serverName } }),
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
    this.#mode = 'keep-alive'
    this.#isRequestDone = this.#isResponseDone = this.#hasHead = false
    this.#isReadBlocked = true
    this.endOfInput = this.endOfStream = this.wantsRoom = this.expectsNoData = false
    this.lastRead = this.blockedSince = NEVER
  }

  get isReady(): boolean {
    return this.transport.isReady
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

  receive(channel: Channel): boolean {
    if (this.#isReadBlocked) return false
    const before = channel.total
    this.#readInput()
    this.#demux(channel)
    return channel.total > before
  }

  #readInput(): void {
    const { transport } = this
    while (!this.#endOfConnection && !this.#hasReadError) {
      const { room } = this.#reader
      if (room === 0) return
      const text = transport.read(room)
      if (text === '') {
        if (transport.error !== undefined) this.#hasReadError = true
        else if (transport.ended) {
          this.#endOfConnection = true
          this.#reader.end()
        }
        return
      }
      this.#reader.push(text)
      if (this.#reader.pending >= MOST_PENDING) return
    }
  }

  #demux(channel: Channel): void {
    const { buffer } = channel
    for (;;) {
      const event = this.#isResponseDone && !this.#isTunnel ? undefined : this.#reader.next(channel.room)
      if (!event) break
      switch (event.type) {
        case 'head':
          channel.receive({ kind: 'head', head: event.head })
          if (event.head.isInterim) continue
          this.#hasHead = true
          this.#mode = modeOfResponse(event.head, this.#writer.mode === 'tunnel' ? 'tunnel' : this.#writer.mode)
          if (event.head.body === 'tunnel') {
            if (!this.#isRequestDone) {
              buffer.problem = 'parsing'
              this.hasFailed = true
              return
            }
            this.#isTunnel = true
            this.#reader.tunnel()
          }
          continue
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
          if (this.#isTunnel) continue
          this.#isResponseDone = true
          buffer.isComplete = true
          this.endOfInput = true
          break
        case 'error':
          if (event.error.reason === 'truncated') break
          buffer.problem = 'parsing'
          this.hasFailed = true
          return
      }
      break
    }
    this.wantsRoom = this.#reader.needsRoom
    if (this.wantsRoom) return
    if (this.#endOfConnection && !(this.#isResponseDone && this.#reader.pending > 0)) this.#reportEnd(channel)
    if (this.#hasReadError) this.hasFailed = true
  }

  /** The server has closed the connection. */
  #reportEnd({ buffer }: Channel): void {
    this.endOfStream = true
    if (this.#isResponseDone || this.#isTunnel) this.endOfInput = true
    else {
      if (!this.#hasHead && this.#reader.pending > 0) buffer.problem = 'parsing'
      this.hasFailed = true
    }
  }

  send(channel: Channel): boolean {
    const { transport } = this
    const { buffer } = channel
    let isTaken = false
    while (buffer.hasOutput && transport.pending < MOST_PENDING && transport.error === undefined) {
      const block = buffer.next!
      try {
        if (block.kind === 'head') this.#writeHead(block.head as RequestHead)
        else if (block.kind === 'data') {
          if (this.#isTunnel) transport.write(block.bytes)
          else
            for (const piece of this.#writer.data(block.bytes, block.announced ?? block.bytes.length))
              transport.write(piece)
        } else {
          transport.write(this.#writer.end(block.fields))
          this.#isRequestDone = true
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
    if (!buffer.hasOutput && buffer.isComplete && !this.#isRequestDone && this.#method !== '') {
      transport.write(this.#writer.end())
      this.#isRequestDone = true
    }
    transport.flush()
    if (transport.error !== undefined) {
      if (this.#endOfConnection) this.hasFailed = true
      else this.sendFailed = true
    }
    return isTaken
  }

  #writeHead(head: RequestHead): void {
    const closes = this.backend.config.httpConnectionMode !== 'keep-alive'
    this.#writer.mode = 'keep-alive'
    this.#method = head.method
    this.transport.write(this.#writer.request(head, serverMode(closes)))
    this.#reader.expect(head.method)
    this.#isReadBlocked = false
    this.requests++
  }

  /** Whether it could carry another request. */
  get #isReusable(): boolean {
    return (
      this.#isRequestDone &&
      this.#isResponseDone &&
      this.#mode === 'keep-alive' &&
      !this.#isTunnel &&
      !this.#isClosing &&
      !this.killsConnection &&
      !this.#endOfConnection &&
      !this.#hasReadError &&
      !this.hasFailed &&
      !this.sendFailed
    )
  }

  shut(mode: 'normal' | 'silent'): void {
    if (this.#isReusable) return
    this.#isClosing = true
    if (mode === 'normal') this.transport.finish()
    else this.transport.abandon()
  }

  detach(): void {
    this.owner = undefined
    if (this.#isReusable && this.#reader.pending === 0 && !this.transport.hasInput && this.connectionOwner.keep(this)) {
      this.#isIdle = true
      this.#method = ''
      return
    }
    this.close()
  }

  /** Closes the connection. */
  close(): void {
    if (this.#isReleased) return
    this.#isReleased = true
    this.transport.close()
    this.connectionOwner.closed()
  }
}
