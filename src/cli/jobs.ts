/**
 * Work in child processes. Each has its own heap and helper threads, so that jobs do not contend for them as threads of one process would.
 */
import { fork, type ChildProcess } from 'node:child_process'

/** A task sent to a job. It must be cloneable. */
export interface TaskMessage<Task> {
  readonly task: Task
}

/** A message from a job: progress, the result, or an error. */
export type JobMessage<Note, Result> =
  { readonly note: Note } | { readonly result: Result } | { readonly error: { readonly message: string } }

/** The child process ended while it had a task; the message says how. */
export class JobDied extends Error {}

/** Thrown to stop all jobs when the remaining work is not needed. */
export class JobCancelled extends Error {}

/**
 * Large enough for the worlds of some hundred schedules, most of which are dead at the next scavenge. Doubling it gains little; halving it
 * costs a quarter of the speed.
 */
const SEMI_SPACE_MB = 128

/**
 * A single job may use V8's helper threads. With several jobs, helper threads would compete for the processors, so compiler and garbage
 * collector run on the main thread, with less inlining because compilation then blocks.
 */
const nodeFlags = (count: number): string[] => [
  `--max-semi-space-size=${SEMI_SPACE_MB}`,
  ...(count > 1 ? ['--single-threaded', '--max-inlined-bytecode-size-cumulative=460'] : []),
]

export class JobProcess<Task, Note, Result> {
  readonly #child: ChildProcess
  readonly #kill = (): void => void this.#child.kill()
  #ended: JobDied | undefined
  #settle: { readonly note: (note: Note) => void; readonly end: (outcome: Result | Error) => void } | undefined

  /** @param module a module of src/cli without extension, which calls `serveTasks` */
  constructor(module: string, count: number) {
    // valid from src/cli and from dist/chunks
    this.#child = fork(new URL(`../cli/${module}.js`, import.meta.url), {
      execArgv: nodeFlags(count),
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    this.#child.on('message', (answer: JobMessage<Note, Result>) => {
      if ('note' in answer) this.#settle?.note(answer.note)
      else this.#end('result' in answer ? answer.result : new Error(answer.error.message))
    })
    this.#child.on('error', (error) => this.#died(`could not be started: ${error.message}`))
    this.#child.on('exit', (code, signal) =>
      this.#died(signal === null ? `ended with exit code ${code}` : `was killed by ${signal}`),
    )
    process.once('exit', this.#kill)
  }

  /** Runs one task; only one at a time. Rejects with a {@link JobDied} if the process ends first. */
  run(task: Task, onNote: (note: Note) => void = () => {}): Promise<Result> {
    return new Promise((resolve, reject) => {
      const end = (outcome: Result | Error) => (outcome instanceof Error ? reject(outcome) : resolve(outcome))
      this.#settle = { note: onNote, end }
      if (this.#ended) this.#end(this.#ended)
      else
        this.#child.send({ task } satisfies TaskMessage<Task>, (error) => {
          // the exit event reports the reason
          if (error && this.#child.exitCode === null && this.#child.signalCode === null) this.#kill()
        })
    })
  }

  /** Kills the process. The promise of a task in progress is never settled. */
  stop(): void {
    this.#settle = undefined
    process.off('exit', this.#kill)
    this.#kill()
  }

  #died(how: string): void {
    this.#ended = new JobDied(`a job (process ${this.#child.pid ?? 'not started'}) ${how} before its task was done`)
    this.#end(this.#ended)
  }

  #end(outcome: Result | Error): void {
    const settle = this.#settle
    this.#settle = undefined
    settle?.end(outcome)
  }
}
