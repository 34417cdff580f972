/** An HTTP/1 connection of a client: sends requests one after the other, and assigns the responses to them. */
import { fromBytes, toBytes } from '../../bytes/latin1.js'
import type { Timer } from '../../engine/index.js'
import type { Connection, ConnectionEvents, NetworkErrorCode } from '../../net/network.js'
import { HttpAnswer } from './answer.js'
import { AnswerReader, InvalidAnswer } from './answer-reader.js'
import { ClientSession, type ClientSessionOptions } from './client-session.js'
import type { ExchangeProgress, HttpExchange, RequestErrorCode } from './exchange.js'
import type { ActorSessionOwner } from './session.js'

/** The owner of connections. */
export interface HttpConnectionOwner extends ActorSessionOwner {
  /** called when a connection can be used for another request */
  connectionIdle(connection: HttpConnection): void
}

/** A connection of a client. After a switch of protocols or a CONNECT, bytes are sent and received as on a raw connection. */
export class HttpConnection extends ClientSession {
  readonly #reader = new AnswerReader()
  /** exchanges without an answer, in order */
  readonly #outstanding: HttpExchange[] = []
  /** exchanges that are not completely sent, in order */
  readonly #unsent: HttpExchange[] = []
  /** number of writes for the first unsent request: its head, and the pieces of its body */
  #written = 0
  #sendTimer: Timer | undefined
  /** the first unsent request waits for 100 Continue */
  #awaitsContinue = false
  #isTunnel = false
  /** sending was shut down */
  #isFinished = false

  /**
   * @param destination identifies the address and the protocol
   * @param connect opens the connection
   */
  constructor(
    readonly client: HttpConnectionOwner,
    readonly destination: string,
    connect: (events: ConnectionEvents) => Connection,
    options: ClientSessionOptions = {},
  ) {
    super(client, connect, options)
  }

  /** Whether it is open and no answer is outstanding. */
  get isIdle(): boolean {
    return (
      this.open &&
      !this.closing &&
      !this.ended &&
      !this.#isFinished &&
      !this.#isTunnel &&
      this.#outstanding.length === 0
    )
  }

