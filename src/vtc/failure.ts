/** How a test ends before its last command. */

/** Where a command is. */
export interface Place {
  readonly file: string
  readonly line: number
}

/** The test has failed. */
export class Failure extends Error {
  /** the command that has failed; set by the interpreter */
  place: Place | undefined
  /** who has executed it: `c1` */
  actor: string | undefined
}

/** The test cannot be run here. */
export class Skip extends Error {
  place: Place | undefined
  /** @param feature what is missing */
  constructor(
    message: string,
    readonly feature: string,
  ) {
    super(message)
  }
}

/** The test is over, so that what remains of a script is not executed. */
export class Aborted extends Error {}
