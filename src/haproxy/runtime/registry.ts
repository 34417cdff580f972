/**
 * The commands of the runtime API: a process has one registry, to which whoever extends the process may add, as
 * `core.register_cli` does (`cli_register_kw` in src/cli.c).
 */
import type { RuntimeContext } from './context.js'
import type { Answer } from './job.js'
import type { Level, RestrictedMode, Session } from './session.js'

/** What a command is called with. */
export interface Call {
  readonly process: RuntimeContext
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
  /** who may call it; anybody when left out. Where that depends on the arguments, `run` checks it. */
  readonly level?: Level | undefined
  /** the mode without which it is refused and not listed */
  readonly mode?: RestrictedMode | undefined
  /** the argument that leaves out the empty line behind the answer when it is `-` */
  readonly dashAt?: number
  /** Returns the answer; HAProxy ends every one with a line feed, so one is added where it lacks. */
  readonly run: (call: Call) => Answer
}

/** A family of commands, in a file of its own. Usage, level and mode come from the list of those that HAProxy knows. */
export type Family = readonly Omit<Command, 'usage'>[]

export class Registry {
  readonly #commands = new Map<string, Entry>()

  /** Adds commands; one with the words of an existing command takes its place. */
  add(...commands: readonly Command[]): void {
    for (const command of commands) {
      const key = command.words.join(' ')
      this.#commands.set(key, { command, order: this.#commands.get(key)?.order ?? this.#commands.size })
    }
  }

  get(words: readonly string[]): Command | undefined {
    return this.#commands.get(words.join(' '))?.command
  }

  /** All commands, ordered as `help` shows them. */
  get all(): readonly Command[] {
    return Array.from(this.#commands.values(), ({ command }) => command)
  }

  /** The command that these words begin with; the one that was added first where several do. */
  find(words: readonly string[]): Command | undefined {
    let first: Entry | undefined
    let key = ''
    for (let length = 1; length <= Math.min(words.length, MAX_WORDS); length++) {
      key += length === 1 ? words[0]! : ` ${words[length - 1]!}`
      const entry = this.#commands.get(key)
      if (entry && (first === undefined || entry.order < first.order)) first = entry
    }
    return first?.command
  }
}

interface Entry {
  readonly command: Command
  readonly order: number
}

/** The most words that a command may have (`CLI_PREFIX_KW_NB`). */
export const MAX_WORDS = 5
