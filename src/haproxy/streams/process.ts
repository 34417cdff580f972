/**
 * One step of a stream (`process_stream`, src/stream.c): receives, runs the analysers of both directions until nothing changes any more,
 * connects to the server, forwards data and closes, and ends the stream once both sides are closed.
 */
import { RequestAnalyser, ResponseAnalyser } from './analysers.js'
import { runRequestAnalysers, runResponseAnalysers } from './analyser-tables.js'
import {
  establish,
  handleConnected,
  handleConnecting,
  handleFailedConnect,
  requestConnection,
  tryConnect,
} from './back.js'
import { ANALYSER_EVENTS, ChannelFlag, NEVER, type Channel } from './channel.js'
import { ANY_ABORT, ANY_SHUT, INPUT_CLOSED, SideFlag, SideState, type Connector } from './connector.js'
import { countAbort, countBytes, countFailedResponse } from './counting.js'
import { StreamEvent } from './events.js'
import { endStream } from './end.js'
import { allowRetries, keepForRetry } from './http/retry.js'
import { killStream } from './kill.js'
import { releaseServer } from './reservation.js'
import { setEndState } from './set-end-state.js'
import type { Stream } from './stream.js'
import { handleTimeouts, nextDeadline } from './timeouts.js'

const { READ_EVENT, READ_TIMEOUT, WRITE_EVENT, WRITE_TIMEOUT, AUTO_CLOSE, AUTO_CONNECT, WAKE_ONCE } = ChannelFlag
const { ERROR, NOHALF, NOLINGER, ABORT_WANTED, SHUT_WANTED, SHUT_DONE } = SideFlag
const { INI, REQ, ASS, CON, CER, RDY, EST, DIS, CLO } = SideState

const KILLS = StreamEvent.SERVER_DOWN | StreamEvent.SERVER_UP | StreamEvent.KILLED

/** Where a step continues. */
type Next = 'connectors' | 'request' | 'response' | 'done'

/** What a step has seen last, to notice changes. */
interface Seen {
  request: number
  response: number
  front: number
  back: number
  frontState: SideState
  backState: SideState
  frontStateOfResponse: SideState
  backStateOfResponse: SideState
  requestAnalysers: number
  responseAnalysers: number
}

/** Runs a stream. */
export const runStream = (stream: Stream): void => {
  const { request, response, front, back } = stream
  const seen: Seen = {
    request: request.flags & ~ANALYSER_EVENTS,
    response: response.flags & ~ANALYSER_EVENTS,
    front: front.flags,
    back: back.flags,
    frontState: front.state,
    backState: back.state,
    frontStateOfResponse: front.state,
    backStateOfResponse: back.state,
    requestAnalysers: request.analysers,
    responseAnalysers: response.analysers,
  }
  stream.context.process.counters.activity.streamCalls++
  stream.rulesDone = 0
  if (stream.events & KILLS) killStream(stream)
  if (back.state === CON) {
    // what is to be sent goes out as soon as the connection is established
    keepForRetry(stream)
    back.send()
  }
  front.sync()
  back.sync()
  front.receive()
  back.receive()
  if (stream.events & StreamEvent.TIMER) {
    handleTimeouts(stream)
    if (isOnlyLate(stream)) return leave(stream)
  }
  let next: Next = 'connectors'
  while (next !== 'done') {
    if (next === 'connectors') syncConnectors(stream, seen)
    if (next !== 'response') analyseRequest(stream, seen)
    next = analyseResponse(stream, seen)
    if (next === 'done') next = forward(stream, seen)
    if (next === 'done') next = finish(stream, seen)
  }
}

/** Whether the timer has expired, but none of the timeouts. */
const isOnlyLate = ({ front, back, request, response, hasConnectExpired, events }: Stream): boolean =>
  events === StreamEvent.TIMER &&
  !hasConnectExpired &&
  !((front.flags | back.flags) & (ERROR | INPUT_CLOSED | SHUT_DONE)) &&
  !((request.flags | response.flags) & (READ_EVENT | READ_TIMEOUT | WRITE_EVENT | WRITE_TIMEOUT))

