/** Timeouts of a stream (`stream_handle_timeouts`, src/stream.c). */
import { EndEvent } from '../connections/end-events.js'
import { ChannelFlag, NEVER } from './channel.js'
import { INPUT_CLOSED, SideFlag, type Connector } from './connector.js'
import type { Stream } from './stream.js'

const { READ_EVENT, READ_TIMEOUT, WRITE_TIMEOUT } = ChannelFlag

/** Notes which timeouts have expired, and closes the directions that they are about. */
export const handleTimeouts = (stream: Stream): void => {
  const { front, back, request, response, now } = stream
  if (stream.connectExpires <= now) stream.hasConnectExpired = true
  front.checkTimeouts(now)
  if (request.isLate(now)) request.flags |= READ_EVENT
  back.checkTimeouts(now)
  if (response.isLate(now)) response.flags |= READ_EVENT
  stream.filters?.checkTimeouts()
  closeOutput(back)
  closeInput(front)
  closeOutput(front)
  closeInput(back)
}

const closeOutput = (side: Connector): void => {
  if (side.has(SideFlag.SHUT_DONE) || !side.output.has(WRITE_TIMEOUT)) return
  side.report(EndEvent.TIMEOUT)
  side.flags |= SideFlag.NOLINGER
  side.shutdown()
}

const closeInput = (side: Connector): void => {
  if (side.has(INPUT_CLOSED) || !side.input.has(READ_TIMEOUT)) return
  side.report(EndEvent.TIMEOUT)
  if (side.has(SideFlag.NOHALF)) side.flags |= SideFlag.NOLINGER
  side.abort()
}

/** When the stream has to run again without an event. */
export const nextDeadline = ({ front, back, request, response, connectExpires }: Stream): number => {
  if (request.analysers === 0) request.analyseExpires = NEVER
  if (response.analysers === 0) response.analyseExpires = NEVER
  return Math.min(
    front.readExpires,
    front.writeExpires,
    back.readExpires,
    back.writeExpires,
    request.analyseExpires,
    response.analyseExpires,
    connectExpires,
  )
}
