/**
 * Occurrences: the records of a trace that are shown to users. HAProxy reports most things twice, on stderr and in the log; they are shown
 * once.
 */
import type { Micros } from '../engine/clock.js'
import type { TraceRecord } from '../engine/trace.js'
import type { EventRecord } from '../haproxy/events/events.js'
import type { LogRecord, MessageRecord } from '../haproxy/logs/logger.js'
import type { ConnectionAttempt, PrintRecord } from '../lua/index.js'
import { formatHostPort } from '../net/address.js'
import { ERROR_TEXT } from '../net/network.js'
import type {
  ActionRecord,
  CliRecord,
  ClientRecord,
  HttpRequestRecord,
  MailRecord,
  TcpDataRecord,
} from '../sim/index.js'

/** A connection attempt of a script. It is not part of the trace, which has all connections. */
export interface SocketRecord extends TraceRecord {
  readonly type: 'socket'
  readonly to: string
  readonly task: string | undefined
  /** why the connection failed; undefined: it is established */
  readonly problem: string | undefined
}

/** A record shown to users. */
export type Occurrence =
  | LogRecord
  | MessageRecord
  | EventRecord
  | MailRecord
  | CliRecord
  | PrintRecord
  | ActionRecord
  | ClientRecord
  | HttpRequestRecord
  | TcpDataRecord
  | SocketRecord

/** Converts a connection attempt of a script at the instant `at`. */
export const socketRecord = (at: Micros, { address, task, failure }: ConnectionAttempt): SocketRecord => ({
  type: 'socket',
  at,
  to: formatHostPort(address),
  task,
  problem:
    failure === undefined ? undefined : failure === 'closed' ? 'closed before it was established' : ERROR_TEXT[failure],
})

const TYPES: ReadonlySet<string> = new Set<Occurrence['type']>([
  'log',
  'message',
  'event',
  'mail',
  'cli',
  'print',
  'action',
  'client',
  'http',
  'tcp',
  'socket',
])

const isOccurrence = (record: TraceRecord): record is Occurrence => TYPES.has(record.type)

/**
 * Filters the records of a trace. A message on stderr is held until the next record, and dropped if that is a log line with the same text;
 * call `end` to flush it.
 */
export class OccurrenceFilter {
  #held: MessageRecord | undefined
  #lastLog: LogRecord | undefined

  constructor(readonly show: (occurrence: Occurrence) => void) {}

  observe(record: TraceRecord): void {
    if (!isOccurrence(record)) return
    if (record.type === 'message') {
      this.end()
      if (this.#lastLog === undefined || !isSameText(record, this.#lastLog)) this.#held = record
      return
    }
    if (record.type === 'log' && this.#held !== undefined && isSameText(this.#held, record)) this.#held = undefined
    this.end()
    this.#lastLog = record.type === 'log' ? record : undefined
    this.show(record)
  }

  /** Flushes a held message. */
  end(): void {
    const waiting = this.#held
    this.#held = undefined
    if (waiting !== undefined) this.show(waiting)
  }
}

const isSameText = (message: MessageRecord, log: LogRecord): boolean =>
  message.at === log.at && withoutQuotes(message.text) === withoutQuotes(log.message)

/** stderr has `backend 'be1' has no server` for `backend be1 has no server` in the log. */
const withoutQuotes = (text: string): string => text.replaceAll("'", '')
