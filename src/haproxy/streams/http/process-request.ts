/** The last analyser of the head of a request: unique ids and header fields about the client (`http_process_request`). */
import { RequestAnalyser } from '../analysers.js'
import { NEVER } from '../channel.js'
import type { Stream } from '../stream.js'
import { makeUniqueId } from '../unique-id.js'
import { addForwardingFields } from './forwarding.js'

export const processRequest = (stream: Stream): boolean => {
  const { request, session } = stream
  const { frontend } = session
  const { head } = stream.transaction!.request
  const uniqueId = makeUniqueId(stream)
  const { uniqueIdHeader } = frontend.config
  if (uniqueId !== undefined && uniqueIdHeader !== undefined) head!.fields.append(uniqueIdHeader, uniqueId)
  addForwardingFields(stream)
  request.analysers &= ~(RequestAnalyser.FILTER_DATA | RequestAnalyser.HTTP_INNER)
  request.analysers |= RequestAnalyser.FORWARD_BODY
  request.analyseExpires = NEVER
  stream.times.requestAt = stream.now
  return true
}
