/**
 * Fengari's own interpreter, which hapsim puts its VM in the place of, alone in a process: Lua functions come as JSON on
 * standard input, a list of their sources, and what each returns goes to standard output. fengari-interop carries the values.
 */
import { readFileSync } from 'node:fs'
import process from 'node:process'
import fengari from 'fengari'
import interop from 'fengari-interop'

const { lua, lauxlib, lualib, to_luastring } = fengari
const L = lauxlib.luaL_newstate()
lualib.luaL_openlibs(L)
lauxlib.luaL_requiref(L, to_luastring('js'), interop.luaopen_js, 0)
lua.lua_settop(L, 0)

const call = (source) => {
  if (lauxlib.luaL_dostring(L, to_luastring(`return ${source}`)) !== lua.LUA_OK) throw interop.tojs(L, -1)
  const called = interop.tojs(L, -1)
  lua.lua_settop(L, 0)
  return called.invoke(undefined, [])
}

process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, 'utf8')).map(call)))
