/**
 * Messages between the thread of the simulation and the worker thread, which communicates with the editor. While the simulation is paused, its
 * thread blocks on a word of shared memory (`Atomics.wait`), and the worker wakes it.
 */
import type { DebugProtocol } from '@vscode/debugprotocol'

/** The data of the worker thread. */
export interface WorkerData {
  readonly listen: Listen
  /** one word: not 0 if there are commands for the simulation */
  readonly signal: SharedArrayBuffer
  readonly port: import('node:worker_threads').MessagePort
}

/** How the editor connects: to a local TCP port, 0 for any, or by the standard input and output. */
export type Listen = { readonly port: number } | 'stdio'

/** A breakpoint of a file. */
export interface Breakpoint {
  readonly line: number
  readonly condition?: string | undefined
  readonly hitCondition?: string | undefined
  readonly logMessage?: string | undefined
}

/** From the worker to the simulation; a command with an `id` is answered. */
export type DebuggerCommand =
  | { readonly command: 'breakpoints'; readonly path: string; readonly breakpoints: readonly Breakpoint[] }
  | { readonly command: 'exceptions'; readonly filters: readonly string[] }
  | { readonly command: 'start'; readonly stopOnEntry: boolean }
  | { readonly command: 'continue' | 'next' | 'stepIn' | 'stepOut' | 'pause' | 'detach' | 'terminate' }
  | { readonly command: 'listening'; readonly where: string }
  | { readonly command: 'failed'; readonly message: string }
  | Query

/** A query about a paused run. */
export type Query = { readonly id: number } & (
  | { readonly command: 'threads' }
  | { readonly command: 'stackTrace'; readonly threadId: number }
  | { readonly command: 'scopes'; readonly frameId: number }
  | { readonly command: 'variables'; readonly reference: number; readonly start?: number; readonly count?: number }
  | { readonly command: 'setVariable'; readonly reference: number; readonly name: string; readonly value: string }
  | { readonly command: 'evaluate'; readonly frameId: number | undefined; readonly expression: string }
  | { readonly command: 'source'; readonly reference: number }
)

/** From the simulation to the worker: the answer to a query, or an event. */
export type DebuggerReport =
  | { readonly id: number; readonly body: object }
  | { readonly id: number; readonly error: string }
  | { readonly event: 'stopped'; readonly body: DebugProtocol.StoppedEvent['body'] }
  | { readonly event: 'output'; readonly text: string; readonly category: 'console' | 'stdout' | 'stderr' }
  | { readonly event: 'end'; readonly exitCode: number }
