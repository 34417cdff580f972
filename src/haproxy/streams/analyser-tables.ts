/** Runs the analysers of a direction in the order of their bits (`ANALYZE` and `UPDATE_ANALYSERS` in src/stream.c). */
import { RequestAnalyser as Request, ResponseAnalyser as Response } from './analysers.js'
import type { Channel } from './channel.js'
import { processRequest } from './http/process-request.js'
import { processRequestRules } from './http/request-rules.js'
import { processResponseRules } from './http/response-rules.js'
import { forwardRequestBody, forwardResponseBody } from './http/forward.js'
import { waitForRequest } from './http/wait-for-request.js'
import { waitForRequestBody } from './http/wait-for-body.js'
import { waitForResponse } from './http/wait-for-response.js'
import { processTarpit } from './http/tarpit.js'
import { inspectRequest, inspectResponse } from './inspect.js'
import { processServerRules, processSwitchingRules } from './switching.js'
import type { Stream } from './stream.js'

/** Analyses what there is. Returns false if the analysers after it have to wait. */
type Analyser = (stream: Stream) => boolean

/** `calls`: whether filters are called before and after it (`FLT_ANALYZE`) */
type Table = readonly (readonly [bit: number, run: Analyser, calls?: 'no filters'])[]

const start =
  (bit: number): Analyser =>
  (stream) =>
    stream.filters!.startAnalysis(bit < Response.START_FRONTEND ? stream.request : stream.response, bit)

const REQUEST: Table = [
  [Request.START_FRONTEND, start(Request.START_FRONTEND), 'no filters'],
  [Request.INSPECT_FRONTEND, (stream) => inspectRequest(stream, Request.INSPECT_FRONTEND)],
  [Request.WAIT_HTTP, waitForRequest],
  [Request.HTTP_BODY, waitForRequestBody],
  [
    Request.PROCESS_FRONTEND,
    (stream) => processRequestRules(stream, Request.PROCESS_FRONTEND, stream.session.frontend),
  ],
  [Request.SWITCHING_RULES, processSwitchingRules],
  [Request.START_BACKEND, start(Request.START_BACKEND), 'no filters'],
  [Request.INSPECT_BACKEND, (stream) => inspectRequest(stream, Request.INSPECT_BACKEND)],
  [Request.PROCESS_BACKEND, (stream) => processRequestRules(stream, Request.PROCESS_BACKEND, stream.backend)],
  [Request.TARPIT, processTarpit],
  [Request.SERVER_RULES, processServerRules],
  [Request.HTTP_INNER, processRequest],
  [
    Request.FILTER_HEADERS,
    ({ filters, request }) => filters!.filterHeaders(request, Request.FILTER_HEADERS),
    'no filters',
  ],
  [Request.FORWARD_BODY, forwardRequestBody, 'no filters'],
  [Request.FILTER_DATA, ({ filters, request }) => filters!.filterData(request, Request.FILTER_DATA), 'no filters'],
  [Request.END, ({ filters, request }) => filters!.endAnalysis(request), 'no filters'],
]

const RESPONSE: Table = [
  [Response.START_FRONTEND, start(Response.START_FRONTEND), 'no filters'],
  [Response.START_BACKEND, start(Response.START_BACKEND), 'no filters'],
  [Response.INSPECT, inspectResponse],
  [Response.WAIT_HTTP, waitForResponse],
  [Response.PROCESS, processResponseRules],
  [
    Response.FILTER_HEADERS,
    ({ filters, response }) => filters!.filterHeaders(response, Response.FILTER_HEADERS),
    'no filters',
  ],
  [Response.FORWARD_BODY, forwardResponseBody, 'no filters'],
  [Response.FILTER_DATA, ({ filters, response }) => filters!.filterData(response, Response.FILTER_DATA), 'no filters'],
  [Response.END, ({ filters, response }) => filters!.endAnalysis(response), 'no filters'],
]

/** Passes over the table in one step; those beyond wait for the next one (`tune.maxpollevents`). */
const MOST_PASSES = 200

const run = (stream: Stream, channel: Channel, table: Table): void => {
  let list = channel.analysers
  let before = list
  for (let pass = 0; pass < MOST_PASSES && list !== 0; pass++) {
    let isRestarted = false
    for (const [bit, analyse, calls] of table) {
      if (!(list & bit)) continue
      const filters = calls === undefined && stream.filters?.isActive === true ? stream.filters : undefined
      if (filters && !filters.preAnalyse(channel, bit)) return
      if (!analyse(stream)) return
      if (filters && !filters.postAnalyse(channel, bit)) return
      // those that were added are run, too; one before this one at once
      list = ((list & ~bit) | ~before) & channel.analysers
      before = channel.analysers
      if (list === 0) return
      if ((list & -list) < bit) {
        isRestarted = true
        break
      }
    }
    if (!isRestarted) return
  }
}

export const runRequestAnalysers = (stream: Stream): void => run(stream, stream.request, REQUEST)

export const runResponseAnalysers = (stream: Stream): void => run(stream, stream.response, RESPONSE)
