/** The class EventSub and `core.event_sub` (`hlua_event_sub` in src/hlua.c). */
import { functionTable } from '../binding/function-table.js'
import { LuaClass } from '../binding/lua-class.js'
import { EventRunner } from '../calls/event-runner.js'
import { subscribe } from '../calls/subscribe.js'
import type { LuaFunction } from '../fengari.js'
import { stateOf } from '../host/script-state.js'
import type { ApiPart } from './api-part.js'

const unsub: LuaFunction = (L) => {
  eventSubClass.check(L, 1).unsubscribe()
  return 0
}

const eventSubClass = new LuaClass<EventRunner>('EventSub', {
  type: EventRunner,
  ownMethods: { unsub },
  metamethods: { __gc: () => 0 },
})

export const EVENT_SUB: ApiPart = {
  class: eventSubClass,
  coreFunctions: functionTable({ event_sub: (L) => subscribe(L, stateOf(L).host.process.events) }),
}
