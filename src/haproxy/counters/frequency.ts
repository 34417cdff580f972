/** Event rates and sliding averages (src/freq_ctr.c, include/haproxy/freq_ctr.h). */
import { MILLISECOND, SECOND, type Micros } from '../../engine/clock.js'

const SECOND_MS = SECOND / MILLISECOND

const ticks = (now: Micros): number => Math.floor(now / MILLISECOND)

/** Counts the events of the current period and keeps the count of the previous one. Periods are in ms, one second by default. */
export class FrequencyCounter {
  /** the start of the current period, in ms */
  #start = 0
  #current = 0
  #previous = 0

  /** Adds events. Returns the count of the current period. */
  add(now: Micros, count = 1, period = SECOND_MS): number {
    const tick = ticks(now)
    if (tick - this.#start < period) return (this.#current += count)
    const next = this.#start + period
    const missedPeriod = tick - next >= period
    this.#previous = missedPeriod ? 0 : this.#current
    this.#current = count
    this.#start = missedPeriod ? tick : next
    // HAProxy's lowest bit is a lock
    this.#start -= this.#start % 2
    return count
  }

  /** The events of the last period's length; the previous period counts in proportion (`read_freq_ctr_period`). */
  read(now: Micros, period = SECOND_MS): number {
    return Math.floor(this.#total(now, period) / period)
  }

  /** The same as a fraction. */
  readFraction(now: Micros, period = SECOND_MS): number {
    return this.#total(now, period) / period
  }

  /** `freq_ctr_total` without pending events: rates of at most one event do not fade. */
  #total(now: Micros, period: number): number {
    let past = this.#previous
    let current = this.#current
    let remaining = this.#start + period - ticks(now)
    if (remaining < 0) {
      remaining += period
      past = remaining >= 0 ? current : 0
      current = 0
    }
    if (current === 0 && past <= 1) return past * period
    return past * remaining + current * period
  }
}

/** The sum of a sliding window after another sample (`swrate_add`). @param samples the size of the window */
export const addToWindow = (sum: number, samples: number, value: number): number =>
  sum - Math.floor((sum + samples - 1) / samples) + value

/** The average sample of a sliding window (`swrate_avg`). */
export const windowAverage = (sum: number, samples: number): number => Math.floor((sum + samples - 1) / samples)
