/** Runs the bodies of scripts while the configuration is parsed, and their init functions once it has been checked. */
import type { LuaLoad } from '../../config/model/lua.js'
import { errorText, functionPlace, traceback } from './errors.js'
import { lauxlib, lua, luaString, type lua_State } from '../fengari.js'
import type { CoroutineHost } from './coroutine.js'
import { withStartLimit, type StartState } from './start-limit.js'
import { Halt } from '../vm/errors.js'

const {
  lua_checkstack,
  lua_pcall,
  lua_pushstring,
  lua_rawgeti,
  lua_resume,
  lua_settop,
  LUA_ERRERR,
  LUA_ERRMEM,
  LUA_ERRRUN,
  LUA_MULTRET,
  LUA_OK,
  LUA_REGISTRYINDEX,
  LUA_YIELD,
} = lua
const { luaL_unref } = lauxlib

/** What the start of scripts uses of the process. */
export interface StartHost extends Pick<CoroutineHost, 'process' | 'rethrowException' | 'reportFailure'> {
  /** Pushes the function that a file contains. Returns an error message if it cannot be read or compiled. */
  pushFile(L: lua_State, name: string, path: string): string | undefined
  /** Reports that a script could not be compiled. @param name the file as messages name it */
  reportSyntaxError(message: string, name: string): void
}

/** What it uses of the state. */
export interface StartingState extends StartState {
  /** references to functions passed to `core.register_init`, in order */
  readonly initFunctions: number[]
}

/** Loads a script into `state` and runs its body. Returns HAProxy's error message if it fails. */
export const runBody = (host: StartHost, state: StartState, script: LuaLoad): string | undefined => {
  const { L } = state
  const { name } = script
  const error = host.pushFile(L, name, script.path)
  if (error !== undefined) {
    host.reportSyntaxError(error, name)
    return `error in Lua file '${name}': ${error}`
  }
  lua_checkstack(L, script.args.length)
  for (const argument of script.args) lua_pushstring(L, luaString(argument))
  const status = withStartLimit(state, () => lua_pcall(L, script.args.length, LUA_MULTRET, 0))
  host.rethrowException()
  if (status instanceof Halt) return `Lua file '${name}' ${status.reason}`
  const text = status === LUA_OK ? undefined : (errorText(L) ?? '(null)')
  if (status === LUA_ERRRUN) host.reportFailure(L)
  lua_settop(L, 0)
  if (status === LUA_ERRMEM || state.memory.exceedsLimit) return 'Lua out of memory error'
  if (status === LUA_OK) return undefined
  if (status === LUA_ERRRUN) return `Lua runtime error: ${text}`
  return status === LUA_ERRERR ? `Lua message handler error: ${text}` : `Lua unknown error: ${text}`
}

/** Calls the init functions of a state, including those registered by other init functions. Returns false if one fails. */
export const runInitFunctions = (host: StartHost, state: StartingState): boolean => {
  const { L } = state
  for (const reference of state.initFunctions) {
    lua_rawgeti(L, LUA_REGISTRYINDEX, reference)
    luaL_unref(L, LUA_REGISTRYINDEX, reference)
    const place = functionPlace(L, -1)
    const status = withStartLimit(state, () => lua_resume(L, null, 0))
    host.rethrowException()
    if (status instanceof Halt) {
      host.process.logger.message('alert', `Lua init: function at ${place} ${status.reason}`)
      return false
    }
    if (status === LUA_OK && !state.memory.exceedsLimit) {
      lua_settop(L, 0)
      continue
    }
    if (status === LUA_ERRRUN) host.reportFailure(L)
    host.process.logger.message('alert', initError(state, status, place))
    return false
  }
  return true
}

/** HAProxy's error message about an init function. @param place `file:line` where the function is defined */
const initError = ({ L }: StartState, status: number, place: string): string => {
  if (status === LUA_YIELD) {
    lua_settop(L, 0)
    return `Lua init: yield not allowed: ${traceback(L)}`
  }
  if (status === LUA_OK || status === LUA_ERRMEM) {
    // the limit may have been exceeded at the end only, when the function has returned
    const trace = traceback(L) || `${place}: in function line ${place.replace(/^.*:/s, '')}`
    return `Lua init: out of memory error: ${trace}`
  }
  const kind = status === LUA_ERRERR ? 'message handler error' : 'runtime error'
  const text = errorText(L)
  const trace = traceback(L)
  return text === undefined ? `Lua init: unknown ${kind} from ${trace}` : `Lua init: ${kind}: '${text}' from ${trace}`
}
