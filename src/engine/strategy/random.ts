/** Random walk: a uniform choice among the runnable tasks and, where a stall is possible, the clock. */
import type { Random } from '../random.js'
import { STALL, type Strategy } from './strategy.js'

/** Settings of {@link randomWalk}. */
export interface RandomOptions {
  /** whether time may advance while tasks are runnable (default: yes) */
  readonly stalls?: boolean
  /** whether to reorder timers with the same deadline, such as deliveries (default: yes) */
  readonly deliveries?: boolean
}

/** Makes a random-walk strategy that draws from `random`. */
export const randomWalk = (random: Random, { stalls = true, deliveries = true }: RandomOptions = {}): Strategy => ({
  name: 'random',
  ...(deliveries && { due: (count: number) => random.integer(0, count - 1) }),
  next(ready) {
    const size = ready.size
    const options = size + (stalls && ready.canStall ? 1 : 0)
    if (options === 1) return ready.first()
    const choice = random.integer(0, options - 1)
    return choice === size ? STALL : ready.at(choice)
  },
})