/** Handles errors of the connections, and what has become of the one to the server. */
const syncConnectors = (stream: Stream, seen: Seen): void => {
  const { front, back, request, response } = stream
  if (front.has(ERROR) && (front.state === EST || front.state === DIS)) {
    front.abort()
    front.shutdown()
    if (request.analysers === 0 && response.analysers === 0) reportAbort(stream, 'client')
  }
  if (back.has(ERROR) && (back.state === EST || back.state === DIS)) {
    back.abort()
    back.shutdown()
    countFailedResponse(stream)
    if (request.analysers === 0 && response.analysers === 0) reportAbort(stream, 'server')
  }
  if (back.state === CON || back.state === RDY) {
    if (back.state === RDY) handleConnected(stream)
    else handleConnecting(stream)
    if (stateOf(back) === CER) handleFailedConnect(stream)
    else if (stateOf(back) === EST) establish(stream)
  }
  seen.frontState = seen.frontStateOfResponse = front.state
  seen.backState = seen.backStateOfResponse = back.state
  if (front.state === DIS) front.state = CLO
  if (back.state === DIS) {
    back.state = CLO
    releaseServer(stream)
  }
}

/** The state, which the functions called in between may have changed. */
const stateOf = ({ state }: Connector): SideState => state

const reportAbort = (stream: Stream, by: 'client' | 'server'): void => {
  countAbort(stream, by)
  stream.endBy(by === 'client' ? 'C' : 'S')
  stream.endIn('D')
}

const analyseRequest = (stream: Stream, seen: Seen): void => {
  const { front, back, request } = stream
  for (;;) {
    const isDue =
      (request.flags & ~seen.request & ANALYSER_EVENTS) !== 0 ||
      ((front.flags ^ seen.front) & ANY_ABORT) !== 0 ||
      ((back.flags ^ seen.back) & ANY_SHUT) !== 0 ||
      (request.analysers !== 0 && back.has(SHUT_DONE)) ||
      front.state !== seen.frontState ||
      back.state !== seen.backState ||
      (stream.events & StreamEvent.MESSAGE) !== 0
    if (!isDue) break
    const frontFlags = front.flags
    const backFlags = back.flags
    if (front.state >= EST) {
      request.autoRead()
      request.autoConnect()
      request.autoClose()
      runRequestAnalysers(stream)
    }
    seen.frontState = front.state
    seen.backState = back.state
    request.flags &= ~WAKE_ONCE
    seen.request = request.flags
    seen.front = (seen.front & ~ANY_ABORT) | (front.flags & ANY_ABORT)
    seen.back = (seen.back & ~ANY_SHUT) | (back.flags & ANY_SHUT)
    if (!((front.flags ^ frontFlags) & INPUT_CLOSED) && !((back.flags ^ backFlags) & SHUT_DONE)) break
  }
  seen.requestAnalysers = request.analysers
}

const analyseResponse = (stream: Stream, seen: Seen): Next => {
  const { front, back, request, response } = stream
  for (;;) {
    const isDue =
      (response.flags & ~seen.response & ANALYSER_EVENTS) !== 0 ||
      ((back.flags ^ seen.back) & ANY_ABORT) !== 0 ||
      ((front.flags ^ seen.front) & ANY_SHUT) !== 0 ||
      (response.analysers !== 0 && front.has(SHUT_DONE)) ||
      front.state !== seen.frontStateOfResponse ||
      back.state !== seen.backStateOfResponse ||
      (stream.events & StreamEvent.MESSAGE) !== 0
    if (!isDue) break
    const frontFlags = front.flags
    const backFlags = back.flags
    if (back.state >= EST) {
      response.autoRead()
      response.autoClose()
      runResponseAnalysers(stream)
    }
    seen.frontStateOfResponse = front.state
    seen.backStateOfResponse = back.state
    response.flags &= ~WAKE_ONCE
    seen.response = response.flags
    seen.back = (seen.back & ~ANY_ABORT) | (back.flags & ANY_ABORT)
    seen.front = (seen.front & ~ANY_SHUT) | (front.flags & ANY_SHUT)
    if (!((back.flags ^ backFlags) & INPUT_CLOSED) && !((front.flags ^ frontFlags) & SHUT_DONE)) break
  }
  seen.responseAnalysers = response.analysers
  if (request.analysers & ~seen.requestAnalysers) return 'request'
  return request.flags & ~seen.request & ANALYSER_EVENTS ? 'request' : 'done'
}

