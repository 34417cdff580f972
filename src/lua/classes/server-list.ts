/** The class of `Proxy.servers` (`hlua_listable_servers_…` in src/hlua_fcn.c). A list contains no objects: each access creates one. */
import type { Server } from '../../haproxy/server/server.js'
import { stringArgument } from '../binding/arguments.js'
import { LuaClass } from '../binding/lua-class.js'
import { pushString } from '../binding/results.js'
import { lua, type LuaFunction } from '../fengari.js'
import { stateOf } from '../host/script-state.js'
import type { ApiPart } from './api-part.js'
import { ServerList } from './listables.js'

const { lua_pushcfunction, lua_pushnil } = lua

const serverAt: LuaFunction = (L) => {
  const { proxy } = serverListClass.check(L, 1)
  const server = proxy.server(stringArgument(L, 2))
  if (server) stateOf(L).push(L, server)
  else lua_pushnil(L)
  return 1
}

/** Iterates over the present servers, without those that are deleted before their turn comes. */
const pairs: LuaFunction = (L) => {
  const { servers } = serverListClass.check(L, 1).proxy
  let next = 0
  lua_pushcfunction(L, (L) => {
    let server: Server | undefined
    do server = servers[next++]
    while (server?.deleted)
    if (!server) {
      lua_pushnil(L)
      return 1
    }
    pushString(L, server.name)
    stateOf(L).push(L, server)
    return 2
  })
  return 1
}

const serverListClass = new LuaClass<ServerList>('ServerList', {
  type: ServerList,
  // assignments are ignored
  metamethods: { __index: serverAt, __newindex: () => 0, __pairs: pairs },
})

export const SERVER_LIST: ApiPart = { class: serverListClass }
