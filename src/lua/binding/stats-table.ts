/** Statistics as Lua tables (`hlua_fcn_pushfield` in src/hlua_fcn.c): numbers become integers, empty fields are left out. */
import type { StatsField } from '../../haproxy/stats/index.js'
import { lua, type lua_State } from '../fengari.js'
import { pushInteger, pushString } from './results.js'

const { lua_createtable, lua_rawset } = lua

/**
 * Pushes a table of fields by name. For columns that this kind of object does not have, HAProxy returns the values of an earlier call;
 * they are left out here.
 */
export const pushFields = (
  L: lua_State,
  fields: Iterable<readonly [name: string, field: StatsField | undefined]>,
): void => {
  lua_createtable(L, 0, 0)
  for (const [name, field] of fields) {
    if (field === undefined) continue
    pushString(L, name)
    if (typeof field.value === 'number') pushInteger(L, field.value)
    else pushString(L, field.value)
    lua_rawset(L, -3)
  }
}
