/**
 * HAProxy's watchdog for one step of Lua (`wdt_handler` in src/wdt.c, `ha_stuck_warning` and `ha_panic` in src/debug.c): it reports a thread
 * that is blocked by one task, and kills the process after a second.
 */
import { MILLISECOND, type Micros } from '../../engine/clock.js'
import { traceback } from './errors.js'
import type { ScriptedProcess } from './scripted-process.js'
import type { lua_State } from '../fengari.js'
import type { LuaMeter } from './meter.js'
import { Halt } from '../vm/errors.js'

/** The interval of its checks, and the time after which it warns (`warn-blocked-traffic-after`). */
const PERIOD: Micros = 100 * MILLISECOND
/** It kills the process at the second check after a second. */
const DEADLINE: Micros = 1100 * MILLISECOND
/** The limit if instructions take no virtual time. */
const MAX_INSTRUCTIONS = 120_000_000

const EXPLANATION = `    with 0 streams currently blocked, prevented from making any progress.
    While this may occasionally happen with inefficient configurations
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

/** Watches one step. */
export class Watchdog {
  #warned = 0

  constructor(readonly host: WatchdogHost) {}

  /** Warns or throws a {@link Halt} if it is time to. @param instructions the number that the step has run so far */
  check(L: lua_State, instructions: number): void {
    const { host } = this
    const blocked = host.meter.duration(instructions)
    const checks = Math.floor(blocked / PERIOD)
    if (checks > this.#warned) {
      this.#warned = checks
      this.#warn(L, blocked)
    }
    if (blocked < DEADLINE && instructions <= MAX_INSTRUCTIONS) return
    throw new Halt(
      `Thread ${host.thread} is about to kill the process (pid ${host.process.machine.pid}).\n${executing(L)}`,
    )
  }

  #warn(L: lua_State, blocked: Micros): void {
    const { host } = this
    host.process.logger.message(
      'warning',
      `WARNING! thread ${host.thread} has stopped processing traffic for ${blocked / MILLISECOND} milliseconds\n` +
        `${EXPLANATION}\n\n${executing(L)}\n => Trying to gracefully recover now (pid ${host.process.machine.pid}).`,
    )
  }
}

const executing = (L: lua_State): string =>
  `             Current executing a Lua task -- stack traceback:\n                 ${traceback(L)}`
