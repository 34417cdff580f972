/** What operators and scripts do to agent checks: the same for the runtime API and for Lua (`cli_parse_set_server` in src/server.c). */
import type { Server } from '../server/server.js'
import { setRunning, setStopped } from '../server/state.js'
import type { OperationalCause } from '../server/transition.js'

/** Returns false where no agent is configured. */
export const enableAgent = (server: Server): boolean => {
  if (server.agent === undefined) return false
  server.agent.enabled = true
  return true
}

export const disableAgent = (server: Server): void => {
  if (server.agent) server.agent.enabled = false
}

/** Sets the state as if the agent had reported it. Returns false where no agent is enabled. */
export const forceAgent = (server: Server, health: 'up' | 'down', cause: OperationalCause): boolean => {
  const { agent } = server
  if (!agent?.enabled) return false
  agent.health = health === 'up' ? agent.rise + agent.fall - 1 : 0
  if (health === 'up') setRunning(server, cause)
  else setStopped(server, cause)
  return true
}

/** Changes what the agent is sent, a byte string. Returns false where no agent is enabled. */
export const setAgentSend = (server: Server, send: string): boolean => {
  const { agent } = server
  if (!agent?.enabled) return false
  agent.setTarget({ send })
  return true
}
