/** `core`'s view of the process: proxies, statistics, mailers, variables. */
import { infoFields } from '../../haproxy/stats/index.js'
import { functionTable, type FunctionTable, checkArguments, throwError } from './bind.js'
import { coroutineOf } from '../host/coroutine.js'
import { jsString, lauxlib, lua, luaString, type LuaFunction, type lua_State } from '../fengari.js'
import { stateOf } from '../host/state.js'
import { pushProxyList } from './lists.js'
import { pushFields } from './stats-table.js'

const { lua_pushnil, lua_pushstring, lua_rawset, lua_tostring } = lua
const { luaL_checkstring, luaL_where } = lauxlib

const disableLegacyMailers: LuaFunction = (L) => {
  if (coroutineOf(L)) throwError(L, 'disable_legacy_mailers: not available outside of init or body context')
  stateOf(L).host.process.legacyMailersDisabled = true
  return 0
}

/**
 * The call by which scripts for HAProxy 3.3 and later ask for the mailers of the configuration. Those versions have no mailer of their
 * own, so that a script which makes it sends all mails. A script that has called `disable_legacy_mailers` is for 3.2, too.
 */
const useNativeMailersConfig: LuaFunction = (L) => {
  if (coroutineOf(L)) throwError(L, 'use_native_mailers_config: not available outside of init or body context')
  const { host } = stateOf(L)
  if (!host.process.legacyMailersDisabled) {
    luaL_where(L, 1)
    host.remark(`${jsString(lua_tostring(L, -1)!)}${UNKNOWN_TO_3_2}`)
  }
  host.process.legacyMailersDisabled = true
  return 0
}

const UNKNOWN_TO_3_2 =
  "HAProxy 3.2 has no 'core.use_native_mailers_config', which comes with 3.3: this call is an error there. " +
  "hapsim switches the built-in mailer off, as 'core.disable_legacy_mailers' does in 3.2."

const PROC = luaString('proc.')

const getVar: LuaFunction = (L) => {
  checkArguments(L, 1, 'get_var')
  const name = luaL_checkstring(L, 1)
  if (!PROC.every((byte, i) => name[i] === byte))
    throwError(L, "'get_var': Only 'proc.' scope allowed to be retrieved in 'core.get_var()'.")
  lua_pushnil(L)
  return 1
}

const getInfo: LuaFunction = (L) => {
  pushFields(L, infoFields(stateOf(L).host.process))
  return 1
}

const PROXY_LISTS = [
  [luaString('proxies'), { frontends: true, backends: true }],
  [luaString('frontends'), { frontends: true, backends: false }],
  [luaString('backends'), { frontends: false, backends: true }],
] as const

export const PROCESS_FUNCTIONS: FunctionTable = functionTable({
  disable_legacy_mailers: disableLegacyMailers,
  use_native_mailers_config: useNativeMailersConfig,
  get_var: getVar,
  get_info: getInfo,
})

/** Sets what is no function: `proxies`, `frontends`, `backends`. The table `core` is on top of the stack. */
export const setProcessEntries = (L: lua_State): void => {
  for (const [name, list] of PROXY_LISTS) {
    lua_pushstring(L, name)
    pushProxyList(L, list)
    lua_rawset(L, -3)
  }
}
