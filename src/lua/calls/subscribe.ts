/** `event_sub` of `core`, of servers and of pattern references (`hlua_event_subscribe` in src/hlua.c). */
import { SERVER_EVENTS, type SubscriptionList } from '../../haproxy/events/events.js'
import { PATTERN_EVENTS } from '../../haproxy/patterns/index.js'
import {
  checkArgumentCount,
  checkFunctionArgument,
  eachValue,
  stringOnTop,
  argumentTypeError,
} from '../binding/arguments.js'
import { throwLuaError } from '../binding/errors.js'
import { lauxlib, lua, luaString, type lua_State } from '../fengari.js'
import { coroutineOf } from '../host/yielding.js'
import { functionPlace } from '../host/errors.js'
import { stateOf } from '../host/script-state.js'
import { EventRunner, type HandledEvent } from './event-runner.js'

const { luaL_argerror } = lauxlib

/** The events that each name selects: a single event, or all events of a family. */
const NAMES: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ['SERVER', SERVER_EVENTS],
  ['PAT_REF', PATTERN_EVENTS],
  ...[...SERVER_EVENTS, ...PATTERN_EVENTS].map((name) => [name, [name]] as const),
])

const checkEvents = (L: lua_State, arg: number): Set<string> => {
  if (!lua.lua_istable(L, arg)) argumentTypeError(L, arg, 'table of strings')
  const events = new Set<string>()
  eachValue(L, arg, () => {
    const name = stringOnTop(L) ?? argumentTypeError(L, arg, 'table of strings')
    const selected = NAMES.get(name) ?? luaL_argerror(L, arg, luaString(`'${name}' event type is unknown`))
    for (const each of selected) events.add(each)
  })
  return events
}

/**
 * Subscribes to `list` and pushes the subscription. The arguments on the stack are the table of event names and the handler. While HAProxy
 * starts, only the state of the first thread can subscribe; in the states of other threads nothing is done and returned.
 */
export const subscribe = <E extends HandledEvent>(L: lua_State, list: SubscriptionList<E>): number => {
  checkArgumentCount(L, 2, 'event_sub')
  const state = stateOf(L)
  if (!coroutineOf(L) && state.id > 1) return 0
  const events = checkEvents(L, 1)
  if (events.size === 0) throwLuaError(L, 'event_sub: no valid event types were provided')
  const handler = { function: checkFunctionArgument(L, 2), place: functionPlace(L, 2) }
  state.push(
    L,
    new EventRunner(state, handler, (handle, ended) => list.subscribe(events as Set<E['name']>, handle, ended)),
  )
  return 1
}
