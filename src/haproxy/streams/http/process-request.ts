/** The last analyser of the head of a request: unique ids and header fields about the client (`http_process_request`). */
import { RequestAnalyser } from '../analysers.js'
import { NEVER } from '../channel.js'
import { SideFlag } from '../connector.js'
import { countFailedRewrite, countInternalError } from '../counting.js'
import { samplesOf } from '../samples.js'
import { setHttpEndState } from '../set-end-state.js'
import type { Stream } from '../stream.js'
import { addForwardingFields } from './forwarding.js'
import { replyAndClose } from './replies.js'
import { hasManagedCookies, manageRequestCookies } from './request-cookies.js'
import { addField } from './rewriting.js'

export const processRequest = (stream: Stream): boolean => {
  const { request } = stream
  if (hasManagedCookies(stream)) manageRequestCookies(stream)
  if (!addUniqueId(stream) || !addForwardingFields(stream)) return failRewrite(stream)
  request.analysers &= ~(RequestAnalyser.FILTER_DATA | RequestAnalyser.HTTP_INNER)
  request.analysers |= RequestAnalyser.FORWARD_BODY
  if (stream.filters?.isActive) request.analysers |= RequestAnalyser.FILTER_HEADERS
  request.analyseExpires = NEVER
  stream.back.flags |= SideFlag.SND_ASAP
  stream.times.requestAt = stream.now
  return true
}

const addUniqueId = (stream: Stream): boolean => {
  const uniqueId = samplesOf(stream, stream.session.frontend).takeUniqueId()
  const { uniqueIdHeader } = stream.session.frontend.config
  if (uniqueId === undefined || uniqueIdHeader === undefined) return true
  const target = { message: stream.transaction!.request, buffer: stream.request.buffer }
  return addField(target, uniqueIdHeader, uniqueId)
}

/** There is no room for a field. */
const failRewrite = (stream: Stream): false => {
  stream.endBy('P')
  countFailedRewrite(stream)
  stream.transaction!.status = 500
  countInternalError(stream, true)
  setHttpEndState(stream)
  replyAndClose(stream)
  return false
}
