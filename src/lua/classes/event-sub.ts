/**
 * Subscriptions to events and the class EventSub (`hlua_event_sub` in src/hlua.c). Who wants events of one server alone
 * subscribes to that server's list in the same way.
 */
import { SERVER_EVENTS, type SubscriptionList } from '../../haproxy/events/events.js'
import { PATTERN_EVENTS } from '../../haproxy/patterns/index.js'
import { checkArguments, eachValue, functionTable, LuaClass, throwError, type FunctionTable } from './bind.js'
import { coroutineOf } from '../host/coroutine.js'
import { functionPlace } from '../host/errors.js'
import { jsString, lauxlib, lua, luaString, type LuaFunction, type lua_State } from '../fengari.js'
import { stateOf } from '../host/state.js'
import { EventRunner, type HandledEvent } from '../calls/event-runner.js'
import { checkFunction } from './core-register.js'

const { lua_istable, lua_tostring, lua_type, LUA_TSTRING } = lua
const { luaL_argerror, luaL_typename } = lauxlib

/** The events that each name stands for: all of a family, or one. */
const NAMES: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ['SERVER', SERVER_EVENTS],
  ['PAT_REF', PATTERN_EVENTS],
  ...[...SERVER_EVENTS, ...PATTERN_EVENTS].map((name) => [name, [name]] as const),
])

const checkEvents = (L: lua_State, arg: number): Set<string> => {
  const expected = () => luaString(`table of strings expected, got ${jsString(luaL_typename(L, arg))}`)
  if (!lua_istable(L, arg)) luaL_argerror(L, arg, expected())
  const events = new Set<string>()
  eachValue(L, arg, () => {
    if (lua_type(L, -1) !== LUA_TSTRING) luaL_argerror(L, arg, expected())
    const name = jsString(lua_tostring(L, -1)!)
    const names = NAMES.get(name)
    if (!names) luaL_argerror(L, arg, luaString(`'${name}' event type is unknown`))
    for (const each of names!) events.add(each)
  })
  return events
}

/**
 * Subscribes to `list`; the arguments on the stack are the table of event names and the handler. Pushes the subscription.
 * While HAProxy starts, only the first thread's state may subscribe: in the others this does nothing and returns nothing.
 */
export const subscribe = <E extends HandledEvent>(L: lua_State, list: SubscriptionList<E>): number => {
  checkArguments(L, 2, 'event_sub')
  const state = stateOf(L)
  if (!coroutineOf(L) && state.id > 1) return 0
  const events = checkEvents(L, 1)
  if (events.size === 0) throwError(L, 'event_sub: no valid event types were provided')
  const handler = checkFunction(L, 2)
  const place = functionPlace(L, 2)
  const subscribeTo = (handle: (event: HandledEvent) => void, ended: () => void) =>
    list.subscribe(events as Set<E['name']>, handle, ended)
  pushEventSub(L, new EventRunner(state, subscribeTo, { function: handler, place, pushSubscription: pushEventSub }))
  return 1
}

const pushEventSub = (L: lua_State, runner: EventRunner): void => eventSubClass.push(L, runner)

const unsub: LuaFunction = (L) => {
  eventSubClass.check(L, 1).unsubscribe()
  return 0
}

const eventSubClass = new LuaClass<EventRunner>('EventSub', {
  ownMethods: { unsub },
  metamethods: { __gc: () => 0 },
})

export const EVENT_FUNCTIONS: FunctionTable = functionTable({
  event_sub: (L) => subscribe(L, stateOf(L).host.process.events),
})
