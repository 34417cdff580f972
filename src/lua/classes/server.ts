/** The class Server (`hlua_server_…` and `hlua_fcn_new_server` in src/hlua_fcn.c). Methods of a deleted server return nil or nothing. */
import { disableAgent, enableAgent, forceAgent } from '../../haproxy/checks/agent-control.js'
import {
  makeReady,
  setCheckHealth,
  setDrain,
  setMaintenance,
  setMaxconn,
  setWeight,
  updateAddress,
} from '../../haproxy/server/control.js'
import { setRunning, setStopped, setStopping } from '../../haproxy/server/state.js'
import { Server } from '../../haproxy/server/server.js'
import { serverStats } from '../../haproxy/stats/index.js'
import { stringArgument } from '../binding/arguments.js'
import { deprecatedIndex } from '../binding/deprecated-attributes.js'
import { LuaClass } from '../binding/lua-class.js'
import { pushInteger, pushString, pushStringOrNil } from '../binding/results.js'
import { pushFields } from '../binding/stats-table.js'
import { subscribe } from '../calls/subscribe.js'
import { lua, type LuaFunction, type lua_State } from '../fengari.js'
import { stateOf } from '../host/script-state.js'
import type { ApiPart } from './api-part.js'

const { lua_createtable, lua_gettop, lua_pushboolean, lua_pushnil, lua_rawseti, lua_remove } = lua

/** A method that returns what `push` pushes, or nil if the server is deleted. */
const returns =
  (push: (L: lua_State, server: Server) => void): LuaFunction =>
  (L) => {
    const server = serverClass.check(L, 1)
    if (server.deleted) lua_pushnil(L)
    else push(L, server)
    return 1
  }

/** A method that returns nothing. */
const does =
  (action: (server: Server) => void): LuaFunction =>
  (L) => {
    const server = serverClass.check(L, 1)
    if (!server.deleted) action(server)
    return 0
  }

const string = (text: (server: Server) => string): LuaFunction => returns((L, server) => pushString(L, text(server)))

const integer = (number: (server: Server) => number): LuaFunction =>
  returns((L, server) => pushInteger(L, number(server)))

const boolean = (value: (server: Server) => boolean): LuaFunction =>
  returns((L, server) => lua_pushboolean(L, value(server)))

/** Pushes HAProxy's message about a change, or nil without a message. */
const pushMessage = (L: lua_State, text: string | undefined): void => pushStringOrNil(L, text?.trim())

const setAddr: LuaFunction = returns((L, server) => {
  const address = stringArgument(L, 2)
  const port = lua_gettop(L) >= 3 ? stringArgument(L, 3) : undefined
  pushMessage(L, updateAddress(server, address, port, 'Lua script'))
})

/** Sets the result of the health checks; ignored for a server that tracks another one. */
const force = (health: 'full' | 'none', change: typeof setRunning): LuaFunction =>
  does((server) => {
    if (server.track) return
    setCheckHealth(server, health)
    change(server, 'lua')
  })

const enableCheck = (enabled: boolean): LuaFunction =>
  does((server) => {
    if (server.check) server.check.enabled = enabled
  })

const tracking: LuaFunction = (L) => {
  const server = serverClass.check(L, 1)
  if (server.deleted) return 0
  if (server.track) serverClass.push(L, server.track)
  else lua_pushnil(L)
  return 1
}

const getTrackers: LuaFunction = (L) => {
  const server = serverClass.check(L, 1)
  if (server.deleted) return 0
  lua_createtable(L, 0, 0)
  server.trackers.forEach((tracker, index) => {
    serverClass.push(L, tracker)
    lua_rawseti(L, -2, index + 1)
  })
  return 1
}

const eventSub: LuaFunction = (L) => {
  const server = serverClass.check(L, 1)
  if (server.deleted) return 0
  lua_remove(L, 1)
  return subscribe(L, server.subscriptions)
}

const getName = string((server) => server.name)
const getPuid = string((server) => String(server.puid))

const serverClass: LuaClass<Server> = new LuaClass<Server>('Server', {
  type: Server,
  ownMethods: {
    get_name: getName,
    get_puid: getPuid,
    get_rid: string((server) => String(server.rid)),
    is_draining: boolean((server) => server.draining),
    is_backup: boolean((server) => server.backup),
    is_dynamic: boolean((server) => server.dynamic),
    get_cur_sess: integer((server) => server.currentSessions),
    get_pend_conn: integer((server) => server.pendingConnections),
    set_maxconn: returns((L, server) => pushMessage(L, setMaxconn(server, stringArgument(L, 2)))),
    get_maxconn: integer((server) => server.maxconn),
    set_weight: returns((L, server) => pushMessage(L, setWeight(server, stringArgument(L, 2)))),
    get_weight: integer((server) => server.weight),
    set_addr: setAddr,
    get_addr: string((server) => server.addressText),
    get_stats: returns((L, server) => pushFields(L, Object.entries(serverStats(server)))),
    get_proxy: returns((L, server) => stateOf(L).push(L, server.proxy)),
    shut_sess: does((server) => server.traffic.shutdownSessions('killed')),
    set_drain: does(setDrain),
    set_maint: does(setMaintenance),
    set_ready: does(makeReady),
    check_enable: enableCheck(true),
    check_disable: enableCheck(false),
    check_force_up: force('full', setRunning),
    check_force_nolb: force('full', setStopping),
    check_force_down: force('none', setStopped),
    agent_enable: does((server) => void enableAgent(server)),
    agent_disable: does(disableAgent),
    agent_force_up: does((server) => void forceAgent(server, 'up', 'lua')),
    agent_force_down: does((server) => void forceAgent(server, 'down', 'lua')),
    tracking,
    get_trackers: getTrackers,
    event_sub: eventSub,
  },
  metamethods: { __gc: () => 0, __index: deprecatedIndex('server', { name: getName, puid: getPuid }) },
})

export const SERVER: ApiPart = { class: serverClass }
