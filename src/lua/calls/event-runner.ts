/**
 * A Lua subscription to events: its queue, its task and its handler (`hlua_event_runner`, `hlua_event_subscribe` in
 * src/hlua.c). Events are handled one at a time, in order. With more than {@link QUEUE_LIMIT} of them waiting the
 * subscription pauses and misses what comes, until the queue is empty.
 */
import type { PublishedEvent, ServerEvent, Subscription } from '../../haproxy/events/events.js'
import { Wake, type Task } from '../../engine/task.js'
import { Coroutine } from '../host/coroutine.js'
import { traceback } from '../host/errors.js'
import { pushEventArguments } from './event-data.js'
import { lauxlib, lua, type lua_State } from '../fengari.js'
import { errorOf, sayError, sleep } from './task.js'
import type { LuaState } from '../host/state.js'

const { lua_rawgeti, LUA_REGISTRYINDEX } = lua
const { luaL_unref } = lauxlib

const QUEUE_LIMIT = 100

export interface Handler {
  /** a reference to the function in the registry */
  readonly function: number
  /** `file.lua:line` */
  readonly place: string
  /** Pushes the object that stands for the subscription. */
  readonly pushSubscription: (L: lua_State, runner: EventRunner) => void
}

/** What can be handled: events of servers come with data, those of patterns with nothing but their name. */
export type HandledEvent = PublishedEvent & { readonly when: number } & Partial<Omit<ServerEvent, 'name'>>

export class EventRunner {
  readonly #coroutine: Coroutine
  readonly #task: Task
  readonly #subscription: Subscription
  #queue: HandledEvent[] = []
  #ended = false
  #paused = false

  constructor(
    readonly state: LuaState,
    subscribe: (handle: (event: HandledEvent) => void, ended: () => void) => Subscription,
    readonly handler: Handler,
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

  /** Ends the subscription; events that came before are still handled. */
  unsubscribe(): void {
    this.#subscription.unsubscribe()
  }

  #run(): void {
    // the last event of a subscription tells that it has ended, and counts
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
    const data = pushEventArguments(L, event, this.state.host.process)
    this.handler.pushSubscription(L, this)
    pushWhen(L, event)
    this.#coroutine.arguments = data + 2
    this.#step()
  }

  #step(): void {
    const result = this.#coroutine.step()
    if (result.kind === 'again') return sleep(this.#coroutine, this.#task)
    this.#task.cancelTimer()
    if (result.kind !== 'finished') sayError(this.state.host, `Lua event_hdl: ${errorOf(result)}.`)
  }

  #pause(waiting: number): void {
    this.#paused = true
    this.#subscription.paused = true
    this.state.host.process.logger.say(
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

const pushWhen = (L: lua_State, event: HandledEvent): void => lua.lua_pushinteger(L, Math.floor(event.when / 1_000_000))
