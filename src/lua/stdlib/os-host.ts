/** Functions of the library os that access the host, which requires permission. */
import type { FileAccess } from '../../haproxy/files.js'
import { stringArgument } from '../binding/arguments.js'
import { throwLuaError } from '../binding/errors.js'
import { functionTable, type FunctionTable } from '../binding/function-table.js'
import { jsString, lauxlib, lua, luaString, type LuaFunction } from '../fengari.js'
import { coroutineOf } from '../host/yielding.js'
import { libraryStateOf } from './library-state.js'
import { pushDone, pushProgramEnd } from './file-result.js'
import { allowed } from './refused.js'

const { lua_isboolean, lua_pushboolean, lua_pushstring, lua_toboolean } = lua
const { luaL_optinteger, luaL_optstring } = lauxlib

const execute: LuaFunction = (L) => {
  const command = luaL_optstring(L, 1, null)
  if (command === null) {
    // whether a shell is available
    lua_pushboolean(L, libraryStateOf(L).host.allow.programs !== undefined)
    return 1
  }
  const { output, directory } = libraryStateOf(L).host
  const result = allowed(L, 'programs', 'os.execute').run(jsString(command), new Uint8Array(0), directory)
  output.writeBytes('stdout', result.stdout)
  output.writeBytes('stderr', result.stderr)
  return pushProgramEnd(L, result.end)
}

/** Ends the process without a message: a live one at once, a simulated one at the end of the instant. The calling task is not continued. */
const exit: LuaFunction = (L) => {
  const ok = lua_isboolean(L, 1) ? lua_toboolean(L, 1) : undefined
  const code = ok === undefined ? luaL_optinteger(L, 1, 0) : ok ? 0 : 1
  allowed(L, 'programs', 'os.exit')
  const { host } = libraryStateOf(L)
  const { process } = host
  if (host.allow.exit) {
    host.closeFiles()
    host.output.flush()
    // the system uses the lowest 8 bits
    host.allow.exit(Number(BigInt.asUintN(8, BigInt(code))))
  }
  process.scheduler.at(process.scheduler.clock.now, () => process.stop())
  const text = `the script exited the process with code ${code}`
  return coroutineOf(L)?.terminate(L, text) ?? throwLuaError(L, text)
}

const remove: LuaFunction = (L) => {
  const name = stringArgument(L, 1)
  return pushDone(L, allowed(L, 'disk', 'os.remove').remove(libraryStateOf(L).host.resolvePath(name)), name)
}

const rename: LuaFunction = (L) => {
  const { host } = libraryStateOf(L)
  const [from, to] = [host.resolvePath(stringArgument(L, 1)), host.resolvePath(stringArgument(L, 2))]
  // PUC Lua's message contains no file name here
  return pushDone(L, allowed(L, 'disk', 'os.rename').rename(from, to), undefined)
}

const NEW_FILE: FileAccess = { read: true, write: true, create: true, exclusive: true }

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** Returns an unused name in the working directory; the file is created. */
const tmpname: LuaFunction = (L) => {
  allowed(L, 'disk', 'os.tmpname')
  const { host } = libraryStateOf(L)
  for (;;) {
    let name = './lua_'
    for (let i = 0; i < 6; i++) name += LETTERS[host.temporaryNames.integer(0, LETTERS.length - 1)]
    const made = host.process.files.open(host.resolvePath(name), NEW_FILE)
    if (made === 'EEXIST') continue
    if (typeof made === 'string') throwLuaError(L, 'unable to generate a unique filename')
    else made.close()
    lua_pushstring(L, luaString(name))
    return 1
  }
}

export const OS_HOST_FUNCTIONS: FunctionTable = functionTable({ execute, exit, remove, rename, tmpname })
