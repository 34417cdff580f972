/** A message of a transaction as filters have it: the class HTTPMessage. */
import type { Message } from '../../haproxy/streams/http/transaction.js'
import type { RequestHead, ResponseHead } from '../../http/index.js'
import { ChannelView } from './channel-view.js'

export class MessageView extends ChannelView {
  get message(): Message<RequestHead | ResponseHead> {
    const { request, response } = this.stream.transaction!
    return this.isResponse ? response : request
  }

  /** Nothing follows a complete message. */
  override get mayReceive(): boolean {
    return !this.channel.buffer.isComplete && super.mayReceive
  }
}
