/** runtime: the runtime API (`stats socket`). */
import type { HaproxyProcess } from '../process.js'
import type { Level } from './session.js'

export { RuntimeApi } from './api.js'
export { Registry, type Call, type Command } from './registry.js'
export { LEVELS, type Level, type Session } from './session.js'

/** Carries out one command line and returns all that a `stats socket` would answer. */
export const execute = (process: HaproxyProcess, commandLine: string, level?: Level): string =>
  process.runtime.execute(commandLine, level)
