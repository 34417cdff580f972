/** The log line of a stream (`strm_log`, src/log.c): when it is written, and at which level. */
import { formatText } from '../samples/log-format.js'
import type { Proxy } from '../proxy/proxy.js'
import { isFaulty, samplesOf } from './samples.js'
import type { Stream } from './stream.js'

const ERROR_LEVEL = 3
const INFO_LEVEL = 6

/** Writes the line once. @param origin the step of the stream that it is written for */
export const writeLog = (stream: Stream, origin: string): void => {
  const { session, context } = stream
  const { frontend } = session
  const { logFormats, options } = frontend.config
  const isError = isFaulty(stream)
  if (!isError && options.has('dontlog-normal')) return
  if (!context.process.logger.hasTargets(frontend)) return
  if (stream.logLevel === 'silent') {
    stream.isLogged = true
    return
  }
  const level = stream.logLevel ?? (isError && options.has('log-separate-errors') ? ERROR_LEVEL : INFO_LEVEL)
  if (!logFormats?.line) return
  const samples = samplesOf(stream, frontend, true, 'response')
  samples.takeUniqueId()
  samples.log.origin = origin
  const line = formatText(logFormats.line, samples)
  frontend.logLines++
  context.process.logger.send(frontend, level, line)
  stream.isLogged = true
}

/** The line at the end of the stream. */
export const logEnd = (stream: Stream): void => {
  const { session, request, isLogged, isMonitor } = stream
  const { logFormats, options } = session.frontend.config
  if (!logFormats?.line || isLogged || isMonitor) return
  if (options.has('dontlognull') && request.total === 0) return
  writeLog(stream, 'txn_close')
}

/** Whether nothing in the format is known at the end only (`LW_BYTES`), or `option logasap` asks not to wait for it. */
const isKnownEarly = ({ config: { options, logFormats } }: Proxy): boolean =>
  options.has('logasap') ||
  [logFormats?.line, logFormats?.structuredData, logFormats?.error, logFormats?.uniqueId].every(
    (format) => !format?.items.some((item) => item.kind === 'alias' && item.alias.needs.includes('bytes')),
  )

/** The line before the end, where it need not wait for it. */
export const logEarly = (stream: Stream, step: 'connect' | 'response'): void => {
  const { session, isLogged, isMonitor, times } = stream
  const { frontend } = session
  if (!frontend.config.logFormats?.line || isLogged || isMonitor || !isKnownEarly(frontend)) return
  times.close = step === 'connect' ? times.connect : times.data
  const samples = samplesOf(stream, session.frontend)
  samples.log.isFinal = false
  const before = stream.bytesOut
  if (step === 'response') stream.bytesOut = stream.response.buffer.data
  writeLog(stream, `txn_${step}`)
  stream.bytesOut = before
  samples.log.isFinal = true
}
