/** Attributes of Proxy and Server that methods have replaced. They still work, and HAProxy warns once about each. */
import { jsString, lua, type LuaFunction, type lua_State } from '../fengari.js'
import { traceback } from '../host/errors.js'
import { stateOf } from '../host/script-state.js'

const { lua_tostring, lua_type, LUA_TSTRING } = lua

/** Returns an `__index` for the deprecated attributes of a class: each is replaced by the method `get_` + its name. */
export const deprecatedIndex =
  (className: string, attributes: Readonly<Record<string, LuaFunction>>): LuaFunction =>
  (L) => {
    if (lua_type(L, 2) !== LUA_TSTRING) return 0
    const name = jsString(lua_tostring(L, 2)!)
    if (!Object.hasOwn(attributes, name)) return 0
    warnOnce(L, className, name)
    return attributes[name]!(L)
  }

const warnOnce = (L: lua_State, className: string, name: string): void => {
  const { host } = stateOf(L)
  const key = `${className} ${name}`
  if (host.reportedDeprecations.has(key)) return
  host.reportedDeprecations.add(key)
  host.warn(
    `hlua: use of ${className} '${name}' attribute is deprecated and will eventually be removed, ` +
      `please use get_${name}() function instead: ${traceback(L)}`,
  )
}
