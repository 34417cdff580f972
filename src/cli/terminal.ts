/** Where a command writes to, and how it ends. Tests bring one of their own. */

export interface Terminal {
  /** Writes a line, or several; the last line feed is added. */
  write(text: string): void
  /** Writes a line about a wrong call or a fault of our own. */
  complain(text: string): void
  /** Empties the screen. */
  clear?(): void
  /** whether who looks at it sees colours */
  readonly colours: boolean
  /** how wide it is; undefined where lines are not to be broken */
  readonly columns?: number | undefined
  /** the host's clock, in milliseconds */
  readonly clock: () => number
  /** 0 is well, 1 a failure of what was run, 2 a wrong call */
  exitCode: number
  /** a process serves, which goes on where nobody reads what is written */
  serves?: boolean
}

/** The command was called in a way that makes no sense; the message says how to call it. */
export class WrongCall extends Error {}
