/** What stands between the compiler and coverage. */
import type { Proto } from '../proto.js'
import type { FengariProto } from '../fengari-proto.js'
import type { Span } from './record.js'

/** A text as it was compiled. */
export interface Compiled {
  /** bytes, as a JavaScript string */
  readonly text: string
  readonly chunkname: string
  readonly proto: Proto
  readonly parsed: FengariProto
  readonly spans: ReadonlyMap<number, Span>
}

export interface Instrument {
  /** whether a chunk of that name is to be counted */
  wants(chunkname: string): boolean
  /** makes the prototypes count */
  install(compiled: Compiled): void
}
