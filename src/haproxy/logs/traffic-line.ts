/** Log lines of frontends: their formats are evaluated and sent to the log targets (`do_log`, `_sess_log` in src/log.c). */
import type { LogFormat } from '../../config/samples/log-format.js'
import { fromByteString } from '../../bytes/text.js'
import type { Proxy } from '../proxy/proxy.js'
import type { SampleContext } from '../samples/context.js'
import { formatText } from '../samples/log-format.js'

/**
 * Sends a line to the log targets of a frontend.
 * @param line its format, or the text itself; undefined: empty, for targets whose profile has a format
 */
export const sendLine = (
  frontend: Proxy,
  level: number,
  samples: SampleContext,
  line: LogFormat | string | undefined,
): void => {
  const { logger, limits } = frontend.process
  const evaluate = (format: LogFormat): string => fromByteString(formatText(format, samples, limits.logLineSize))
  const { structuredData } = frontend.config.logFormats ?? {}
  const details = {
    origin: samples.log.origin,
    structuredData: structuredData && evaluate(structuredData),
    evaluate,
  }
  logger.send(frontend, level, typeof line === 'object' ? evaluate(line) : (line ?? ''), details)
}
