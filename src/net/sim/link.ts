/** The way between two hosts, or from a host to itself: how long it takes, and whether it is cut. */
import type { Micros, Random } from '../../engine/index.js'

/** One-way latency, drawn uniformly for each packet; microseconds, at least 1. */
export interface Latency {
  readonly min: Micros
  readonly max: Micros
}

export const LOOPBACK_LATENCY: Latency = { min: 20, max: 60 }
export const REMOTE_LATENCY: Latency = { min: 150, max: 400 }

export class Link {
  #latency: Latency
  #cut = false

  constructor(
    latency: Latency,
    readonly random: Random,
  ) {
    this.#latency = checked(latency)
  }

  /** Whether packets are lost now. */
  get isCut(): boolean {
    return this.#cut
  }

  /** Sets how long packets take from now on. Throws a RangeError for less than 1 microsecond. */
  setLatency(latency: Latency): void {
    this.#latency = checked(latency)
  }

  /** Cuts it: packets are lost in both directions; TCP sends them again once it is mended, or gives up in the end. */
  cut(): void {
    this.#cut = true
  }

  mend(): void {
    this.#cut = false
  }

  /** @internal how long the next packet takes */
  delay(): Micros {
    const { min, max } = this.#latency
    return min === max ? min : this.random.integer(min, max)
  }
}

const checked = (latency: Latency): Latency => {
  const { min, max } = latency
  if (!Number.isSafeInteger(min) || !Number.isSafeInteger(max) || min < 1 || max < min)
    throw new RangeError(`a latency is a range of whole microseconds from 1, not ${min} to ${max}`)
  return { min, max }
}
