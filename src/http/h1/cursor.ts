/** The position in the bytes of a message head, shared by the scanners of the start line and of the field lines. */
import type { State } from './states.js'

/** The result of a scanner: it needs more bytes, has completed its part, or found an invalid byte at the cursor. */
export type Scanned = 'more' | 'done' | 'invalid'

export class Cursor {
  /** the bytes received so far, as a byte string */
  text = ''
  /** the next byte to scan, or the invalid one */
  at = 0
  /** position of the first tolerated violation; -1 if there was none */
  violation = -1

  constructor(
    public state: State,
    /** tolerates what `option accept-unsafe-violations-in-http-request` (or `-response`) tolerates */
    public relaxed: boolean,
  ) {}

  /** Whether a violation at the cursor is tolerated; records the first one. */
  tolerates(at = this.at): boolean {
    if (this.relaxed && this.violation < 0) this.violation = at
    return this.relaxed
  }
}
