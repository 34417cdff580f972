/** A channel of a stream as scripts have it: the class Channel. */
import type { Channel } from '../../haproxy/streams/channel.js'
import { INPUT_CLOSED, SideFlag, SideState, type Connector } from '../../haproxy/streams/connector.js'
import type { Stream } from '../../haproxy/streams/stream.js'

export class ChannelView {
  constructor(
    readonly stream: Stream,
    readonly isResponse: boolean,
  ) {}

  get channel(): Channel {
    return this.isResponse ? this.stream.response : this.stream.request
  }

  /** The side that fills it. */
  get #producer(): Connector {
    return this.isResponse ? this.stream.back : this.stream.front
  }

  get #consumer(): Connector {
    return this.isResponse ? this.stream.front : this.stream.back
  }

  /** No more will be received (`channel_input_closed`). */
  get isInputClosed(): boolean {
    return this.#producer.has(INPUT_CLOSED)
  }

  /** No more will be sent (`channel_output_closed`). */
  get isOutputClosed(): boolean {
    return this.#consumer.has(SideFlag.SHUT_DONE)
  }

  /** Whether more can be received now (`channel_may_recv`): the reserve is used only while something can be sent. */
  get mayReceive(): boolean {
    if (this.isInputClosed) return false
    const { channel } = this
    const { buffer, reserve } = channel
    const room = buffer.dataRoom
    if (room === 0) return false
    if (room > reserve) return true
    if (this.#consumer.state !== SideState.EST) return false
    if (channel.forwardsAll) return true
    return buffer.isHttp ? room + buffer.outputData > reserve : buffer.inputData + reserve < buffer.size
  }
}
