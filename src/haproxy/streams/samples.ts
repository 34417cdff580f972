/** What expressions are evaluated for in a stream. */
import type { RequestHead, ResponseHead } from '../../http/index.js'
import type { Proxy } from '../proxy/proxy.js'
import type { SampleContext, SampleMessage, SampleResponse, SampleStream } from '../samples/context.js'
import type { Server } from '../server/server.js'
import type { Channel } from './channel.js'
import { INPUT_CLOSED, SideFlag, type Connector } from './connector.js'
import { StreamSubject } from './log-subject.js'
import type { Stream } from './stream.js'

/** A message as expressions see it. */
class MessageView<Head extends RequestHead | ResponseHead> implements SampleMessage<Head> {
  constructor(
    readonly stream: Stream,
    readonly channel: Channel,
    readonly producer: Connector,
  ) {}

  /** undefined once it is sent */
  get head(): Head | undefined {
    return this.channel.buffer.anyHead as Head | undefined
  }

  get input(): string {
    return this.channel.buffer.input
  }

  get length(): number {
    return this.channel.buffer.inputLength
  }

  get isComplete(): boolean {
    return this.channel.buffer.isComplete || this.producer.has(INPUT_CLOSED | SideFlag.ERROR)
  }

  get isFull(): boolean {
    return this.channel.isFull
  }

  // what responses of checks have besides
  get size(): number {
    return this.length
  }

  get body(): string {
    return this.channel.buffer.input
  }
}

/** The context of a stream's expressions; one object for all of them, as they are evaluated one after another. */
export class StreamSamples implements SampleContext, SampleStream {
  readonly process: SampleContext['process']
  readonly log: StreamSubject
  readonly request: SampleMessage<RequestHead>
  readonly response: SampleMessage<ResponseHead> & SampleResponse
  readonly bufsize: number
  proxy: Proxy
  isFinal = true

  constructor(readonly owner: Stream) {
    this.process = owner.context.process
    this.bufsize = owner.context.limits.buffer
    this.proxy = owner.backend
    this.log = new StreamSubject(owner)
    this.request = new MessageView<RequestHead>(owner, owner.request, owner.front)
    this.response = new MessageView<ResponseHead>(owner, owner.response, owner.back)
  }

  get stream(): SampleStream {
    return this
  }

  get session(): Stream['session'] {
    return this.owner.session
  }

  get server(): Server | undefined {
    return this.owner.server
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

  capture(direction: 'request' | 'response', slot: number, text: string): boolean {
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

/** Whether logs of errors are about it: it failed, was redispatched or retried, or is answered with a status of 500 or more. */
export const isFaulty = ({ isRedispatched, endCause, retries, session, transaction }: Stream): boolean =>
  isRedispatched ||
  (endCause !== '-' && endCause !== 'L') ||
  (endCause === '-' && retries > 0) ||
  (session.frontend.mode === 'http' && (transaction?.status ?? 0) >= 500)

const contexts = new WeakMap<Stream, StreamSamples>()

/** The context for expressions of a proxy. @param isFinal no more data will come, or it is not waited for */
export const samplesOf = (stream: Stream, proxy: Proxy, isFinal = true): StreamSamples => {
  let samples = contexts.get(stream)
  if (!samples) contexts.set(stream, (samples = new StreamSamples(stream)))
  samples.proxy = proxy
  samples.isFinal = isFinal
  return samples
}
