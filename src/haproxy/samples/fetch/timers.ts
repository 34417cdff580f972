/** Fetches of durations, dates and sizes that logs show (`smp_fetch_reX_timers` and others, src/sample.c; src/tcp_sample.c). */
import { MILLISECOND, SECOND, type Micros } from '../../../engine/clock.js'
import { timeBeforeRequest, type LogSubject, type LogTimes } from '../../logs/subject.js'
import type { SampleContext } from '../context.js'
import { dateUnitProblem, unitsPerSecond, type Fetch } from '../keyword.js'
import { sint } from '../sample.js'

/** A number of the stream's log line. */
const ofStream = (name: string, value: (log: LogSubject) => number): Fetch => ({
  name,
  bind:
    () =>
    ({ stream, log }) =>
      stream && sint(value(log)),
})

/** A duration in ms; -1 before its end. */
const duration = (name: string, value: (times: LogTimes) => number): Fetch =>
  ofStream(name, ({ times }) => value(times))

const between = (from: number, to: number): number => (to >= 0 ? to - from : -1)

/** When the connection was accepted or the last request ended, on the wall clock, and the time before this request, in ms. */
interface Beginning {
  readonly acceptedAt: Micros
  readonly idle: number
  readonly handshake: number
}

const beginningOf = ({ stream, session, log }: SampleContext): Beginning | undefined => {
  if (stream) return { acceptedAt: log.acceptedAt, idle: log.times.idle, handshake: log.times.handshake }
  if (!session) return undefined
  return { acceptedAt: session.acceptedWall, idle: session.idleTime, handshake: session.handshakeTime }
}

const date = (name: string, value: (beginning: Beginning) => Micros): Fetch => ({
  name,
  check: (args) => dateUnitProblem(args, 0),
  bind: (args) => {
    const unit = SECOND / Number(unitsPerSecond(args, 0))
    return (context, progress) => {
      const beginning = beginningOf(context)
      if (!beginning) return undefined
      if (progress) progress.mayChange = true
      return sint(Math.floor(value(beginning) / unit))
    }
  },
})

export const TIMER_FETCHES: readonly Fetch[] = [
  date('accept_date', ({ acceptedAt }) => acceptedAt),
  date('request_date', ({ acceptedAt, ...times }) => acceptedAt + timeBeforeRequest(times) * MILLISECOND),
  duration('req.timer.idle', ({ idle }) => idle),
  duration('req.timer.tq', ({ request }) => request),
  duration('req.timer.hdr', ({ request, idle, handshake }) => between(idle + handshake, request)),
  duration('req.timer.queue', ({ request, queue }) => between(request, queue)),
  duration('res.timer.hdr', ({ connect, data }) => between(connect, data)),
  duration('res.timer.data', ({ data, close }) => (data >= 0 ? close - data : -1)),
  duration('txn.timer.total', (times) => times.close - timeBeforeRequest(times)),
  duration('txn.timer.user', ({ close, idle }) => close - Math.max(idle, 0)),
  duration('bc.timer.connect', ({ queue, connect }) => between(queue, connect)),
  duration('fc.timer.handshake', ({ handshake }) => handshake),
  duration('fc.timer.total', ({ close }) => close),
  ofStream('bytes_in', ({ bytesIn }) => bytesIn),
  ofStream('bytes_out', ({ bytesOut }) => bytesOut),
  ofStream('bc_be_queue', ({ backendQueue }) => backendQueue),
  ofStream('bc_srv_queue', ({ serverQueue }) => serverQueue),
]
