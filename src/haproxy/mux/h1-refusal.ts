/**
 * Answers to requests that no stream is made of: invalid and late ones, and those that filters refuse (`h1_handle_bad_req` and others,
 * src/mux_h1.c).
 */
import { errorMessage, type StoredResponse } from '../../http/index.js'
import { countRequest, countSession } from '../streams/counting.js'
import { errorPageOf } from '../streams/http/error-pages.js'
import type { Session } from '../streams/session.js'

/** Why a request got no stream: its status, and the first letter of the termination state. */
export interface FrontError {
  readonly status: number
  readonly cause: 'C' | 'c' | 'I' | 'P'
}

/** Counts the request and returns what is sent to the client; '' if the error page of the frontend is empty. */
export const refusalOf = (session: Session, { status }: FrontError): string => {
  const { frontend, process } = session
  countRequest(session, 1)
  frontend.countingFrontend.responses[Math.floor(status / 100)]!++
  countSession(session, status < 500 ? 'failedRequests' : 'internalErrors')
  const page = errorPageOf(process.configuration, frontend, status)
  if (page === 'none') return ''
  return page && page !== 'built-in' && 'freeSpace' in page ? textOf(page) : errorMessage(status)
}

/** A page as it is sent where no stream could send it: as in its file, with the names of its fields in lower case. */
const textOf = ({ version, statusText, reason, fields, body }: StoredResponse): string => {
  const lines = [...fields].map(({ name, value }) => `${name}: ${value}\r\n`).join('')
  return `${version} ${statusText} ${reason}\r\n${lines}\r\n${body}`
}
