/** The pass-through multiplexer: one stream, whose bytes are those of the connection (src/mux_pt.c). */
import { EndEvent } from '../connections/end-events.js'
import type { Channel } from '../streams/channel.js'
import { ConnectionEndpoint, MOST_PENDING } from './connection-endpoint.js'
import type { Transport } from './transport.js'

export class TcpEndpoint extends ConnectionEndpoint {
  /** @param closed called once when the connection is released */
  constructor(
    transport: Transport,
    readonly closed: () => void,
  ) {
    super(transport)
    transport.onEvent = () => this.#wake()
  }

  #wake(): void {
    const { transport } = this
    if (transport.error !== undefined && !transport.isReady) this.hasFailed = true
    this.owner?.wake()
  }

  override get mayFastForward(): boolean {
    return true
  }

  get hasInput(): boolean {
    return !this.endOfStream && !this.hasFailed && this.transport.hasInput
  }

  receive(channel: Channel): boolean {
    const { transport } = this
    let isReceived = false
    while (!this.hasFailed) {
      const { room } = channel
      if (room === 0) {
        this.wantsRoom = transport.hasInput
        break
      }
      const bytes = transport.read(room)
      if (transport.error !== undefined) {
        this.hasFailed = this.endOfStream = true
        this.muxEvents.report('m', EndEvent.RECEIVE_ERROR)
        break
      }
      if (bytes === '') break
      channel.receive({ kind: 'data', bytes, announced: undefined })
      isReceived = true
    }
    if (!this.hasFailed && transport.ended) {
      this.endOfStream = this.endOfInput = true
      this.muxEvents.report('m', EndEvent.END)
    }
    return isReceived
  }

  send(channel: Channel): boolean {
    const { transport } = this
    let isSent = false
    while (channel.buffer.hasOutput && transport.pending < MOST_PENDING) {
      const block = channel.buffer.next!
      if (block.kind === 'data') transport.write(block.bytes)
      channel.buffer.shift()
      isSent = true
      transport.flush()
      if (transport.error !== undefined) break
    }
    if (transport.error !== undefined) {
      this.muxEvents.report('m', EndEvent.SEND_ERROR)
      if (transport.hasInput && !this.endOfStream) this.sendFailed = true
      else this.hasFailed = true
    }
    return isSent
  }

  shut(mode: 'normal' | 'silent'): void {
    this.muxEvents.report('m', EndEvent.SHUT)
    if (mode === 'normal') this.transport.finish()
    else this.transport.abandon()
  }

  /** Leaves the connection to what replaces this endpoint, without closing it. */
  handOver(): Transport {
    this.owner = undefined
    return this.transport
  }

  detach(): void {
    this.owner = undefined
    this.transport.close()
    this.closed()
  }
}
