/** The results of a call: the first is what the call returned, all of them are in the thread if they are several. */
import type { LuaThread } from './state.js'
import type { LuaValue } from './value.js'

/** All results of the call that has just returned `value`. */
export const results = (L: LuaThread, value: LuaValue): LuaValue[] =>
  L.nret === 1 ? [value] : L.nret === 0 ? [] : L.ret

/** Puts the results of a call on the stack from `at` on: `wanted` of them, or all for -1. */
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
