/** A place in a configuration: a file, as it was named, and a line counted from 1. */
export interface Place {
  readonly file: string
  readonly line: number
}
