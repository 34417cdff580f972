/**
 * The C API of Lua: code in lua/ outside of the VM imports it from here. Fengari's standard libraries are not loaded, because none of them
 * is used.
 */
// first: replaces Fengari's VM before Fengari's auxiliary library takes it
import { decodeText, encodeText } from '../bytes/text.js'
import './vm/auxiliary.js'
import type fengariPackage from 'fengari'
import { loadLate } from './vm/late.js'

type Fengari = typeof fengariPackage

export const lua = loadLate('fengari/src/lua.js') as Fengari['lua']
export const lauxlib = loadLate('fengari/src/lauxlib.js') as Fengari['lauxlib']

export type { LuaContinuation, LuaFunction, LuaHook, lua_Debug, lua_State } from 'fengari'

/** Text as a Lua string. */
export const luaString = (text: string): Uint8Array => encodeText(text)

/** A Lua string as text. */
export const jsString = (value: Uint8Array): string => decodeText(value)
