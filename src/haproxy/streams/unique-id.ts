/** Unique identifiers of streams: `unique-id-format` (`stream_generate_unique_id`, src/stream.c). */
import type { SampleContext } from '../samples/context.js'
import { formatText } from '../samples/log-format.js'
import type { Stream } from './stream.js'

/** Size of the buffer of an identifier, the ending NUL included. */
const SIZE = 128

/** The identifier of a stream, which is made once; undefined: the frontend has no format for it. */
export const makeUniqueId = (stream: Stream, samples: SampleContext): string | undefined => {
  const format = stream.session.frontend.config.logFormats?.uniqueId
  if (format) stream.uniqueId ??= formatText(format, samples, SIZE)
  return stream.uniqueId
}
