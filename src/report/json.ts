/** Occurrences as JSON, an object a line, for programs to read. Times are milliseconds since the run began. */
import { jsonText } from '../bytes/json-text.js'
import { MILLISECOND } from '../engine/clock.js'
import type { Detail } from './detail.js'
import type { Occurrence } from './occurrence.js'

export interface RunSummary {
  readonly at: number
  readonly counts: Readonly<Record<string, number>>
  readonly trace: string
  readonly started: boolean
}

export const occurrenceToJson = (occurrence: Occurrence): string => {
  const at = occurrence.at / MILLISECOND
  switch (occurrence.type) {
    case 'log':
      return line({ at, type: 'log', level: occurrence.level, message: occurrence.message, proxy: occurrence.proxy })
    case 'message':
      return line({ at, type: 'message', level: occurrence.severity, message: occurrence.text })
    case 'event':
      return line({
        at,
        type: 'event',
        name: occurrence.name,
        proxy: occurrence.proxy,
        server: occurrence.server,
        data: occurrence.data,
      })
    case 'mail': {
      const { from, to, subject, body, server, user, mechanism, tls } = occurrence
      return line({ at, type: 'mail', from, to, subject, body, server, user, mechanism, tls })
    }
    case 'cli':
      return line({ at, type: 'cli', command: occurrence.command, answer: occurrence.answer })
    case 'print':
      return line({ at, type: 'print', text: occurrence.text })
    case 'action':
      return line({ at, type: 'action', action: occurrence.action })
    case 'http': {
      const { server, method, path, body, status } = occurrence
      return line({ at, type: 'http', server, method, path, body, status })
    }
    case 'tcp':
      return line({ at, type: 'tcp', server: occurrence.server, from: occurrence.from, data: occurrence.data })
    case 'socket': {
      const { to, task, problem } = occurrence
      return line({ at, type: 'socket', to, connected: problem === undefined, problem, task })
    }
  }
}

export const detailToJson = ({ at, type, text }: Detail): string => line({ at: at / MILLISECOND, type, text })

/** The last line of a run. */
export const summaryToJson = ({ at, counts, trace, started }: RunSummary): string =>
  line({ at, type: 'end', started, counts, trace })

const line = (value: object): string => jsonText(value)
