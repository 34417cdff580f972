/** Lua errors as HAProxy prints them: tracebacks (`hlua_traceback`) and error values of any type (`hlua_tostring_safe`). */
import { jsString, lua, lauxlib, luaString, type lua_State } from '../fengari.js'

const {
  lua_checkstack,
  lua_Debug,
  lua_getinfo,
  lua_getstack,
  lua_tostring,
  lua_type,
  lua_pushvalue,
  lua_pop,
  LUA_TSTRING,
  LUA_TNUMBER,
} = lua
const { luaL_tolstring } = lauxlib

const WHAT = luaString('Slnt')
/** The first character of `what` for native functions (`C`) and main chunks (`main`). */
const NATIVE = 'C'.charCodeAt(0)
const MAIN = 'm'.charCodeAt(0)

/** `tune.bufsize`, which limits the length of a traceback */
const BUFFER_SIZE = 16_384

/** The call stack, innermost call first, each `position: in kind 'name'`, separated by commas. */
export const traceback = (L: lua_State): string => {
  let trace = ''
  const ar = new lua_Debug()
  for (let level = 0; trace.length < BUFFER_SIZE && lua_getstack(L, level, ar); level++) {
    lua_getinfo(L, WHAT, ar)
    const what = ar.what![0]
    const kind = ar.namewhat === null ? '' : jsString(ar.namewhat)
    const name = ar.name === null ? undefined : jsString(ar.name).replace(kind === 'metamethod' ? /^__/ : '', '')
    if (ar.currentline < 0 && what === NATIVE && kind === '' && name === undefined) continue
    const source = what === NATIVE ? '[C]' : jsString(ar.short_src!)
    const place = ar.currentline > 0 ? `${source}:${ar.currentline}: ` : `${source}: `
    const who =
      kind !== '' && name !== undefined
        ? `in ${kind} '${name}'`
        : what === MAIN
          ? 'in main chunk'
          : what !== NATIVE
            ? `in function line ${ar.linedefined}`
            : '?'
    trace += (trace === '' ? '' : ', ') + place + who + (ar.istailcall ? ' ...' : '')
  }
  return trace.slice(0, BUFFER_SIZE - 1)
}

/** The error message on top of the stack; undefined if it is neither a string nor a number. */
export const errorText = (L: lua_State): string | undefined => {
  const type = lua_type(L, -1)
  if (type !== LUA_TSTRING && type !== LUA_TNUMBER) return undefined
  lua_checkstack(L, 1)
  lua_pushvalue(L, -1)
  const text = jsString(lua_tostring(L, -1)!)
  lua_pop(L, 1)
  return text
}

/** The value at `index` as `tostring` returns it. */
export const valueText = (L: lua_State, index: number): string => {
  const text = jsString(luaL_tolstring(L, index))
  lua_pop(L, 1)
  return text
}

/** `file.lua:line` of the definition of the function at `index`, for names of tasks. */
export const functionPlace = (L: lua_State, index: number): string => {
  const ar = new lua_Debug()
  lua_pushvalue(L, index)
  lua_getinfo(L, '>S', ar)
  const source = jsString(ar.short_src!)
  return `${source.slice(source.lastIndexOf('/') + 1)}:${ar.linedefined}`
}
