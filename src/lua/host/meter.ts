/**
 * The virtual time that the instructions of scripts take. Time is charged once at least {@link MIN_CHARGE} has accumulated; a thread that
 * becomes idle before that is charged nothing, so that timestamps are exact for typical scripts.
 *
 * A thread that runs {@link SPIN} instructions of scripts without becoming idle is considered to be in an endless loop. HAProxy would use all
 * of a processor for that; here each further step takes {@link SPIN_STEP}, so that other threads make progress and the cost of the simulation
 * is bounded.
 */
import { MILLISECOND, type Micros } from '../../engine/clock.js'
import { SPIN_LIMIT } from '../../engine/scheduler.js'

/** The default cost of an instruction, in nanoseconds. */
export const DEFAULT_INSTRUCTION_COST = 10

const NANOSECONDS_PER_MICROSECOND = 1000

/** In nanoseconds. */
const MIN_CHARGE = 100_000
/** In instructions. */
const SPIN = 20_000_000
const SPIN_STEP: Micros = 10 * MILLISECOND

/**
 * Instructions that a step is charged for at least: no script can run {@link SPIN_LIMIT} steps before time is charged, after which the scheduler
 * would suspend it until the next timer. It may share a task with other steps: half as many are enough.
 */
const LEAST_INSTRUCTIONS = MIN_CHARGE / (SPIN_LIMIT / 2) / DEFAULT_INSTRUCTION_COST

/** Instructions that a step counts for in addition to its own, towards {@link SPIN}. */
const INSTRUCTIONS_PER_STEP = 1000

class ThreadLoad {
  /** the end of the last step */
  busyUntil: Micros = 0
  /** nanoseconds that have not been charged yet */
  uncharged = 0
  /** instructions since the thread was last idle */
  instructions = 0
}

/** Charges the steps of a process. */
export class LuaMeter {
  readonly #threads: ThreadLoad[] = []

  /** @param cost nanoseconds per instruction */
  constructor(readonly cost: number) {}

  /** The duration of a number of instructions, in microseconds, rounded down to milliseconds like HAProxy's Lua timers. */
  duration(instructions: number): Micros {
    return Math.floor((instructions * this.cost) / (NANOSECONDS_PER_MICROSECOND * MILLISECOND)) * MILLISECOND
  }

  /** The number of instructions that take as long; 0 if instructions take no time. */
  instructions(duration: Micros): number {
    return this.cost === 0 ? 0 : (duration * NANOSECONDS_PER_MICROSECOND) / this.cost
  }

  /** Charges a step that `thread` has run at `now`. Returns how long the thread is busy. */
  charge(thread: number, now: Micros, instructions: number): { readonly busy: Micros; readonly spinning: boolean } {
    const load = (this.#threads[thread] ??= new ThreadLoad())
    if (now > load.busyUntil) {
      load.uncharged = 0
      load.instructions = 0
    }
    load.instructions += instructions + INSTRUCTIONS_PER_STEP
    load.uncharged += Math.max(instructions, LEAST_INSTRUCTIONS) * this.cost
    const spinning = load.instructions > SPIN
    let busy = 0
    if (load.uncharged >= MIN_CHARGE) {
      busy = Math.floor(load.uncharged / NANOSECONDS_PER_MICROSECOND)
      load.uncharged -= busy * NANOSECONDS_PER_MICROSECOND
    }
    if (spinning) busy = Math.max(busy, SPIN_STEP)
    load.busyUntil = now + busy
    return { busy, spinning }
  }
}
