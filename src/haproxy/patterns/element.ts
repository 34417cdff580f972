/** An entry of a pattern reference (`struct pat_ref_elt` in include/haproxy/pattern-t.h). */
export interface Element {
  readonly id: number
  readonly key: string
  /** undefined unless the reference is a map */
  value: string | undefined
  readonly generation: number
  /** the line of the file, from 1; undefined if the entry was added at run time */
  readonly line: number | undefined
}
