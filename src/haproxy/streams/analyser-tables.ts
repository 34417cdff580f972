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

type Table = readonly (readonly [bit: number, run: Analyser])[]

const REQUEST: Table = [
  [Request.INSPECT_FRONTEND, (stream) => inspectRequest(stream, Request.INSPECT_FRONTEND)],
  [Request.WAIT_HTTP, waitForRequest],
  [Request.HTTP_BODY, waitForRequestBody],
  [
    Request.PROCESS_FRONTEND,
    (stream) => processRequestRules(stream, Request.PROCESS_FRONTEND, stream.session.frontend),
  ],
  [Request.SWITCHING_RULES, processSwitchingRules],
  [Request.INSPECT_BACKEND, (stream) => inspectRequest(stream, Request.INSPECT_BACKEND)],
  [Request.PROCESS_BACKEND, (stream) => processRequestRules(stream, Request.PROCESS_BACKEND, stream.backend)],
  [Request.TARPIT, processTarpit],
  [Request.SERVER_RULES, processServerRules],
  [Request.HTTP_INNER, processRequest],
  [Request.FORWARD_BODY, forwardRequestBody],
]

const RESPONSE: Table = [
  [Response.INSPECT, inspectResponse],
  [Response.WAIT_HTTP, waitForResponse],
  [Response.PROCESS, processResponseRules],
  [Response.FORWARD_BODY, forwardResponseBody],
]

/** Passes over the table in one step; those beyond wait for the next one (`tune.maxpollevents`). */
const MOST_PASSES = 200

const run = (stream: Stream, channel: Channel, table: Table): void => {
  let list = channel.analysers
  let before = list
  for (let pass = 0; pass < MOST_PASSES && list !== 0; pass++) {
    let isRestarted = false
    for (const [bit, analyse] of table) {
      if (!(list & bit)) continue
      if (!analyse(stream)) return
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
