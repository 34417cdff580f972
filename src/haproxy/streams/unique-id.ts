/** Unique identifiers of streams: `unique-id-format` (`stream_generate_unique_id`, src/stream.c). */
import { formatText } from '../samples/log-format.js'
import { samplesOf } from './samples.js'
import type { Stream } from './stream.js'

/** Size of the buffer of an identifier, the ending NUL included. */
const SIZE = 128

/** The identifier of a stream, which is made once; undefined: the frontend has no format for it. */
export const makeUniqueId = (stream: Stream): string | undefined => {
  const { frontend } = stream.session
  const format = frontend.config.logFormats?.uniqueId
  if (format) stream.uniqueId ??= formatText(format, samplesOf(stream, frontend), SIZE)
  return stream.uniqueId
}
