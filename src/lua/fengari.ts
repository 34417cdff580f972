/** The one door to fengari: everything in lua/ takes the VM and its C API from here. */
// first: puts the VM in the place of fengari's before fengari's libraries take it
import './vm/auxiliary.js'
import type fengariPackage from 'fengari'
import { loadLate } from './vm/late.js'

const fengari = loadLate('fengari') as typeof fengariPackage

export type { LuaContinuation, LuaFunction, LuaHook, lua_Debug, lua_State } from 'fengari'

export const { lua, lauxlib, lualib } = fengari

/** A JavaScript string as a Lua string (its UTF-8 bytes). */
export const luaString = (text: string): Uint8Array => fengari.to_luastring(text)

/** A Lua string as JavaScript text; bytes that are not UTF-8 become U+FFFD. */
export const jsString = (value: Uint8Array): string => fengari.to_jsstring(value, undefined, undefined, true)
