/** What expressions are evaluated for in a stream. */
import type { Place } from '../../config/syntax/place.js'
import type { Micros } from '../../engine/clock.js'
import { KNOWN_METHODS, type RequestHead, type ResponseHead } from '../../http/index.js'
import type { Address } from '../../net/address.js'
import { ConnectionEndpoint } from '../mux/connection-endpoint.js'
import type { Proxy } from '../proxy/proxy.js'
import type { SampleContext, SampleDirection, SampleMessage, SampleStream } from '../samples/context.js'
import type { Server } from '../server/server.js'
import type { Channel } from './channel.js'
import { INPUT_CLOSED, SideFlag, type Connector } from './connector.js'
import { StreamSubject } from './log-subject.js'
import type { Stream } from './stream.js'
import { makeUniqueId } from './unique-id.js'

/** A message as expressions see it. */
class MessageView<Head extends RequestHead | ResponseHead> implements SampleMessage<Head> {
  constructor(
    readonly channel: Channel,
    readonly producer: Connector,
  ) {}

  get isHttp(): boolean {
    return this.channel.buffer.isHttp
  }

  get head(): Head | undefined {
    return this.channel.buffer.anyHead as Head | undefined
  }

  get body(): string {
    return this.channel.buffer.body
  }

  get missing(): number {
    return this.channel.buffer.missing
  }

  get input(): string {
    return this.channel.buffer.input
  }

  get size(): number {
    return this.channel.buffer.inputData
  }

  get isInvalid(): boolean {
    return this.channel.buffer.problem === 'parsing'
  }

  get isComplete(): boolean {
    const { buffer } = this.channel
    return buffer.isComplete || buffer.hasTrailers || this.producer.has(INPUT_CLOSED | SideFlag.EOI | SideFlag.ERROR)
  }

  get isFull(): boolean {
    return this.channel.isFull
  }
}

/** What all contexts of a stream share. */
class StreamViews {
  readonly log: StreamSubject
  readonly request: SampleMessage<RequestHead>
  readonly response: SampleMessage<ResponseHead>

  constructor(stream: Stream) {
    this.log = new StreamSubject(stream)
    this.request = new MessageView<RequestHead>(stream.request, stream.front)
    this.response = new MessageView<ResponseHead>(stream.response, stream.back)
  }
}

/** The context of expressions of a stream. */
export class StreamSamples implements SampleContext, SampleStream {
  readonly process: SampleContext['process']
  readonly log: StreamSubject
  readonly request: SampleMessage<RequestHead>
  readonly response: SampleMessage<ResponseHead>
  readonly bufsize: number

  constructor(
    readonly owner: Stream,
    { log, request, response }: StreamViews,
    readonly proxy: Proxy,
    readonly isFinal: boolean,
    public direction: SampleDirection,
  ) {
    this.process = owner.context.process
    this.bufsize = owner.context.limits.buffer
    this.log = log
    this.request = request
    this.response = response
  }

  get endEvents(): string {
    const { session, front, back, endEvents } = this.owner
    const { endpoint } = back
    const sides = endpoint instanceof ConnectionEndpoint ? [endpoint.muxEvents, endpoint.transport.endEvents] : []
    const [mux = '-', connection = '-'] = sides.map((events) => events.text(true))
    const own = [front.endpoint?.endEvents.text() ?? '', endEvents.text(), endpoint?.endEvents.text(true) ?? '']
    return `{${[session.endEvents, ...own, mux, connection].join(',')}}`
  }

  get stream(): SampleStream {
    return this
  }

  get scripts(): SampleContext['scripts'] {
    return this.owner.context.scripts
  }

  get session(): Stream['session'] {
    return this.owner.session
  }

  get server(): Server | undefined {
    return this.owner.server
  }

  get backend(): Proxy {
    return this.owner.backend
  }

  get variables(): Stream['variables'] {
    return this.owner.variables
  }

  get isFaulty(): boolean {
    const { owner } = this
    return isFaulty(owner)
  }

  get handledBy(): 'connection' | 'applet' | undefined {
    return this.owner.back.endpoint?.kind
  }

