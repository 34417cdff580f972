/** HAProxy's usual order: the task that was woken first, niceness considered. Every deviation is counted against it. */
import type { Strategy } from './strategy.js'

export const fifo: Strategy = {
  name: 'fifo',
  next: (ready) => ready.first(),
}
