/** Log lines that rules write at once: `do-log` (`do_log`, src/log.c). */
import { LOG_INFO } from '../logs/logger.js'
import { sendLine } from '../logs/traffic-line.js'
import type { StreamContext } from './context.js'
import { samplesOf } from './samples.js'
import { samplesOfUnstarted } from './session-log.js'
import type { Session } from './session.js'
import type { Stream } from './stream.js'

/** Writes a line with the format of the frontend. @param origin what `%OG` shows */
export const logNow = (context: StreamContext, session: Session, stream: Stream | undefined, origin: string): void => {
  const { frontend } = session
  if (!context.process.logger.hasTargets(frontend) || stream?.logLevel === 'silent') return
  const { line } = frontend.config.logFormats ?? {}
  if (!stream) {
    sendLine(frontend, LOG_INFO, samplesOfUnstarted(context, session, { status: 0, cause: 'P', origin }), line)
    return
  }
  const samples = samplesOf(stream, frontend, true, 'response')
  samples.takeUniqueId()
  samples.log.origin = origin
  sendLine(frontend, stream.logLevel ?? LOG_INFO, samples, line)
}
