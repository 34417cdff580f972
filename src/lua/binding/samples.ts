/** Samples as Lua values, and Lua values as samples (`hlua_smp2lua` and `hlua_lua2smp`, src/hlua.c). */
import { textOf } from '../../haproxy/samples/casts.js'
import { bool, sint, str, type Sample } from '../../haproxy/samples/sample.js'
import { lua, type lua_State } from '../fengari.js'
import { stateOf } from '../host/script-state.js'
import { push } from '../vm/api/push.js'
import { get } from '../vm/api/values.js'
import { toInteger } from '../vm/number-text.js'
import { pushInteger } from './results.js'

const { lua_pushboolean, lua_pushnil, lua_toboolean, lua_tostring, lua_type, LUA_TBOOLEAN, LUA_TNUMBER, LUA_TSTRING } =
  lua

/** Pushes a sample, or nil for undefined. Booleans are integers unless `tune.lua.bool-sample-conversion` is `normal`. Returns 1. */
export const pushSample = (L: lua_State, sample: Sample | undefined): number => {
  if (!sample) {
    lua_pushnil(L)
    return 1
  }
  switch (sample.type) {
    case 'bool':
      if (stateOf(L).host.configuration.boolSampleConversion === 'normal') lua_pushboolean(L, sample.value !== 0n)
      else pushInteger(L, sample.value)
      return 1
    case 'sint':
      pushInteger(L, sample.value)
      return 1
    default:
      push(L, sample.type === 'bin' ? sample.bytes : textOf(sample))
      return 1
  }
}

/** Pushes a sample as text; '' for undefined (`hlua_smp2lua_str`). Returns 1. */
export const pushSampleText = (L: lua_State, sample: Sample | undefined): number => {
  push(L, sample === undefined ? '' : sample.type === 'bin' ? sample.bytes : textOf(sample))
  return 1
}

/** Argument `arg` as a sample: a number without an integer value is 0, and what has no type of sample is false. */
export const sampleArgument = (L: lua_State, arg: number): Sample => {
  switch (lua_type(L, arg)) {
    case LUA_TNUMBER:
      return sint(toInteger(get(L, arg)) ?? 0)
    case LUA_TBOOLEAN:
      return bool(lua_toboolean(L, arg))
    case LUA_TSTRING:
      return str(Buffer.from(lua_tostring(L, arg)!).toString('latin1'))
    default:
      return bool(false)
  }
}
