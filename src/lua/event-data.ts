/** What a handler of events is told (`hlua_event_hdl_cb_push_args` in src/hlua.c): the classes ServerEvent… of the API. */
import type {
  AdminChangeData,
  CheckResultData,
  PublishedEvent,
  ServerEvent,
  StateChangeData,
} from '../haproxy/events.js'
import type { HaproxyProcess } from '../haproxy/process.js'
import { ServerAdmin } from '../haproxy/server.js'
import { pushServer } from './classes/server.js'
import { lua, luaString, type lua_State } from './fengari.js'

const { lua_createtable, lua_pushboolean, lua_pushinteger, lua_pushstring, lua_rawset } = lua

type Value = string | number | boolean | ((L: lua_State) => void) | undefined

const key = (name: string): Uint8Array => luaString(name)

const KEYS = {
  name: key('name'),
  puid: key('puid'),
  rid: key('rid'),
  proxyName: key('proxy_name'),
  proxyUuid: key('proxy_uuid'),
  reference: key('reference'),
  state: key('state'),
  admin: key('admin'),
  check: key('check'),
  cause: key('cause'),
  oldState: key('old_state'),
  newState: key('new_state'),
  oldAdmin: key('old_admin'),
  newAdmin: key('new_admin'),
  requeued: key('requeued'),
  agent: key('agent'),
  result: key('result'),
  duration: key('duration'),
  reason: key('reason'),
  health: key('health'),
  short: key('short'),
  desc: key('desc'),
  code: key('code'),
  cur: key('cur'),
  rise: key('rise'),
  fall: key('fall'),
} as const

/** Sets an entry of the table on top; nothing for undefined. */
const set = (L: lua_State, name: Uint8Array, value: Value): void => {
  if (value === undefined) return
  lua_pushstring(L, name)
  if (typeof value === 'string') lua_pushstring(L, luaString(value))
  else if (typeof value === 'number') lua_pushinteger(L, value)
  else if (typeof value === 'boolean') lua_pushboolean(L, value)
  else value(L)
  lua_rawset(L, -3)
}

/** Results that Lua is told of; the others are nil. */
const RESULTS = new Set(['FAILED', 'PASSED', 'CONDPASS'])

const pushCheck = (check: CheckResultData) => (L: lua_State) => {
  lua_createtable(L, 0, 5)
  set(L, KEYS.agent, check.agent)
  set(L, KEYS.result, RESULTS.has(check.result) ? check.result : undefined)
  set(L, KEYS.duration, check.duration)
  set(L, KEYS.reason, () => {
    lua_createtable(L, 0, 3)
    set(L, KEYS.short, check.reason.short)
    set(L, KEYS.desc, check.reason.desc)
    set(L, KEYS.code, check.reason.code)
  })
  set(L, KEYS.health, () => {
    lua_createtable(L, 0, 3)
    set(L, KEYS.cur, check.health.cur)
    set(L, KEYS.rise, check.health.rise)
    set(L, KEYS.fall, check.health.fall)
  })
}

const pushState = (state: StateChangeData) => (L: lua_State) => {
  lua_createtable(L, 0, 6)
  set(L, KEYS.admin, state.admin)
  set(L, KEYS.check, state.check && pushCheck(state.check))
  set(L, KEYS.cause, state.cause)
  set(L, KEYS.oldState, state.oldState)
  set(L, KEYS.newState, state.newState)
  set(L, KEYS.requeued, state.requeued)
}

const ADMIN_FLAGS = (['MAINT', 'FMAINT', 'IMAINT', 'RMAINT', 'CMAINT', 'DRAIN', 'FDRAIN', 'IDRAIN'] as const).map(
  (name) => [key(name), ServerAdmin[name]] as const,
)

const pushAdminFlags = (admin: number) => (L: lua_State) => {
  lua_createtable(L, 0, ADMIN_FLAGS.length)
  for (const [name, bits] of ADMIN_FLAGS) set(L, name, (admin & bits) !== 0)
}

const pushAdmin = (admin: AdminChangeData) => (L: lua_State) => {
  lua_createtable(L, 0, 4)
  set(L, KEYS.cause, admin.cause)
  set(L, KEYS.oldAdmin, pushAdminFlags(admin.oldAdmin))
  set(L, KEYS.newAdmin, pushAdminFlags(admin.newAdmin))
  set(L, KEYS.requeued, admin.requeued)
}

/** Pushes the name of the event and its data, where it has any; returns how many values that is. */
export const pushEventArguments = (
  L: lua_State,
  event: PublishedEvent & Partial<Omit<ServerEvent, 'name'>>,
  process: HaproxyProcess,
): number => {
  lua_pushstring(L, luaString(event.name))
  if (event.server === undefined) return 1
  const server = process.serverOf(event.server)
  lua_createtable(L, 0, 8)
  set(L, KEYS.name, event.server.name)
  set(L, KEYS.puid, event.server.puid)
  set(L, KEYS.rid, event.server.rid)
  set(L, KEYS.proxyName, event.server.proxyName)
  set(L, KEYS.proxyUuid, event.server.proxyUuid)
  set(L, KEYS.state, event.state && pushState(event.state))
  set(L, KEYS.admin, event.admin && pushAdmin(event.admin))
  set(L, KEYS.check, event.check && pushCheck(event.check))
  set(L, KEYS.reference, server && ((to) => pushServer(to, server)))
  return 2
}
