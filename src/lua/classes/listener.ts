/** The class Listener (`hlua_listener_…` in src/hlua_fcn.c). */
import type { Listener } from '../../haproxy/listeners/listener.js'
import { listenerStats } from '../../haproxy/stats/index.js'
import { LuaClass } from './bind.js'
import type { LuaFunction } from '../fengari.js'
import { pushFields } from './stats-table.js'

/**
 * HAProxy counts for each listener alone only where `option socket-stats` is set. Without it, it fills in nothing here,
 * and returns whatever an earlier call left; a first call returns an empty table.
 */
const getStats: LuaFunction = (L) => {
  const listener = listenerClass.check(L, 1)
  const { proxy } = listener
  pushFields(L, proxy?.config.socketStats ? Object.entries(listenerStats(listener, proxy)) : [])
  return 1
}

export const listenerClass = new LuaClass<Listener>('Listener', { methods: { get_stats: getStats } })
