/** The C API: tables, metatables, userdata (lapi.c). */
import { fromUser } from '../bytes.js'
import { runtimeError } from '../errors.js'
import { typeOf } from '../type-of.js'
import { getIndex, putIndex } from '../native-operations.js'
import { rawSet } from '../operations.js'
import { REGISTRY_GLOBALS, type LuaThread } from '../state.js'
import { LuaTable } from '../table.js'
import type { Type } from '../value.js'
import { Userdata, type LuaValue } from '../value.js'
import { push } from './push.js'
import { get } from './values.js'

type Text = string | Uint8Array

const pushTyped = (L: LuaThread, value: LuaValue): Type => {
  push(L, value)
  return typeOf(value)
}

const table = (L: LuaThread, index: number): LuaTable => {
  const value = get(L, index)
  if (value instanceof LuaTable) return value
  throw new TypeError('table expected')
}

const globals = (L: LuaThread): LuaValue => L.l_G.registry.getInt(REGISTRY_GLOBALS)

export const lua_createtable = (L: LuaThread): void => push(L, new LuaTable())
export const lua_newtable = lua_createtable
export const lua_pushglobaltable = (L: LuaThread): void => push(L, globals(L))

export const lua_gettable = (L: LuaThread, index: number): Type => {
  const object = get(L, index)
  const key = L.stack[L.top - 1]
  const value = getIndex(L, object, key)
  L.top--
  return pushTyped(L, value)
}

export const lua_getfield = (L: LuaThread, index: number, key: Text): Type =>
  pushTyped(L, getIndex(L, get(L, index), fromUser(key)))

export const lua_geti = (L: LuaThread, index: number, n: number): Type => pushTyped(L, getIndex(L, get(L, index), n))

export const lua_getglobal = (L: LuaThread, name: Text): Type => pushTyped(L, getIndex(L, globals(L), fromUser(name)))

export const lua_rawget = (L: LuaThread, index: number): Type => {
  const value = table(L, index).get(L.stack[L.top - 1])
  L.top--
  return pushTyped(L, value)
}

export const lua_rawgeti = (L: LuaThread, index: number, n: number): Type => pushTyped(L, table(L, index).getInt(n))

export const lua_rawgetp = (L: LuaThread, index: number, p: unknown): Type =>
  pushTyped(L, table(L, index).getKey(L.l_G.light(p)))

export const lua_settable = (L: LuaThread, index: number): void => {
  const object = get(L, index)
  putIndex(L, object, L.stack[L.top - 2], L.stack[L.top - 1])
  L.top -= 2
}

export const lua_setfield = (L: LuaThread, index: number, key: Text): void => {
  putIndex(L, get(L, index), fromUser(key), L.stack[L.top - 1])
  L.top--
}

export const lua_seti = (L: LuaThread, index: number, n: number): void => {
  putIndex(L, get(L, index), n, L.stack[L.top - 1])
  L.top--
}

export const lua_setglobal = (L: LuaThread, name: Text): void => {
  putIndex(L, globals(L), fromUser(name), L.stack[L.top - 1])
  L.top--
}

export const lua_rawset = (L: LuaThread, index: number): void => {
  rawSet(L, table(L, index), L.stack[L.top - 2], L.stack[L.top - 1])
  L.top -= 2
}

export const lua_rawseti = (L: LuaThread, index: number, n: number): void => {
  table(L, index).setInt(n, L.stack[L.top - 1])
  L.top--
}

export const lua_rawsetp = (L: LuaThread, index: number, p: unknown): void => {
  table(L, index).setKey(L.l_G.light(p), L.stack[L.top - 1])
  L.top--
}

/** Replaces the key on top of the stack by the next key and its value; at the end, pops it and returns 0. */
export const lua_next = (L: LuaThread, index: number): number => {
  const t = table(L, index)
  const place = t.next(L.stack[L.top - 1])
  L.top--
  if (place < 0) {
    if (place === -2) runtimeError(L, "invalid key to 'next'")
    return 0
  }
  push(L, t.keyAt(place))
  push(L, t.valueAt(place))
  return 1
}

export const lua_getmetatable = (L: LuaThread, index: number): boolean => {
  const value = get(L, index)
  const mt = value instanceof LuaTable || value instanceof Userdata ? value.metatable : L.l_G.mt[typeOf(value)]
  if (!mt) return false
  push(L, mt)
  return true
}

export const lua_setmetatable = (L: LuaThread, index: number): boolean => {
  const value = get(L, index)
  const given = L.stack[L.top - 1]
  const mt = given instanceof LuaTable ? given : null
  L.top--
  if (value instanceof LuaTable || value instanceof Userdata) value.metatable = mt
  else L.l_G.mt[typeOf(value)] = mt
  return true
}

export const lua_newuserdata = (L: LuaThread, size: number): Record<string, unknown> => {
  const userdata = new Userdata(size)
  push(L, userdata)
  return userdata.data
}

export const lua_getuservalue = (L: LuaThread, index: number): Type =>
  pushTyped(L, (get(L, index) as Userdata).uservalue)

export const lua_setuservalue = (L: LuaThread, index: number): void => {
  ;(get(L, index) as Userdata).uservalue = L.stack[L.top - 1]
  L.top--
}
