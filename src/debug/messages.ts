/**
 * What the thread of the simulation and the one that talks to the editor tell each other. Both may be waited for: the simulation sleeps on
 * a word of shared memory (`Atomics.wait`) while it is paused, and the other one wakes it.
 */
import type { DebugProtocol } from '@vscode/debugprotocol'

export interface WorkerData {
  readonly listen: Listen
  /** one word: not 0 when there are messages for the simulation */
  readonly signal: SharedArrayBuffer
  readonly port: import('node:worker_threads').MessagePort
}

/** A port of this machine, 0 for any; or the standard input and output. */
export type Listen = { readonly port: number } | 'stdio'

export interface Breakpoint {
  readonly line: number
  readonly condition?: string | undefined
  readonly hitCondition?: string | undefined
  readonly logMessage?: string | undefined
}

/** From the editor's side; those with an `id` want an {@link Answer}. */
export type Command =
  | { readonly command: 'breakpoints'; readonly path: string; readonly breakpoints: readonly Breakpoint[] }
  | { readonly command: 'exceptions'; readonly filters: readonly string[] }
  | { readonly command: 'start'; readonly stopOnEntry: boolean }
  | { readonly command: 'continue' | 'next' | 'stepIn' | 'stepOut' | 'pause' | 'gone' | 'terminate' }
  | { readonly command: 'listening'; readonly where: string }
  | { readonly command: 'failed'; readonly message: string }
  | Question

/** Asks about a run that is paused. */
export type Question = { readonly id: number } & (
  | { readonly command: 'threads' }
  | { readonly command: 'stackTrace'; readonly threadId: number }
  | { readonly command: 'scopes'; readonly frameId: number }
  | { readonly command: 'variables'; readonly reference: number; readonly start?: number; readonly count?: number }
  | { readonly command: 'setVariable'; readonly reference: number; readonly name: string; readonly value: string }
  | { readonly command: 'evaluate'; readonly frameId: number | undefined; readonly expression: string }
  | { readonly command: 'source'; readonly reference: number }
)

/** From the simulation. */
export type Report =
  | { readonly id: number; readonly body: object }
  | { readonly id: number; readonly error: string }
  | { readonly event: 'stopped'; readonly body: DebugProtocol.StoppedEvent['body'] }
  | { readonly event: 'output'; readonly text: string; readonly category: 'console' | 'stdout' | 'stderr' }
  | { readonly event: 'end'; readonly exitCode: number }
