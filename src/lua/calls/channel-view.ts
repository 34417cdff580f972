/** A channel of a stream as scripts have it: the class Channel. */
import type { Channel } from '../../haproxy/streams/channel.js'
import type { Connector } from '../../haproxy/streams/connector.js'
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
  get producer(): Connector {
    return this.isResponse ? this.stream.back : this.stream.front
  }
}