/** Reports errors that no analyser has handled, connects, forwards data and closes of both directions. */
const forward = (stream: Stream, seen: Seen): Next => {
  const { front, back, request, response } = stream
  reportUnhandled(stream)
  if (request.analysers === 0 || (request.analysers === RequestAnalyser.END && !request.isFiltered))
    forwardFreely(request, front, back)
  seen.request = request.flags
  seen.front = (seen.front & ~ANY_ABORT) | (front.flags & ANY_ABORT)
  seen.back = (seen.back & ~ANY_SHUT) | (back.flags & ANY_SHUT)
  if (back.state === INI) beginConnection(stream)
  if (back.state >= REQ && back.state <= ASS && !connect(stream)) return 'connectors'
  keepForRetry(stream)
  back.send()
  continueFilters(stream, request, seen.request)
  passCloses(stream, back)
  if (mustResync(stream)) return 'connectors'
  if ((front.flags ^ seen.front) & INPUT_CLOSED || (back.flags ^ seen.back) & SHUT_DONE) return 'request'

  if (response.analysers === 0 || (response.analysers === ResponseAnalyser.END && !response.isFiltered)) {
    if (forwardFreely(response, back, front)) useTunnelTimeout(stream)
  }
  seen.response = response.flags
  seen.back = (seen.back & ~ANY_ABORT) | (back.flags & ANY_ABORT)
  seen.front = (seen.front & ~ANY_SHUT) | (front.flags & ANY_SHUT)
  front.send()
  continueFilters(stream, response, seen.response)
  passCloses(stream, front)
  if (mustResync(stream)) return 'connectors'
  if (request.flags & ~seen.request & ANALYSER_EVENTS) return 'request'
  if (
    (back.flags ^ seen.back) & ANY_ABORT ||
    (front.flags ^ seen.front) & ANY_SHUT ||
    response.analysers !== seen.responseAnalysers
  )
    return 'response'
  const changed = (request.flags ^ seen.request) | (response.flags ^ seen.response)
  return changed & ANALYSER_EVENTS || request.analysers !== seen.requestAnalysers ? 'request' : 'done'
}

/** Calls filters once more if something was sent after they were called for the same reason: they may have held back the rest. */
const continueFilters = ({ filters }: Stream, channel: Channel, seen: number): void => {
  if (filters?.hasDataFilters(channel) && channel.flags & seen & WRITE_EVENT) channel.flags |= WAKE_ONCE
}

const mustResync = ({ front, back }: Stream): boolean =>
  front.state === DIS ||
  (back.state >= RDY && back.state <= DIS && back.state !== EST) ||
  (front.has(ERROR) && front.state !== CLO) ||
  (back.has(ERROR) && back.state !== CLO)

const reportUnhandled = (stream: Stream): void => {
  const { front, back, request, response } = stream
  if (stream.endCause !== '-') return
  if (front.has(ERROR) || request.has(READ_TIMEOUT | WRITE_TIMEOUT)) {
    request.analysers &= RequestAnalyser.END
    request.autoClose()
    const isClient = front.has(ERROR) || request.has(READ_TIMEOUT)
    countAbort(stream, isClient ? 'client' : 'server')
    stream.endBy(front.has(ERROR) ? 'C' : isClient ? 'c' : 's')
    setEndState(stream)
    if (back.state !== INI) return
    // the request is dropped as it was not sent yet
    back.state = CLO
    front.scheduleAbort()
    back.scheduleShutdown()
    request.autoClose()
    request.dontConnect()
    request.erase()
  } else if (back.has(ERROR) || response.has(READ_TIMEOUT | WRITE_TIMEOUT)) {
    response.analysers &= ResponseAnalyser.END
    response.autoClose()
    const isServer = back.has(ERROR) || response.has(READ_TIMEOUT)
    countAbort(stream, isServer ? 'server' : 'client')
    stream.endBy(back.has(ERROR) ? 'S' : isServer ? 's' : 'c')
    setEndState(stream)
  }
}

/** Forwards what comes, as no analyser is interested in it. Returns false if that is so already, or the channel is being closed. */
const forwardFreely = (channel: Channel, producer: Connector, consumer: Connector): boolean => {
  const { isBack } = producer
  const isClosing = isBack
    ? consumer.has(ABORT_WANTED) || producer.has(SHUT_WANTED)
    : producer.has(ABORT_WANTED) || consumer.has(SHUT_DONE)
  if (isClosing || producer.state < EST || channel.forwardsAll) return false
  channel.autoRead()
  if (!isBack) channel.autoConnect()
  channel.autoClose()
  channel.buffer.forward()
  const request = isBack ? consumer : producer
  const server = isBack ? producer : consumer
  if (!request.has(INPUT_CLOSED) && !server.has(SHUT_WANTED)) channel.forwardsAll = true
  return true
}

