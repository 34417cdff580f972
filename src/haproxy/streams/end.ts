/** The end of a stream: its last counters, its log line, and what it has held (the end of `process_stream`, `stream_free`). */
import type { BackendCounters } from '../counters/proxy.js'
import { addToWindow } from '../counters/frequency.js'
import { MILLISECOND } from '../../engine/clock.js'
import { countBytes } from './counting.js'
import { logEnd } from './stream-log.js'
import { releaseServer } from './reservation.js'
import type { Stream } from './stream.js'

export const endStream = (stream: Stream): void => {
  if (stream.hasBackend) stream.backend.backendSessions--
  if (!stream.isIgnored) {
    stream.times.close = stream.elapsed
    countBytes(stream)
    countStatus(stream)
    logEnd(stream)
    countTimes(stream)
  }
  release(stream)
}

const countStatus = ({ transaction, session, hasBackend, backend }: Stream): void => {
  if (!transaction || transaction.status === 0) return
  const group = Math.floor(transaction.status / 100)
  const index = group < 1 || group > 5 ? 0 : group
  if (session.frontend.mode === 'http') session.frontend.countingFrontend.responses[index]!++
  if (!hasBackend || backend.mode !== 'http') return
  backend.countingBackend.responses[index]!++
  backend.countingBackend.requests++
}

/** Samples of the averages that statistics show. */
const SAMPLES = 512

/** Adds to the average times of the backend and the server (`stream_update_time_stats`). */
const countTimes = (stream: Stream): void => {
  const { times, backend, server, acceptedAt } = stream
  const isHttp = backend.mode === 'http'
  const data = isHttp ? times.data : times.connect
  if (times.connect < 0 || data < 0) return
  const request = Math.max(0, Math.floor((times.requestAt - acceptedAt) / MILLISECOND))
  const phases = {
    queue: times.queue - request,
    connect: times.connect - times.queue,
    data: data - times.connect,
    total: times.close,
  }
  if (server) addTimes(server.counting, phases, isHttp)
  addTimes(backend.countingBackend, phases, isHttp)
}

const addTimes = (counters: BackendCounters, phases: BackendCounters['times'], isHttp: boolean): void => {
  const isFull = (isHttp ? counters.requests : counters.balancedSessions) > SAMPLES
  for (const name of ['queue', 'connect', 'data', 'total'] as const) {
    counters.times[name] = isFull
      ? addToWindow(counters.times[name], SAMPLES, phases[name])
      : counters.times[name] + phases[name]
    counters.maxTimes[name] = Math.max(counters.maxTimes[name], phases[name])
  }
}

const release = (stream: Stream): void => {
  const { front, back, context } = stream
  stream.query?.release()
  stream.filters?.stop()
  stream.scriptState?.release()
  context.leaveQueue(stream)
  releaseServer(stream)
  stream.task.kill()
  context.forget(stream)
  stream.pruneVariables()
  back.endpoint?.detach()
  front.endpoint?.detach()
}
