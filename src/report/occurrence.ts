/**
 * What of a trace a person wants to see. HAProxy says most things twice, to the operator and in the log; here they are
 * shown once.
 */
import type { Micros } from '../engine/clock.js'
import type { TraceRecord } from '../engine/trace.js'
import type { EventRecord } from '../haproxy/events/events.js'
import type { LogRecord, MessageRecord } from '../haproxy/logs/logger.js'
import type { ConnectionAttempt, PrintRecord } from '../lua/index.js'
import { formatHostPort } from '../net/address.js'
import { ERROR_TEXT } from '../net/network.js'
import type { ActionRecord, CliRecord, HttpRequestRecord, MailRecord, TcpDataRecord } from '../sim/index.js'

/** A script has connected somewhere, or could not. It is not in the trace, which has all connections. */
export interface SocketRecord extends TraceRecord {
  readonly type: 'socket'
  readonly to: string
  readonly task: string | undefined
  /** why it could not; undefined where it could */
  readonly problem: string | undefined
}

export type Occurrence =
  | LogRecord
  | MessageRecord
  | EventRecord
  | MailRecord
  | CliRecord
  | PrintRecord
  | ActionRecord
  | HttpRequestRecord
  | TcpDataRecord
  | SocketRecord

/** What came of a script's attempt to connect, as an occurrence of the instant `at`. */
export const socketRecord = (at: Micros, { address, task, failure }: ConnectionAttempt): SocketRecord => ({
  type: 'socket',
  at,
  to: formatHostPort(address),
  task,
  problem:
    failure === undefined ? undefined : failure === 'closed' ? 'closed before it was connected' : ERROR_TEXT[failure],
})

const TYPES: ReadonlySet<string> = new Set<Occurrence['type']>([
  'log',
  'message',
  'event',
  'mail',
  'cli',
  'print',
  'action',
  'http',
  'tcp',
  'socket',
])

const isOccurrence = (record: TraceRecord): record is Occurrence => TYPES.has(record.type)

/**
 * Takes the records of a trace, one by one, and hands on those that are to be seen. A message to the operator waits for
 * the next record, and is left out when that is the same text as a log line; call `end` so that the last one is not lost.
 */
export class Occurrences {
  #waiting: MessageRecord | undefined
  #lastLog: LogRecord | undefined

  constructor(readonly show: (occurrence: Occurrence) => void) {}

  take(record: TraceRecord): void {
    if (!isOccurrence(record)) return
    if (record.type === 'message') {
      this.end()
      if (this.#lastLog === undefined || !saysTheSame(record, this.#lastLog)) this.#waiting = record
      return
    }
    if (record.type === 'log' && this.#waiting !== undefined && saysTheSame(this.#waiting, record))
      this.#waiting = undefined
    this.end()
    this.#lastLog = record.type === 'log' ? record : undefined
    this.show(record)
  }

  /** Nothing more comes for now. */
  end(): void {
    const waiting = this.#waiting
    this.#waiting = undefined
    if (waiting !== undefined) this.show(waiting)
  }
}

const saysTheSame = (message: MessageRecord, log: LogRecord): boolean =>
  message.at === log.at && plain(message.text) === plain(log.message)

/** `backend 'be1' has no server` is `backend be1 has no server` in the log. */
const plain = (text: string): string => text.replaceAll("'", '')
