/**
 * The runtime API of a process: takes command lines and answers them, as a `stats socket` does for a client that sends one
 * line and reads until the end (src/cli.c, section 9.3 of the management guide). Whoever extends the process adds commands
 * to {@link RuntimeApi.registry}.
 */
import type { HaproxyProcess } from '../process.js'
import { basicFamily } from './basics.js'
import { dynamicFamily } from './dynamic.js'
import { frontendFamily } from './frontend.js'
import { unknownCommandText } from './help.js'
import { KNOWN_COMMANDS } from './known.js'
import { notEmulated } from './not-emulated.js'
import { MAX_ARGUMENTS, parseCommands, type ParsedCommand } from './parse.js'
import { patternFamily } from './patterns.js'
import { Registry, type Command } from './registry.js'
import { serverFamily } from './server.js'
import { hasLevel, newSession, type Level, type Session } from './session.js'
import { showFamily } from './show.js'

export class RuntimeApi {
  /** how many connections came, how many of them are there now, and how many commands they sent */
  connections = 0
  current = 0
  requests = 0
  /** bytes of all answers */
  bytesOut = 0
  #registry: Registry | undefined

  constructor(readonly process: HaproxyProcess) {}

  /** Made when first asked for. */
  get registry(): Registry {
    return (this.#registry ??= newRegistry())
  }

  /**
   * Carries out one line, which may hold several commands between `;`, and returns all that the socket would send: each
   * answer with the empty line that ends it.
   * @param level what the socket allows
   */
  execute(line: string, level: Level = 'admin'): string {
    const session = newSession(level)
    this.connections++
    this.current++
    let answer = ''
    for (const command of parseCommands(line)) {
      if (command.words.length > 0) this.requests++
      answer += this.#answer(command, session)
      if (session.closed) break
      answer += '\n'
    }
    this.current--
    this.bytesOut += answer.length
    return answer
  }

  #answer({ words, payload }: ParsedCommand, session: Session): string {
    if (words.length === 0) return ''
    if (words.length > MAX_ARGUMENTS)
      return `Too many arguments. Commands must have at most ${MAX_ARGUMENTS} arguments.\n`
    const { registry, process } = this
    const command = registry.find(words)
    if (command === undefined) return unknownCommandText(registry, words)
    if (command.level !== undefined && !hasLevel(session, command.level)) return 'Permission denied\n'
    const args = words.slice(command.words.length)
    return endLine(command.run({ process, registry, session, words, args, payload }))
  }
}

/** Answers that say something end with a line feed (`cli_output_msg`). */
const endLine = (text: string): string => (text === '' || text.endsWith('\n') ? text : `${text}\n`)

/** Every command that HAProxy knows; those that hapsim does not emulate answer so. */
const newRegistry = (): Registry => {
  const registry = new Registry()
  for (const usage of KNOWN_COMMANDS) {
    const words = commandWords(usage)
    registry.add({ words, usage, run: () => notEmulated(words.join(' ')) })
  }
  for (const family of [basicFamily, showFamily, serverFamily, frontendFamily, patternFamily, dynamicFamily])
    for (const command of family) registry.add(withUsage(registry, command))
  return registry
}

const withUsage = (registry: Registry, command: Omit<Command, 'usage'>): Command => ({
  ...command,
  usage: registry.get(command.words)?.usage,
})

/** The words at the beginning of a usage, before its arguments. */
const commandWords = (usage: string): readonly string[] => {
  const words = usage.slice(0, usage.indexOf(':')).trim().split(/\s+/)
  const end = words.findIndex((word) => /^[^a-z]/.test(word))
  return end < 0 ? words : words.slice(0, end)
}
