/**
 * A Lua coroutine that HAProxy runs: a task or the handlers of a subscription (`struct hlua`, `hlua_ctx_resume` and
 * `hlua_hook` in src/hlua.c). One step resumes it up to its next yield. While the configuration is loaded and scripts
 * initialise, code runs in the main coroutine, which has none of this: nothing may wait there.
 *
 * Time in a step is counted in instructions, at a cost that the simulation sets (meter.ts): that is what
 * `tune.lua.burst-timeout` and the timeouts of tasks, sessions and services are held against.
 */
import type { LuaConfig } from '../../config/model/lua.js'
import type { Micros } from '../../engine/clock.js'
import { Wake, type Task } from '../../engine/task.js'
import { errorText, traceback } from './errors.js'
import { lauxlib, lua, luaString, type LuaContinuation, type LuaHook, type lua_State } from '../fengari.js'
import type { Memory } from './memory.js'
import type { WaitList, Waiter } from './wait-list.js'
import { Halt } from '../vm/errors.js'
import { Watchdog, type WatchdogHost } from './watchdog.js'

const {
  lua_error,
  lua_gethookmask,
  lua_isyieldable,
  lua_newthread,
  lua_pushstring,
  lua_resume,
  lua_sethook,
  lua_settop,
  lua_yieldk,
  LUA_ERRERR,
  LUA_ERRRUN,
  LUA_HOOKCOUNT,
  LUA_MASKCOUNT,
  LUA_MASKRET,
  LUA_OK,
  LUA_REGISTRYINDEX,
  LUA_YIELD,
} = lua
const { luaL_ref, luaL_unref } = lauxlib

/** What came of a step (`enum hlua_exec`). */
export type StepResult =
  | { readonly kind: 'finished' | 'again' | 'execution timeout' | 'burst timeout' | 'unknown error' }
  | { readonly kind: 'error'; readonly text: string }

const FINISHED: StepResult = { kind: 'finished' }
const AGAIN: StepResult = { kind: 'again' }

/** What coroutines use of the process. */
export interface CoroutineHost extends WatchdogHost {
  readonly configuration: LuaConfig
  /** Returns the number of instructions between two forced yields in the state of that number. */
  instructionsPerYield(state: number): number
  /** Rethrows an exception that a function written in TypeScript has thrown within the VM. */
  throwBug(): void
  /** Reports the error that has ended what ran in `L`; its message is on top of the stack. */
  noteFailure(L: lua_State): void
}

/** What coroutines use of their state. */
export interface CoroutineState {
  /** the main coroutine */
  readonly L: lua_State
  /** 0: shared by all threads, otherwise the number of its thread */
  readonly id: number
  readonly host: CoroutineHost
  readonly memory: Memory
  /** those that have not ended */
  readonly coroutines: Set<Coroutine>
  /** the one whose step runs; undefined between steps and while HAProxy starts */
  running: Coroutine | undefined
  /** Closes connections that no script refers to any more. */
  closeForgotten(): void
  /** Closes files that no script refers to any more, if there are many. */
  closeForgottenFiles(): void
}

/** A coroutine with the engine's task that runs it. */
export class Coroutine implements Waiter {
  /** the engine's task that runs it */
  task!: Task
  /** whether a call is under way, between its first step and its end */
  running = false
  /** when it must be woken at the latest; set by whatever yields */
  wakeAt: Micros | undefined
  /** why it has yielded, if that is only to have the heap looked at */
  look: 'collect' | 'measure' | undefined
  /** it has made connections (`gc_count`) */
  hasSockets = false
  /** arguments that wait on the stack for the next resume */
  arguments = 0
  #thread: lua_State
  #reference: number
  #exiting = false
  /** what every instruction throws, once nothing of it may run any more */
  #abandoned: ReturnType<typeof luaString> | undefined
  #asap = false
  #burst = 0
  #cumulative = 0
  #watchdog!: Watchdog
  #spinning = false
  readonly #waiting = new Set<WaitList>()

  /**
   * @param limit which of the configuration's timeouts holds for what it runs
   * @param handler the function that it calls for each event, as a reference in the registry
   */
  constructor(
    readonly state: CoroutineState,
    readonly limit: 'taskTimeout' | 'sessionTimeout' | 'serviceTimeout' = 'taskTimeout',
    readonly handler?: number,
  ) {
    this.#thread = newThread(state, this)
    this.#reference = luaL_ref(state.L, LUA_REGISTRYINDEX)
    state.coroutines.add(this)
  }

