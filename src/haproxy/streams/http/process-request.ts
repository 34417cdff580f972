/** The last analyser of the head of a request: unique ids and header fields about the client (`http_process_request`). */
import { formatText } from '../../samples/log-format.js'
import { RequestAnalyser } from '../analysers.js'
import { NEVER } from '../channel.js'
import { samplesOf } from '../samples.js'
import type { Stream } from '../stream.js'
import { addForwardingFields } from './forwarding.js'

export const processRequest = (stream: Stream): boolean => {
  const { request, session } = stream
  const { frontend } = session
  const { head } = stream.transaction!.request
  const format = frontend.config.logFormats?.uniqueId
  if (format) {
    stream.uniqueId ??= formatText(format, samplesOf(stream, frontend))
    const { uniqueIdHeader } = frontend.config
    if (uniqueIdHeader !== undefined) head!.fields.append(uniqueIdHeader, stream.uniqueId)
  }
  addForwardingFields(stream)
  request.analysers &= ~(RequestAnalyser.FILTER_DATA | RequestAnalyser.HTTP_INNER)
  request.analysers |= RequestAnalyser.FORWARD_BODY
  request.analyseExpires = NEVER
  stream.times.requestAt = stream.now
  return true
}
