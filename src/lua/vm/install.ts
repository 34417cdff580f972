/**
 * Replaces Fengari's C API by this VM's: `lua.js`, from which Fengari's auxiliary library and all other code take it, is filled with the
 * functions of api/ before that library is loaded. Fengari's own state, interpreter and numbers then serve only its parser. No file of
 * the package is modified.
 */
import { fengariApi } from './fengari-modules.js'
import * as access from './api/access.js'
import * as calls from './api/calls.js'
import * as debug from './api/debug.js'
import * as push from './api/push.js'
import * as stack from './api/stack.js'
import * as tables from './api/tables.js'
import { REGISTRY_INDEX } from './api/values.js'

const functions = { ...access, ...calls, ...debug, ...push, ...stack, ...tables }
const absent = Object.keys(fengariApi).filter((name) => name.startsWith('lua_') && !(name in functions))

for (const name of absent)
  if (name !== 'lua_Debug' && name !== 'lua_upvalueindex')
    fengariApi[name] = () => {
      throw new Error(`${name} is not part of hapsim's C API`)
    }
for (const [name, call] of Object.entries(functions)) if (name.startsWith('lua_')) fengariApi[name] = call
fengariApi.lua_register = (L: Parameters<typeof tables.lua_setglobal>[0], name: string, f: () => number): void => {
  push.lua_pushcfunction(L, f)
  tables.lua_setglobal(L, name)
}
fengariApi.lua_pushjsfunction = push.lua_pushcfunction
fengariApi.lua_pushjsclosure = push.lua_pushcclosure
fengariApi.LUA_VERSION_NUM = 504
if (fengariApi.LUA_REGISTRYINDEX !== REGISTRY_INDEX) throw new Error('FENGARICONF must not be set')
