/**
 * A subscription to events with its queue, its task and its handler (`hlua_event_runner` and `hlua_event_subscribe` in src/hlua.c). Events are
 * handled one at a time, in order. When more than {@link QUEUE_LIMIT} events are queued, the subscription is paused and misses events until
 * the queue is empty.
 */
import { Wake, type Task } from '../../engine/task.js'
import type { PublishedEvent, ServerEvent, Subscription } from '../../haproxy/events/events.js'
import { lauxlib, lua, type lua_State } from '../fengari.js'
import { Coroutine } from '../host/coroutine.js'
import { traceback } from '../host/errors.js'
import type { ScriptState } from '../host/script-state.js'
import { pushEventArguments } from './event-data.js'
import { taskErrorOf, reportError, setTimer } from './task.js'

const { lua_pushinteger, lua_rawgeti, LUA_REGISTRYINDEX } = lua
const { luaL_unref } = lauxlib

const QUEUE_LIMIT = 100

/** The function that handles the events. */
export interface EventHandler {
  /** a reference in the registry */
  readonly function: number
  /** `file.lua:line` */
  readonly place: string
}

/** An event for a handler: those of servers have data, those of patterns only a name. */
export type HandledEvent = PublishedEvent & { readonly when: number } & Partial<Omit<ServerEvent, 'name'>>

/** A subscription of a script; in Lua, an object of the class EventSub. */
export class EventRunner {
  readonly #coroutine: Coroutine
  readonly #task: Task
  readonly #subscription: Subscription
  #queue: HandledEvent[] = []
  #ended = false
  #paused = false

  constructor(
    readonly state: ScriptState,
    readonly handler: EventHandler,
    subscribe: (handle: (event: HandledEvent) => void, ended: () => void) => Subscription,
  ) {
    const { host } = state
    this.#coroutine = new Coroutine(state, 'taskTimeout', handler.function)
    this.#task = host.process.threads.spawn({
      name: `Lua event ${handler.place}`,
      thread: host.thread,
      run: () => this.#run(),
    })
    this.#coroutine.task = this.#task
    const wake = () => this.#task.wake(Wake.OTHER)
    this.#subscription = subscribe(
      (event) => {
        this.#queue.push(event)
        wake()
      },
      () => {
        this.#ended = true
        wake()
      },
    )
  }

  /** Ends the subscription. Events that are queued are still handled. */
  unsubscribe(): void {
    this.#subscription.unsubscribe()
  }

  #run(): void {
    // the end of the subscription is an event as well
    const waiting = this.#queue.length + (this.#ended ? 1 : 0)
    if (!this.#paused && waiting > QUEUE_LIMIT) this.#pause(waiting)
    if (this.#coroutine.running) this.#step()
    else if (this.#queue.length > 0) this.#begin(this.#queue.shift()!)
    else if (this.#ended) return this.#end()
    if (this.#coroutine.running) return
    if (this.#queue.length > 0 || this.#ended) this.#task.wake(Wake.OTHER)
    else if (this.#paused) {
      this.#paused = false
      this.#subscription.paused = false
    }
  }

  #begin(event: HandledEvent): void {
    const { L } = this.#coroutine
    lua_rawgeti(L, LUA_REGISTRYINDEX, this.handler.function)
    const count = pushEventArguments(L, event)
    this.state.push(L, this)
    pushWhen(L, event)
    this.#coroutine.arguments = count + 2
    this.#step()
  }

  #step(): void {
    const result = this.#coroutine.step()
    if (result.kind === 'again') return setTimer(this.#coroutine, this.#task)
    this.#task.cancelTimer()
    if (result.kind !== 'finished') reportError(this.state.host, `Lua event_hdl: ${taskErrorOf(result)}.`)
  }

  #pause(waiting: number): void {
    this.#paused = true
    this.#subscription.paused = true
    this.state.host.process.logger.message(
      'warning',
      'Lua event_hdl: pausing the subscription because the handler fails to keep up the pace ' +
        `(${waiting} unconsumed events) from ${traceback(this.#coroutine.L)}.`,
    )
  }

  #end(): void {
    luaL_unref(this.state.L, LUA_REGISTRYINDEX, this.handler.function)
    this.#coroutine.destroy()
    this.#task.kill()
  }
}

const pushWhen = (L: lua_State, event: HandledEvent): void => lua_pushinteger(L, Math.floor(event.when / 1_000_000))
