/**
 * What of a trace a person wants to see. HAProxy says most things twice, to the operator and in the log; here they are
 * shown once.
 */
import type { TraceRecord } from '../engine/trace.js'
import type { EventRecord } from '../haproxy/events/events.js'
import type { LogRecord, MessageRecord } from '../haproxy/logs/logger.js'
import type { PrintRecord } from '../lua/index.js'
import type { ActionRecord, CliRecord, MailRecord } from '../sim/index.js'

export type Occurrence = LogRecord | MessageRecord | EventRecord | MailRecord | CliRecord | PrintRecord | ActionRecord

const TYPES: ReadonlySet<string> = new Set<Occurrence['type']>([
  'log',
  'message',
  'event',
  'mail',
  'cli',
  'print',
  'action',
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
