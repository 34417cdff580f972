/**
 * What Lua costs: the virtual time that a thread is busy with the instructions that scripts run on it. Time is charged in
 * lumps of {@link GRAIN}: a thread that has done less before it rests has done it in no time, so that times in logs of
 * usual scripts are exact.
 *
 * A thread that does nothing but run scripts, for {@link SPIN} instructions on end, is taken for one that is caught in a
 * loop. Real HAProxy would spend all of a processor on that for ever; here each further step is charged {@link SPIN_STEP}, which lets
 * the others go on and bounds what the simulation spends on it.
 */
import { MILLISECOND, type Micros } from '../../engine/clock.js'

/** Nanoseconds that an instruction takes, unless told otherwise. */
export const DEFAULT_INSTRUCTION_COST = 10

const NANOSECONDS = 1000

/** In nanoseconds. */
const GRAIN = 100_000
const SPIN = 20_000_000
const SPIN_STEP: Micros = 10 * MILLISECOND

/** What waking a coroutine and putting it back counts as, when it comes to {@link SPIN}. */
const INSTRUCTIONS_PER_STEP = 1000

class ThreadLoad {
  /** until when the thread was busy with Lua, as far as is known */
  end: Micros = 0
  /** nanoseconds that were not charged yet */
  debt = 0
  /** instructions since it rested */
  stretch = 0
}

export class LuaMeter {
  readonly #threads: ThreadLoad[] = []

  /** @param cost nanoseconds per instruction */
  constructor(readonly cost: number) {}

  /** How long so many instructions take: whole milliseconds, as HAProxy's timers of Lua count, in microseconds. */
  duration(instructions: number): Micros {
    return Math.floor((instructions * this.cost) / (NANOSECONDS * MILLISECOND)) * MILLISECOND
  }

  /** Takes in a step that `thread` has taken at `now`. Returns for how long the thread is busy with it. */
  charge(thread: number, now: Micros, instructions: number): { readonly busy: Micros; readonly spinning: boolean } {
    const load = (this.#threads[thread] ??= new ThreadLoad())
    if (now > load.end) {
      load.debt = 0
      load.stretch = 0
    }
    load.stretch += instructions + INSTRUCTIONS_PER_STEP
    load.debt += instructions * this.cost
    const spinning = load.stretch > SPIN
    let busy = 0
    if (load.debt >= GRAIN) {
      busy = Math.floor(load.debt / NANOSECONDS)
      load.debt -= busy * NANOSECONDS
    }
    if (spinning) busy = Math.max(busy, SPIN_STEP)
    load.end = now + busy
    return { busy, spinning }
  }
}
