/**
 * The filters of a stream, in the order of declaration, and how far they are (`struct strm_flt`, src/filters.c): the analysers of filters, and
 * the calls that other analysers make. Filters pass data on one after another: none can forward more than the one before it.
 */
import type { Proxy } from '../proxy/proxy.js'
import { RequestAnalyser, ResponseAnalyser } from '../streams/analysers.js'
import { ChannelFlag, NEVER, type Channel } from '../streams/channel.js'
import { INPUT_CLOSED, SideFlag } from '../streams/connector.js'
import { setEndState, setHttpEndState } from '../streams/set-end-state.js'
import type { Filtering } from '../streams/filtering.js'
import type { Stream } from '../streams/stream.js'
import { attachFilter } from './attach.js'
import { FilterResult, type Filter, type FilterList } from './filter.js'
import { closeChannels, closeWithoutReply, replyAndClose } from '../streams/http/replies.js'

const { READ_TIMEOUT, WRITE_TIMEOUT, WAKE_ONCE } = ChannelFlag

type Run = (filter: Filter) => number

export class StreamFilters implements Filtering, FilterList {
  readonly #filters: Filter[] = []
  /** bytes of each channel that all filters have forwarded */
  readonly #offsets = [0, 0]
  /** filters that wait, where the next call of a resumable callback begins */
  readonly #current: (Filter | undefined)[] = [undefined, undefined]
  readonly #dataFilters = [0, 0]
  /** a filter holds the head of the message back as long as nothing of its body is forwarded; to be set at each call of payload */
  holdsHeaders = false

  constructor(readonly stream: Stream) {}

  /** Whether filters are attached (`HAS_FILTERS`). */
  get isActive(): boolean {
    return this.#filters.length > 0
  }

  /** Whether data of a channel pass through filters (`HAS_DATA_FILTERS`). */
  hasDataFilters({ isResponse }: Channel): boolean {
    return this.#dataFilters[Number(isResponse)]! > 0
  }

  /** Attaches the filters of the frontend (`flt_stream_init`, `flt_stream_start`). Returns false if the stream is refused. */
  attachFrontend(): boolean {
    const { stream } = this
    if (!this.#attach(stream.session.frontend, false)) return false
    return this.#filters.every((filter) => filter.startStream?.(stream) ?? true)
  }

  /** Attaches the filters of a backend that is about to be given the stream (`flt_set_stream_backend`). Returns false if it is refused. */
  attachBackend(backend: Proxy): boolean {
    const { stream } = this
    const { session, context, request, response } = stream
    if (session.frontend !== backend && !this.#attach(backend, true)) return false
    if (!this.#filters.every((filter) => filter.chooseBackend?.(stream) ?? true)) return false
    const { backendRequest, backendResponse } = context.plan(backend)
    if (backendRequest & RequestAnalyser.START_BACKEND) {
      request.isFiltered = true
      request.analysers |= RequestAnalyser.END
    }
    const started = ResponseAnalyser.START_FRONTEND | ResponseAnalyser.START_BACKEND
    if ((context.plan(session.frontend).frontendResponse | backendResponse) & started) {
      response.isFiltered = true
      response.analysers |= ResponseAnalyser.END
    }
    return true
  }

  #attach(proxy: Proxy, isOfBackend: boolean): boolean {
    const { stream } = this
    for (const config of stream.context.plan(proxy).filters) {
      const filter = attachFilter(config, stream)
      if (filter === 'refused') return false
      if (!filter) continue
      filter.list = this
      filter.isOfBackend = isOfBackend
      this.#filters.push(filter)
    }
    return true
  }

  countDataFilters({ isResponse }: Channel, change: 1 | -1): void {
    this.#dataFilters[Number(isResponse)]! += change
  }

  resized(channel: Channel, filter: Filter, growth: number): void {
    for (const each of this.#filters) {
      if (each === filter) return
      each.setOffset(channel, each.offsetOf(channel) + growth)
    }
  }

  checkTimeouts(): void {
    for (const filter of this.#filters) filter.checkTimeouts?.(this.stream)
  }

  resetMessage(channel: Channel): void {
    for (const filter of this.#filters) filter.resetMessage?.(this.stream, channel)
  }

  /** The stream is over (`flt_stream_stop`, `flt_stream_release`). */
  stop(): void {
    for (const filter of this.#filters) filter.stopStream?.(this.stream)
    this.#release(() => true)
  }

  #release(isReleased: (filter: Filter) => boolean): void {
    for (const filter of this.#filters.filter(isReleased)) {
      filter.detach?.(this.stream)
      this.#filters.splice(this.#filters.indexOf(filter), 1)
    }
  }

  /** The analyser that begins: for all filters, or those of the backend. */
  startAnalysis(channel: Channel, analyser: number): boolean {
    channel.isFiltered = true
    channel.analysers |= channel.isResponse ? ResponseAnalyser.END : RequestAnalyser.END
    const isOfBackend = analyser === RequestAnalyser.START_BACKEND || analyser === ResponseAnalyser.START_BACKEND
    const result = this.#resume(channel, (filter) => {
      if (isOfBackend && !filter.isOfBackend) return FilterResult.CONTINUE
      filter.setOffset(channel, 0)
      return filter.startAnalysis?.(this.stream, channel) ?? FilterResult.CONTINUE
    })
    return this.#handle(channel, analyser, result)
  }

  /** Before an analyser. Returns false if it has to wait. */
  preAnalyse(channel: Channel, analyser: number): boolean {
    const result = this.#resume(channel, (filter) => {
      if (!filter.preAnalyse || !(filter.preAnalysers & analyser)) return FilterResult.CONTINUE
      const one = filter.preAnalyse(this.stream, channel, analyser)
      if (one > 0) filter.preAnalysers &= ~analyser
      return one
    })
    return this.#handle(channel, 0, result)
  }

