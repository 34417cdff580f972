/** Types for the parts of fengari that hapsim uses. Signatures follow Lua's C API. */
declare module 'fengari' {
  /** a coroutine, as the VM has it */
  export type lua_State = import('./vm/state.js').LuaThread

  export interface lua_Debug {
    event: number
    name: Uint8Array | null
    namewhat: Uint8Array | null
    what: Uint8Array | null
    source: Uint8Array | null
    currentline: number
    linedefined: number
    lastlinedefined: number
    istailcall: boolean
    short_src: Uint8Array | null
  }

  export type LuaFunction = (L: lua_State) => number
  export type LuaContinuation = (L: lua_State, status: number, context: number) => number
  export type LuaHook = (L: lua_State, ar: lua_Debug) => void
  type Text = string | Uint8Array

  export const lua: {
    readonly LUA_OK: 0
    readonly LUA_YIELD: 1
    readonly LUA_ERRRUN: 2
    readonly LUA_ERRSYNTAX: 3
    readonly LUA_ERRMEM: 4
    readonly LUA_ERRGCMM: 5
    readonly LUA_ERRERR: 6
    readonly LUA_MULTRET: -1
    readonly LUA_REGISTRYINDEX: number
    readonly LUA_HOOKCALL: number
    readonly LUA_HOOKCOUNT: number
    readonly LUA_MASKCALL: number
    readonly LUA_MASKRET: number
    readonly LUA_MASKLINE: number
    readonly LUA_MASKCOUNT: number
    readonly LUA_TNONE: -1
    readonly LUA_TNIL: 0
    readonly LUA_TBOOLEAN: 1
    readonly LUA_TLIGHTUSERDATA: 2
    readonly LUA_TNUMBER: 3
    readonly LUA_TSTRING: 4
    readonly LUA_TTABLE: 5
    readonly LUA_TFUNCTION: 6
    readonly LUA_TUSERDATA: 7
    readonly LUA_TTHREAD: 8
    readonly lua_Debug: new () => lua_Debug
    lua_atnativeerror(L: lua_State, f: LuaFunction): LuaFunction | null
    lua_call(L: lua_State, nargs: number, nresults: number): void
    lua_callk(L: lua_State, nargs: number, nresults: number, ctx: number, k: LuaContinuation | null): void
    lua_checkstack(L: lua_State, n: number): boolean
    lua_close(L: lua_State): void
    lua_concat(L: lua_State, n: number): void
    lua_createtable(L: lua_State, narr: number, nrec: number): void
    lua_error(L: lua_State): never
    lua_getfield(L: lua_State, index: number, k: Text): number
    lua_getglobal(L: lua_State, name: Text): number
    lua_gethookcount(L: lua_State): number
    lua_gethook(L: lua_State): LuaHook | null
    lua_gethookmask(L: lua_State): number
    lua_getinfo(L: lua_State, what: Text, ar: lua_Debug): number
    lua_getmetatable(L: lua_State, index: number): boolean
    lua_getstack(L: lua_State, level: number, ar: lua_Debug): number
    lua_gettable(L: lua_State, index: number): number
    lua_gettop(L: lua_State): number
    lua_insert(L: lua_State, index: number): void
    lua_isboolean(L: lua_State, index: number): boolean
    lua_isfunction(L: lua_State, index: number): boolean
    lua_isinteger(L: lua_State, index: number): boolean
    lua_isnil(L: lua_State, index: number): boolean
    lua_isnoneornil(L: lua_State, index: number): boolean
    lua_isnumber(L: lua_State, index: number): boolean
    lua_isstring(L: lua_State, index: number): boolean
    lua_istable(L: lua_State, index: number): boolean
    lua_isuserdata(L: lua_State, index: number): boolean
    lua_isyieldable(L: lua_State): boolean
    lua_load(
      L: lua_State,
      reader: (L: lua_State, data: unknown) => Uint8Array | null,
      data: unknown,
      chunkname: Text,
      mode: Text | null,
    ): number
    lua_newtable(L: lua_State): void
    lua_newthread(L: lua_State): lua_State
    lua_newuserdata(L: lua_State, size: number): Record<string, unknown>
    lua_next(L: lua_State, index: number): number
    lua_pcall(L: lua_State, nargs: number, nresults: number, msgh: number): number
    lua_pop(L: lua_State, n: number): void
    lua_pushboolean(L: lua_State, b: boolean | number): void
    lua_pushcclosure(L: lua_State, f: LuaFunction, n: number): void
    lua_pushcfunction(L: lua_State, f: LuaFunction): void
    lua_pushfstring(L: lua_State, format: Text, ...args: unknown[]): Uint8Array
    lua_pushinteger(L: lua_State, n: number): void
    lua_pushlightuserdata(L: lua_State, p: unknown): void
    lua_pushlstring(L: lua_State, s: Uint8Array, len: number): Uint8Array
    lua_pushnil(L: lua_State): void
    lua_pushnumber(L: lua_State, n: number): void
    lua_pushstring(L: lua_State, s: Text | null): Uint8Array
    lua_pushvalue(L: lua_State, index: number): void
    lua_rawequal(L: lua_State, a: number, b: number): number
    lua_rawget(L: lua_State, index: number): number
    lua_rawgeti(L: lua_State, index: number, n: number): number
    lua_rawlen(L: lua_State, index: number): number
    lua_rawset(L: lua_State, index: number): void
    lua_rawseti(L: lua_State, index: number, n: number): void
    lua_remove(L: lua_State, index: number): void
    lua_replace(L: lua_State, index: number): void
    lua_getupvalue(L: lua_State, index: number, n: number): unknown
    lua_upvalueid(L: lua_State, index: number, n: number): object
    lua_resume(L: lua_State, from: lua_State | null, nargs: number): number
    lua_setfield(L: lua_State, index: number, k: Text): void
    lua_setglobal(L: lua_State, name: Text): void
    lua_setupvalue(L: lua_State, index: number, n: number): Uint8Array | null
    lua_sethook(L: lua_State, f: LuaHook | null, mask: number, count: number): void
    lua_setmetatable(L: lua_State, index: number): boolean
    lua_settable(L: lua_State, index: number): void
    lua_settop(L: lua_State, index: number): void
    lua_status(L: lua_State): number
    lua_stringtonumber(L: lua_State, s: Uint8Array): number
    lua_toboolean(L: lua_State, index: number): boolean
    lua_tointeger(L: lua_State, index: number): number
    lua_tolstring(L: lua_State, index: number): Uint8Array | null
    lua_tointegerx(L: lua_State, index: number): number | false
    lua_tonumber(L: lua_State, index: number): number
    lua_tocfunction(L: lua_State, index: number): LuaFunction | null
    lua_tothread(L: lua_State, index: number): lua_State | null
    lua_topointer(L: lua_State, index: number): unknown
    lua_tostring(L: lua_State, index: number): Uint8Array | null
    lua_touserdata(L: lua_State, index: number): unknown
    lua_type(L: lua_State, index: number): number
    lua_typename(L: lua_State, type: number): Uint8Array
    lua_upvalueindex(n: number): number
    lua_xmove(from: lua_State, to: lua_State, n: number): void
    lua_yield(L: lua_State, nresults: number): number
    lua_yieldk(L: lua_State, nresults: number, ctx: number, k: LuaContinuation | null): number
  }

