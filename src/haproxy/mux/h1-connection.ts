/**
 * What the two sides of HTTP/1 share: reading from the connection (`h1_recv`), moving what is parsed to a channel (`h1_process_demux`), and
 * writing what a channel holds (`h1_process_mux` in src/mux_h1.c).
 */
import { MessageMismatch, type MessageEvent, type MessageReader, type MessageWriter } from '../../http/index.js'
import { State } from '../../http/h1/states.js'
import type { Proxy } from '../proxy/proxy.js'
import { EndEvent } from '../connections/end-events.js'
import type { Channel } from '../streams/channel.js'
import { ConnectionEndpoint, MOST_PENDING } from './connection-endpoint.js'
import type { Transport } from './transport.js'

/** An event of a message that is not part of its body. */
export type ControlEvent<Head> = Exclude<MessageEvent<Head>, { readonly type: 'data' | 'trailers' }>

type H1Column = 'open_connections' | 'total_connections' | 'open_streams' | 'total_streams' | 'bytes_in' | 'bytes_out'

export abstract class H1Connection<Incoming, Outgoing> extends ConnectionEndpoint {
  protected abstract readonly reader: MessageReader<Incoming>
  protected abstract readonly writer: MessageWriter
  /** the messages of the current exchange are complete, or in the case of sending, have begun */
  protected isIncomingDone = false
  protected isOutgoingStarted = false
  protected isOutgoingDone = false
  /** bytes pass unchanged, after `101` or `CONNECT` */
  protected isTunnel = false
  /** what is received waits for the other message of the exchange (`H1C_F_IN_SALLOC` and its like) */
  protected isReadBlocked = false
  /** the peer has closed its side */
  protected endOfConnection = false
  protected hasReadError = false
  /** bytes of the channel before the current pass */
  #totalBefore = 0

  constructor(
    transport: Transport,
    readonly proxy: Proxy,
    readonly side: 'frontend' | 'backend',
  ) {
    super(transport)
    transport.onSent = (bytes) => this.count('bytes_out', bytes)
    this.count('open_connections', 1)
    this.count('total_connections', 1)
  }

  /** Counts for `show stat` (`struct h1_counters`). */
  protected count(column: H1Column, by: number): void {
    this.proxy.countModule(this.side, `h1_${column}`, by)
  }

  protected streamBegins(): void {
    this.count('open_streams', 1)
    this.count('total_streams', 1)
  }

  /** Handles an event; returns whether more may be parsed now. */
  protected abstract handle(event: ControlEvent<Incoming>, channel: Channel): boolean
  /** Whether the reader may be asked for events. */
  protected abstract readonly mayParse: boolean
  /** The peer has closed the connection, and everything before was moved. */
  protected abstract reportEnd(channel: Channel): void
  protected abstract writeHead(head: Outgoing): void
  /** The outgoing message is complete. */
  protected abstract endOutgoing(): void

  override get mayFastForward(): boolean {
    const { state } = this.reader
    return state === State.DATA || state === State.TUNNEL
  }

  get hasInput(): boolean {
    if (this.endOfStream || this.hasFailed || this.isReadBlocked) return false
    return this.transport.hasInput || (this.reader.pending > 0 && !this.endOfInput)
  }

  /** Reads what has been received. @param most unparsed bytes after which it stops, so that a body is passed on piece by piece */
  protected readInput(most = MOST_PENDING): void {
    const { transport, reader } = this
    while (!this.endOfConnection && !this.hasReadError) {
      const { room } = reader
      if (room === 0) return
      const text = transport.read(room)
      if (text === '') {
        if (transport.error !== undefined) this.hasReadError = true
        else if (transport.ended) {
          this.endOfConnection = true
          reader.end()
        }
        return
      }
      this.count('bytes_in', text.length)
      reader.push(text)
      if (reader.pending >= most) return
    }
  }

  /** Moves what is parsed to the channel. */
  protected demux(channel: Channel): void {
    this.#totalBefore = channel.total
    for (;;) {
      const event = this.mayParse ? this.reader.next(channel.room) : undefined
      if (!event) break
      if (event.type === 'data') {
        const announced = event.left === undefined ? undefined : event.left + event.data.length
        channel.receive({ kind: 'data', bytes: event.data, announced })
      } else if (event.type === 'trailers') channel.receive({ kind: 'trailers', fields: event.fields })
      else if (!this.handle(event, channel)) return
    }
    this.wantsRoom = this.reader.needsRoom
    if (!this.wantsRoom && this.endOfConnection) this.reportEnd(channel)
  }

  /** The peer has closed the connection. */
  protected recordEnd(): void {
    this.reportEvent(this.endOfInput ? EndEvent.END : EndEvent.TRUNCATED_END)
  }

  /** Reading has failed: the stream fails, too. */
  protected failRead(): void {
    this.hasFailed = this.endOfStream = true
    this.reportEvent(this.endOfInput ? EndEvent.RECEIVE_ERROR : EndEvent.TRUNCATED_RECEIVE_ERROR)
  }

  /** The message cannot be parsed: nothing of what this pass has moved counts as received. */
  protected failParsing(channel: Channel): void {
    channel.total = this.#totalBefore
    channel.buffer.problem = 'parsing'
    this.hasFailed = true
    this.endEvents.report('e', EndEvent.PROTOCOL_ERROR)
  }

  send(channel: Channel): boolean {
    const { transport, writer } = this
    const { buffer } = channel
    let isTaken = false
    // data that come together are sent together, or not at all if they are more than announced
    let data: string[] = []
    const writeData = (): void => {
      for (const piece of data) transport.write(piece)
      data = []
    }
    while (buffer.hasOutput && transport.pending < MOST_PENDING && transport.error === undefined) {
      const block = buffer.next!
      if (block.kind !== 'data') writeData()
      try {
        if (block.kind === 'head') this.writeHead(block.head as Outgoing)
        else if (block.kind === 'trailers') {
          transport.write(writer.end(block.fields))
          this.endOutgoing()
        } else if (this.isTunnel) transport.write(block.bytes)
        else data.push(...writer.data(block.bytes, block.announced ?? block.bytes.length))
      } catch (error) {
        if (!(error instanceof MessageMismatch)) throw error
        buffer.problem = 'processing'
        this.hasFailed = true
        this.endEvents.report('e', EndEvent.PROTOCOL_ERROR)
        // what comes before in the message is sent
        transport.write(error.written)
        transport.flush()
        return isTaken || error.written !== ''
      }
      buffer.shift()
      isTaken = true
    }
    writeData()
    const isOpen = this.isOutgoingStarted && !this.isOutgoingDone && !this.isTunnel
    if (buffer.isEmpty && buffer.isComplete && isOpen) {
      transport.write(writer.end())
      this.endOutgoing()
    }
    transport.flush()
    if (transport.error !== undefined) {
      this.reportEvent(EndEvent.SEND_ERROR)
      if (this.endOfConnection || this.endOfInput || this.endOfStream) this.hasFailed = true
      else this.sendFailed = true
    }
    return isTaken
  }
}
