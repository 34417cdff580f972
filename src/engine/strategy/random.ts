/** Random walk: at every step a uniform choice among all that is runnable and, where time may pass, the clock. */
import type { Random } from '../random.js'
import { STALL, type Strategy } from './strategy.js'

/** @param stalls whether time may pass although something is runnable */
export const randomWalk = (random: Random, { stalls = true }: { readonly stalls?: boolean } = {}): Strategy => ({
  name: 'random',
  next(ready) {
    const size = ready.size
    const options = size + (stalls && ready.canStall ? 1 : 0)
    if (options === 1) return ready.first()
    const choice = random.integer(0, options - 1)
    return choice === size ? STALL : ready.at(choice)
  },
})