  export const lauxlib: {
    luaL_argcheck(L: lua_State, condition: boolean, arg: number, message: Text): void
    luaL_argerror(L: lua_State, arg: number, message: Text | null): never
    luaL_checkany(L: lua_State, arg: number): void
    luaL_checklstring(L: lua_State, arg: number): Uint8Array
    luaL_checkinteger(L: lua_State, arg: number): number
    luaL_checknumber(L: lua_State, arg: number): number
    luaL_checkoption(L: lua_State, arg: number, def: Text | null, list: readonly Text[]): number
    luaL_checkudata(L: lua_State, arg: number, name: Text): Record<string, unknown>
    /** ends at the first zero byte */
    luaL_checkstring(L: lua_State, arg: number): Uint8Array
    luaL_checktype(L: lua_State, arg: number, type: number): void
    luaL_error(L: lua_State, format: Text, ...args: unknown[]): never
    luaL_len(L: lua_State, index: number): number
    luaL_newmetatable(L: lua_State, name: Text): boolean
    luaL_newstate(): lua_State
    luaL_optinteger(L: lua_State, arg: number, def: number): number
    luaL_optnumber(L: lua_State, arg: number, def: number): number
    luaL_optlstring(L: lua_State, arg: number, def: Text | null): Uint8Array | null
    /** ends at the first zero byte */
    luaL_optstring(L: lua_State, arg: number, def: Text | null): Uint8Array | null
    luaL_ref(L: lua_State, table: number): number
    luaL_requiref(L: lua_State, name: Text, open: LuaFunction, global: number): void
    luaL_setmetatable(L: lua_State, name: Text): void
    luaL_testudata(L: lua_State, arg: number, name: Text): Record<string, unknown> | null
    luaL_tolstring(L: lua_State, index: number): Uint8Array
    luaL_traceback(L: lua_State, L1: lua_State, message: Text | null, level: number): void
    luaL_typename(L: lua_State, index: number): Uint8Array
    luaL_unref(L: lua_State, table: number, ref: number): void
    luaL_where(L: lua_State, level: number): void
  }

  export const luastring_of: (...bytes: number[]) => Uint8Array
  export const to_luastring: (text: string, cache?: boolean) => Uint8Array
  export const to_jsstring: (value: Uint8Array, from?: number, to?: number, replacement?: boolean) => string

  const fengari: {
    readonly lua: typeof lua
    readonly lauxlib: typeof lauxlib
    readonly to_luastring: typeof to_luastring
    readonly to_jsstring: typeof to_jsstring
  }
  export default fengari
}

declare module 'fengari/src/lobject.js' {
  import type { lua_State } from 'fengari'
  export interface Closure {
    p: import('fengari/src/lfunc.js').Proto
    upvals: { setfrom(value: unknown): void }[]
  }
  const lobject: {
    readonly LClosure: new (L: lua_State, upvalues: number) => Closure
    readonly TValue: new (type: number, value: unknown) => { setclLvalue(closure: Closure): void }
    pushobj2s(L: lua_State, value: unknown): void
  }
  export default lobject
}

declare module 'fengari/src/lfunc.js' {
  import type { lua_State } from 'fengari'
  import type { Closure } from 'fengari/src/lobject.js'
  export interface Proto {
    readonly p: readonly Proto[]
    readonly upvalues: readonly unknown[]
    cache: unknown
  }
  const lfunc: { luaF_initupvals(L: lua_State, closure: Closure): void }
  export default lfunc
}

declare module 'fengari/src/lstate.js' {
  const lstate: { CIST_OAH: number; readonly CIST_YPCALL: number }
  export default lstate
}
