/** Requests that are sent once more after the connection was established: `retry-on` (`do_l7_retry`). */
import type { RetryReason } from '../../../config/model/retries.js'
import { ResponseAnalyser } from '../analysers.js'
import { chooseRedispatch } from '../back.js'
import { ChannelFlag, NEVER } from '../channel.js'
import { ANY_ABORT, ANY_SHUT, SideFlag } from '../connector.js'
import { countBackend, countServer } from '../counting.js'
import { uncount } from '../reservation.js'
import type { Stream } from '../stream.js'
import { MessageState } from './transaction.js'

/** The request may be sent again if `retry-on` has other reasons than failed connections. */
export const allowRetries = ({ transaction, backend }: Stream): void => {
  const { retryOn } = backend.config
  const isWanted = backend.mode === 'http' && retryOn.size > (retryOn.has('conn-failure') ? 1 : 0)
  if (transaction && isWanted && !transaction.isRetryDisabled) transaction.mayRetry = true
}

/** Keeps a request that may be sent again; one that is not complete cannot (`sc_conn_send`). */
export const keepForRetry = (stream: Stream): void => {
  const { transaction, request, back } = stream
  if (!transaction?.mayRetry || stream.sentRequest || !request.buffer.hasOutput || back.endpoint?.isReady !== true)
    return
  if (transaction.request.state === MessageState.DONE) stream.sentRequest = request.buffer.snapshot()
  else transaction.mayRetry = false
}

/** Whether `retry-on` names the reason, and the request can be sent again. */
export const mayRetryFor = ({ transaction, backend }: Stream, reason: string): boolean =>
  transaction!.mayRetry && backend.config.retryOn.has(reason as RetryReason)

/** Begins the next attempt. Returns false if there are no retries left. */
export const retryRequest = (stream: Stream): boolean => {
  const { request, response, front, back, sentRequest } = stream
  if (stream.retries >= stream.maxRetries || !sentRequest) return false
  stream.retries++
  uncount(stream)
  countServer(stream, 'retries')
  countBackend(stream, 'retries')
  front.flags &= ~ANY_ABORT
  request.flags &= ~(ChannelFlag.WRITE_TIMEOUT | ChannelFlag.WROTE_DATA)
  response.flags &= ~(ChannelFlag.READ_TIMEOUT | ChannelFlag.READ_EVENT)
  response.analysers &= ResponseAnalyser.END
  stream.connectError = 0
  stream.hasConnectExpired = false
  stream.endCause = stream.endState = '-'
  stream.connectExpires = NEVER
  chooseRedispatch(stream)
  response.forwardsAll = false
  response.analyseExpires = NEVER
  response.total = 0
  back.flags &= ~(SideFlag.ERROR | ANY_SHUT)
  back.reset()
  request.buffer.restore(sentRequest, true)
  response.buffer.erase()
  return true
}
