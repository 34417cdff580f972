/** Access to the arguments of functions of the library table (`checktab`, `aux_getn` in ltablib.c), with a shortcut for plain tables. */
import { argument, checkTable, throwError } from '../vm/arguments.js'
import type { Integer } from '../vm/integer.js'
import { metatableOf } from '../vm/metamethod.js'
import { getIndex, getLength, putIndex } from '../vm/native-operations.js'
import { toInteger } from '../vm/number-text.js'
import type { LuaThread } from '../vm/state.js'
import { LuaTable } from '../vm/table.js'
import type { LuaValue } from '../vm/value.js'

export const READ = 1
export const WRITE = 2
export const LENGTH = 4

/** Returns a table, or a value whose metamethods permit the use as a table (`checktab`). */
export const checkLike = (L: LuaThread, n: number, uses: number): LuaValue => {
  const value = argument(L, n)
  if (value instanceof LuaTable) return value
  const mt = metatableOf(L, value)
  const has = (name: string) => mt?.getKey(name) !== undefined
  const fits =
    mt &&
    (!(uses & READ) || has('__index')) &&
    (!(uses & WRITE) || has('__newindex')) &&
    (!(uses & LENGTH) || has('__len'))
  if (!fits) checkTable(L, n)
  return value
}

/** The length of a value (`luaL_len`): what `__len` returns is converted to an integer. */
export const exactLength = (L: LuaThread, value: LuaValue): Integer =>
  toInteger(getLength(L, value)) ?? throwError(L, 'object length is not an integer')

/** `t[i]` */
export const get = (L: LuaThread, t: LuaValue, i: number): LuaValue => {
  if (t instanceof LuaTable) {
    const value = t.getInt(i)
    if (value !== undefined || t.metatable === null) return value
  }
  return getIndex(L, t, i)
}

/** `t[i] = value` */
export const set = (L: LuaThread, t: LuaValue, i: number, value: LuaValue): void => {
  if (t instanceof LuaTable && t.metatable === null) return t.setInt(i, value)
  putIndex(L, t, i, value)
}
