/** What a stream and its analysers use of the filters of the stream (src/filters.c). */
import type { Proxy } from '../proxy/proxy.js'
import type { Channel } from './channel.js'

export interface Filtering {
  /** Whether filters are attached (`HAS_FILTERS`). */
  readonly isActive: boolean
  /** Whether data of a channel pass through filters (`HAS_DATA_FILTERS`). */
  hasDataFilters(channel: Channel): boolean
  /** Attaches the filters of the frontend (`flt_stream_init`, `flt_stream_start`). Returns false if the stream is refused. */
  attachFrontend(): boolean
  /** Attaches the filters of a backend that is about to get the stream (`flt_set_stream_backend`). Returns false if it is refused. */
  attachBackend(backend: Proxy): boolean
  /** A timer of the stream has expired. */
  checkTimeouts(): void
  /** An interim response was received. */
  resetMessage(channel: Channel): void
  /** The stream is over. */
  stop(): void
  /** The analyser that begins. Like the others it returns whether the next one may run. */
  startAnalysis(channel: Channel, analyser: number): boolean
  /** Called before an analyser. */
  preAnalyse(channel: Channel, analyser: number): boolean
  /** Called after an analyser that is done. */
  postAnalyse(channel: Channel, analyser: number): boolean
  /** The analyser of heads. */
  filterHeaders(channel: Channel, analyser: number): boolean
  /** Lets filters decide how much of a message is forwarded. Returns that; below 0: an error. */
  filterHttpPayload(channel: Channel): number
  /** A message is complete, and its data were forwarded. Returns more than 0 to continue, 0 to wait; below 0: an error. */
  endMessage(channel: Channel): number
  /** The analyser of data that are not those of a message. */
  filterData(channel: Channel, analyser: number): boolean
  /** The analyser that ends. */
  endAnalysis(channel: Channel): boolean
}
