/** Makes a stream of a session (`stream_new` in src/stream.c). */
import { StreamFilters } from '../filters/stream-filters.js'
import { RequestAnalyser } from './analysers.js'
import { SideFlag } from './connector.js'
import type { StreamContext } from './context.js'
import { prepareCaptures } from './http/captures.js'
import { recordFailedConnect } from './http/connect-failure.js'
import { runStream } from './process.js'
import type { Session } from './session.js'
import { Stream } from './stream.js'
import { logAccepted } from './stream-log.js'

/**
 * Makes a stream, which has no endpoint yet.
 * @param isHttp whether it carries messages
 * @returns undefined if a filter refuses it
 */
export const newStream = (context: StreamContext, session: Session, isHttp: boolean): Stream | undefined => {
  const { frontend } = session
  const stream = new Stream(context, session, isHttp, runStream)
  if (context.plan(frontend).filters.length > 0) {
    stream.filters = new StreamFilters(stream)
    if (!stream.filters.attachFrontend()) {
      stream.filters.stop()
      stream.scriptState?.release()
      stream.task.kill()
      return undefined
    }
  }
  beginStream(stream)
  logAccepted(stream)
  prepareCaptures(stream)
  stream.wake()
  return stream
}

/** Lists and counts a stream, and sets the analysers of its frontend. It runs once it is woken. */
export const beginStream = (stream: Stream): void => {
  const { session, context, isHttp } = stream
  const { frontend } = session
  context.remember(stream)
  stream.request.analysers = context.plan(frontend).frontendRequest
  if (isHttp) stream.request.analysers |= RequestAnalyser.WAIT_HTTP | RequestAnalyser.PROCESS_FRONTEND
  if (frontend.config.options.has('independent-streams')) {
    stream.front.flags |= SideFlag.INDEPENDENT
    stream.back.flags |= SideFlag.INDEPENDENT
  }
  if (frontend.mode === 'http') stream.front.flags |= SideFlag.RCV_ONCE
  if (frontend.config.options.has('http-no-delay')) {
    stream.front.flags |= SideFlag.SND_NEVERWAIT
    stream.back.flags |= SideFlag.SND_NEVERWAIT
  }
  stream.onConnectFailure = recordFailedConnect
}
