/** Log lines that rules write at once: `do-log` (`do_log`, src/log.c). */
import { formatText } from '../samples/log-format.js'
import type { StreamContext } from './context.js'
import { samplesOf } from './samples.js'
import { samplesOfUnstarted } from './session-log.js'
import type { Session } from './session.js'
import type { Stream } from './stream.js'

const INFO_LEVEL = 6

/** Writes a line with the format of the frontend. @param origin what `%OG` shows */
export const logNow = (context: StreamContext, session: Session, stream: Stream | undefined, origin: string): void => {
  const { frontend } = session
  const { logger } = context.process
  const format = frontend.config.logFormats?.line
  if (!logger.hasTargets(frontend) || stream?.logLevel === 'silent') return
  const samples = stream
    ? samplesOf(stream, frontend, true, 'response')
    : samplesOfUnstarted(context, session, { status: 0, cause: 'P', origin })
  if (stream) samplesOf(stream, frontend).log.origin = origin
  samples.stream?.takeUniqueId()
  logger.send(frontend, stream?.logLevel ?? INFO_LEVEL, format ? formatText(format, samples) : '')
}