  /** @internal sends a request, after those before it */
  submit(exchange: HttpExchange): void {
    exchange.connection = this
    exchange.cancel = (how) => this.#cancel(how)
    exchange.progress = () => this.#progressOf(exchange)
    this.#outstanding.push(exchange)
    this.#unsent.push(exchange)
    if (this.#unsent.length === 1) this.#startSending()
  }

  override finish(): void {
    this.#isFinished = true
    super.finish()
  }

  override close(): void {
    this.#failAll('aborted', 'closed by the client')
    super.close()
  }

  override reset(): void {
    this.#failAll('aborted', 'reset by the client')
    super.reset()
  }

  override failed(connection: Connection, error: NetworkErrorCode): void {
    this.#failAll(error)
    super.failed(connection, error)
  }

  protected override handleInput(): void {
    if (this.#isTunnel) return super.handleInput()
    if (this.isPaused) return
    const bytes = this.connection.read()
    if (bytes.length > 0) this.#reader.push(fromBytes(bytes))
    this.ended = this.connection.ended
    this.#readAnswers()
  }

  #startSending(): void {
    this.#written = 0
    const { delay } = this.#unsent[0]!.message
    if (delay > 0) this.#later(delay)
    else this.#continueSending()
  }

  #later(delay: number): void {
    const { scheduler } = this.client.world
    this.#sendTimer = scheduler.at(scheduler.clock.now + delay, () => {
      this.#sendTimer = undefined
      this.#awaitsContinue = false
      this.#continueSending()
    })
  }

  /** Writes as much of the first unsent request as is due. */
  #continueSending(): void {
    const { head, body, continueTimeout } = this.#unsent[0]!.message
    const { pieces, interval } = body
    if (this.#written === 0) {
      const isSplit = pieces.length > 0 && (interval > 0 || continueTimeout !== undefined)
      this.#write(isSplit || pieces.length === 0 ? head : head + pieces[0]!)
      this.#written = isSplit || pieces.length === 0 ? 1 : 2
      if (isSplit) {
        this.#awaitsContinue = continueTimeout !== undefined
        return this.#later(continueTimeout ?? interval)
      }
    }
    while (this.#written <= pieces.length && this.open) {
      this.#write(pieces[this.#written++ - 1]!)
      if (interval > 0 && this.#written <= pieces.length) return this.#later(interval)
    }
    this.#unsent.shift()
    if (this.#unsent.length > 0 && this.open) this.#startSending()
  }

  #write(bytes: string): void {
    this.send(toBytes(bytes))
  }

  #readAnswers(): void {
    const reader = this.#reader
    while (this.open) {
      const exchange = this.#outstanding[0]
      if (exchange === undefined) return this.#handleUnexpected()
      let read
      try {
        read = reader.read(exchange.method, this.ended)
      } catch (error) {
        if (!(error instanceof InvalidAnswer)) throw error
        return this.#abortInvalid(`invalid response: ${error.message}`)
      }
      if (read === true) this.#complete(exchange)
      else if (read === false) return this.ended ? this.#endedEarly() : undefined
      else {
        exchange.interim.push({ ...read, at: this.client.world.scheduler.clock.now })
        if (read.status === 100) this.#sendAwaited(exchange)
      }
    }
  }

  /** The server has sent 100 Continue. */
  #sendAwaited(exchange: HttpExchange): void {
    if (!this.#awaitsContinue || this.#unsent[0] !== exchange) return
    this.#awaitsContinue = false
    this.#cancelTimer()
    this.#continueSending()
  }

  #complete(exchange: HttpExchange): void {
    const reader = this.#reader
    const { now } = this.client.world.scheduler.clock
    const body = reader.body.length === 1 ? reader.body[0]! : reader.body.join('')
    const answer = new HttpAnswer(reader.head!, body, reader.trailers, exchange.interim, now, now - exchange.startedAt)
    const isLast =
      reader.closes ||
      !exchange.message.keepAlive ||
      this.#unsent[0] === exchange ||
      (this.#isFinished && this.#outstanding.length === 1)
    this.#isTunnel = reader.framing === 'tunnel'
    reader.startNext()
    this.#outstanding.shift()
    if (this.#isTunnel) return this.#startTunnel(exchange, answer)
    // listeners of the exchange can use the connection for the next request, or see that it is closed
    if (isLast) super.close()
    else if (this.isIdle) this.client.connectionIdle(this)
    exchange.complete(answer)
    if (isLast) this.#failAll('closed', 'the connection was closed after an earlier response')
  }

  #startTunnel(exchange: HttpExchange, answer: HttpAnswer): void {
    exchange.complete(answer)
    this.#failAll('closed', 'an earlier response has switched the protocol')
    this.deliver(this.#reader.takeUnread())
  }

  /** The server sends data, or closes, although no answer is outstanding. */
  #handleUnexpected(): void {
    this.deliver(this.#reader.takeUnread())
    if (this.ended) super.close()
  }

  #endedEarly(): void {
    this.#failAll('closed', 'the server closed the connection before the response was complete')
    super.close()
  }

  #abortInvalid(reason: string): void {
    this.#failAll('invalid', reason)
    super.reset()
  }

  #cancel(how: 'close' | 'reset'): void {
    if (how === 'reset') return this.reset()
    this.#failAll('aborted', 'aborted by the client')
    this.abandon()
  }

  /** Ends all exchanges with an error. The progress of each is described before it is forgotten. */
  #failAll(code: RequestErrorCode, reason?: string): void {
    this.#cancelTimer()
    const exchanges = [...this.#outstanding]
    const errors = exchanges.map((exchange) => exchange.progress())
    this.#outstanding.length = this.#unsent.length = 0
    exchanges.forEach((exchange, i) => {
      exchange.progress = () => errors[i]!
      exchange.fail(code, reason)
    })
  }

  #cancelTimer(): void {
    if (this.#sendTimer) this.client.world.scheduler.timers.remove(this.#sendTimer)
    this.#sendTimer = undefined
  }

  #progressOf(exchange: HttpExchange): ExchangeProgress {
    const index = this.#unsent.indexOf(exchange)
    const sent = index < 0 ? 'all' : index === 0 && this.#written > 0 ? 'part' : 'nothing'
    const received = exchange === this.#outstanding[0] ? this.#receivedText() : undefined
    return { isConnected: this.wasConnected, sent, received }
  }

  #receivedText(): string | undefined {
    const { head, bodyLength, length, framing, unread } = this.#reader
    if (head === undefined) return unread === '' ? undefined : JSON.stringify(unread.slice(0, 80))
    const body = length === undefined ? `${bodyLength}` : `${bodyLength} of ${length}`
    const missing = framing === 'chunked' ? ' without a last chunk' : ''
    return `status ${head.status} and ${body} bytes of the body${missing}`
  }
}
