/**
 * The log line of a stream: when it is written, and at which level. Without `log-steps` it is written once, as soon as everything in its
 * format is known; with them, at each step that they name (`strm_log`, src/log.c; its callers in src/frontend.c, src/stream.c, src/http_ana.c).
 */
import { LogWait } from '../../config/samples/log-waits.js'
import { isIp } from '../../net/address.js'
import { LOG_ERR, LOG_INFO } from '../logs/logger.js'
import { sendLine } from '../logs/traffic-line.js'
import { isFaulty, samplesOf } from './samples.js'
import type { Stream } from './stream.js'

/** The steps at which lines are written. */
type LogStep = 'accept' | 'request' | 'connect' | 'response' | 'close'

/** Whether a step writes a line. @param isDue whether it does without `log-steps` */
const writesAt = ({ session, context }: Stream, step: LogStep, isDue: () => boolean): boolean => {
  const { logSteps } = context.plan(session.frontend)
  if (logSteps) return logSteps.size === 0 || logSteps.has(step)
  return hasFormat(session.frontend.config) && isDue()
}

const hasFormat = ({ logFormats }: Stream['session']['frontend']['config']): boolean =>
  (logFormats?.line?.items.length ?? 0) > 0

/** The stream no longer waits for something. Returns whether it waits for nothing any more. */
const known = (stream: Stream, waits: number): boolean => {
  stream.logWaits &= ~waits
  return stream.logWaits === 0
}

/** Writes the line, unless options or rules suppress it. */
const writeLine = (stream: Stream, step: LogStep): void => {
  const { session, context } = stream
  const { frontend } = session
  const { options } = frontend.config
  const isError = isFaulty(stream)
  if (!isError && options.has('dontlog-normal')) return
  if (!context.process.logger.hasTargets(frontend)) return
  if (stream.logLevel === 'silent') {
    stream.logWaits = 0
    return
  }
  const level = stream.logLevel ?? (isError && options.has('log-separate-errors') ? LOG_ERR : LOG_INFO)
  const samples = samplesOf(stream, frontend, true, 'response')
  samples.takeUniqueId()
  samples.log.origin = `txn_${step}`
  sendLine(frontend, level, samples, frontend.config.logFormats?.line)
  frontend.logLines++
  stream.logWaits = 0
}

/** The stream begins (`frontend_accept`). Frontends without a format log the connection. */
export const logAccepted = (stream: Stream): void => {
  const { session, context } = stream
  const { frontend } = session
  if (!context.process.logger.hasTargets(frontend)) return
  const isDue = (): boolean =>
    (stream.logWaits & LogWait.CLIENT_ADDRESS) !== 0 && known(stream, LogWait.CLIENT_ADDRESS | LogWait.INIT)
  if (writesAt(stream, 'accept', isDue)) writeLine(stream, 'accept')
  else if (!hasFormat(frontend.config) && frontend.config.logSteps === undefined)
    context.process.logger.send(frontend, LOG_INFO, connectionText(stream))
}

/** What is logged of a connection whose frontend has no format. */
const connectionText = ({ session }: Stream): string => {
  const { source, destination, listener, frontend } = session
  const where = `(${frontend.name}/${frontend.mode === 'http' ? 'HTTP' : 'TCP'})`
  if (source === undefined) return `Connect from unknown source to listener ${listener!.id} ${where}`
  if (!isIp(source)) return `Connect to unix:${listener!.id} ${where}`
  const to = destination !== undefined && isIp(destination) ? `${destination.ip}:${destination.port}` : NO_ADDRESS
  return `Connect from ${source.ip}:${source.port} to ${to} ${where}`
}

const NO_ADDRESS = 'undetermined address:0'

/** Whether the first line of the request is kept: for the line of that step, or as the frontend has a format that shows it. */
export const keepsRequestLine = ({ logWaits, session, context }: Stream): boolean => {
  const { logSteps } = context.plan(session.frontend)
  if (logSteps) return logSteps.size === 0 || logSteps.has('request')
  return (logWaits & LogWait.REQUEST) !== 0
}

/** The head of the request is complete. */
export const logRequest = (stream: Stream): void => {
  const isDue = (): boolean =>
    (stream.logWaits & LogWait.REQUEST) !== 0 && known(stream, LogWait.REQUEST | LogWait.INIT)
  if (writesAt(stream, 'request', isDue)) writeLine(stream, 'request')
}

/** The connection to the server is established. What is not HTTP waits for nothing else but the end. */
export const logConnected = (stream: Stream): void => {
  const isDue = (): boolean => !stream.isHttp && (stream.logWaits & LogWait.BYTES) === 0
  if (!writesAt(stream, 'connect', isDue)) return
  stream.times.close = stream.times.connect
  writeLine(stream, 'connect')
}

/** The response has been analysed. HAProxy logs it here even if it has logged the request before. */
export const logResponse = (stream: Stream): void => {
  if (!writesAt(stream, 'response', () => (stream.logWaits & LogWait.BYTES) === 0)) return
  stream.times.close = stream.times.data
  // what is there to be sent
  const before = stream.bytesOut
  stream.bytesOut = stream.response.buffer.data
  writeLine(stream, 'response')
  stream.bytesOut = before
}

/** The stream is over. */
export const logEnd = (stream: Stream): void => {
  const { session, request, isMonitor } = stream
  if (!writesAt(stream, 'close', () => stream.logWaits !== 0) || isMonitor) return
  if (session.frontend.config.options.has('dontlognull') && request.total === 0) return
  writeLine(stream, 'close')
}
