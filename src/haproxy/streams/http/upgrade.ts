/** Streams of TCP that continue as HTTP: `switch-mode http`, and backends of mode HTTP (`stream_set_http_mode`, src/stream.c). */
import { RequestAnalyser } from '../analysers.js'
import { ChannelFlag, NEVER, type Channel } from '../channel.js'
import { INPUT_CLOSED } from '../connector.js'
import type { Stream } from '../stream.js'
import { Transaction } from './transaction.js'

/**
 * Switches a stream to HTTP. Nothing of it is counted or logged until the head of a request is complete.
 * @param protocol what is to parse the connection; undefined: chosen by what the client sends
 * @returns false if the connection cannot be upgraded
 */
export const switchToHttp = (stream: Stream, protocol: string | undefined): boolean => {
  if (stream.isHttp) return true
  const { request, context } = stream
  request.analysers |= RequestAnalyser.WAIT_HTTP | RequestAnalyser.PROCESS_FRONTEND
  stream.transaction ??= new Transaction()
  if (!context.upgrade(stream, request.buffer.input, protocol)) return false
  request.erase()
  request.flags &= ~(ChannelFlag.READ_EVENT | ChannelFlag.AUTO_CONNECT)
  request.total = 0
  stream.isIgnored = true
  return true
}

/**
 * Waits for the head of the request after {@link switchToHttp}. Errors are handled where the connection is parsed, so that a stream whose
 * input ends meanwhile ends without a log line.
 * @returns whether the stream has ended
 */
export const waitForUpgrade = (stream: Stream): boolean => {
  const { request, front } = stream
  request.dontConnect()
  if (!front.has(INPUT_CLOSED)) return false
  stream.logWaits = 0
  stream.abort()
  request.analysers &= RequestAnalyser.END
  request.analyseExpires = NEVER
  return true
}

/** The head of the request is complete (`stream_upgrade_from_sc`). Returns the channel that it is put into. */
export const continueAsHttp = (stream: Stream): Channel => {
  const { request } = stream
  stream.becomeHttp()
  stream.isIgnored = false
  request.flags |= ChannelFlag.READ_EVENT
  stream.wake()
  return request
}
