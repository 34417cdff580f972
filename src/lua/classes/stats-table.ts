/** Statistics as Lua tables (`hlua_fcn_pushfield` in src/hlua_fcn.c): numbers are integers, what is empty is not there. */
import type { Field } from '../../haproxy/stats/index.js'
import { lua, luaString, type lua_State } from '../fengari.js'
import { pushInteger } from '../host/integer.js'

const { lua_createtable, lua_pushstring, lua_rawset } = lua

/**
 * Pushes a table of fields by name. HAProxy fills in the columns of its last call that this kind of object does not have:
 * those are left out here.
 */
export const pushFields = (L: lua_State, fields: Iterable<readonly [name: string, field: Field | undefined]>): void => {
  lua_createtable(L, 0, 0)
  for (const [name, field] of fields) {
    if (field === undefined) continue
    lua_pushstring(L, luaString(name))
    if (typeof field.value === 'number') pushInteger(L, field.value)
    else lua_pushstring(L, luaString(field.value))
    lua_rawset(L, -3)
  }
}
