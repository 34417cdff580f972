/**
 * A Lua coroutine that HAProxy runs: of a task, a subscription, a command, a service, or a stream (`struct hlua` and `hlua_ctx_resume` in
 * src/hlua.c). One step resumes it up to its next yield. Bodies and init functions run in the main coroutine of the state instead, which
 * cannot yield.
 *
 * The duration of a step is the number of its instructions times their cost (meter.ts). `tune.lua.burst-timeout` and the timeouts of tasks,
 * sessions and services limit it.
 */
import type { LuaConfig } from '../../config/model/lua.js'
import type { Micros } from '../../engine/clock.js'
import { Wake, type Task } from '../../engine/task.js'
import { errorText, traceback } from './errors.js'
import { lauxlib, lua, luaString, type lua_State } from '../fengari.js'
import { hook } from './hook.js'
import type { Memory } from './memory.js'
import type { WaitList, Waiter } from './wait-list.js'
import { Halt } from '../vm/errors.js'
import { Watchdog, type WatchdogHost } from './watchdog.js'

const {
  lua_error,
  lua_newthread,
  lua_pushstring,
  lua_resume,
  lua_sethook,
  lua_settop,
  lua_xmove,
  LUA_ERRERR,
  LUA_ERRMEM,
  LUA_ERRRUN,
  LUA_MASKCOUNT,
  LUA_OK,
  LUA_REGISTRYINDEX,
  LUA_YIELD,
} = lua
const { luaL_ref, luaL_unref } = lauxlib

/** The result of a step (`enum hlua_exec`); `yielded`: where that is not allowed. */
export type StepResult =
  | { readonly kind: 'finished' | 'again' | 'execution timeout' | 'burst timeout' | 'out of memory' | 'yielded' }
  | { readonly kind: 'error'; readonly text: string }

/** What resuming a coroutine that may not yield counts for: a function that only yields ends after a bounded number of times. */
const RESUME_INSTRUCTIONS = 100

const FINISHED: StepResult = { kind: 'finished' }
const AGAIN: StepResult = { kind: 'again' }
const OUT_OF_MEMORY: StepResult = { kind: 'out of memory' }

/** What coroutines use of the process. */
export interface CoroutineHost extends WatchdogHost {
  readonly configuration: LuaConfig
  /** Returns the number of instructions between two forced yields in the state with that number. */
  instructionsPerYield(state: number): number
  /** Rethrows an exception that a function written in TypeScript has thrown within the VM. */
  rethrowException(): void
  /** Reports the error that has ended what ran in `L`; its message is on top of the stack. */
  reportFailure(L: lua_State): void
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
  closeUnreachableSockets(): void
  /** Closes files that no script refers to any more, if there are many. */
  closeUnreachableFiles(): void
}

/** A coroutine with the engine's task that runs it. */
export class Coroutine implements Waiter {
  /** the engine's task that runs it */
  task!: Task
  /** a call has started and not ended */
  running = false
  /** whether the current step may yield (without `HLUA_NOYIELD`) */
  mayYield = true
  /** when to wake it at the latest; set before it yields */
  wakeAt: Micros | undefined
  /** set if it has only yielded for a scan of the heap */
  heapRequest: 'collect' | 'measure' | undefined
  /** a reference to the private data of the script (`set_priv`); 0: not set */
  privateData = 0
  /** it has created sockets (`gc_count`) */
  hasSockets = false
  /** the number of arguments on the stack for the next resume */
  arguments = 0
  #thread: lua_State
  #reference: number
  #exiting = false
  /** the error that every further instruction throws, once it is to be terminated */
  #terminated: ReturnType<typeof luaString> | undefined
  #wakeImmediately = false
  /** it does not wait for anything (`HLUA_CTRLYIELD`) */
  #isForced = false
  #burst = 0
  #cumulative = 0
  #watchdog!: Watchdog
  #spinning = false
  readonly #waiting = new Set<WaitList>()
  /** what ends with it */
  readonly #owned = new Set<{ release(): void }>()