  /** After an analyser that is done. */
  postAnalyse(channel: Channel, analyser: number): boolean {
    let result: number = FilterResult.CONTINUE
    for (const filter of this.#filters) {
      if (!filter.postAnalyse || !(filter.postAnalysers & analyser)) continue
      result = filter.postAnalyse(this.stream, channel, analyser)
      if (result < 0) break
      filter.postAnalysers &= ~analyser
    }
    return this.#handle(channel, 0, result)
  }

  /** The analyser of heads, before they are forwarded (`flt_analyze_http_headers`). */
  filterHeaders(channel: Channel, analyser: number): boolean {
    const { stream } = this
    const result = this.#resume(channel, (filter) => filter.filterHeaders?.(stream, channel) ?? FilterResult.CONTINUE)
    if (result > 0 && this.hasDataFilters(channel)) {
      const size = channel.buffer.headData
      for (const filter of this.#filters) filter.setOffset(channel, size)
    }
    return this.#handle(channel, analyser, result)
  }

  /** Lets data filters decide how much of a message is forwarded, the head included. Returns that, or below 0 for an error. */
  filterHttpPayload(channel: Channel): number {
    const { stream } = this
    const index = Number(channel.isResponse)
    this.holdsHeaders = false
    const { last, data } = this.#pass(channel, (filter, offset, length) =>
      filter.filterHttpPayload?.(stream, channel, offset, length),
    )
    channel.buffer.forgetChunks()
    if (last < 0) return last
    if (last === 0 && this.#offsets[index] === 0 && this.holdsHeaders) return 0
    this.#offsets[index]! += data
    return data
  }

  /** The same for the data of a TCP connection, or a tunnel. */
  #filterTcpPayload(channel: Channel): number {
    const { stream } = this
    const { last, data } = this.#pass(channel, (filter, offset, length) =>
      filter.filterTcpPayload?.(stream, channel, offset, length),
    )
    if (last <= 0) return last
    this.#offsets[Number(channel.isResponse)]! += data
    return data
  }

  /** Passes the input through the data filters. Returns the result of the last one, and how much all of them forward. */
  #pass(
    channel: Channel,
    run: (filter: Filter, offset: number, length: number) => number | undefined,
  ): { readonly last: number; readonly data: number } {
    const { buffer } = channel
    const out = buffer.outputData
    const before = this.#offsets[Number(channel.isResponse)]!
    let data = buffer.inputData
    let last = data
    for (const filter of this.#filters) {
      const offset = filter.offsetOf(channel) - before
      const forwarded = filter.isDataFilterOf(channel) ? run(filter, out + offset, data - offset) : undefined
      if (forwarded === undefined) {
        filter.setOffset(channel, before + data)
        continue
      }
      last = forwarded
      if (last < 0) break
      data = last + filter.offsetOf(channel) - before
      filter.setOffset(channel, filter.offsetOf(channel) + last)
    }
    return { last, data }
  }

  /** A message is complete, and its data were forwarded (`flt_http_end`). */
  endMessage(channel: Channel): number {
    const index = Number(channel.isResponse)
    let offset = 0
    const result = this.#resume(channel, (filter) => {
      offset = filter.offsetOf(channel) - this.#offsets[index]!
      if (!filter.isDataFilterOf(channel)) return FilterResult.CONTINUE
      return filter.endMessage?.(this.stream, channel) ?? FilterResult.CONTINUE
    })
    if (result > 0) {
      channel.buffer.advance(offset)
      this.#offsets[index]! += offset
    }
    return result
  }

  /** The analyser of data that are not those of a message (`flt_xfer_data`). */
  filterData(channel: Channel, analyser: number): boolean {
    if (!this.hasDataFilters(channel)) return this.#handle(channel, analyser, FilterResult.CONTINUE)
    const { front, back } = this.stream
    const producer = channel.isResponse ? back : front
    const consumer = channel.isResponse ? front : back
    const forwarded = this.#filterTcpPayload(channel)
    if (forwarded < 0) return this.#handle(channel, analyser, forwarded)
    channel.buffer.advance(forwarded)
    const isOver =
      consumer.has(SideFlag.SHUT_DONE) ||
      (producer.has(INPUT_CLOSED) && channel.buffer.isEmpty) ||
      channel.has(READ_TIMEOUT | WRITE_TIMEOUT)
    return isOver && this.#handle(channel, analyser, FilterResult.CONTINUE)
  }

  /** The last analyser, which waits until both channels have come to it (`flt_end_analyze`). */
  endAnalysis(channel: Channel): boolean {
    const { stream } = this
    const { request, response } = stream
    let isDone = true
    if (channel.isFiltered) {
      const result = this.#resume(channel, (filter) => {
        filter.setOffset(channel, 0)
        filter.unregisterFor(channel)
        return filter.endAnalysis?.(stream, channel) ?? FilterResult.CONTINUE
      })
      isDone = this.#handle(channel, 0, result)
      if (isDone) {
        channel.isFiltered = false
        // the other channel comes here once more
        request.flags |= WAKE_ONCE
        response.flags |= WAKE_ONCE
      }
    }
    if (!request.isFiltered && !response.isFiltered) {
      request.analysers &= ~RequestAnalyser.END
      response.analysers &= ~ResponseAnalyser.END
      this.#release((filter) => filter.isOfBackend)
    }
    return isDone
  }

  /** Calls filters in their order, beginning with the one that has waited. Returns the result that has ended this. */
  #resume(channel: Channel, run: Run): number {
    const index = Number(channel.isResponse)
    const current = this.#current[index]
    this.#current[index] = undefined
    const start = current ? Math.max(0, this.#filters.indexOf(current)) : 0
    for (const filter of this.#filters.slice(start)) {
      const result = run(filter)
      if (result > 0) continue
      this.#current[index] = filter
      return result
    }
    return FilterResult.CONTINUE
  }

  /** Handles the result of an analyser (`handle_analyzer_result`). Returns whether the next one may run. */
  #handle(channel: Channel, analyser: number, result: number): boolean {
    if (result > 0) {
      if (analyser === 0) return true
      channel.analysers &= ~analyser
      channel.analyseExpires = NEVER
      return true
    }
    if (result === 0) {
      if (!channel.isResponse) channel.dontConnect()
      return false
    }
    this.#refuse(channel)
    channel.analysers &= channel.isResponse ? ResponseAnalyser.END : RequestAnalyser.END
    return false
  }

  #refuse(channel: Channel): void {
    const { stream } = this
    if (!stream.isHttp) {
      setEndState(stream)
      return refuseBytes(stream)
    }
    const transaction = stream.transaction!
    setHttpEndState(stream)
    if (transaction.status > 0) return closeWithoutReply(stream)
    transaction.status = channel.isResponse ? 502 : 400
    replyAndClose(stream)
  }
}

/** Closes both sides without a reply (`stream_retnclose`). */
const refuseBytes = (stream: Stream): void => {
  stream.response.truncate()
  closeChannels(stream)
}
