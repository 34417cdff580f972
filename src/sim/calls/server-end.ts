/** The server's side of a call: an applet at the back of its stream, which takes the request and gives the response. */
import { BLOCK_SIZE } from '../../http/h1/limits.js'
import { Fields } from '../../http/index.js'
import { AppletEndpoint } from '../../haproxy/applets/applet-endpoint.js'
import type { Stream } from '../../haproxy/streams/stream.js'
import type { GivenMessage } from './messages.js'

export class ServerEnd extends AppletEndpoint {
  /** bytes that have reached it, without those of heads */
  received = ''
  #isStarted = false
  #left: string

  constructor(
    stream: Stream,
    readonly response: GivenMessage | string,
  ) {
    super(stream, 'server of a call', 0)
    this.#left = typeof response === 'string' ? response : response.body
    // so that `tcp-response content` rules see it, which are evaluated at once without an inspect delay
    this.#respond()
  }

  protected run(): void {
    const { request } = this
    for (let block = request.next; block !== undefined; block = request.next) {
      if (block.kind === 'data') this.received += block.bytes
      request.shift()
    }
    if (!this.isOver) this.#respond()
  }

  #respond(): void {
    const { response: channel, back } = this.stream
    if (typeof this.response !== 'string' && !this.#isStarted)
      channel.receive({ kind: 'head', head: this.response.head })
    this.#isStarted = true
    const room = Math.max(0, channel.buffer.isHttp ? channel.room - BLOCK_SIZE : channel.room)
    const bytes = this.#left.slice(0, room)
    this.#left = this.#left.slice(bytes.length)
    if (bytes !== '') channel.receive({ kind: 'data', bytes, announced: undefined })
    if (this.#left !== '') return back.needMoreRoom()
    if (channel.buffer.isHttp) {
      // something has to be sent for the end of the message to be noticed
      if (channel.buffer.isEmpty) channel.buffer.push({ kind: 'trailers', fields: new Fields() })
      channel.buffer.isComplete = true
    }
    this.endOfInput = this.endOfStream = true
  }

  protected release(): void {
    // nothing is held
  }
}
