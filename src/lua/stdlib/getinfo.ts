/** `debug.getinfo` (`db_getinfo` in ldblib.c). */
import { argument, checkInt, checkCString, give, throwArgumentError } from '../vm/arguments.js'
import { lua_getinfo, lua_getstack, type LuaDebug } from '../vm/api/debug.js'
import { binary } from '../vm/bytes.js'
import { LuaTable } from '../vm/table.js'
import { inspectedThread } from './debug-values.js'
import { isFunction, type LuaValue, type NativeFunction } from '../vm/value.js'

/** The fields for each option. */
const FIELDS: readonly (readonly [option: string, fields: readonly (keyof LuaDebug)[]])[] = [
  ['S', ['source', 'short_src', 'linedefined', 'lastlinedefined', 'what']],
  ['l', ['currentline']],
  ['u', ['nups', 'nparams', 'isvararg']],
  ['n', ['name', 'namewhat']],
  ['r', ['ftransfer', 'ntransfer']],
  ['t', ['istailcall']],
]

const toLua = (value: LuaDebug[keyof LuaDebug]): LuaValue =>
  value instanceof Uint8Array ? binary(value) : typeof value === 'object' ? undefined : value

export const getinfo: NativeFunction = (L) => {
  const { thread, arg } = inspectedThread(L)
  const all = L.l_G.lua54 ? 'flnSrtu' : 'flnStu'
  const options = argument(L, arg + 2) === undefined ? all : checkCString(L, arg + 2)
  if (options.startsWith('>')) throwArgumentError(L, arg + 2, "invalid option '>'")
  const ar = {} as LuaDebug
  const f = argument(L, arg + 1)
  if (isFunction(f)) thread.stack[thread.top++] = f
  else if (!lua_getstack(thread, checkInt(L, arg + 1), ar)) return give(L, undefined)
  const before = isFunction(f) ? thread.top - 1 : thread.top
  if (!lua_getinfo(thread, isFunction(f) ? `>${options}` : options, ar))
    throwArgumentError(L, arg + 2, 'invalid option')
  const info = new LuaTable()
  for (const [option, fields] of FIELDS)
    if (options.includes(option)) for (const field of fields) info.setKey(field, toLua(ar[field]))
  let at = before
  if (options.includes('f')) info.setKey('func', thread.stack[at++])
  if (options.includes('L')) info.setKey('activelines', thread.stack[at])
  thread.top = before
  return give(L, info)
}
