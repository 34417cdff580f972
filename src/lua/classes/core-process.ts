/** The process in `core`: proxies, statistics, mailers, variables. */
import { parseVariableName } from '../../config/samples/variables.js'
import { processContext } from '../../haproxy/samples/context.js'
import { infoFields } from '../../haproxy/stats/index.js'
import { checkArgumentCount } from '../binding/arguments.js'
import { throwLuaError } from '../binding/errors.js'
import { functionTable } from '../binding/function-table.js'
import { pushSample } from '../binding/samples.js'
import { pushFields } from '../binding/stats-table.js'
import { jsString, lauxlib, lua, luaString, type LuaFunction, type lua_State } from '../fengari.js'
import { coroutineOf } from '../host/yielding.js'
import { stateOf } from '../host/script-state.js'
import type { ApiPart } from './api-part.js'
import { ProxyList } from './listables.js'

const { lua_pushstring, lua_rawset, lua_tostring } = lua
const { luaL_checklstring, luaL_where } = lauxlib

const disableLegacyMailers: LuaFunction = (L) => {
  if (coroutineOf(L)) throwLuaError(L, 'disable_legacy_mailers: not available outside of init or body context')
  stateOf(L).host.process.legacyMailersDisabled = true
  return 0
}

/**
 * Scripts for HAProxy 3.3 and later call this to use the mailers of the configuration. These versions have no built-in mailer, so a script
 * that makes this call sends all mails. A script that has called `disable_legacy_mailers` before works with 3.2 as well.
 */
const useNativeMailersConfig: LuaFunction = (L) => {
  if (coroutineOf(L)) throwLuaError(L, 'use_native_mailers_config: not available outside of init or body context')
  const { host } = stateOf(L)
  if (!host.process.legacyMailersDisabled) {
    luaL_where(L, 1)
    host.remark(`${jsString(lua_tostring(L, -1)!)}${NOT_IN_3_2}`)
  }
  host.process.legacyMailersDisabled = true
  return 0
}

const NOT_IN_3_2 =
  "HAProxy 3.2 has no 'core.use_native_mailers_config', which comes with 3.3: this call is an error there. " +
  "hapsim switches the built-in mailer off, as 'core.disable_legacy_mailers' does in 3.2."

const PROC = luaString('proc.')

const getVar: LuaFunction = (L) => {
  checkArgumentCount(L, 1, 'get_var')
  const name = luaL_checklstring(L, 1)
  if (!PROC.every((byte, i) => name[i] === byte))
    throwLuaError(L, "'get_var': Only 'proc.' scope allowed to be retrieved in 'core.get_var()'.")
  const variable = parseVariableName(jsString(name))
  const { variables } = processContext(stateOf(L).host.process, 'CFG')
  return pushSample(L, 'error' in variable ? undefined : variables.get(variable))
}

const getInfo: LuaFunction = (L) => {
  pushFields(L, infoFields(stateOf(L).host.process))
  return 1
}

const PROXY_LISTS = [
  [luaString('proxies'), new ProxyList(true, true)],
  [luaString('frontends'), new ProxyList(true, false)],
  [luaString('backends'), new ProxyList(false, true)],
] as const

const setProxyLists = (L: lua_State): void => {
  for (const [name, list] of PROXY_LISTS) {
    lua_pushstring(L, name)
    stateOf(L).push(L, list)
    lua_rawset(L, -3)
  }
}

export const CORE_PROCESS: ApiPart = {
  coreFunctions: functionTable({
    disable_legacy_mailers: disableLegacyMailers,
    use_native_mailers_config: useNativeMailersConfig,
    get_var: getVar,
    get_info: getInfo,
  }),
  setCoreFields: setProxyLists,
}
