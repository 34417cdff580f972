/** What the runtime API knows of whoever sends commands: a connection to a `stats socket`, or the test itself. */

/** Values of `level` on `stats socket`; each may do what those before it may. */
export const LEVELS = ['user', 'operator', 'admin'] as const
export type Level = (typeof LEVELS)[number]

export interface Session {
  level: Level
  expert: boolean
  experimental: boolean
  /** set by `quit`: nothing after it is carried out */
  closed: boolean
}

export const newSession = (level: Level): Session => ({ level, expert: false, experimental: false, closed: false })

/** Whether the session may do what `level` may. */
export const hasLevel = (session: Session, level: Level): boolean =>
  LEVELS.indexOf(session.level) >= LEVELS.indexOf(level)
