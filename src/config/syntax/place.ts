/** A place in a configuration: file name and line, counted from 1. */
export interface Place {
  readonly file: string
  readonly line: number
}
