/** Timeouts of a stream and of its sides (`stream_handle_timeouts`, src/stream.c). */
import type { Micros } from '../../engine/clock.js'
import { EndEvent } from '../connections/end-events.js'
import { ChannelFlag, NEVER } from './channel.js'
import { INPUT_CLOSED, SideFlag, type Connector } from './connector.js'
import type { Stream } from './stream.js'

const { READ_EVENT, READ_TIMEOUT, WRITE_TIMEOUT } = ChannelFlag
const { EOI, WONT_READ, NEED_ROOM, SHUT_DONE, NOHALF, NOLINGER } = SideFlag

/** When reading from a side has taken too long (`sc_ep_rcv_ex`). */
export const readExpires = (side: Connector): Micros => {
  const { endpoint, input, opposite, timeout } = side
  if (endpoint === undefined || endpoint.lastRead === NEVER) return NEVER
  if (side.has(INPUT_CLOSED | EOI | WONT_READ | NEED_ROOM) || input.has(READ_TIMEOUT)) return NEVER
  return opposite.endpoint?.expectsNoData === true ? NEVER : endpoint.lastRead + timeout
}

/** When writing to a side has taken too long (`sc_ep_snd_ex`). */
export const writeExpires = (side: Connector): Micros => {
  const { endpoint, output, timeout } = side
  if (endpoint === undefined || endpoint.blockedSince === NEVER) return NEVER
  return side.has(SHUT_DONE) || output.has(WRITE_TIMEOUT) ? NEVER : endpoint.blockedSince + timeout
}

const checkTimeouts = (side: Connector, now: Micros): void => {
  if (readExpires(side) <= now) side.input.flags |= READ_TIMEOUT
  if (writeExpires(side) <= now) side.output.flags |= WRITE_TIMEOUT
}

/** Notes which timeouts have expired, and closes the directions that they are about. */
export const handleTimeouts = (stream: Stream): void => {
  const { front, back, request, response, now } = stream
  if (stream.connectExpires <= now) stream.hasConnectExpired = true
  checkTimeouts(front, now)
  if (request.isLate(now)) request.flags |= READ_EVENT
  checkTimeouts(back, now)
  if (response.isLate(now)) response.flags |= READ_EVENT
  stream.filters?.checkTimeouts()
  closeOutput(back)
  closeInput(front)
  closeOutput(front)
  closeInput(back)
}

const closeOutput = (side: Connector): void => {
  if (side.has(SHUT_DONE) || !side.output.has(WRITE_TIMEOUT)) return
  side.report(EndEvent.TIMEOUT)
  side.flags |= NOLINGER
  side.shutdown()
}

const closeInput = (side: Connector): void => {
  if (side.has(INPUT_CLOSED) || !side.input.has(READ_TIMEOUT)) return
  side.report(EndEvent.TIMEOUT)
  if (side.has(NOHALF)) side.flags |= NOLINGER
  side.abort()
}

/** When the stream has to run again without an event. */
export const nextDeadline = ({ front, back, request, response, connectExpires }: Stream): number => {
  if (request.analysers === 0) request.analyseExpires = NEVER
  if (response.analysers === 0) response.analyseExpires = NEVER
  return Math.min(
    readExpires(front),
    writeExpires(front),
    readExpires(back),
    writeExpires(back),
    request.analyseExpires,
    response.analyseExpires,
    connectExpires,
  )
}
