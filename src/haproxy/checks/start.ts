/**
 * The start of the checks: each gets its first date, spread over the shortest interval, so that they do not come all at
 * once (`start_checks` in src/check.c).
 */
import { MILLISECOND, type Micros } from '../../engine/clock.js'
import type { HaproxyProcess } from '../process.js'
import type { Server } from '../server/server.js'
import { agentProgram } from './agent.js'
import type { Check } from './check.js'
import { healthProgram } from './kinds/index.js'
import type { Program } from '../dialogue/program.js'
import { CheckRunner, spread } from './run.js'

/** Intervals shorter than this do not shorten the spreading of the others (`SRV_CHK_INTER_THRES`). */
const THRESHOLD: Micros = 1000 * MILLISECOND

/** Gives every server that is to be checked its checks. */
export const startChecks = (process: HaproxyProcess): void => {
  const checks: Check[] = []
  for (const proxy of process.proxies)
    for (const server of proxy.servers) {
      if (server.check) checks.push(server.check)
      if (server.agent) checks.push(server.agent)
    }
  let shortest = 0
  for (const { interval } of checks)
    if (interval >= THRESHOLD && (shortest === 0 || interval < shortest)) shortest = interval
  const programs = new Map<object, Program | undefined>()
  checks.forEach((check, position) => {
    const window = firstWindow(check, shortest)
    const offset = Math.floor(((window / MILLISECOND) * position) / checks.length) * MILLISECOND
    startCheck(check, process.clock.now + offset, programs)
  })
}

/**
 * Has `check` be carried out from `first` on. Does nothing for a command where none may be run.
 * @param programs what is shared by the servers of a backend
 */
const startCheck = (
  check: Check,
  first: Micros,
  programs: Map<object, Program | undefined> = new Map<object, Program | undefined>(),
): void => {
  if (check.isAgent) {
    const runner = new CheckRunner(check, agentProgram(check), first)
    check.targetChanged = () => runner.setProgram(agentProgram(check))
    return
  }
  const { healthCheck } = check.server.proxy.config
  if (healthCheck.kind === 'external' && check.server.proxy.process.exec === undefined) return
  if (!programs.has(healthCheck)) programs.set(healthCheck, healthProgram(healthCheck))
  new CheckRunner(check, programs.get(healthCheck), first)
}

/** Starts the checks of a server that is added at run time: the first ones come after one interval. */
export const startDynamicCheck = (server: Server): void => {
  const { check, agent, proxy } = server
  for (const each of [check, agent]) if (each) startCheck(each, proxy.process.clock.now + spread(proxy, each.interval))
}

/** The time over which the first checks are spread, from the point of view of one of them. */
const firstWindow = (check: Check, shortest: Micros): Micros => {
  const { proxy } = check.server
  const window = spread(proxy, Math.max(shortest, check.interval))
  const limit = proxy.process.configuration.global.maxSpreadChecks
  return limit === undefined ? window : Math.min(window, limit)
}

/** Ends the checks of a server for good. */
export const stopChecks = (server: Server): void => {
  server.check?.stop()
  server.agent?.stop()
}

/** Says that commands are not run, where checks would run them. */
export const warnOfExternalChecks = (process: HaproxyProcess): void => {
  if (process.exec !== undefined) return
  for (const { config, name, servers } of process.proxies)
    if (config.healthCheck.kind === 'external' && servers.some((server) => server.check))
      process.logger.say(
        'warning',
        `hapsim runs no commands unless it is allowed to: the external checks of backend '${name}' are not carried out.`,
      )
}
