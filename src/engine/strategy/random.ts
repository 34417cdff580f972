/** Random walk: at every step a uniform choice among all that is runnable and, where time may pass, the clock. */
import type { Random } from '../random.js'
import { STALL, type Strategy } from './strategy.js'

export interface RandomOptions {
  /** whether time may pass although something is runnable (default: yes) */
  readonly stalls?: boolean
  /** whether things that are due at one instant change places (default: yes) */
  readonly deliveries?: boolean
}

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
