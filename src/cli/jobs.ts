/**
 * Work in child processes: a job is one of them, which is given tasks one after the other. A process has a heap and
 * helper threads of its own, so that jobs do not wait for each other, as threads of one process do.
 */
import { fork, type ChildProcess } from 'node:child_process'

/** What a job is sent: a task. All of it must be cloneable. */
export interface Assignment<Task> {
  readonly task: Task
}

/** What a job sends: how far it is, what came of its task, or why nothing did. */
export type Answer<Note, Result> =
  { readonly note: Note } | { readonly result: Result } | { readonly error: { readonly message: string } }

/** A job's process ended although it had work; the message says how. */
export class JobDied extends Error {}

/** What a job found makes the work of the others needless. */
export class Enough extends Error {}

/**
 * Enough for the worlds of some hundred schedules: what is dead by then costs nothing to clear away. Twice as much gains
 * little; half as much costs a quarter of the speed.
 */
const SEMI_SPACE_MB = 128

/**
 * A single job may use V8's helper threads. Where there are several, these would take the processors from other jobs: what
 * compiles and clears up is the job itself, and it inlines half of what it usually would, as it waits for its compiler.
 */
const flagsFor = (count: number): string[] => [
  `--max-semi-space-size=${SEMI_SPACE_MB}`,
  ...(count > 1 ? ['--single-threaded', '--max-inlined-bytecode-size-cumulative=460'] : []),
]

export class Job<Task, Note, Result> {
  readonly #child: ChildProcess
  readonly #kill = (): void => void this.#child.kill()
  #ended: JobDied | undefined
  #settle: { readonly note: (note: Note) => void; readonly end: (outcome: Result | Error) => void } | undefined

  /** @param module a module of src/cli, without its ending, which calls `work` */
  constructor(module: string, count: number) {
    // from src/cli as from dist/chunks
    this.#child = fork(new URL(`../cli/${module}.js`, import.meta.url), {
      execArgv: flagsFor(count),
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    this.#child.on('message', (answer: Answer<Note, Result>) => {
      if ('note' in answer) this.#settle?.note(answer.note)
      else this.#end('result' in answer ? answer.result : new Error(answer.error.message))
    })
    this.#child.on('error', (error) => this.#died(`could not be started: ${error.message}`))
    this.#child.on('exit', (code, signal) =>
      this.#died(signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`),
    )
    process.once('exit', this.#kill)
  }

  /** Does a task; one at a time. Rejects with a {@link JobDied} when the process ends before it is done. */
  run(task: Task, onNote: (note: Note) => void = () => {}): Promise<Result> {
    return new Promise((resolve, reject) => {
      const end = (outcome: Result | Error) => (outcome instanceof Error ? reject(outcome) : resolve(outcome))
      this.#settle = { note: onNote, end }
      if (this.#ended) this.#end(this.#ended)
      else
        this.#child.send({ task } satisfies Assignment<Task>, (error) => {
          // the end of the process is told by its own event, with the reason
          if (error && this.#child.exitCode === null && this.#child.signalCode === null) this.#kill()
        })
    })
  }

  /** Ends the process, whatever it does. A task that it had is never settled. */
  stop(): void {
    this.#settle = undefined
    process.off('exit', this.#kill)
    this.#kill()
  }

  #died(how: string): void {
    this.#ended = new JobDied(`a job (process ${this.#child.pid ?? 'not started'}) ${how} before its work was done`)
    this.#end(this.#ended)
  }

  #end(outcome: Result | Error): void {
    const settle = this.#settle
    this.#settle = undefined
    settle?.end(outcome)
  }
}
