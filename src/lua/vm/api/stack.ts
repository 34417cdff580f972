/** The C API: the stack (lapi.c). */
import type { LuaThread } from '../state.js'
import { addressOf, get, put, REGISTRY_INDEX } from './values.js'

export const lua_gettop = (L: LuaThread): number => L.top - L.ci.base - 1

export const lua_settop = (L: LuaThread, index: number): void => {
  const top = index >= 0 ? L.ci.base + 1 + index : L.top + index + 1
  for (let i = L.top; i < top; i++) L.stack[i] = undefined
  L.top = top
}

export const lua_pop = (L: LuaThread, n: number): void => {
  L.top -= n
}

export const lua_absindex = (L: LuaThread, index: number): number =>
  index > 0 || index <= REGISTRY_INDEX ? index : L.top - L.ci.base + index

export const lua_pushvalue = (L: LuaThread, index: number): void => {
  const value = get(L, index)
  L.stack[L.top++] = value
}

const reverse = ({ stack }: LuaThread, from: number, to: number): void => {
  for (let [i, j] = [from, to]; i < j; i++, j--) [stack[i], stack[j]] = [stack[j], stack[i]]
}

export const lua_rotate = (L: LuaThread, index: number, n: number): void => {
  const from = addressOf(L, index)
  const last = L.top - 1
  const middle = n >= 0 ? last - n : from - n - 1
  reverse(L, from, middle)
  reverse(L, middle + 1, last)
  reverse(L, from, last)
}

export const lua_copy = (L: LuaThread, from: number, to: number): void => {
  put(L, to, get(L, from))
}

export const lua_remove = (L: LuaThread, index: number): void => {
  const { stack } = L
  for (let i = addressOf(L, index); i < L.top - 1; i++) stack[i] = stack[i + 1]
  L.top--
}

export const lua_insert = (L: LuaThread, index: number): void => {
  const { stack } = L
  const at = addressOf(L, index)
  const value = stack[L.top - 1]
  for (let i = L.top - 1; i > at; i--) stack[i] = stack[i - 1]
  stack[at] = value
}

export const lua_replace = (L: LuaThread, index: number): void => {
  put(L, index, L.stack[L.top - 1])
  L.top--
}

export const lua_checkstack = (L: LuaThread, n: number): boolean => L.top + n < 1_000_000

export const lua_xmove = (from: LuaThread, to: LuaThread, n: number): void => {
  if (from === to) return
  from.top -= n
  for (let i = 0; i < n; i++) to.stack[to.top++] = from.stack[from.top + i]
}
