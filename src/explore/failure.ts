/** Detects failures of a run. */
import type { TraceRecord } from '../engine/index.js'
import type { LogRecord, MessageRecord } from '../haproxy/index.js'

/**
 * - `assertion`: the scenario threw an exception
 * - `lua`: an error in a script
 * - `alert`: a log message of level alert or higher
 * - `deadlock`: tasks of scripts wait, but nothing can wake them
 * - `paused`: a subscription was paused because its handler was too slow
 * - `limit`: a limit of HAProxy was exceeded (execution timeout, memory)
 */
export const FAILURE_KINDS = ['assertion', 'lua', 'alert', 'deadlock', 'paused', 'limit'] as const
/** One of {@link FAILURE_KINDS}. */
export type FailureKind = (typeof FAILURE_KINDS)[number]

/** The default failure kinds. */
export const DEFAULT_FAILURE_KINDS: readonly FailureKind[] = FAILURE_KINDS.filter((kind) => kind !== 'alert')

export interface Failure {
  readonly kind: FailureKind
  /** without times and durations, so that equal failures compare equal */
  readonly message: string
  /** the exception thrown by the scenario */
  readonly error?: unknown
}

/** Detects the first failure in the trace of a run. */
export class FailureDetector {
  failure: Failure | undefined

  constructor(readonly kinds: ReadonlySet<FailureKind>) {}

  observe(record: TraceRecord): void {
    if (this.failure !== undefined) return
    const found = failureIn(record)
    if (found) this.report(found.kind, found.message)
  }

  report(kind: FailureKind, message: string, error?: unknown): void {
    if (this.failure === undefined && this.kinds.has(kind))
      this.failure = { kind, message: withoutTimes(message), ...(error !== undefined && { error }) }
  }
}

/** Classifies a trace record, if it is a failure. */
const failureIn = (record: TraceRecord): { readonly kind: FailureKind; readonly message: string } | undefined => {
  if (record.type === 'message') {
    const { text } = record as MessageRecord
    const kind = luaFailureKind(text)
    return kind && { kind, message: text }
  }
  if (record.type !== 'log') return undefined
  const { level, message } = record as LogRecord
  return level === 'emerg' || level === 'alert' || level === 'crit' ? { kind: 'alert', message } : undefined
}

/** Classifies a message about a script. */
const luaFailureKind = (text: string): FailureKind | undefined => {
  if (!/^Lua\b/.test(text)) return undefined
  if (/pausing the subscription/.test(text)) return 'paused'
  return /timeout|not enough memory|too many|yield/.test(text) ? 'limit' : 'lua'
}

const withoutTimes = (text: string): string => text.replace(/-?\d+(?:\.\d+)? ?(?:ms|s)\b/g, '…')
