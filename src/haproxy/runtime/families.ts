/** The registry of all of HAProxy's commands; those that hapsim does not emulate respond so. */
import { basicFamily } from './basics.js'
import { debugFamily } from './debug.js'
import { dynamicFamily } from './dynamic.js'
import { frontendFamily } from './frontend.js'
import { httpClientFamily } from './http-client.js'
import { KNOWN_COMMANDS } from './known.js'
import { limitFamily } from './limits.js'
import { notEmulated } from './not-emulated.js'
import { patternFamily } from './patterns.js'
import { Registry, type Command } from './registry.js'
import { serverFamily } from './server.js'
import { sessionFamily } from './sessions.js'
import { processFamily } from './show-process.js'
import { showFamily } from './show.js'
import { variableFamily } from './variables.js'
import { waitFamily } from './wait.js'

const FAMILIES = [
  ...[basicFamily, showFamily, processFamily, serverFamily, frontendFamily, patternFamily, dynamicFamily],
  ...[limitFamily, sessionFamily, waitFamily, debugFamily, variableFamily, httpClientFamily],
]

export const newRegistry = (): Registry => {
  const registry = new Registry()
  for (const known of KNOWN_COMMANDS) {
    const words = commandWords(known.usage)
    registry.add({ ...known, words, run: () => notEmulated(words.join(' ')) })
  }
  for (const family of FAMILIES) for (const command of family) registry.add(asKnown(registry, command))
  return registry
}

const asKnown = (registry: Registry, command: Omit<Command, 'usage'>): Command => {
  const { usage, level, mode } = registry.get(command.words) ?? {}
  return { level, mode, ...command, usage }
}

/** The keywords at the beginning of a usage line, before its arguments. */
const commandWords = (usage: string): readonly string[] => {
  const words = usage.slice(0, usage.indexOf(':')).trim().split(/\s+/)
  const end = words.findIndex((word) => /^[^a-z]/.test(word))
  return end < 0 ? words : words.slice(0, end)
}