/** `timeout tunnel`, once data flows freely both ways. */
const useTunnelTimeout = (stream: Stream): void => {
  const { front, back, request, tunnelTimeout } = stream
  if (request.analysers !== 0 || tunnelTimeout === NEVER || !(front.state >= EST && back.state >= EST)) return
  front.timeout = back.timeout = tunnelTimeout
  if (stream.isHttp) return
  if (front.has(INPUT_CLOSED | SHUT_DONE)) front.timeout = stream.halfClosedTimeout(false) ?? front.timeout
  if (back.has(INPUT_CLOSED | SHUT_DONE)) back.timeout = stream.halfClosedTimeout(true) ?? back.timeout
}

/** Requests a connection once there is something to send, or analysers allow one. */
const beginConnection = (stream: Stream): void => {
  const { back, request } = stream
  if (back.has(SHUT_DONE)) {
    back.state = CLO
    back.scheduleShutdown()
    back.scheduleAbort()
    return
  }
  if (!request.has(AUTO_CONNECT) && !request.buffer.hasOutput) return
  back.state = REQ
  stream.retries = 0
  allowRetries(stream)
  stream.front.update()
}

/** Continues to connect. Returns false if the connection is there, which has to be noticed first. */
const connect = (stream: Stream): boolean => {
  const { back } = stream
  stream.beginResponse()
  do {
    if (back.state !== REQ) tryConnect(stream)
    if (stateOf(back) === REQ) requestConnection(stream)
    if (stateOf(back) === RDY) return false
    if (stateOf(back) === EST) establish(stream)
  } while (stateOf(back) === ASS)
  return true
}

/** Passes the end of the input of one side on to the output of the other, and executes what is scheduled. */
const passCloses = (stream: Stream, side: Connector): void => {
  const { output, opposite } = side
  const mayPass = !side.isBack || side.state !== CON || stream.abortsOnClose
  if (output.has(AUTO_CLOSE) && opposite.has(INPUT_CLOSED) && !side.has(ANY_SHUT) && mayPass) side.scheduleShutdown()
  if ((side.flags & ANY_SHUT) === SHUT_WANTED && (!output.buffer.hasOutput || output.has(WRITE_TIMEOUT))) {
    if (side.isBack && opposite.has(ERROR)) side.flags |= NOLINGER
    side.shutdown()
  }
  if (side.has(SHUT_DONE) && !opposite.has(ANY_ABORT) && output.analysers === 0) opposite.scheduleAbort()
  if ((opposite.flags & ANY_ABORT) === ABORT_WANTED) {
    if (opposite.has(NOHALF)) opposite.flags |= NOLINGER
    opposite.abort()
  }
}

/** The end of a step: the stream waits for the next event, or is over. */
const finish = (stream: Stream, seen: Seen): Next => {
  const { front, back, request, response } = stream
  const isOver =
    front.state === CLO &&
    (back.state === INI || back.state === CLO) &&
    !(request.analysers & RequestAnalyser.END) &&
    !(response.analysers & ResponseAnalyser.END)
  if (isOver) {
    endStream(stream)
    return 'done'
  }
  if (stream.hasBackend && !stream.isIgnored && stream.session.frontend.config.options.has('contstats'))
    countBytes(stream)
  request.flags &= ~(READ_EVENT | WRITE_EVENT)
  response.flags &= ~(READ_EVENT | WRITE_EVENT)
  stream.previousBackState = back.state
  front.update()
  back.update()
  stream.events = 0
  const deadline = nextDeadline(stream)
  if (deadline <= stream.now) {
    // events have kept timeouts from being handled
    handleTimeouts(stream)
    // HAProxy does not see this as an event and loops until its watchdog ends it, as after core.sleep(0) of an action
    seen.request &= ~READ_EVENT
    seen.response &= ~READ_EVENT
    return 'connectors'
  }
  setTimer(stream, deadline)
  return 'done'
}

const leave = (stream: Stream): void => {
  stream.events = 0
  setTimer(stream, nextDeadline(stream))
}

const setTimer = ({ task }: Stream, deadline: number): void => {
  if (deadline === NEVER) task.cancelTimer()
  else task.wakeAt(deadline)
}
