/**
 * The lists `core.proxies`, `core.frontends`, `core.backends` and `Proxy.servers` (`hlua_listable_…` in src/hlua_fcn.c).
 * They hold no objects: each access makes a new one, so that what nobody touches costs nothing.
 */
import type { Proxy } from '../../haproxy/proxy/proxy.js'
import type { Server } from '../../haproxy/server/server.js'
import { LuaClass } from './bind.js'
import { jsString, lauxlib, lua, luaString, type LuaFunction, type lua_State } from '../fengari.js'
import { stateOf } from '../host/state.js'
import { pushProxy } from './proxy.js'
import { serverClass } from './server.js'

const { lua_pushcfunction, lua_pushnil, lua_pushstring } = lua
const { luaL_checkstring } = lauxlib

/** What `core.proxies` and its two sisters hold. */
interface ProxyList {
  readonly frontends: boolean
  readonly backends: boolean
}

const holds = (list: ProxyList, proxy: Proxy): boolean =>
  (list.frontends && proxy.frontend) || (list.backends && proxy.backend)

/** Nothing can be set in a list, and nothing is said about it. */
const refuse: LuaFunction = () => 0

const proxyAt: LuaFunction = (L) => {
  const list = proxyListClass.check(L, 1)
  const name = jsString(luaL_checkstring(L, 2))
  const { process } = stateOf(L).host
  const proxy =
    (list.frontends ? process.frontendNamed(name) : undefined) ??
    (list.backends ? process.backendNamed(name) : undefined)
  if (proxy) pushProxy(L, proxy)
  else lua_pushnil(L)
  return 1
}

/** Goes through the proxies in the order of the configuration; in the body of a script, the last one first. */
const proxyPairs: LuaFunction = (L) => {
  const list = proxyListClass.check(L, 1)
  const { proxies } = stateOf(L).host.process
  let next = 0
  lua_pushcfunction(L, (L) => {
    while (next < proxies.length && !holds(list, proxies[next]!)) next++
    const proxy = proxies[next++]
    return pushPair(L, proxy?.name, () => pushProxy(L, proxy!))
  })
  return 1
}

const serverAt: LuaFunction = (L) => {
  const proxy = serverListClass.check(L, 1)
  const server = proxy.server(jsString(luaL_checkstring(L, 2)))
  if (server) serverClass.push(L, server)
  else lua_pushnil(L)
  return 1
}

/** Goes through the servers that there are now, less those that are gone when their turn comes. */
const serverPairs: LuaFunction = (L) => {
  const { servers } = serverListClass.check(L, 1)
  let next = 0
  lua_pushcfunction(L, (L) => {
    let server: Server | undefined
    do server = servers[next++]
    while (server?.deleted)
    return pushPair(L, server?.name, () => serverClass.push(L, server!))
  })
  return 1
}

/** Pushes a name and what it stands for, or nil at the end of a list. */
const pushPair = (L: lua_State, name: string | undefined, pushValue: () => void): number => {
  if (name === undefined) {
    lua_pushnil(L)
    return 1
  }
  lua_pushstring(L, luaString(name))
  pushValue()
  return 2
}

const proxyListClass = new LuaClass<ProxyList>('ProxyList', {
  metamethods: { __index: proxyAt, __newindex: refuse, __pairs: proxyPairs },
})

const serverListClass = new LuaClass<Proxy>('ServerList', {
  metamethods: { __index: serverAt, __newindex: refuse, __pairs: serverPairs },
})

export const pushProxyList = (L: lua_State, list: ProxyList): void => proxyListClass.push(L, list)

/** Pushes the list of a proxy's servers. */
export const pushServerList = (L: lua_State, proxy: Proxy): void => serverListClass.push(L, proxy)
