/** Occurrences as JSON, one object per line. Times are in milliseconds since the start of the run. */
import { jsonText } from '../bytes/json-text.js'
import { MILLISECOND } from '../engine/clock.js'
import type { Detail } from './detail.js'
import type { Occurrence } from './occurrence.js'
import type { TrafficSummary } from './traffic-summary.js'

/** The summary of a run. */
export interface RunSummary {
  readonly at: number
  readonly counts: Readonly<Record<string, number>>
  readonly trace: string
  readonly started: boolean
  /** undefined: no client has connected to a frontend */
  readonly traffic?: TrafficSummary | undefined
}

/** Converts an occurrence. */
export const occurrenceToJson = (occurrence: Occurrence): string => {
  const at = occurrence.at / MILLISECOND
  switch (occurrence.type) {
    case 'log':
      return jsonLine({
        at,
        type: 'log',
        level: occurrence.level,
        message: occurrence.message,
        proxy: occurrence.proxy,
      })
    case 'message':
      return jsonLine({ at, type: 'message', level: occurrence.severity, message: occurrence.text })
    case 'event':
      return jsonLine({
        at,
        type: 'event',
        name: occurrence.name,
        proxy: occurrence.proxy,
        server: occurrence.server,
        data: occurrence.data,
      })
    case 'mail': {
      const { from, to, subject, body, server, user, mechanism, tls } = occurrence
      return jsonLine({ at, type: 'mail', from, to, subject, body, server, user, mechanism, tls })
    }
    case 'cli':
      return jsonLine({ at, type: 'cli', command: occurrence.command, answer: occurrence.answer })
    case 'print':
      return jsonLine({ at, type: 'print', text: occurrence.text })
    case 'action':
      return jsonLine({ at, type: 'action', action: occurrence.action })
    case 'client': {
      const { client, method, url, status, reason, length, error, took, request, answer } = occurrence
      return jsonLine({
        at,
        type: 'client',
        ...{ client, method, url, status, reason, length, error },
        took: took / MILLISECOND,
        request,
        answer,
      })
    }
    case 'http': {
      const { server, method, path, body, status } = occurrence
      return jsonLine({ at, type: 'http', server, method, path, body, status })
    }
    case 'tcp':
      return jsonLine({ at, type: 'tcp', server: occurrence.server, from: occurrence.from, data: occurrence.data })
    case 'socket': {
      const { to, task, problem } = occurrence
      return jsonLine({ at, type: 'socket', to, connected: problem === undefined, problem, task })
    }
  }
}

/** Converts a detail. */
export const detailToJson = ({ at, type, text }: Detail): string => jsonLine({ at: at / MILLISECOND, type, text })

/** The last line of a run. */
export const summaryToJson = ({ at, counts, trace, started, traffic }: RunSummary): string =>
  jsonLine({ at, type: 'end', started, counts, traffic, trace })

const jsonLine = (value: object): string => jsonText(value)
