/** The one door to fengari: everything in lua/ takes the VM and its C API from here. */
import fengari from 'fengari'
// after fengari: its modules need one another in a certain order
import lfunc from 'fengari/src/lfunc.js'
import lobject from 'fengari/src/lobject.js'
import lstate from 'fengari/src/lstate.js'

/**
 * fengari's lua_pcallk means to keep whether hooks are allowed and clears that bit instead, so after the first error that
 * a pcall catches in a coroutine its hooks never run again, and nothing interrupts it. With the bit of the protected call
 * itself in its place, hooks stay allowed; they are not within hooks only, and scripts do not get there.
 */
lstate.CIST_OAH = lstate.CIST_YPCALL

export { lfunc, lobject }
export type { Proto } from 'fengari/src/lfunc.js'
export type { Closure } from 'fengari/src/lobject.js'
export type { LuaContinuation, LuaFunction, LuaHook, lua_Debug, lua_State } from 'fengari'

export const { lua, lauxlib, lualib } = fengari

/** A JavaScript string as a Lua string (its UTF-8 bytes). */
export const luaString = (text: string): Uint8Array => fengari.to_luastring(text)

/** A Lua string as JavaScript text; bytes that are not UTF-8 become U+FFFD. */
export const jsString = (value: Uint8Array): string => fengari.to_jsstring(value, undefined, undefined, true)
