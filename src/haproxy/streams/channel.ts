/** One direction of a stream (`struct channel`, include/haproxy/channel-t.h): its buffer, its analysers and what happened to it. */
import type { Micros } from '../../engine/clock.js'
import type { Block } from './block.js'
import { MessageBuffer } from './buffer.js'

/** No date: a timer that is not set (`TICK_ETERNITY`). */
export const NEVER: Micros = Infinity

/** Bits of {@link Channel.flags}. */
export const ChannelFlag = {
  /** something was received, or the producer has changed its state */
  READ_EVENT: 0x1,
  READ_TIMEOUT: 0x4,
  /** something was sent, or the consumer has changed its state */
  WRITE_EVENT: 0x100,
  WRITE_TIMEOUT: 0x400,
  /** an end of the input is passed on to the other side */
  AUTO_CLOSE: 0x8000,
  WROTE_DATA: 0x40000,
  /** the consumer may connect */
  AUTO_CONNECT: 0x800000,
  DONT_READ: 0x1000000,
  /** analysers run once more */
  WAKE_ONCE: 0x10000000,
} as const

/** Events for which analysers run again. */
export const ANALYSER_EVENTS =
  ChannelFlag.READ_EVENT | ChannelFlag.READ_TIMEOUT | ChannelFlag.WRITE_EVENT | ChannelFlag.WAKE_ONCE

export class Channel {
  flags = 0
  /** analysers that have to run, bits of `Analyser` */
  analysers = 0
  /** when analysers run again without an event */
  analyseExpires: Micros = NEVER
  /** filters have not finished their analysis (`CF_FLT_ANALYZE`) */
  isFiltered = false
  /** what is received is forwarded at once, for there is nothing left to analyse (`CHN_INFINITE_FORWARD`) */
  forwardsAll = false
  /** bytes received */
  total = 0
  readonly buffer: MessageBuffer

  constructor(
    readonly isResponse: boolean,
    bufsize: number,
    /** `tune.maxrewrite`: bytes kept free while the message may be rewritten */
    readonly reserve: number,
    isHttp: boolean,
  ) {
    this.buffer = new MessageBuffer(bufsize, isHttp)
  }

  has(flags: number): boolean {
    return (this.flags & flags) !== 0
  }

  /** Bytes that may be received now. */
  get room(): number {
    return this.buffer.room(this.forwardsAll || (!this.buffer.hasInput && this.buffer.hasOutput) ? 0 : this.reserve)
  }

  /** Whether the buffer is full, its reserve left out (`channel_full`). */
  get isFull(): boolean {
    return this.isFullBut(this.reserve)
  }

  /** Whether the input leaves no more than a reserve of the buffer; what is being sent counts as free. */
  isFullBut(reserve: number): boolean {
    const { buffer } = this
    if (!buffer.isHttp) return buffer.inputData + reserve >= buffer.size
    return buffer.dataRoom + buffer.outputData <= reserve
  }

  /** Adds a received block. */
  receive(block: Block): void {
    this.total += this.buffer.push(block)
  }

  /** Adds all that another channel has received. */
  take({ buffer }: Channel): void {
    for (const block of buffer.snapshot()) this.receive(block)
    this.buffer.isComplete = buffer.isComplete
  }

  autoRead(): void {
    this.flags &= ~ChannelFlag.DONT_READ
  }

  dontRead(): void {
    this.flags |= ChannelFlag.DONT_READ
  }

  autoConnect(): void {
    this.flags |= ChannelFlag.AUTO_CONNECT
  }

  dontConnect(): void {
    this.flags &= ~ChannelFlag.AUTO_CONNECT
  }

  autoClose(): void {
    this.flags |= ChannelFlag.AUTO_CLOSE
  }

  dontClose(): void {
    this.flags &= ~ChannelFlag.AUTO_CLOSE
  }

  /** Drops everything in it. */
  erase(): void {
    this.forwardsAll = false
    this.buffer.erase()
  }

  /** Drops what is not scheduled for sending. */
  truncate(): void {
    this.forwardsAll = false
    this.buffer.truncate()
  }

  /** Whether analysers are late. */
  isLate(now: Micros): boolean {
    return this.analyseExpires <= now
  }
}
