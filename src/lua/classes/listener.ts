/** The class Listener (`hlua_listener_…` in src/hlua_fcn.c). */
import { Listener } from '../../haproxy/listeners/listener.js'
import { listenerStats } from '../../haproxy/stats/index.js'
import { LuaClass } from '../binding/lua-class.js'
import { pushFields } from '../binding/stats-table.js'
import type { LuaFunction } from '../fengari.js'
import { stateOf } from '../host/script-state.js'
import type { ApiPart } from './api-part.js'

/**
 * HAProxy has counters for each listener only with `option socket-stats`. Without it, it returns what an earlier call has left in the
 * buffer; the first call returns an empty table, which is what all calls return here.
 */
const getStats: LuaFunction = (L) => {
  const listener = listenerClass.check(L, 1)
  const { proxy } = listener
  const { clock } = stateOf(L).host.process
  pushFields(
    L,
    proxy?.config.options.has('socket-stats') ? Object.entries(listenerStats(listener, proxy, clock.now)) : [],
  )
  return 1
}

const listenerClass = new LuaClass<Listener>('Listener', { type: Listener, methods: { get_stats: getStats } })

export const LISTENER: ApiPart = { class: listenerClass }
