/** Attaches filters to streams, by the kind of filter (`flt_stream_add_filter`, src/filters.c). */
import type { FilterConfig } from '../../config/model/filters.js'
import type { Stream } from '../streams/stream.js'
import type { Filter } from './filter.js'

/**
 * Makes the filter of a stream; undefined if it does not take part in it, as kinds that are not emulated, and filters of TCP in HTTP.
 * @returns `refused` if the stream is to be refused
 */
export const attachFilter = (config: FilterConfig, stream: Stream): Filter | 'refused' | undefined =>
  config.kind === 'lua' ? stream.context.scripts?.attachFilter(config, stream) : undefined
