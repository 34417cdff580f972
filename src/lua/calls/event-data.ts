/** Arguments of event handlers (`hlua_event_hdl_cb_push_args` in src/hlua.c): the classes ServerEvent… of the API. */
import type {
  AdminChangeData,
  CheckResultData,
  PublishedEvent,
  ServerEvent,
  StateChangeData,
} from '../../haproxy/events/events.js'
import { toByteString } from '../../bytes/text.js'
import { ServerAdmin } from '../../haproxy/server/server.js'
import { lua, type lua_State } from '../fengari.js'
import { stateOf } from '../host/script-state.js'
import { push } from '../vm/api/push.js'

const { lua_createtable, lua_pushboolean, lua_pushinteger, lua_rawset } = lua

type Value = string | number | boolean | ((L: lua_State) => void) | undefined

/** Pushes a string without converting it to bytes and back, which would dominate the cost of an event. */
const pushText = (L: lua_State, text: string): void => push(L, toByteString(text))

/** Sets a field of the table on top of the stack, unless the value is undefined. @param name in ASCII */
const set = (L: lua_State, name: string, value: Value): void => {
  if (value === undefined) return
  push(L, name)
  if (typeof value === 'string') pushText(L, value)
  else if (typeof value === 'number') lua_pushinteger(L, value)
  else if (typeof value === 'boolean') lua_pushboolean(L, value)
  else value(L)
  lua_rawset(L, -3)
}

/** Check results that handlers see; others are nil. */
const RESULTS = new Set(['FAILED', 'PASSED', 'CONDPASS'])

const pushCheck = (check: CheckResultData) => (L: lua_State) => {
  lua_createtable(L, 0, 5)
  set(L, 'agent', check.agent)
  set(L, 'result', RESULTS.has(check.result) ? check.result : undefined)
  set(L, 'duration', check.duration)
  set(L, 'reason', () => {
    lua_createtable(L, 0, 3)
    set(L, 'short', check.reason.short)
    set(L, 'desc', check.reason.desc)
    set(L, 'code', check.reason.code)
  })
  set(L, 'health', () => {
    lua_createtable(L, 0, 3)
    set(L, 'cur', check.health.cur)
    set(L, 'rise', check.health.rise)
    set(L, 'fall', check.health.fall)
  })
}

const pushState = (state: StateChangeData) => (L: lua_State) => {
  lua_createtable(L, 0, 6)
  set(L, 'admin', state.admin)
  set(L, 'check', state.check && pushCheck(state.check))
  set(L, 'cause', state.cause)
  set(L, 'old_state', state.oldState)
  set(L, 'new_state', state.newState)
  set(L, 'requeued', state.requeued)
}

const ADMIN_FLAGS = (['MAINT', 'FMAINT', 'IMAINT', 'RMAINT', 'CMAINT', 'DRAIN', 'FDRAIN', 'IDRAIN'] as const).map(
  (name) => [name, ServerAdmin[name]] as const,
)

const pushAdminFlags = (admin: number) => (L: lua_State) => {
  lua_createtable(L, 0, ADMIN_FLAGS.length)
  for (const [name, bits] of ADMIN_FLAGS) set(L, name, (admin & bits) !== 0)
}

const pushAdmin = (admin: AdminChangeData) => (L: lua_State) => {
  lua_createtable(L, 0, 4)
  set(L, 'cause', admin.cause)
  set(L, 'old_admin', pushAdminFlags(admin.oldAdmin))
  set(L, 'new_admin', pushAdminFlags(admin.newAdmin))
  set(L, 'requeued', admin.requeued)
}

/** Pushes the name of the event and its data, if it has any. Returns the number of values. */
export const pushEventArguments = (
  L: lua_State,
  event: PublishedEvent & Partial<Omit<ServerEvent, 'name'>>,
): number => {
  pushText(L, event.name)
  if (event.server === undefined) return 1
  const state = stateOf(L)
  const server = state.host.process.serverOf(event.server)
  lua_createtable(L, 0, 8)
  set(L, 'name', event.server.name)
  set(L, 'puid', event.server.puid)
  set(L, 'rid', event.server.rid)
  set(L, 'proxy_name', event.server.proxyName)
  set(L, 'proxy_uuid', event.server.proxyUuid)
  set(L, 'state', event.state && pushState(event.state))
  set(L, 'admin', event.admin && pushAdmin(event.admin))
  set(L, 'check', event.check && pushCheck(event.check))
  set(L, 'reference', server && ((to) => state.push(to, server)))
  return 2
}
