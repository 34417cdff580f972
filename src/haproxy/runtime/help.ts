/**
 * `help`, and the response to an unknown command: all commands that begin with the keywords that match, or the few that are most
 * similar to the input (`cli_gen_usage_msg` in src/cli.c).
 */
import { distance, wordFingerprint } from '../../config/syntax/best-match.js'
import { MAX_CLI_ARGS, type Command, type Registry } from './registry.js'
import type { CliSession } from './session.js'

const MATCHES = 5

const HELP = 'The following commands are valid at this level:\n'

const ALWAYS =
  '  help [<command>]                        : list matching or all commands\n' +
  '  prompt [help | n | i | p | timed ]*     : toggle interactive mode with prompt\n' +
  '  quit                                    : disconnect\n'

export const helpText = (registry: Registry, session: CliSession, words: readonly string[]): string =>
  HELP + listing(registry, session, words) + ALWAYS

export const unknownCommandText = (registry: Registry, session: CliSession, words: readonly string[]): string =>
  `Unknown command: '${words[0] ?? ''}', but maybe one of the following ones is a better match:\n` +
  listing(registry, session, words) +
  ALWAYS

const listing = (registry: Registry, { restricted }: CliSession, words: readonly string[]): string => {
  const all = registry.all.filter(({ mode }) => mode === undefined || restricted[mode])
  const length = Math.max(0, ...all.map((command) => commonLength(command, words)))
  const candidates = all.filter(
    (command) => command.usage !== undefined && commonLength(command, words) >= Math.min(length, command.words.length),
  )
  const similar = words.length > length ? mostSimilar(candidates, words, length) : []
  const shown = similar.length > 0 ? similar : candidates
  const lines = shown.map((command) => command.usage!)
  return lines
    .sort(compareBytes)
    .map((usage) => `  ${usage}\n`)
    .join('')
}

const compareBytes = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** The number of leading words that are keywords of the command. */
const commonLength = (command: Command, words: readonly string[]): number => {
  let length = 0
  while (length < command.words.length && command.words[length] === words[length]) length++
  return length
}

/** The commands whose keywords from `length` on are most similar to the input, best first, then in the order of the list. */
const mostSimilar = (candidates: readonly Command[], words: readonly string[], length: number): readonly Command[] => {
  const typed = words.slice(length, MAX_CLI_ARGS)
  const print = wordFingerprint(...typed)
  const ranked: { command: Command; difference: number }[] = []
  for (const command of candidates) {
    const rest = command.words.slice(length)
    if (commonLength(command, words) < length) continue
    const difference = distance(print, wordFingerprint(...rest))
    const total = [...typed, ...rest].reduce((sum, word) => sum + word.length, 0)
    if (difference < Math.floor((5 * total) / 2)) ranked.push({ command, difference })
  }
  ranked.sort((a, b) => a.difference - b.difference)
  const limit = Math.floor((5 * (ranked[0]?.difference ?? 0)) / 2)
  return ranked
    .slice(0, MATCHES)
    .filter(({ difference }) => difference <= limit)
    .map(({ command }) => command)
}
