/** Functions of `debug` that read and change variables, upvalues, user values and metatables, and `traceback` (ldblib.c). */
import { functionTable, type FunctionTable } from '../binding/function-table.js'
import { lua_getupvalue, lua_setupvalue, lua_upvalueid, lua_upvaluejoin } from '../vm/api/access.js'
import { lua_getlocal, lua_getstack, lua_setlocal, type LuaDebug } from '../vm/api/debug.js'
import { lua_pushvalue } from '../vm/api/stack.js'
import { lua_settop, lua_xmove } from '../vm/api/stack.js'
import { lua_setmetatable } from '../vm/api/tables.js'
import {
  argument,
  argumentCount,
  checkAny,
  checkInt,
  give,
  optionalInt,
  throwArgument,
  throwArgumentError,
} from '../vm/arguments.js'
import { traceback as tracebackText } from '../vm/auxiliary.js'
import { binary, cString } from '../vm/bytes.js'
import { metatableOf } from '../vm/metamethod.js'
import { numberText } from '../vm/number-text.js'
import { LuaThread } from '../vm/state.js'
import { LuaTable } from '../vm/table.js'
import { isFunction, LuaClosure, Userdata, type NativeFunction } from '../vm/value.js'

/** Returns the coroutine to inspect: the first argument if it is one. The other arguments follow `arg`. */
export const inspectedThread = (L: LuaThread): { readonly thread: LuaThread; readonly arg: 0 | 1 } => {
  const first = argument(L, 1)
  return first instanceof LuaThread ? { thread: first, arg: 1 } : { thread: L, arg: 0 }
}

/** Returns the call of `thread` at the level in argument `n`. */
const checkLevel = (L: LuaThread, thread: LuaThread, n: number): LuaDebug => {
  const ar = {} as LuaDebug
  if (!lua_getstack(thread, checkInt(L, n), ar)) throwArgumentError(L, n, 'level out of range')
  return ar
}

const giveName = (L: LuaThread, name: Uint8Array | null): 1 => give(L, name === null ? undefined : binary(name))

const getlocal: NativeFunction = (L) => {
  const { thread, arg } = inspectedThread(L)
  const n = checkInt(L, arg + 2)
  if (isFunction(argument(L, arg + 1))) {
    lua_pushvalue(L, arg + 1)
    return giveName(L, lua_getlocal(L, null, n))
  }
  const name = lua_getlocal(thread, checkLevel(L, thread, arg + 1), n)
  if (name === null) return give(L, undefined)
  const value = thread.stack[--thread.top]
  giveName(L, name)
  give(L, value)
  return 2
}

const setlocal: NativeFunction = (L) => {
  const { thread, arg } = inspectedThread(L)
  const level = checkInt(L, arg + 1)
  const n = checkInt(L, arg + 2)
  const ar = {} as LuaDebug
  if (!lua_getstack(thread, level, ar)) throwArgumentError(L, arg + 1, 'level out of range')
  checkAny(L, arg + 3)
  lua_settop(L, arg + 3)
  lua_xmove(L, thread, 1)
  return giveName(L, lua_setlocal(thread, ar, n))
}

const checkFunction = (L: LuaThread, n: number): void => {
  if (!isFunction(argument(L, n))) throwArgument(L, n, 'function')
}

const getupvalue: NativeFunction = (L) => {
  const n = checkInt(L, 2)
  checkFunction(L, 1)
  const name = lua_getupvalue(L, 1, n)
  if (name === null) return 0
  const value = L.stack[--L.top]
  giveName(L, name)
  give(L, value)
  return 2
}

const setupvalue: NativeFunction = (L) => {
  checkAny(L, 3)
  const n = checkInt(L, 2)
  checkFunction(L, 1)
  lua_settop(L, 3)
  const name = lua_setupvalue(L, 1, n)
  return name === null ? 0 : giveName(L, name)
}

const isC = (L: LuaThread, n: number): boolean => !(argument(L, n) instanceof LuaClosure)

/** Returns the identity of upvalue `n2` of function `n1`, `null` if it does not exist, and its index. */
const checkUpvalue = (L: LuaThread, n1: number, n2: number): { readonly id: unknown; readonly index: number } => {
  const index = checkInt(L, n2)
  checkFunction(L, n1)
  return { id: lua_upvalueid(L, n1, index), index }
}

const upvalueid: NativeFunction = (L) => {
  const { id } = checkUpvalue(L, 1, 2)
  return give(L, id === null ? undefined : L.l_G.light(id))
}

const upvaluejoin: NativeFunction = (L) => {
  const to = checkUpvalue(L, 1, 2)
  if (to.id === null) throwArgumentError(L, 2, 'invalid upvalue index')
  const from = checkUpvalue(L, 3, 4)
  if (from.id === null) throwArgumentError(L, 4, 'invalid upvalue index')
  for (const n of [1, 3]) if (isC(L, n)) throwArgumentError(L, n, 'Lua function expected')
  lua_upvaluejoin(L, 1, to.index, 3, from.index)
  return 0
}

/** In Lua 5.4 a userdata has a fixed number of user values; in 5.3 every userdata has one. */
const userValueAt = (L: LuaThread, userdata: Userdata, n: number): boolean =>
  L.l_G.lua54 ? n >= 1 && n <= userdata.userValues : true

const getuservalue: NativeFunction = (L) => {
  const n = L.l_G.lua54 ? optionalInt(L, 2, 1) : 1
  const userdata = argument(L, 1)
  if (!(userdata instanceof Userdata) || !userValueAt(L, userdata, n)) return give(L, undefined)
  give(L, userdata.uservalue)
  if (!L.l_G.lua54) return 1
  give(L, true)
  return 2
}

const setuservalue: NativeFunction = (L) => {
  const n = L.l_G.lua54 ? optionalInt(L, 3, 1) : 1
  const userdata = argument(L, 1)
  if (!(userdata instanceof Userdata)) return throwArgument(L, 1, 'userdata')
  checkAny(L, 2)
  if (!userValueAt(L, userdata, n)) return give(L, undefined)
  userdata.uservalue = argument(L, 2)
  return give(L, userdata)
}

const getmetatable: NativeFunction = (L) => {
  checkAny(L, 1)
  return give(L, metatableOf(L, argument(L, 1)) ?? undefined)
}

const setmetatable: NativeFunction = (L) => {
  const mt = argument(L, 2)
  if (argumentCount(L) < 2 || (mt !== undefined && !(mt instanceof LuaTable))) {
    if (L.l_G.lua54) throwArgument(L, 2, 'nil or table')
    throwArgumentError(L, 2, 'nil or table expected')
  }
  lua_settop(L, 2)
  lua_setmetatable(L, 1)
  return 1
}

const traceback: NativeFunction = (L) => {
  const { thread, arg } = inspectedThread(L)
  const message = argument(L, arg + 1)
  const text = typeof message === 'string' ? message : numberText(message)
  if (text === undefined && message !== undefined) return give(L, message)
  const level = optionalInt(L, arg + 2, thread === L ? 1 : 0)
  return give(L, tracebackText(L, thread, text === undefined ? undefined : cString(text), level))
}

export const DEBUG_VALUE_FUNCTIONS: FunctionTable = functionTable({
  getlocal,
  getmetatable,
  getupvalue,
  getuservalue,
  setlocal,
  setmetatable,
  setupvalue,
  setuservalue,
  traceback,
  upvalueid,
  upvaluejoin,
})
