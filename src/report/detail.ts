/** Details of a run shown on request: connections, and requests received by servers. */
import type { Micros } from '../engine/clock.js'
import type { TraceRecord } from '../engine/trace.js'
import { ERROR_TEXT, type NetworkErrorCode } from '../net/network.js'

export interface Detail {
  readonly at: Micros
  readonly type: 'connect' | 'request'
  readonly text: string
}

interface ConnectRecord extends TraceRecord {
  readonly from: string
  readonly to: string
}

interface FailedRecord extends TraceRecord {
  readonly remote: string
  readonly error: NetworkErrorCode
}

interface RequestRecord extends TraceRecord {
  readonly server: string
  readonly method: string
  readonly path: string
}

/** Converts a record; returns undefined if it is not a detail. */
export const detailOf = (record: TraceRecord): Detail | undefined => {
  const { at } = record
  switch (record.type) {
    case 'connect': {
      const { from, to } = record as ConnectRecord
      return { at, type: 'connect', text: `${from} -> ${to}` }
    }
    case 'refuse':
    case 'reset':
    case 'fail': {
      const { remote, error } = record as FailedRecord
      return { at, type: 'connect', text: `${remote}: ${ERROR_TEXT[error]}` }
    }
    case 'request': {
      const { server, method, path } = record as RequestRecord
      return { at, type: 'request', text: `${method} ${path} at ${server}` }
    }
    default:
      return undefined
  }
}
