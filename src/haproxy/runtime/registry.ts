/**
 * The commands of the runtime API. A process has one registry, to which extensions add commands, as `core.register_cli` does
 * (`cli_register_kw` in src/cli.c).
 */
import type { RuntimeContext } from './context.js'
import type { Answer } from './job.js'
import type { Level, RestrictedMode, CliSession } from './session.js'

/** What a command is called with. */
export interface CommandCall {
  readonly process: RuntimeContext
  readonly registry: Registry
  readonly session: CliSession
  /** the keywords of the command and its arguments */
  readonly words: readonly string[]
  /** the arguments after the keywords */
  readonly args: readonly string[]
  /** the payload after `<<`, if any */
  readonly payload: string | undefined
}

export interface Command {
  /** as in `show info` */
  readonly words: readonly string[]
  /** its line in `help`; undefined for one that `help` does not show */
  readonly usage: string | undefined
  /** the level that it requires, if any; `run` checks where that depends on the arguments */
  readonly level?: Level | undefined
  /** the mode that it requires; without it, it is refused and not listed */
  readonly mode?: RestrictedMode | undefined
  /** the index of an argument that suppresses the empty line after the response when it is `-` */
  readonly dashAt?: number
  /** Returns the response; a line feed is added if it lacks one. */
  readonly run: (call: CommandCall) => Answer
}

/** The commands of one file. Usage, level and mode come from the list of HAProxy's commands. */
export type Family = readonly Omit<Command, 'usage'>[]

export class Registry {
  readonly #commands = new Map<string, Entry>()

  /** Adds commands; one with the keywords of an existing command replaces it. */
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

  /** The command whose keywords these words begin with; if there are several, the one added first. */
  find(words: readonly string[]): Command | undefined {
    let first: Entry | undefined
    let key = ''
    for (let length = 1; length <= Math.min(words.length, MAX_CLI_ARGS); length++) {
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

/** The maximum number of keywords of a command (`CLI_PREFIX_KW_NB`). */
export const MAX_CLI_ARGS = 5