  /**
   * @param limit the timeout of the configuration that applies
   * @param handler a reference to the function that it calls for each event
   */
  constructor(
    readonly state: CoroutineState,
    readonly limit: 'taskTimeout' | 'sessionTimeout' | 'serviceTimeout' = 'taskTimeout',
    readonly handler?: number,
    /** what a call returns, or the value that it ends with by `core.done`, stays on the stack */
    readonly keepsResults = false,
  ) {
    this.#thread = newThread(state, this)
    this.#reference = luaL_ref(state.L, LUA_REGISTRYINDEX)
    state.coroutines.add(this)
  }

  get L(): lua_State {
    return this.#thread
  }

  /** Makes the next error end it as if it had returned (`core.done`). */
  exit(): void {
    this.#exiting = true
  }

  /** Throws an error that nothing can catch and that ends it as if it had returned. */
  terminate(L: lua_State, text: string): number {
    this.exit()
    this.#terminated = luaString(text)
    for (const thread of [L, this.L]) lua_sethook(thread, hook, LUA_MASKCOUNT, 1)
    lua_pushstring(L, this.#terminated)
    return lua_error(L)
  }

  /** Requests the next step immediately after the current one; where it may not yield, the same step continues. */
  wakeImmediately(): void {
    this.#isForced = true
    this.#wakeImmediately = true
  }

  /** The lists it waits in: what can wake it, apart from its timer. */
  get waitLists(): ReadonlySet<WaitList> {
    return this.#waiting
  }

  /** Adds it to `list` until it is woken or the call ends. */
  waitIn(list: WaitList): void {
    list.add(this)
    this.#waiting.add(list)
  }

  /** Releases `resource` when the coroutine is released, unless {@link disown} is called before. */
  own(resource: { release(): void }): void {
    this.#owned.add(resource)
  }

  disown(resource: { release(): void }): void {
    this.#owned.delete(resource)
  }

  /** @internal */
  removedFrom(list: WaitList): void {
    this.#waiting.delete(list)
  }

  /**
   * Resumes it up to its next yield.
   * @param mayYield whether it may; otherwise it is resumed at once unless it waits for something
   */
  step(mayYield = true): StepResult {
    const { L, state } = { L: this.#thread, state: this.state }
    this.mayYield = mayYield
    if (!this.running) this.#cumulative = 0
    this.#burst = 0
    this.#watchdog = new Watchdog(state.host)
    lua_sethook(L, hook, LUA_MASKCOUNT, state.host.instructionsPerYield(state.id))
    this.running = true
    this.#wakeImmediately = false
    this.wakeAt = undefined
    const nargs = this.arguments
    this.arguments = 0
    state.running = this
    let status: number
    try {
      status = this.#resume(nargs, mayYield)
    } catch (thrown) {
      if (!(thrown instanceof Halt)) throw thrown
      state.host.process.crash(thrown.reason)
      return FINISHED
    } finally {
      this.heapRequest = undefined
      state.running = undefined
    }
    state.host.rethrowException()
    const result = this.#checkMemory(status, mayYield)
    state.closeUnreachableFiles()
    this.#cumulative += this.#burst
    this.#chargeTime()
    if (result !== AGAIN) {
      this.running = false
      this.#stopWaiting()
      if (result !== FINISHED) this.#replaceThread()
    }
    return result
  }

  #resume(nargs: number, mayYield: boolean): number {
    const { L, state } = { L: this.#thread, state: this.state }
    this.#isForced = false
    let status = lua_resume(L, state.L, nargs)
    while (status === LUA_YIELD) {
      if (this.heapRequest !== undefined) {
        state.memory.measure(this.heapRequest === 'collect')
        this.heapRequest = undefined
      } else if (mayYield || !this.#isForced || this.timeout()) break
      else if (state.memory.exceedsLimitAfterStep()) return LUA_ERRMEM
      else this.#burst += RESUME_INSTRUCTIONS
      this.#isForced = false
      status = lua_resume(L, state.L, 0)
    }
    return status
  }

  /** Releases the coroutine when its task has ended. */
  destroy(): void {
    this.state.coroutines.delete(this)
    for (const resource of this.#owned) resource.release()
    this.#owned.clear()
    this.#stopWaiting()
    luaL_unref(this.state.L, LUA_REGISTRYINDEX, this.#reference)
    if (this.privateData !== 0) luaL_unref(this.state.L, LUA_REGISTRYINDEX, this.privateData)
    if (this.hasSockets) this.state.closeUnreachableSockets()
  }

  /** A step after which too much memory is in use is the last one. */
  #checkMemory(status: number, mayYield: boolean): StepResult {
    const over = this.state.memory.exceedsLimitAfterStep()
    const result = this.#resultOf(status, mayYield)
    return over && result.kind !== 'error' ? OUT_OF_MEMORY : result
  }

  #resultOf(status: number, mayYield: boolean): StepResult {
    const { L, state } = this
    if (status === LUA_OK) {
      if (!this.keepsResults) lua_settop(L, 0)
      return FINISHED
    }
    if (status === LUA_YIELD) {
      const timeout = this.timeout()
      lua_settop(L, 0)
      if (timeout) return { kind: timeout }
      if (!mayYield) return { kind: 'yielded' }
      if (this.#wakeImmediately) this.task.wake(Wake.MESSAGE)
      return AGAIN
    }
    if (status === LUA_ERRRUN) {
      if (this.#exiting) {
        this.#exiting = false
        this.#replaceThread()
        if (this.keepsResults) lua_xmove(L, this.L, 1)
        return FINISHED
      }
      state.host.reportFailure(L)
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
    return OUT_OF_MEMORY
  }

  /** Keeps its thread busy for the duration of the step. */
  #chargeTime(): void {
    const { host } = this.state
    const { scheduler, trace } = host.process
    const { busy, spinning } = host.meter.charge(host.thread, scheduler.clock.now, this.#burst)
    scheduler.occupy(busy)
    // the time that passes counts, not the fewer instructions that stand for it
    if (spinning) this.#cumulative += Math.max(0, host.meter.instructions(busy) - this.#burst)
    if (spinning === this.#spinning) return
    this.#spinning = spinning
    if (spinning) trace.write('lua spins', { process: host.process.name, task: this.task.name })
  }

  /** The timeout that has expired, if any (`hlua_timer_check`). */
  timeout(): 'burst timeout' | 'execution timeout' | undefined {
    const { meter, configuration } = this.state.host
    const { burstTimeout } = configuration
    if (burstTimeout > 0 && meter.duration(this.#burst) > burstTimeout) return 'burst timeout'
    const limit = configuration[this.limit]
    if (limit > 0 && meter.duration(this.#cumulative + this.#burst) > limit) return 'execution timeout'
    return undefined
  }

  /** @internal Counts the instructions that have run since the last call. Throws a {@link Halt} when the watchdog kills the process. */
  countInstructions(L: lua_State): void {
    const instructions = L.basehookcount + L.worked
    L.worked = 0
    this.#burst += instructions
    if (this.#terminated !== undefined) {
      lua_sethook(L, hook, LUA_MASKCOUNT, 1)
      lua_pushstring(L, this.#terminated)
      lua_error(L)
    }
    this.#watchdog.check(L, this.#burst)
    this.state.memory.countInstructions(instructions)
  }

  /** @internal */
  traceForcedYield(): void {
    const { process } = this.state.host
    process.trace.write('forced yield', { process: process.name, task: this.task.name, instructions: this.#burst })
  }

  #replaceThread(): void {
    this.#terminated = undefined
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
