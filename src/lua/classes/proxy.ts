/** The class Proxy (`hlua_proxy_…` and `hlua_fcn_new_proxy` in src/hlua_fcn.c). */
import { pauseProxy, resumeProxy, stopProxy } from '../../haproxy/proxy/control.js'
import { Proxy } from '../../haproxy/proxy/proxy.js'
import { shutdownBackups } from '../../haproxy/server/traffic-changes.js'
import { backendStats, frontendStats, modeText } from '../../haproxy/stats/index.js'
import { deprecatedIndex } from '../binding/deprecated-attributes.js'
import { LuaClass } from '../binding/lua-class.js'
import { pushInteger, pushString } from '../binding/results.js'
import { pushFields } from '../binding/stats-table.js'
import { lua, luaString, type LuaFunction, type lua_State } from '../fengari.js'
import { stateOf } from '../host/script-state.js'
import type { ApiPart } from './api-part.js'
import { ServerList } from './listables.js'
import { pushMailers } from './proxy-mailers.js'

const { lua_createtable, lua_pushstring, lua_rawset } = lua

const returnsString =
  (text: (proxy: Proxy) => string): LuaFunction =>
  (L) => {
    pushString(L, text(proxyClass.check(L, 1)))
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

const SERVERS = luaString('servers')
const LISTENERS = luaString('listeners')
const STICK_TABLE = luaString('stktable')

/** With `option socket-stats` listeners have names once the configuration is read; HAProxy numbers unnamed ones for Lua otherwise. */
const hasFinalNames = ({ config, process }: Proxy): boolean => config.options.has('socket-stats') && !process.loading

const setMembers = (L: lua_State, proxy: Proxy): void => {
  const state = stateOf(L)
  lua_pushstring(L, SERVERS)
  state.push(L, new ServerList(proxy))
  lua_rawset(L, -3)
  lua_pushstring(L, LISTENERS)
  lua_createtable(L, 0, 0)
  let unnamed = 0
  for (const listener of proxy.listeners) {
    pushString(L, hasFinalNames(proxy) ? listener.name : (listener.config.name ?? `sock-${++unnamed}`))
    state.push(L, listener)
    lua_rawset(L, -3)
  }
  lua_rawset(L, -3)
  if (proxy.stickTable === undefined) return
  lua_pushstring(L, STICK_TABLE)
  state.push(L, proxy.stickTable)
  lua_rawset(L, -3)
}

const proxyClass = new LuaClass<Proxy>('Proxy', {
  type: Proxy,
  ownFields: ['servers', 'listeners'],
  initialize: setMembers,
  ownMethods: {
    get_name: getName,
    get_uuid: getUuid,
    pause: does(pauseProxy),
    resume: does(resumeProxy),
    stop: does(stopProxy),
    shut_bcksess: does((proxy) => shutdownBackups(proxy, 'killed')),
    get_cap: returnsString((proxy) => proxy.kindText),
    get_mode: returnsString(modeText),
    get_srv_act: returnsInteger((proxy) => proxy.activeServers),
    get_srv_bck: returnsInteger((proxy) => proxy.backupServers),
    get_stats: getStats,
    get_mailers: getMailers,
  },
  metamethods: { __index: deprecatedIndex('proxy', { name: getName, uuid: getUuid }) },
})

export const PROXY: ApiPart = { class: proxyClass }
