/** Results of a call: the first is returned, and if there are several, all of them are in the thread. */
import type { LuaThread } from './state.js'
import type { LuaValue } from './value.js'

/** Returns all results of the call that has just returned `value`. */
export const results = (L: LuaThread, value: LuaValue): LuaValue[] =>
  L.nret === 1 ? [value] : L.nret === 0 ? [] : L.ret

/** Writes the results of a call to the stack from `at` on: `wanted` of them, or all if it is -1. */
export const pushResults = (L: LuaThread, value: LuaValue, at: number, wanted: number): void => {
  const { stack } = L
  const count = wanted < 0 ? L.nret : wanted
  if (count === 1) stack[at] = value
  else if (count > 0) {
    const all = results(L, value)
    for (let i = 0; i < count; i++) stack[at + i] = all[i]
  }
  L.top = at + count
}
