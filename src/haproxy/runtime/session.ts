/** The state of a CLI session: of a client of a `stats socket`, or of one call. */
import { Variables, VariableStore, type ProcessVariables } from '../samples/variables.js'
import type { Micros } from '../../engine/clock.js'

/** Values of `level` on `stats socket`; each includes the permissions of those before it. */
export const LEVELS = ['user', 'operator', 'admin'] as const
export type Level = (typeof LEVELS)[number]

/** How many lines a session has: `single` ends after one line, `interactive` after any number, `prompt` also shows a prompt. */
export type Mode = 'single' | 'interactive' | 'prompt'

/** Modes that some commands need (`expert-mode on`, `experimental-mode on`). */
export type RestrictedMode = 'expert' | 'experimental'

export interface CliSession {
  /** the level of its socket; `operator` and `user` lower the session's own */
  readonly socketLevel: Level
  level: Level
  mode: Mode
  /** the prompt shows the uptime */
  timed: boolean
  readonly restricted: Record<RestrictedMode, boolean>
  /** the variables of its session and its stream */
  readonly variables: Variables
  /** the idle timeout; undefined: `stats timeout` */
  timeout: Micros | undefined
  /** set by `quit`: what follows is not executed */
  closed: boolean
}

export const newCliSession = (level: Level, process: ProcessVariables): CliSession => ({
  socketLevel: level,
  level,
  mode: 'single',
  timed: false,
  restricted: { expert: false, experimental: false },
  // commands run while the stream responds
  variables: new Variables(process, {
    sess: new VariableStore('sess'),
    txn: new VariableStore('txn'),
    reqres: new VariableStore('res'),
  }),
  timeout: undefined,
  closed: false,
})

/** Whether the session has the permissions of `level`. */
export const hasLevel = (session: CliSession, level: Level): boolean =>
  LEVELS.indexOf(session.level) >= LEVELS.indexOf(level)
