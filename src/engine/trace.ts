/**
 * The trace: an ordered log of everything that happens in a run, and its running hash. Equal hashes mean identical runs;
 * the first differing record is where two runs diverged.
 */
import type { Clock, Micros } from './clock.js'
import { RunningHash } from './hash.js'

/** A value in a trace record. */
export type TraceValue =
  | string
  | number
  | boolean
  | undefined
  | null
  | Uint8Array
  | readonly TraceValue[]
  | { readonly [key: string]: TraceValue }

/** One record. Each component declares and exports its own record types, discriminated by `type`. */
export interface TraceRecord {
  readonly type: string
  /** microseconds since the start of the run */
  readonly at: Micros
}

/** Kinds of {@link Trace.tick} that the engine uses; numbers from 16 up are for other components. */
export const TICK_STEP = 1
export const TICK_DUE = 2
export const TICK_STALL = 3
export const TICK_SPAWN = 4

/** Called for each record. */
export type TraceListener = (record: TraceRecord) => void

const addValue = (hash: RunningHash, value: TraceValue): void => {
  if (typeof value === 'string') hash.string(value)
  else if (typeof value === 'number') hash.number(value)
  else if (typeof value === 'boolean') hash.int32(value ? 5 : 6)
  else if (value === undefined || value === null) hash.int32(7)
  else if (value instanceof Uint8Array) hash.bytes(value)
  else if (Array.isArray(value)) {
    hash.int32(8).int32(value.length)
    for (const item of value) addValue(hash, item as TraceValue)
  } else {
    hash.int32(9)
    const fields = value as { readonly [key: string]: TraceValue }
    for (const key in fields) addValue(hash.string(key), fields[key])
    hash.int32(10)
  }
}

/** Writes records, forwards them to listeners and hashes them. */
export class Trace {
  readonly #hash = new RunningHash()
  readonly #listeners = new Set<TraceListener>()
  #count = 0

  constructor(readonly clock: Clock) {}

  /** Number of records, marks and ticks written. */
  get count(): number {
    return this.#count
  }

  /** The hash of everything written so far: 16 hexadecimal digits. */
  get hash(): string {
    return this.#hash.hex
  }

  /** Subscribes to records; returns the unsubscribe function. Ticks and marks are hashed but not reported. */
  listen(listener: TraceListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Writes a record with the current time. `fields` must not be modified afterwards. */
  write(type: string, fields: { readonly [key: string]: TraceValue }): void {
    const at = this.clock.now
    this.#count++
    addValue(this.#hash.string(type).number(at), fields)
    if (this.#listeners.size === 0) return
    const record = { type, at, ...fields }
    for (const listener of this.#listeners) listener(record)
  }

  /** Hashes the creation of something with a name, without a record. */
  mark(kind: number, name: string): void {
    this.#count++
    this.#hash.int32(kind).string(name)
  }

  /** Hashes a step or a delivery without a record: the hot path, numbers only. */
  tick(kind: number, subject: number): void {
    this.#count++
    this.#hash.int32(kind).int32(subject).number(this.clock.now)
  }
}