  get source(): Address | undefined {
    return this.log.source
  }

  get destination(): Address | undefined {
    return this.log.destination
  }

  get serverConnection(): SampleStream['serverConnection'] {
    const { back, isHttp } = this.owner
    const { endpoint } = back
    if (endpoint?.kind !== 'connection') return undefined
    return { protocol: isHttp ? 'http' : 'tcp', error: endpoint.connectionError }
  }

  get clientError(): SampleStream['clientError'] {
    return this.owner.front.endpoint?.connectionError
  }

  get isReused(): boolean {
    return this.owner.isReused
  }

  get method(): string | undefined {
    const { transaction } = this.owner
    const head = transaction?.request.head
    if (!head) return undefined
    // that of a known one is kept as it was received
    return KNOWN_METHODS.includes(transaction.method) ? transaction.method : head.method
  }

  get requestVersion(): '1.0' | '1.1' | undefined {
    return versionOf(this.owner.transaction?.request)
  }

  get responseVersion(): '1.0' | '1.1' | undefined {
    return versionOf(this.owner.transaction?.response)
  }

  get status(): number | undefined {
    return this.owner.transaction?.status
  }

  get serverStatus(): number | undefined {
    return this.owner.transaction?.serverStatus
  }

  get isFirstRequest(): boolean | undefined {
    const { transaction } = this.owner
    return transaction && !transaction.isNotFirst
  }

  get clientTimeout(): Micros {
    return this.owner.front.timeout
  }

  get serverTimeout(): Micros {
    return this.owner.back.timeout
  }

  get tunnelTimeout(): Micros {
    return this.owner.tunnelTimeout
  }

  get lastRulePlace(): Place | undefined {
    return this.owner.lastRule?.place
  }

  get waitingRulePlace(): Place | undefined {
    return this.owner.waitingRule?.place
  }

  get isWaitingForBody(): boolean {
    return this.owner.isWaitingForBody
  }

  get priorityClass(): number {
    return this.owner.priorityClass
  }

  get priorityOffset(): number {
    return this.owner.priorityOffset
  }

  get number(): number {
    return this.owner.number
  }

  takeUniqueId(): string | undefined {
    return makeUniqueId(this.owner, samplesOf(this.owner, this.owner.session.frontend))
  }

  capture(direction: SampleDirection, slot: number, text: string): boolean {
    const { owner } = this
    const slots = owner.context.plan(owner.session.frontend).traffic?.[
      direction === 'request' ? 'requestCaptures' : 'responseCaptures'
    ]
    const config = slots?.[slot]
    if (!config) return false
    const name = direction === 'request' ? 'requestCaptures' : 'responseCaptures'
    const captures = (owner[name] ??= Array.from({ length: slots!.length }, () => undefined))
    captures[slot] = text.slice(0, config.length)
    return true
  }
}

const versionOf = (message: { readonly isVersion11: boolean | undefined } | undefined): '1.0' | '1.1' | undefined => {
  if (message?.isVersion11 === undefined) return undefined
  return message.isVersion11 ? '1.1' : '1.0'
}

/** Whether logs of errors are about it: it failed, was redispatched or retried, or is answered with a status of 500 or more. */
export const isFaulty = ({ isRedispatched, endCause, retries, session, transaction }: Stream): boolean =>
  isRedispatched ||
  (endCause !== '-' && endCause !== 'L') ||
  (endCause === '-' && retries > 0) ||
  (session.frontend.mode === 'http' && (transaction?.status ?? 0) >= 500)

/**
 * The context for expressions of a proxy.
 * @param isFinal no more data will come, or it is not waited for
 * @param direction the message that the rules are about
 */
export const samplesOf = (
  stream: Stream,
  proxy: Proxy,
  isFinal = true,
  direction: SampleDirection = 'request',
): StreamSamples => {
  const last = stream.samples as StreamSamples | undefined
  if (last && last.proxy === proxy && last.isFinal === isFinal && last.direction === direction) return last
  const samples = new StreamSamples(stream, last ?? new StreamViews(stream), proxy, isFinal, direction)
  stream.samples = samples
  return samples
}
