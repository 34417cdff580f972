/**
 * A filter of a stream: takes part in the analysis of both directions, and may change or hold back what is forwarded (`struct filter` and
 * `struct flt_ops`, include/haproxy/filters-t.h). Every callback is optional. Those that are resumable are called again, when the stream
 * runs again, after they have returned `WAIT`.
 */
import type { Channel } from '../streams/channel.js'
import type { Stream } from '../streams/stream.js'

/** Results of callbacks that do not return a number of bytes. Below 0: an error, 0: called again later, above 0: continues. */
export const FilterResult = { ERROR: -1, WAIT: 0, CONTINUE: 1 } as const

/** The filters of a stream, as one of them sees them. */
export interface FilterList {
  /** The data of a channel pass through a filter more, or one less. */
  countDataFilters(channel: Channel, change: 1 | -1): void
  /** A filter has made the data of a channel longer by some bytes, or shorter. */
  resized(channel: Channel, filter: Filter, growth: number): void
}

export abstract class Filter {
  /** set when it is attached */
  list: FilterList | undefined
  /** attached when the backend was chosen, and detached when both messages are complete (`FLT_FL_IS_BACKEND_FILTER`) */
  isOfBackend = false
  /** bytes of each channel that were forwarded by it since the beginning of the analysis */
  readonly #offsets = [0, 0]
  readonly #isDataFilter = [false, false]
  /** analysers of both channels before and after which it is called: bits of `RequestAnalyser` and `ResponseAnalyser` */
  preAnalysers = 0
  postAnalysers = 0

  /** The stream is there, and all filters of the frontend are attached. Returns false to have the stream refused. */
  startStream?(stream: Stream): boolean
  /** The stream is over. */
  stopStream?(stream: Stream): void
  /** The backend is chosen. Returns false to have the stream refused. */
  chooseBackend?(stream: Stream): boolean
  /** A timer of the stream has expired. */
  checkTimeouts?(stream: Stream): void
  /** It is removed from the stream. */
  detach?(stream: Stream): void
  /** The analysis of a message, or of a direction of a TCP connection, begins. Resumable. */
  startAnalysis?(stream: Stream, channel: Channel): number
  /** Before one of {@link preAnalysers}, until it returns more than 0. Resumable. */
  preAnalyse?(stream: Stream, channel: Channel, analyser: number): number
  /** After one of {@link postAnalysers} is done. */
  postAnalyse?(stream: Stream, channel: Channel, analyser: number): number
  /** The analysis is over. Resumable. */
  endAnalysis?(stream: Stream, channel: Channel): number
  /** The head of a message is about to be forwarded. Resumable. */
  filterHeaders?(stream: Stream, channel: Channel): number
  /**
   * Data of a message can be forwarded; called for data filters only.
   * @param offset where they are in the buffer
   * @returns how much of it is forwarded; below 0: an error
   */
  filterHttpPayload?(stream: Stream, channel: Channel, offset: number, length: number): number
  /** A message is forwarded whole; called for data filters only. Resumable. */
  endMessage?(stream: Stream, channel: Channel): number
  /** An interim response was received. */
  resetMessage?(stream: Stream, channel: Channel): void
  /** The same as {@link filterHttpPayload} for a TCP connection or a tunnel. */
  filterTcpPayload?(stream: Stream, channel: Channel, offset: number, length: number): number

  /** Bytes that it has forwarded since the beginning of the analysis (`FLT_OFF`). */
  offsetOf({ isResponse }: Channel): number {
    return this.#offsets[Number(isResponse)]!
  }

  setOffset({ isResponse }: Channel, offset: number): void {
    this.#offsets[Number(isResponse)] = offset
  }

  /** Whether the data of a channel pass through it (`IS_DATA_FILTER`). */
  isDataFilterOf({ isResponse }: Channel): boolean {
    return this.#isDataFilter[Number(isResponse)]!
  }

  /** Has the data of a channel pass through it (`register_data_filter`). */
  registerFor(channel: Channel): void {
    if (this.isDataFilterOf(channel)) return
    this.#isDataFilter[Number(channel.isResponse)] = true
    this.list!.countDataFilters(channel, 1)
  }

  unregisterFor(channel: Channel): void {
    if (!this.isDataFilterOf(channel)) return
    this.#isDataFilter[Number(channel.isResponse)] = false
    this.list!.countDataFilters(channel, -1)
  }

  /** It has made the data of a channel longer, or shorter: the filters before it have forwarded that, too (`flt_update_offsets`). */
  protected resized(channel: Channel, growth: number): void {
    this.list!.resized(channel, this, growth)
  }
}
