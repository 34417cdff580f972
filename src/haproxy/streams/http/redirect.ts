/** Redirects: lines of `redirect`, and the action of rules (`http_apply_redirect_rule`, src/http_ana.c). */
import type { RedirectAction } from '../../../config/rules/actions/redirect.js'
import { Fields, parseUri, splitQuery } from '../../../http/index.js'
import { listValues } from '../../../http/values.js'
import { formatText } from '../../samples/log-format.js'
import type { SampleContext } from '../../samples/context.js'
import { RequestAnalyser } from '../analysers.js'
import { countFrontend } from '../counting.js'
import { setHttpEndState } from '../set-end-state.js'
import type { Stream } from '../stream.js'
import { forwardReply, makeHead } from './replies.js'

/** Redirects that caches may not keep: temporary ones. */
const TEMPORARY: ReadonlySet<number> = new Set([302, 303, 307])

/**
 * Sends the client to another location.
 * @param samples what log-formats are evaluated for
 * @returns `skipped`: the location is empty, and `ignore-empty` is set; `error`: it does not fit in
 */
export const redirect = (
  stream: Stream,
  action: RedirectAction,
  samples: SampleContext,
  isResponse: boolean,
): 'sent' | 'skipped' | 'error' => {
  const target = stream.transaction!.request.head!
  const location = locationOf(action, formatText(action.destination, samples), target, isResponse)
  if (location === undefined) return 'error'
  if (location === '' && action.ignoreEmpty && action.type === 'location') return 'skipped'
  const { code, cookie } = action
  const fields = new Fields([
    ['content-length', '0'],
    ['location', location],
  ])
  if (TEMPORARY.has(code)) fields.append('cache-control', 'no-cache')
  if (cookie) fields.append('set-cookie', formatText(cookie, samples))
  const head = makeHead(code, fields, '')
  const { response, transaction } = stream
  response.truncate()
  response.buffer.push({ kind: 'head', head })
  transaction!.status = code
  stream.endBy('L')
  setHttpEndState(stream)
  if (response.buffer.room(0) === 0 || !forwardReply(stream, head)) {
    response.truncate()
    return 'error'
  }
  if (!isResponse) {
    stream.times.requestAt = stream.now
    stream.request.analysers &= RequestAnalyser.END
    if (stream.session.frontend === stream.backend) countFrontend(stream, 'interceptedRequests')
  }
  return 'sent'
}

/** The value of `Location`; undefined: there is no query to keep. @param destination evaluated */
const locationOf = (
  { type, dropQuery, keepQuery, appendSlash, ignoreEmpty }: RedirectAction,
  destination: string,
  { uri, fields }: { readonly uri: string; readonly fields: Fields },
  isResponse: boolean,
): string | undefined => {
  const { path = '/' } = parseUri(uri)
  if (type === 'location') {
    if (!keepQuery || isResponse || (destination === '' && ignoreEmpty)) return destination
    return withQuery(destination, splitQuery(path).query)
  }
  const kept = dropQuery ? splitQuery(path).path : path
  const [host = ''] = listValues(fields.get('host') ?? '')
  const location = type === 'prefix' ? destination + kept : `${destination}://${host}${kept}`
  return appendSlash && location !== '' && !location.endsWith('/') ? `${location}/` : location
}

const withQuery = (location: string, query: string | undefined): string => {
  if (query === undefined || query === '') return location
  const mark = location.indexOf('?')
  if (mark < 0) return `${location}?${query}`
  return mark === location.length - 1 ? location + query : `${location}&${query}`
}
