/**
 * HAProxy's watchdog for one step of Lua (`wdt_handler` in src/wdt.c, `ha_stuck_warning` and `ha_panic` in src/debug.c): it reports a thread
 * that is blocked by one task, and kills the process after a second.
 */
import { MILLISECOND, SECOND, type Micros } from '../../engine/clock.js'
import { traceback } from './errors.js'
import type { ScriptedProcess } from './scripted-process.js'
import type { lua_State } from '../fengari.js'
import type { LuaMeter } from './meter.js'
import { Halt } from '../vm/errors.js'

/** How long a thread may be blocked after the first check; the check after that kills the process. */
const DEADLINE: Micros = SECOND
/** The number of instructions taken for a microsecond if they take less virtual time, or none. */
const INSTRUCTIONS_PER_MICROSECOND = 100

const EXPLANATION = `    While this may occasionally happen with inefficient configurations
    involving excess of regular expressions, map_reg, or heavy Lua processing,
    this must remain exceptional because the system's stability is now at risk.
    Timers in logs may be reported incorrectly, spurious timeouts may happen,
    some incoming connections may silently be dropped, health checks may
    randomly fail, and accesses to the CLI may block the whole process. The
    blocking delay before emitting this warning may be adjusted via the global
    'warn-blocked-traffic-after' directive. Please check the trace below for
    any clues about configuration elements that need to be corrected:`

/** What the watchdog uses of the process. */
export interface WatchdogHost {
  readonly process: ScriptedProcess
  readonly meter: LuaMeter
  /** the current thread, from 1 */
  readonly thread: number
}

/**
 * Watches one step. As in HAProxy after its start, the first check notes the task, and those after it warn while the task is the same.
 */
export class Watchdog {
  /** checks done */
  #checks = 1
  readonly #interval: Micros
  readonly #deadline: Micros

  constructor(readonly host: WatchdogHost) {
    this.#interval = host.process.configuration.global.warnBlockedTrafficAfter
    this.#deadline = (Math.ceil(DEADLINE / this.#interval) + 2) * this.#interval
  }

  /** Warns or throws a {@link Halt} if it is time to. @param instructions the number that the step has run so far */
  check(L: lua_State, instructions: number): void {
    const { host } = this
    const blocked = host.meter.duration(instructions)
    const isOver = blocked >= this.#deadline || instructions > this.#deadline * INSTRUCTIONS_PER_MICROSECOND
    const checks = Math.floor(blocked / this.#interval)
    if (checks > this.#checks && !isOver) {
      this.#checks = checks
      this.#warn(L, blocked)
    }
    if (!isOver) return
    throw new Halt(
      `Thread ${host.thread} is about to kill the process (pid ${host.process.machine.pid}).\n${executing(L)}`,
    )
  }

  #warn(L: lua_State, blocked: Micros): void {
    const { host } = this
    const { counters, logger } = host.process
    counters.blockedWarnings++
    counters.taint('blocked traffic')
    logger.uncountedWarning(
      `WARNING! thread ${host.thread} has stopped processing traffic for ${blocked / MILLISECOND} milliseconds\n` +
        `    with ${counters.currentStreams} streams currently blocked, prevented from making any progress.\n${EXPLANATION}\n\n${executing(L)}\n => Trying to gracefully recover now (pid ${host.process.machine.pid}).`,
    )
  }
}

const executing = (L: lua_State): string =>
  `             Current executing a Lua task -- stack traceback:\n                 ${traceback(L)}`
