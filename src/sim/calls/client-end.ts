/**
 * The client's side of a call: the endpoint at the front of its stream, without a network. It gives the request, and keeps what the client
 * would receive.
 */
import type { Address } from '../../net/address.js'
import { BLOCK_SIZE } from '../../http/h1/limits.js'
import type { RequestHead, ResponseHead } from '../../http/index.js'
import type { Channel } from '../../haproxy/streams/channel.js'
import { Endpoint } from '../../haproxy/streams/endpoint.js'
import type { GivenMessage } from './messages.js'

/** What the client has received. Texts are byte strings. */
export interface Received {
  readonly head: ResponseHead | undefined
  /** the bodies of a message, or all bytes */
  readonly data: string
  readonly trailers: Iterable<{ readonly name: string; readonly value: string }>
  /** interim responses (1xx) before the head */
  readonly interim: readonly ResponseHead[]
}

export class ClientEnd extends Endpoint {
  readonly kind = 'connection'
  readonly isReady = true
  /** the stream has left it */
  isOver = false
  #head: RequestHead | ResponseHead | undefined
  #data: string
  readonly #isHttp: boolean
  readonly #isHead: boolean
  readonly #received: { -readonly [Name in keyof Received]: Received[Name] } & { interim: ResponseHead[] } = {
    head: undefined,
    data: '',
    trailers: [],
    interim: [],
  }

  constructor(
    input: GivenMessage | string,
    readonly remote: Address | undefined,
    readonly local: Address | undefined,
  ) {
    super()
    this.#isHttp = typeof input !== 'string'
    this.#isHead = typeof input !== 'string' && 'method' in input.head && input.head.method === 'HEAD'
    this.#head = typeof input === 'string' ? undefined : input.head
    this.#data = typeof input === 'string' ? input : input.body
  }

  get received(): Received {
    return this.#received
  }

  /** Whether the stream has taken all that the client sends. */
  get isSent(): boolean {
    return this.#head === undefined && this.#data === ''
  }

  get hasInput(): boolean {
    return !this.isSent
  }

  receive(channel: Channel): boolean {
    const before = channel.total
    if (this.#head) channel.receive({ kind: 'head', head: this.#head })
    this.#head = undefined
    const room = Math.max(0, this.#isHttp ? channel.room - BLOCK_SIZE : channel.room)
    const bytes = this.#data.slice(0, room)
    this.#data = this.#data.slice(bytes.length)
    if (bytes !== '')
      channel.receive({ kind: 'data', bytes, announced: this.#isHttp ? bytes.length + this.#data.length : undefined })
    this.wantsRoom = this.#data !== ''
    if (this.#isHttp && this.#data === '') channel.buffer.isComplete = this.endOfInput = true
    return channel.total > before
  }

  send({ buffer }: Channel): boolean {
    const received = this.#received
    let isSent = false
    for (let block = buffer.next; block !== undefined; block = buffer.next) {
      if (block.kind === 'data') received.data += this.#isHead ? '' : block.bytes
      else if (block.kind === 'trailers') received.trailers = block.fields
      else if ((block.head as ResponseHead).isInterim) received.interim.push(block.head as ResponseHead)
      else received.head = block.head as ResponseHead
      buffer.shift()
      isSent = true
    }
    return isSent
  }

  /** The client closes its side once the response has ended. */
  shut(): void {
    this.endOfInput = this.endOfStream = true
    this.owner?.wake()
  }

  detach(): void {
    this.owner = undefined
    this.isOver = true
  }
}
