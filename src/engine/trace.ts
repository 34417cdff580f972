/**
 * The trace: what happened in a run, in order, and its running hash. Every part writes to it. Two runs with one hash
 * went the same way; the first record in which two traces differ is where they parted.
 */
import type { Clock, Micros } from './clock.js'
import { RunningHash } from './hash.js'

export type TraceValue =
  | string
  | number
  | boolean
  | undefined
  | null
  | Uint8Array
  | readonly TraceValue[]
  | { readonly [key: string]: TraceValue }

/** One occurrence. Each part declares its own kinds and exports their types; `type` tells them apart. */
export interface TraceRecord {
  readonly type: string
  /** when, in microseconds since the run began */
  readonly at: Micros
}

/** What the engine ticks of ({@link Trace.tick}); numbers from 16 on are other rooms'. */
export const TICK_STEP = 1
export const TICK_DUE = 2
export const TICK_STALL = 3
export const TICK_SPAWN = 4

export type TraceListener = (record: TraceRecord) => void

const addValue = (hash: RunningHash, value: TraceValue): void => {
  if (typeof value === 'string') hash.string(value)
  else if (typeof value === 'number') hash.number(value)
  else if (typeof value === 'boolean') hash.word(value ? 5 : 6)
  else if (value === undefined || value === null) hash.word(7)
  else if (value instanceof Uint8Array) hash.bytes(value)
  else if (Array.isArray(value)) {
    hash.word(8).word(value.length)
    for (const item of value) addValue(hash, item as TraceValue)
  } else {
    hash.word(9)
    for (const [key, item] of Object.entries(value)) addValue(hash.string(key), item)
    hash.word(10)
  }
}

export class Trace {
  readonly #hash = new RunningHash()
  readonly #listeners = new Set<TraceListener>()
  #count = 0

  constructor(readonly clock: Clock) {}

  /** How many records and steps were written. */
  get count(): number {
    return this.#count
  }

  /** The hash of all that was written so far: 16 hexadecimal digits. */
  get hash(): string {
    return this.#hash.hex
  }

  /** Calls `listener` for every record from now on; returns how to stop that. Steps are hashed but not announced. */
  listen(listener: TraceListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Writes an occurrence of now. `fields` belong to the trace from here on and must not change any more. */
  write(type: string, fields: { readonly [key: string]: TraceValue }): void {
    const at = this.clock.now
    this.#count++
    addValue(this.#hash.string(type).number(at), fields)
    if (this.#listeners.size === 0) return
    const record = { type, at, ...fields }
    for (const listener of this.#listeners) listener(record)
  }

  /** Writes that something came into being under a name, in the hash alone. */
  mark(kind: number, name: string): void {
    this.#count++
    this.#hash.word(kind).string(name)
  }

  /** Writes a step or a delivery: the hot path, numbers only, kept in the hash alone. */
  tick(kind: number, subject: number): void {
    this.#count++
    this.#hash.word(kind).word(subject).number(this.clock.now)
  }
}
