/** The class Queue: objects of any type but nil, taken in the order in which they came (`hlua_queue_…` in src/hlua_fcn.c). */
import { functionTable, LuaClass, throwError, type FunctionTable } from './bind.js'
import { coroutineOf, yieldUntil } from '../host/coroutine.js'
import { lauxlib, lua, type LuaContinuation, type LuaFunction, type lua_State } from '../fengari.js'
import { WaitList } from '../host/wait-list.js'

const { lua_gettop, lua_isnoneornil, lua_pushboolean, lua_pushinteger, lua_pushnil, lua_rawgeti, LUA_REGISTRYINDEX } =
  lua
const { luaL_ref, luaL_unref } = lauxlib

class Queue {
  /** references to the objects in the registry, from `head` on */
  #items: number[] = []
  #head = 0
  readonly waiting = new WaitList(this)

  get size(): number {
    return this.#items.length - this.#head
  }

  push(reference: number): void {
    this.#items.push(reference)
    this.waiting.wake()
  }

  pop(): number | undefined {
    if (this.size === 0) return undefined
    const reference = this.#items[this.#head++]
    if (this.#head > 32 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head)
      this.#head = 0
    }
    return reference
  }
}

/** Pushes the first object and returns true, if there is one. */
const popObject = (L: lua_State, queue: Queue): boolean => {
  const reference = queue.pop()
  if (reference === undefined) return false
  lua_rawgeti(L, LUA_REGISTRYINDEX, reference)
  luaL_unref(L, LUA_REGISTRYINDEX, reference)
  return true
}

const size: LuaFunction = (L) => {
  lua_pushinteger(L, queueClass.check(L, 1).size)
  return 1
}

const push: LuaFunction = (L) => {
  const queue = queueClass.check(L, 1)
  if (lua_gettop(L) !== 2 || lua_isnoneornil(L, 2)) throwError(L, 'unexpected argument')
  queue.push(luaL_ref(L, LUA_REGISTRYINDEX))
  lua_pushboolean(L, true)
  return 1
}

const pop: LuaFunction = (L) => {
  if (!popObject(L, queueClass.check(L, 1))) lua_pushnil(L)
  return 1
}

const popOrWait: LuaContinuation = (L) => {
  const queue = queueClass.check(L, 1)
  if (popObject(L, queue)) return 1
  coroutineOf(L)!.waitIn(queue.waiting)
  return yieldUntil(L, popOrWait, undefined)
}

const popWait: LuaFunction = (L) => {
  queueClass.check(L, 1)
  if (!coroutineOf(L)) throwError(L, 'pop_wait() may only be used within task context (requires yielding)')
  return popOrWait(L, 0, 0)
}

/** Has the running task woken when the next object comes. */
const alarm: LuaFunction = (L) => {
  const queue = queueClass.check(L, 1)
  const coroutine = coroutineOf(L)
  if (!coroutine) throwError(L, 'alarm() may only be used within task context (requires yielding)')
  else coroutine.waitIn(queue.waiting)
  return 0
}

const queueClass = new LuaClass<Queue>('Queue', {
  ownMethods: { size, pop, pop_wait: popWait, push, alarm },
  metamethods: { __gc: () => 0 },
})

export const QUEUE_FUNCTIONS: FunctionTable = functionTable({
  queue: (L) => {
    queueClass.push(L, new Queue())
    return 1
  },
})
