/** The one door to fengari: everything in lua/ takes the VM and its C API from here. */
// first: puts the VM in the place of fengari's before fengari's libraries take it
import { decodeText, encodeText } from '../bytes/text.js'
import './vm/auxiliary.js'
import type fengariPackage from 'fengari'
import { loadLate } from './vm/late.js'

const fengari = loadLate('fengari') as typeof fengariPackage

export type { LuaContinuation, LuaFunction, LuaHook, lua_Debug, lua_State } from 'fengari'

export const { lua, lauxlib, lualib } = fengari

/** Text as a Lua string. */
export const luaString = (text: string): Uint8Array => encodeText(text)

/** A Lua string as text. */
export const jsString = (value: Uint8Array): string => decodeText(value)
