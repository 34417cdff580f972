/** What makes a run a failure. */
import type { TraceRecord } from '../engine/index.js'
import type { LogRecord, MessageRecord } from '../haproxy/index.js'

/**
 * - `assertion`: the scenario threw
 * - `lua`: an error in a script
 * - `alert`: an alert or worse in the log
 * - `deadlock`: tasks of scripts wait, and nothing can come any more
 * - `paused`: a subscription was paused because its handler was too slow
 * - `limit`: a limit of HAProxy's was exceeded (an execution timeout, too much memory)
 */
export const FAILURE_KINDS = ['assertion', 'lua', 'alert', 'deadlock', 'paused', 'limit'] as const
export type FailureKind = (typeof FAILURE_KINDS)[number]

/** What counts as a failure unless something else is asked for. */
export const USUAL_FAILURES: readonly FailureKind[] = FAILURE_KINDS.filter((kind) => kind !== 'alert')

export interface Failure {
  readonly kind: FailureKind
  /** without times and durations, so that two failures of one kind are alike */
  readonly message: string
  /** what the scenario threw */
  readonly error?: unknown
}

/** Notices the first failure of a run in its trace. */
export class FailureWatch {
  failure: Failure | undefined

  constructor(readonly kinds: ReadonlySet<FailureKind>) {}

  take(record: TraceRecord): void {
    if (this.failure !== undefined) return
    if (record.type === 'message') this.#message(record as MessageRecord)
    else if (record.type === 'log') this.#log(record as LogRecord)
  }

  found(kind: FailureKind, message: string, error?: unknown): void {
    if (this.failure === undefined && this.kinds.has(kind))
      this.failure = { kind, message: withoutTimes(message), ...(error !== undefined && { error }) }
  }

  #message({ text }: MessageRecord): void {
    if (!/^Lua\b/.test(text)) return
    if (/pausing the subscription/.test(text)) this.found('paused', text)
    else if (/timeout|not enough memory|too many|yield/.test(text)) this.found('limit', text)
    else this.found('lua', text)
  }

  #log({ level, message }: LogRecord): void {
    if (level === 'emerg' || level === 'alert' || level === 'crit') this.found('alert', message)
  }
}

const withoutTimes = (text: string): string => text.replace(/-?\d+(?:\.\d+)? ?(?:ms|s)\b/g, '…')
