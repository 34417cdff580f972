/** A link between two hosts, or of a host to itself: its latency, and whether it is cut. */
import type { Micros, Random } from '../../engine/index.js'

/** One-way latency, drawn uniformly for each packet; microseconds, at least 1. */
export interface Latency {
  readonly min: Micros
  readonly max: Micros
}

/** Default latency within a host. */
export const LOOPBACK_LATENCY: Latency = { min: 20, max: 60 }
/** Default latency between hosts. */
export const REMOTE_LATENCY: Latency = { min: 150, max: 400 }

/** A bidirectional link. */
export class Link {
  #latency: Latency
  #cut = false

  constructor(
    latency: Latency,
    readonly random: Random,
  ) {
    this.#latency = validated(latency)
  }

  /** Whether the link drops all packets. */
  get isCut(): boolean {
    return this.#cut
  }

  /** Sets the latency of further packets. Throws a RangeError for less than 1 microsecond. */
  setLatency(latency: Latency): void {
    this.#latency = validated(latency)
  }

  /** Drops packets in both directions; TCP retransmits them until the link is restored or the connection times out. */
  cut(): void {
    this.#cut = true
  }

  /** Restores a cut link. */
  mend(): void {
    this.#cut = false
  }

  /** @internal draws the latency of the next packet */
  delay(): Micros {
    const { min, max } = this.#latency
    return min === max ? min : this.random.integer(min, max)
  }
}

const validated = (latency: Latency): Latency => {
  const { min, max } = latency
  if (!Number.isSafeInteger(min) || !Number.isSafeInteger(max) || min < 1 || max < min)
    throw new RangeError(`invalid latency ${min} to ${max}: expected a range of integer microseconds, at least 1`)
  return { min, max }
}
