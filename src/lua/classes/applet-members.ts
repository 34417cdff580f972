/** Members that AppletTCP and AppletHTTP share: variables, private data, fetches and converters (`hlua_applet_tcp_…`, src/hlua.c). */
import { parseVariableName, type VariableName } from '../../config/samples/variables.js'
import { fromByteString } from '../../bytes/text.js'
import { checkArgumentCount } from '../binding/arguments.js'
import { throwLuaError } from '../binding/errors.js'
import { pushSample, sampleArgument } from '../binding/samples.js'
import type { AppletScope } from '../calls/applet.js'
import { Converters, Fetches } from '../calls/txn.js'
import { lauxlib, lua, luaString, type LuaFunction, type lua_State } from '../fengari.js'
import { stateOf } from '../host/script-state.js'
import { checkText } from '../vm/arguments.js'

const {
  lua_gettop,
  lua_pushboolean,
  lua_pushnil,
  lua_pushvalue,
  lua_rawgeti,
  lua_setfield,
  lua_toboolean,
  LUA_REGISTRYINDEX,
} = lua
const { luaL_ref, luaL_unref } = lauxlib

/** @param check returns what the object at index 1 is bound to */
export const appletMembers = (check: (L: lua_State) => AppletScope): Readonly<Record<string, LuaFunction>> => {
  /** The name of the variable at index 2; undefined if it is invalid. */
  const variableName = (L: lua_State): VariableName | undefined => {
    const name = parseVariableName(fromByteString(checkText(L, 2)))
    return 'error' in name ? undefined : name
  }
  return {
    set_priv: (L) => {
      const coroutine = check(L).privateOwner
      if (!coroutine) return 0
      checkArgumentCount(L, 2, 'set_priv')
      if (coroutine.privateData !== 0) luaL_unref(L, LUA_REGISTRYINDEX, coroutine.privateData)
      lua_pushvalue(L, 2)
      coroutine.privateData = luaL_ref(L, LUA_REGISTRYINDEX)
      return 0
    },
    get_priv: (L) => {
      const data = check(L).privateOwner?.privateData ?? 0
      if (data === 0) lua_pushnil(L)
      else lua_rawgeti(L, LUA_REGISTRYINDEX, data)
      return 1
    },
    /** `set_var(name, value[, ifexist])`: with the last, a variable of the process must be known. */
    set_var: (L) => {
      const count = lua_gettop(L)
      if (count < 3 || count > 4) throwLuaError(L, "'set_var' needs between 3 and 4 arguments")
      const { variables } = check(L)
      const name = variableName(L)
      const mustExist = count === 4 && lua_toboolean(L, 4) && name?.scope === 'proc'
      const isSet = name !== undefined && variables.set(name, sampleArgument(L, 3), mustExist ? ['ifexists'] : [])
      lua_pushboolean(L, isSet)
      return 1
    },
    unset_var: (L) => {
      checkArgumentCount(L, 2, 'unset_var')
      const { variables } = check(L)
      const name = variableName(L)
      lua_pushboolean(L, name !== undefined && variables.unset(name))
      return 1
    },
    get_var: (L) => {
      checkArgumentCount(L, 2, 'get_var')
      const { variables } = check(L)
      const name = variableName(L)
      return pushSample(L, name && variables.get(name))
    },
  }
}

const F = luaString('f')
const SF = luaString('sf')
const C = luaString('c')
const SC = luaString('sc')

/** Sets the fields with fetches and converters of a new object; fetches of what the channels hold are not available. */
export const setSampleFields = (L: lua_State, { caller }: AppletScope): void => {
  const state = stateOf(L)
  const set = (name: Uint8Array, object: object): void => {
    state.push(L, object)
    lua_setfield(L, -2, name)
  }
  set(F, new Fetches(caller, false, false))
  set(SF, new Fetches(caller, true, false))
  set(C, new Converters(caller, false))
  set(SC, new Converters(caller, true))
}
