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
    const found = failureIn(record)
    if (found) this.found(found.kind, found.message)
  }

  found(kind: FailureKind, message: string, error?: unknown): void {
    if (this.failure === undefined && this.kinds.has(kind))
      this.failure = { kind, message: withoutTimes(message), ...(error !== undefined && { error }) }
  }
}

/** The kind of failure that a record of the trace is by itself, and its message. */
const failureIn = (record: TraceRecord): { readonly kind: FailureKind; readonly message: string } | undefined => {
  if (record.type === 'message') {
    const { text } = record as MessageRecord
    const kind = luaFailure(text)
    return kind && { kind, message: text }
  }
  if (record.type !== 'log') return undefined
  const { level, message } = record as LogRecord
  return level === 'emerg' || level === 'alert' || level === 'crit' ? { kind: 'alert', message } : undefined
}

/** What a message about a script says that went wrong. */
const luaFailure = (text: string): FailureKind | undefined => {
  if (!/^Lua\b/.test(text)) return undefined
  if (/pausing the subscription/.test(text)) return 'paused'
  return /timeout|not enough memory|too many|yield/.test(text) ? 'limit' : 'lua'
}

const withoutTimes = (text: string): string => text.replace(/-?\d+(?:\.\d+)? ?(?:ms|s)\b/g, '…')
