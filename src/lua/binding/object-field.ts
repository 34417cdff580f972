/** Fields of Lua objects that hold objects of other classes. */
import type { lua_State } from '../fengari.js'
import { stateOf } from '../host/script-state.js'
import type { LuaTable } from '../vm/table.js'

/** Sets a field of a new object, which is on top of the stack, to the Lua object for `object`. */
export const setObject = (L: lua_State, name: string, object: object): void => {
  const table = L.stack[L.top - 1] as LuaTable
  stateOf(L).push(L, object)
  table.set(name, L.stack[--L.top])
}

/** Removes a field that objects of the class have otherwise from a new object, which is on top of the stack. */
export const removeField = (L: lua_State, name: string): void => {
  const table = L.stack[L.top - 1] as LuaTable
  table.set(name, undefined)
}
