/** The state of a client of the runtime API: of a connection to a `stats socket`, or of a test. */
import type { Micros } from '../../engine/clock.js'

/** Values of `level` on `stats socket`; each may do what those before it may. */
export const LEVELS = ['user', 'operator', 'admin'] as const
export type Level = (typeof LEVELS)[number]

/**
 * How a conversation goes on: `single` ends after one line, `interactive` takes one line after the other, `prompt` also
 * shows that it waits for the next.
 */
export type Mode = 'single' | 'interactive' | 'prompt'

/** What an administrator must switch on before some commands (`expert-mode on`, `experimental-mode on`). */
export type RestrictedMode = 'expert' | 'experimental'

export interface Session {
  /** what its socket allows, whatever the session has given up since */
  readonly socketLevel: Level
  level: Level
  mode: Mode
  /** the prompt tells how long the process has been up */
  timed: boolean
  readonly restricted: Record<RestrictedMode, boolean>
  /** after how long without a word the conversation ends; undefined: as the configuration says */
  timeout: Micros | undefined
  /** set by `quit`: nothing after it is carried out */
  closed: boolean
}

export const newSession = (level: Level): Session => ({
  socketLevel: level,
  level,
  mode: 'single',
  timed: false,
  restricted: { expert: false, experimental: false },
  timeout: undefined,
  closed: false,
})

/** Whether the session may do what `level` may. */
export const hasLevel = (session: Session, level: Level): boolean =>
  LEVELS.indexOf(session.level) >= LEVELS.indexOf(level)
