/** HAProxy's default order: first woken, first run, adjusted by niceness. Schedules record deviations from it. */
import type { Strategy } from './strategy.js'

/** The default strategy. */
export const fifo: Strategy = {
  name: 'fifo',
  next: (ready) => ready.first(),
}
