/**
 * The commands of the runtime API: a process has one registry, to which whoever extends the process may add, as
 * `core.register_cli` does (`cli_register_kw` in src/cli.c).
 */
import type { HaproxyProcess } from '../process.js'
import type { Answer } from './job.js'
import type { Level, Session } from './session.js'

/** What a command is called with. */
export interface Call {
  readonly process: HaproxyProcess
  readonly registry: Registry
  readonly session: Session
  /** all words of the command, its own and its arguments */
  readonly words: readonly string[]
  /** the words after the command's own */
  readonly args: readonly string[]
  /** what came behind `<<`; undefined when there was none */
  readonly payload: string | undefined
}

export interface Command {
  /** as in `show info` */
  readonly words: readonly string[]
  /** its line in `help`; undefined for one that `help` does not show */
  readonly usage: string | undefined
  /** who may call it; anybody when left out. What a command may do beyond that it asks itself. */
  readonly level?: Level
  /** Returns the answer; HAProxy ends every one with a line feed, so one is added where it lacks. */
  readonly run: (call: Call) => Answer
}

/** A family of commands, in a file of its own. `usage` comes from the list of those that HAProxy knows. */
export type Family = readonly Omit<Command, 'usage'>[]

export class Registry {
  readonly #commands = new Map<string, Command>()

  /** Adds commands; one with the words of an existing command takes its place. */
  add(...commands: readonly Command[]): void {
    for (const command of commands) this.#commands.set(command.words.join(' '), command)
  }

  get(words: readonly string[]): Command | undefined {
    return this.#commands.get(words.join(' '))
  }

  /** All commands, ordered as `help` shows them. */
  get all(): readonly Command[] {
    return [...this.#commands.values()]
  }

  /** The command that these words begin with; the one with the most words where several do. */
  find(words: readonly string[]): Command | undefined {
    for (let length = Math.min(words.length, MAX_WORDS); length > 0; length--) {
      const command = this.#commands.get(words.slice(0, length).join(' '))
      if (command) return command
    }
    return undefined
  }
}

/** The most words that a command may have (`CLI_PREFIX_KW_NB`). */
export const MAX_WORDS = 5
