/** The interface between the compiler and coverage. */
import type { Proto } from '../proto.js'
import type { FengariProto } from '../fengari-proto.js'
import type { Span } from './record.js'

/** A source text as it was compiled. */
export interface Compiled {
  /** bytes, as a JavaScript string */
  readonly text: string
  readonly chunkname: string
  readonly proto: Proto
  readonly parsed: FengariProto
  readonly spans: ReadonlyMap<number, Span>
}

export interface Instrument {
  /** whether coverage is measured for a chunk of that name */
  wants(chunkname: string): boolean
  /** adds counters to the prototypes */
  install(compiled: Compiled): void
}
