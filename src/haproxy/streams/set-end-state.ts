/** The second letter of the termination state of a stream that has just failed (`sess_set_term_flags` and `http_set_term_flags`). */
import { RequestAnalyser } from './analysers.js'
import { SideState } from './connector.js'
import { countFrontend } from './counting.js'
import { MessageState } from './http/transaction.js'
import type { Stream } from './stream.js'

const { INI, QUE, REQ, RDY, EST } = SideState

/** The state of a stream without regard to HTTP. */
export const setEndState = (stream: Stream): void => {
  const { back, previousBackState, endState } = stream
  if (endState !== '-') return
  if (back.state === INI) {
    countFrontend(stream, 'failedRequests')
    stream.endState = 'R'
  } else if (back.state === QUE) stream.endState = 'Q'
  else if (back.state >= REQ && back.state <= RDY) stream.endState = 'C'
  else stream.endState = back.state === EST || previousBackState === EST ? 'D' : 'L'
}

/** Causes that HAProxy takes for the client's where it compares bits. */
const NOT_CLIENT: readonly string[] = ['-', 's', 'I']

/** The state of a request: it was ended by a rule, unless something else has been recorded. */
export const setHttpEndState = (stream: Stream): void => {
  const { back, request, transaction } = stream
  stream.endBy('P')
  if (stream.endState !== '-') return
  const response = transaction?.response.state ?? MessageState.WAITING
  if (back.state === INI) stream.endState = request.analysers & RequestAnalyser.TARPIT ? 'T' : 'R'
  else if (back.state === QUE) stream.endState = 'Q'
  else if (back.state >= REQ && back.state <= RDY) stream.endState = stream.applet ? 'R' : 'C'
  else if (response < MessageState.DATA) stream.endState = 'H'
  else {
    const isLast = response >= MessageState.DONE && response < MessageState.TUNNEL
    stream.endState = isLast && !NOT_CLIENT.includes(stream.endCause) ? 'L' : 'D'
  }
}
