/** Samples as Lua values (`hlua_smp2lua`, src/hlua.c). */
import { textOf } from '../../haproxy/samples/casts.js'
import type { Sample } from '../../haproxy/samples/sample.js'
import { lua, type lua_State } from '../fengari.js'
import { stateOf } from '../host/script-state.js'
import { pushBytes, pushInteger } from './results.js'

const { lua_pushboolean, lua_pushnil } = lua

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
      return pushBytes(L, Buffer.from(sample.type === 'bin' ? sample.bytes : textOf(sample), 'latin1'))
  }
}
