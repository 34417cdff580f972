/**
 * What follows from the result of a check: the health, and then the state of the server (`set_server_check_status`,
 * `check_notify_failure`, `check_notify_success` and `check_notify_stopping` in src/check.c).
 */
import type { Finding } from '../../config/checks/finding.js'
import { STATUS } from '../../config/checks/status.js'
import type { Server } from '../server/server.js'
import { setRunning, setStopped, setStopping } from '../server/state.js'
import { ServerAdmin, ServerState } from '../server/status.js'
import type { OperationalCause } from '../server/transition.js'
import type { Check } from './check.js'

/** Records a finding and moves the health. The state of the server follows with {@link applyResult}. */
export const setCheckStatus = (server: Server, check: Check, finding: Finding): void => {
  const changed = check.record(finding, server.proxy.process.clock.now)
  if (check.result === 'NEUTRAL') return
  const moved = moveHealth(server, check)
  if (changed || moved) server.proxy.process.serverObservers.checkCompleted(server, check)
}

const moveHealth = (server: Server, check: Check): boolean => {
  if (check.result === 'FAILED') {
    const moved = check.lowerHealth()
    if (moved) server.counting.failedChecks++
    return moved
  }
  if (!hasPassed(check)) return false
  server.consecutiveErrors = 0
  return check.raiseHealth()
}

const hasPassed = ({ result }: Check): boolean => result === 'PASSED' || result === 'CONDPASS'

/** Changes the state of the server as the last result asks for. */
export const applyResult = (server: Server, check: Check): void => {
  if (check.result === 'FAILED') {
    // an agent that does not answer is no reason to take its server down
    if (check.isAgent && check.status !== STATUS.L7STS) return
    if (check.health === 0) setStopped(server, causeOf(server, check))
    return
  }
  if (!hasPassed(check)) return
  if (server.nextAdmin & ServerAdmin.MAINT || server.track?.nextState === ServerState.STOPPED) return
  if (server.check?.isPresumedUp === false || server.agent?.isPresumedUp === false) return
  if (check.result === 'CONDPASS') {
    if (!check.isAgent) setStopping(server, causeOf(server, check))
  } else if (!check.isAgent || server.nextState !== ServerState.STOPPING) setRunning(server, causeOf(server, check))
}

/** `option log-health-checks` reports each result, so that the change of state does not repeat it (`check_notify_cause`). */
const causeOf = (server: Server, { isAgent }: Check): OperationalCause => {
  if (server.track || server.proxy.config.options.has('log-health-checks')) return 'none'
  return isAgent ? 'agent' : 'health'
}
