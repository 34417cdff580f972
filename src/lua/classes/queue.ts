/** The class Queue: a FIFO of values of any type but nil (`hlua_queue_…` in src/hlua_fcn.c). */
import { throwLuaError } from '../binding/errors.js'
import { functionTable } from '../binding/function-table.js'
import { LuaClass } from '../binding/lua-class.js'
import { lauxlib, lua, type LuaContinuation, type LuaFunction, type lua_State } from '../fengari.js'
import { coroutineOf, yieldFor } from '../host/yielding.js'
import { WaitList } from '../host/wait-list.js'
import type { ApiPart } from './api-part.js'

const { lua_gettop, lua_isnoneornil, lua_pushboolean, lua_pushinteger, lua_pushnil, lua_rawgeti, LUA_REGISTRYINDEX } =
  lua
const { luaL_ref, luaL_unref } = lauxlib

class Queue {
  /** references to the values in the registry; those before `#head` have been taken */
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

const create: LuaFunction = (L) => {
  queueClass.push(L, new Queue())
  return 1
}

/** Takes and pushes the first value. Returns false if the queue is empty. */
const popValue = (L: lua_State, queue: Queue): boolean => {
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
  if (lua_gettop(L) !== 2 || lua_isnoneornil(L, 2)) throwLuaError(L, 'unexpected argument')
  queue.push(luaL_ref(L, LUA_REGISTRYINDEX))
  lua_pushboolean(L, true)
  return 1
}

const pop: LuaFunction = (L) => {
  if (!popValue(L, queueClass.check(L, 1))) lua_pushnil(L)
  return 1
}

const popOrWait: LuaContinuation = (L) => {
  const queue = queueClass.check(L, 1)
  if (popValue(L, queue)) return 1
  return yieldFor(L, queue.waiting, popOrWait)
}

const popWait: LuaFunction = (L) => {
  queueClass.check(L, 1)
  if (!coroutineOf(L)) throwLuaError(L, 'pop_wait() may only be used within task context (requires yielding)')
  return popOrWait(L, 0, 0)
}

/** Wakes the running task when the next value is pushed. */
const alarm: LuaFunction = (L) => {
  const queue = queueClass.check(L, 1)
  const coroutine = coroutineOf(L)
  if (!coroutine) throwLuaError(L, 'alarm() may only be used within task context (requires yielding)')
  else coroutine.waitIn(queue.waiting)
  return 0
}

const queueClass = new LuaClass<Queue>('Queue', {
  ownMethods: { size, pop, pop_wait: popWait, push, alarm },
  metamethods: { __gc: () => 0 },
})

export const QUEUE: ApiPart = { coreFunctions: functionTable({ queue: create }) }