  get L(): lua_State {
    return this.#thread
  }

  /** Has the next error end it as if it had returned (`core.done`). */
  exit(): void {
    this.#exiting = true
  }

  /** Ends it as if it had returned; nothing catches what is thrown. */
  abandon(L: lua_State, text: string): number {
    this.exit()
    this.#abandoned = luaString(text)
    for (const thread of [L, this.L]) lua_sethook(thread, hook, LUA_MASKCOUNT, 1)
    lua_pushstring(L, this.#abandoned)
    return lua_error(L)
  }

  /** Asks for the next step at once. */
  wakeSoon(): void {
    this.#asap = true
  }

  /** What may wake it, apart from its timer. */
  get waitsIn(): ReadonlySet<WaitList> {
    return this.#waiting
  }

  /** Waits in `list` until it is woken or the call ends. */
  waitIn(list: WaitList): void {
    list.add(this)
    this.#waiting.add(list)
  }

  /** @internal */
  left(list: WaitList): void {
    this.#waiting.delete(list)
  }

  /** Runs it up to its next yield. */
  step(): StepResult {
    const { L, state } = { L: this.#thread, state: this.state }
    if (!this.running) this.#cumulative = 0
    this.#burst = 0
    this.#watchdog = new Watchdog(state.host)
    lua_sethook(L, hook, LUA_MASKCOUNT, state.host.instructionsPerYield(state.id))
    this.running = true
    this.#asap = false
    this.wakeAt = undefined
    const nargs = this.arguments
    this.arguments = 0
    state.running = this
    let status: number
    try {
      status = this.#resume(nargs)
    } catch (thrown) {
      if (!(thrown instanceof Halt)) throw thrown
      state.host.process.crash(thrown.reason)
      return FINISHED
    } finally {
      this.look = undefined
      state.running = undefined
    }
    state.host.throwBug()
    const result = this.#judgeWithMemory(status)
    state.closeForgottenFiles()
    this.#cumulative += this.#burst
    this.#charge()
    if (result !== AGAIN) {
      this.running = false
      this.#stopWaiting()
      if (result !== FINISHED) this.#renew()
    }
    return result
  }

  #resume(nargs: number): number {
    const { L, state } = { L: this.#thread, state: this.state }
    let status = lua_resume(L, state.L, nargs)
    while (this.look !== undefined && status === LUA_YIELD) {
      state.memory.look(this.look === 'collect')
      this.look = undefined
      status = lua_resume(L, state.L, 0)
    }
    return status
  }

  /** Gives up the coroutine: the task has ended. */
  destroy(): void {
    this.state.coroutines.delete(this)
    this.#stopWaiting()
    luaL_unref(this.state.L, LUA_REGISTRYINDEX, this.#reference)
    if (this.hasSockets) this.state.closeForgotten()
  }

  /** A step that has left too much in memory is the last one. HAProxy has no words of its own for that. */
  #judgeWithMemory(status: number): StepResult {
    const over = this.state.memory.overAfterStep()
    const result = this.#judge(status)
    return over && result.kind !== 'error' ? { kind: 'unknown error' } : result
  }

  #judge(status: number): StepResult {
    const { L, state } = this
    if (status === LUA_OK) {
      lua_settop(L, 0)
      return FINISHED
    }
    if (status === LUA_YIELD) {
      const timeout = this.timeout()
      lua_settop(L, 0)
      if (timeout) return { kind: timeout }
      if (this.#asap) this.task.wake(Wake.MESSAGE)
      return AGAIN
    }
    if (status === LUA_ERRRUN) {
      if (this.#exiting) {
        this.#exiting = false
        this.#renew()
        return FINISHED
      }
      state.host.noteFailure(L)
      const text = errorText(L)
      const trace = traceback(L)
      const id = `[state-id ${this.state.id}]`
      return {
        kind: 'error',
        text:
          text === undefined
            ? `${id} unknown runtime error from ${trace}`
            : `${id} runtime error: ${text} from ${trace}`,
      }
    }
    if (status === LUA_ERRERR) {
      const text = errorText(L)
      return {
        kind: 'error',
        text: `[state-id ${this.state.id}] message handler error${text === undefined ? '' : `: ${text}`}`,
      }
    }
    return { kind: 'unknown error' }
  }

  /** Has its thread be busy for as long as the step took. */
  #charge(): void {
    const { host } = this.state
    const { scheduler, trace } = host.process
    const { busy, spinning } = host.meter.charge(host.thread, scheduler.clock.now, this.#burst)
    scheduler.occupy(busy)
    if (spinning === this.#spinning) return
    this.#spinning = spinning
    if (spinning) trace.write('lua spins', { process: host.process.name, task: this.task.name })
  }

  /** Which of the timeouts has passed, if any (`hlua_timer_check`). */
  timeout(): 'burst timeout' | 'execution timeout' | undefined {
    const { meter, configuration } = this.state.host
    const { burstTimeout } = configuration
    if (burstTimeout > 0 && meter.duration(this.#burst) > burstTimeout) return 'burst timeout'
    const limit = configuration[this.limit]
    if (limit > 0 && meter.duration(this.#cumulative + this.#burst) > limit) return 'execution timeout'
    return undefined
  }

  /** @internal Counts instructions. Throws a {@link Halt} when the watchdog would kill the process. */
  spend(L: lua_State): void {
    const instructions = L.basehookcount + L.worked
    L.worked = 0
    this.#burst += instructions
    if (this.#abandoned !== undefined) {
      lua_sethook(L, hook, LUA_MASKCOUNT, 1)
      lua_pushstring(L, this.#abandoned)
      lua_error(L)
    }
    this.#watchdog.look(L, this.#burst)
    this.state.memory.spend(instructions)
  }

  /** @internal */
  noteForcedYield(): void {
    const { process } = this.state.host
    process.trace.write('forced yield', { process: process.name, task: this.task.name, instructions: this.#burst })
  }

  #renew(): void {
    this.#abandoned = undefined
    luaL_unref(this.state.L, LUA_REGISTRYINDEX, this.#reference)
    this.#thread = newThread(this.state, this)
    this.#reference = luaL_ref(this.state.L, LUA_REGISTRYINDEX)
  }

  #stopWaiting(): void {
    for (const list of this.#waiting) list.remove(this)
    this.#waiting.clear()
  }
}

const newThread = (state: CoroutineState, coroutine: Coroutine): lua_State => {
  const thread = lua_newthread(state.L)
  thread.hapsim = coroutine
  return thread
}

/** What runs `L`; undefined in body and init (`hlua_gethlua`). */
export const coroutineOf = (L: lua_State): Coroutine | undefined => L.hapsim as Coroutine | undefined

/**
 * Yields, and goes on with `resume` when the task runs again; the value on the stack survives. Does nothing in body and
 * init (`hlua_yieldk`).
 *
 * @param wakeAt when to run again at the latest; undefined: only when woken
 * @param options.soon run again at once
 * @param options.context a number handed to `resume`
 */
export const yieldUntil = (
  L: lua_State,
  resume: LuaContinuation,
  wakeAt: Micros | undefined,
  { soon = false, context = 0 }: { readonly soon?: boolean; readonly context?: number } = {},
): number => {
  const coroutine = coroutineOf(L)
  if (!coroutine) return 0
  coroutine.wakeAt = wakeAt
  if (soon) coroutine.wakeSoon()
  return lua_yieldk(L, 0, context, resume)
}

/** Called every so many instructions: yields where that is possible and otherwise looks at the timeouts (`hlua_hook`). */
const hook: LuaHook = (L, ar) => {
  const coroutine = coroutineOf(L)
  if (!coroutine) {
    spendWithin(L)
    return
  }
  coroutine.spend(L)
  if (coroutine.L === L) {
    if (lua_gethookmask(L) & LUA_MASKRET) {
      lua_sethook(L, hook, LUA_MASKCOUNT, 1)
      return
    }
    if (lua_isyieldable(L)) {
      coroutine.wakeAt = undefined
      coroutine.wakeSoon()
      coroutine.noteForcedYield()
      lua_yieldk(L, 0, 0, null)
      return
    }
  }
  // nothing ends a function in C: HAProxy's hook runs between instructions of Lua
  const timeout = ar.event === LUA_HOOKCOUNT && !L.ci.isLua ? undefined : coroutine.timeout()
  if (timeout) {
    lua_pushstring(L, luaString(timeout))
    lua_error(L)
  }
  const { state } = coroutine
  lua_sethook(coroutine.L, hook, LUA_MASKRET | LUA_MASKCOUNT, state.host.instructionsPerYield(state.id))
  state.memory.check(L)
}

/** Counts what runs in a coroutine of a script, or under a script's hook. */
export const spendWithin = (L: lua_State): void => {
  const { running, memory } = L.l_G.hapsim as CoroutineState
  if (!running) return
  running.spend(L)
  memory.check(L)
}
