/** Aliases of log-formats: durations in milliseconds, and sizes in bytes. Those that are not reached are -1. */
import type { LineWriter } from '../line-writer.js'
import { timeBeforeRequest, type LogSubject } from '../subject.js'
import type { Aliases } from './alias.js'

/** The time between two points, the second of which may not have been reached. */
const between = (from: number, to: number): number => (to >= 0 ? to - from : -1)

/** A total, with a `+` if it is not final. */
const total = (line: LineWriter, { isFinal }: LogSubject, value: number): void => {
  if (!isFinal) line.mark('+')
  line.integer(value)
}

export const TIME_ALIASES: Aliases = {
  Th: (line, { times }) => line.integer(times.handshake),
  Ti: (line, { times }) => line.integer(times.idle),
  TR: (line, { times }) => line.integer(between(times.idle + times.handshake, times.request)),
  Tq: (line, { times }) => line.integer(times.request),
  Tw: (line, { times }) => line.integer(between(times.request, times.queue)),
  Tc: (line, { times }) => line.integer(between(times.queue, times.connect)),
  Tr: (line, { times }) => line.integer(between(times.connect, times.data)),
  Td: (line, { times, backend }) => {
    const from = backend.isHttp ? times.data : times.connect
    line.integer(from >= 0 ? times.close - from : -1)
  },
  Ta: (line, subject) => total(line, subject, subject.times.close - timeBeforeRequest(subject.times)),
  Tt: (line, subject) => total(line, subject, subject.times.close),
  Tu: (line, subject) => total(line, subject, subject.times.close - Math.max(subject.times.idle, 0)),
  B: (line, subject) => total(line, subject, subject.bytesOut),
  U: (line, { bytesIn }) => line.integer(bytesIn),
}
