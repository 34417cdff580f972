/** The warm-up task: raises the weight of a server every second during slowstart (`server_warmup` in src/server.c). */
import { SECOND } from '../../engine/clock.js'
import type { Server } from './server.js'
import { ServerAdmin, ServerState } from './status.js'

/**
 * Schedules the warm-up task of a server that is STARTING.
 * @param applyWeight recalculates the weight and applies it
 */
export const scheduleWarmup = (server: Server, applyWeight: (server: Server) => void): void => {
  const { threads, clock } = server.proxy.process
  server.warmup ??= threads.spawn({
    name: `warmup ${server.path}`,
    run: (task) => {
      if (server.nextAdmin & ServerAdmin.MAINT || !isStarting(server)) return
      applyWeight(server)
      if (isStarting(server)) task.wakeAt(clock.now + SECOND)
    },
  })
  server.warmup.wakeAt(clock.now + SECOND)
}

const isStarting = (server: Server): boolean => server.nextState === ServerState.STARTING
