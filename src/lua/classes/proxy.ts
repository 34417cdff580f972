/** The class Proxy (`hlua_proxy_…` and `hlua_fcn_new_proxy` in src/hlua_fcn.c). */
import type { Proxy } from '../../haproxy/proxy/proxy.js'
import { pauseProxy, resumeProxy, stopProxy } from '../../haproxy/proxy/control.js'
import { backendStats, frontendStats, modeText } from '../../haproxy/stats/index.js'
import { LuaClass } from './bind.js'
import { lua, luaString, type LuaFunction, type lua_State } from '../fengari.js'
import { pushInteger } from '../host/integer.js'
import { deprecatedIndex } from './deprecated.js'
import { listenerClass } from './listener.js'
import { pushServerList } from './lists.js'
import { pushMailers } from './proxy-mailers.js'
import { pushFields } from './stats-table.js'

const { lua_createtable, lua_pushstring, lua_rawset } = lua

const returnsString =
  (text: (proxy: Proxy) => string): LuaFunction =>
  (L) => {
    lua_pushstring(L, luaString(text(proxyClass.check(L, 1))))
    return 1
  }

const returnsInteger =
  (number: (proxy: Proxy) => number): LuaFunction =>
  (L) => {
    pushInteger(L, number(proxyClass.check(L, 1)))
    return 1
  }

const does =
  (action: (proxy: Proxy) => void): LuaFunction =>
  (L) => {
    action(proxyClass.check(L, 1))
    return 0
  }

const getStats: LuaFunction = (L) => {
  const proxy = proxyClass.check(L, 1)
  pushFields(L, Object.entries(proxy.backend ? backendStats(proxy) : frontendStats(proxy)))
  return 1
}

const getMailers: LuaFunction = (L) => {
  const proxy = proxyClass.check(L, 1)
  const { emailAlert } = proxy.config
  if (emailAlert === undefined) return 0
  pushMailers(L, proxy, emailAlert)
  return 1
}

const getName = returnsString((proxy) => proxy.name)
const getUuid = returnsString((proxy) => String(proxy.uuid))

const proxyClass = new LuaClass<Proxy>('Proxy', {
  ownMethods: {
    get_name: getName,
    get_uuid: getUuid,
    pause: does(pauseProxy),
    resume: does(resumeProxy),
    stop: does(stopProxy),
    // without clients there are no sessions to shut
    shut_bcksess: does(() => {}),
    get_cap: returnsString((proxy) => proxy.kindText),
    get_mode: returnsString(modeText),
    get_srv_act: returnsInteger((proxy) => proxy.activeServers),
    get_srv_bck: returnsInteger((proxy) => proxy.backupServers),
    get_stats: getStats,
    get_mailers: getMailers,
  },
  metamethods: { __index: deprecatedIndex('proxy', { name: getName, uuid: getUuid }) },
})

const SERVERS = luaString('servers')
const LISTENERS = luaString('listeners')

/** Listeners get names of their own where they are counted one by one; otherwise the objects of Lua number those without. */
const hasFinalNames = ({ config, process }: Proxy): boolean => config.socketStats && !process.loading

/** Pushes a new object for `proxy`. */
export const pushProxy = (L: lua_State, proxy: Proxy): void => {
  proxyClass.push(L, proxy)
  lua_pushstring(L, SERVERS)
  pushServerList(L, proxy)
  lua_rawset(L, -3)
  lua_pushstring(L, LISTENERS)
  lua_createtable(L, 0, 0)
  let unnamed = 0
  for (const listener of proxy.listeners) {
    const name = hasFinalNames(proxy) ? listener.name : (listener.config.name ?? `sock-${++unnamed}`)
    lua_pushstring(L, luaString(name))
    listenerClass.push(L, listener)
    lua_rawset(L, -3)
  }
  lua_rawset(L, -3)
}
