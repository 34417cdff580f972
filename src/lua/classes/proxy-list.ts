/**
 * The class of `core.proxies`, `core.frontends` and `core.backends` (`hlua_listable_proxies_…` in src/hlua_fcn.c). A list contains no
 * objects: each access creates one.
 */
import { stringArgument } from '../binding/arguments.js'
import { LuaClass } from '../binding/lua-class.js'
import { pushString } from '../binding/results.js'
import { lua, type LuaFunction } from '../fengari.js'
import { stateOf } from '../host/script-state.js'
import type { ApiPart } from './api-part.js'
import { ProxyList } from './listables.js'

const { lua_pushcfunction, lua_pushnil } = lua

const proxyAt: LuaFunction = (L) => {
  const list = proxyListClass.check(L, 1)
  const name = stringArgument(L, 2)
  const state = stateOf(L)
  const { process } = state.host
  const proxy =
    (list.frontends ? process.frontendNamed(name) : undefined) ??
    (list.backends ? process.backendNamed(name) : undefined)
  if (proxy) state.push(L, proxy)
  else lua_pushnil(L)
  return 1
}

/** Iterates in the order of the configuration, or while a script is loaded in reverse order. */
const pairs: LuaFunction = (L) => {
  const list = proxyListClass.check(L, 1)
  const { proxies } = stateOf(L).host.process
  let next = 0
  lua_pushcfunction(L, (L) => {
    while (next < proxies.length && !list.has(proxies[next]!)) next++
    const proxy = proxies[next++]
    if (!proxy) {
      lua_pushnil(L)
      return 1
    }
    pushString(L, proxy.name)
    stateOf(L).push(L, proxy)
    return 2
  })
  return 1
}

const proxyListClass = new LuaClass<ProxyList>('ProxyList', {
  type: ProxyList,
  // assignments are ignored
  metamethods: { __index: proxyAt, __newindex: () => 0, __pairs: pairs },
})

export const PROXY_LIST: ApiPart = { class: proxyListClass }
