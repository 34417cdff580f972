/** The library io: output goes to the record of the simulation; there are no files and no other programs. */
import { functionTable, throwError, type FunctionTable } from '../bind.js'
import { jsString, lauxlib, lua, type LuaFunction } from '../fengari.js'
import { stateOf } from '../state.js'

const { lua_gettop, lua_tostring, lua_isstring } = lua
const { luaL_checkstring } = lauxlib

const refused =
  (name: string): LuaFunction =>
  (L) =>
    throwError(L, `io.${name} is not emulated by hapsim yet`)

const write: LuaFunction = (L) => {
  let text = ''
  for (let index = 1; index <= lua_gettop(L); index++)
    text += jsString(lua_isstring(L, index) ? lua_tostring(L, index)! : luaL_checkstring(L, index))
  stateOf(L).host.output.write('stdout', text)
  return 0
}

export const IO_FUNCTIONS: FunctionTable = functionTable({
  write,
  ...Object.fromEntries(
    ['close', 'flush', 'input', 'lines', 'open', 'output', 'popen', 'read', 'tmpfile', 'type'].map((name) => [
      name,
      refused(name),
    ]),
  ),
})
