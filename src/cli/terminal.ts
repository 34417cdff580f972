/** The output and exit code of a command. Tests provide their own. */

export interface Terminal {
  /** Writes text and a line feed to stdout. */
  write(text: string): void
  /** Writes an error or a warning and a line feed to stderr. */
  writeError(text: string): void
  /** Clears the screen. */
  clear?(): void
  /** whether output is coloured */
  readonly colours: boolean
  /** the width in columns; undefined: lines are not wrapped */
  readonly columns?: number | undefined
  /** the host's monotonic clock, in milliseconds */
  readonly clock: () => number
  /** 0: success, 1: what was run failed, 2: usage error */
  exitCode: number
  /** write errors are ignored: a server process continues without a reader */
  ignoresWriteErrors?: boolean
}

/** The command line is invalid; the message says why. */
export class UsageError extends Error {}
