/** A request of a client and its answer, which may be outstanding. */
import type { Micros } from '../../engine/index.js'
import { ERROR_TEXT, type NetworkErrorCode } from '../../net/network.js'
import type { Duration } from '../duration.js'
import type { HttpAnswer, InterimAnswer } from './answer.js'
import { WAIT_LIMIT, type ClientConnection } from './client-session.js'
import type { RequestMessage } from './request-message.js'
import { runUntil, type ActorContext } from './world.js'

/**
 * - `queued`: a request before it on the same connection is not completely sent, or its delay has not passed
 * - `connecting`: the connection is being established
 * - `sending`: the request is sent in part
 * - `waiting`: the request was sent, and nothing of the final response has been received
 * - `receiving`: the head of the response was received
 * - `done`: the answer is complete
 * - `failed`: it ended with an error
 */
export type ExchangePhase = 'queued' | 'connecting' | 'sending' | 'waiting' | 'receiving' | 'done' | 'failed'

/** Why a request failed: an error of the network, or `closed` by the server, `aborted` by the client, `invalid`, or a `timeout`. */
export type RequestErrorCode = NetworkErrorCode | 'closed' | 'aborted' | 'invalid' | 'timeout'

/** A request was not answered. */
export class RequestError extends Error {
  override readonly name = 'RequestError'

  constructor(
    readonly code: RequestErrorCode,
    message: string,
    readonly exchange: HttpExchange,
  ) {
    super(message)
  }
}

/** What a connection knows of an exchange on it. */
export interface ExchangeProgress {
  /** whether the connection was established */
  readonly isConnected: boolean
  /** whether sending has started, and is complete */
  readonly sent: 'nothing' | 'part' | 'all'
  /** what was received of the response, described; undefined: nothing */
  readonly received: string | undefined
}

/** A request and its answer. */
export class HttpExchange {
  /** the complete answer */
  answer: HttpAnswer | undefined
  /** why it failed */
  error: RequestError | undefined
  /** interim responses (1xx) so far, in order */
  readonly interim: InterimAnswer[] = []
  /** the connection that carries it */
  connection!: ClientConnection
  /** @internal */
  progress: () => ExchangeProgress = () => ({ isConnected: false, sent: 'nothing', received: undefined })
  /** @internal closes the connection, or resets it */
  cancel: (how: 'close' | 'reset') => void = () => undefined
  /** when it was started, in microseconds since the start of the run */
  readonly startedAt: Micros
  readonly #listeners: ((exchange: HttpExchange) => void)[] = []

  /** @internal made by {@link Client.send} */
  constructor(
    readonly world: ActorContext,
    readonly method: string,
    readonly url: string,
    /** @internal */
    readonly message: RequestMessage,
  ) {
    this.startedAt = world.scheduler.clock.now
  }

  /** Whether it was answered or has failed. */
  get ended(): boolean {
    return this.answer !== undefined || this.error !== undefined
  }

  /** How far it is. */
  get phase(): ExchangePhase {
    if (this.answer) return 'done'
    if (this.error) return 'failed'
    const { isConnected, sent, received } = this.progress()
    if (!isConnected) return 'connecting'
    if (received !== undefined) return 'receiving'
    return sent === 'nothing' ? 'queued' : sent === 'part' ? 'sending' : 'waiting'
  }

  /**
   * Advances time until the answer is complete, and returns it. Throws a {@link RequestError} if the request fails, or
   * after `limit` of virtual time (default 1m), when it remains outstanding.
   */
  wait(limit: Duration = WAIT_LIMIT): HttpAnswer {
    runUntil(this.world, () => this.ended, limit)
    if (this.answer) return this.answer
    throw (
      this.error ?? new RequestError('timeout', this.describe(`no complete answer within ${durationText(limit)}`), this)
    )
  }

  /** Gives up: closes the connection as a program that ends does. Other requests on it fail as well. */
  abort(): void {
    if (!this.ended) this.cancel('close')
  }

  /** Gives up: resets the connection. Other requests on it fail as well. */
  reset(): void {
    if (!this.ended) this.cancel('reset')
  }

  /** Calls `listener` when it is answered or fails; returns the exchange. */
  onEnd(listener: (exchange: HttpExchange) => void): this {
    if (this.ended) listener(this)
    else this.#listeners.push(listener)
    return this
  }

  /** @internal ends it with an answer, unless it has ended */
  complete(answer: HttpAnswer): void {
    if (this.ended) return
    this.answer = answer
    this.#end()
  }

  /** @internal ends it without an answer, unless it has ended */
  fail(code: RequestErrorCode, reason = ERROR_TEXT[code as NetworkErrorCode]): void {
    if (this.ended) return
    this.error = new RequestError(code, this.describe(reason), this)
    this.#end()
  }

  /** A message: the request, the reason, and how far it got. */
  describe(reason: string): string {
    return `${this.method} ${this.url}: ${reason} (${this.#progressText()})`
  }

  #end(): void {
    for (const listener of this.#listeners.splice(0)) listener(this)
  }

  #progressText(): string {
    const { isConnected, sent, received } = this.progress()
    if (!isConnected) return 'the connection was not established'
    const request = SENT_TEXT[sent]
    return `${request}, ${received === undefined ? 'nothing of a response was received' : `received ${received}`}`
  }
}

const SENT_TEXT = {
  nothing: 'the request was not sent',
  part: 'the request was sent in part',
  all: 'the request was sent',
} as const

const durationText = (duration: Duration): string => (typeof duration === 'number' ? `${duration}ms` : duration)
