/**
 * The checks of a process: makes those that are configured and schedules them, the first ones spread over the shortest interval so
 * that they do not all run at once (`start_checks` and `init_srv_check` in src/check.c).
 */
import { MILLISECOND, type Micros } from '../../engine/clock.js'
import type { Program } from '../../config/checks/program.js'
import type { ProxyDirectory } from '../proxy/directory.js'
import type { Server } from '../server/server.js'
import type { ProcessPart } from '../world.js'
import { agentProgram } from './agent.js'
import { Check } from './check.js'
import type { CommandRunner } from './external.js'
import { checkInterval, spread } from './interval.js'
import { healthProgram } from './program.js'
import { CheckRunner } from './run.js'

/** Shorter intervals do not shorten the time over which first checks are spread (`SRV_CHK_INTER_THRES`). */
const THRESHOLD: Micros = 1000 * MILLISECOND

interface ServerCheck {
  readonly server: Server
  readonly check: Check
}

export class Checks implements ProcessPart {
  /**
   * @param directory the proxies of the process
   * @param exec runs the commands of external checks; without it these are not carried out
   */
  constructor(
    readonly directory: ProxyDirectory,
    readonly exec: CommandRunner | undefined,
  ) {}

  /** Gives a server the checks that are configured. They run once they are scheduled. */
  create(server: Server): void {
    const { config } = server
    if (config.check.enabled) server.check = new Check(config, false)
    if (config.agent.enabled) server.agent = new Check(config, true)
  }

  /** Schedules the checks of all servers. */
  schedule(): void {
    const checks = this.#servers().flatMap((server) => checksOf(server))
    let shortest = 0
    for (const { server, check } of checks) {
      const interval = checkInterval(server, check)
      if (interval >= THRESHOLD && (shortest === 0 || interval < shortest)) shortest = interval
    }
    const programs = new Map<object, Program | undefined>()
    checks.forEach((each, position) => {
      const window = firstWindow(each, shortest)
      const offset = Math.floor(((window / MILLISECOND) * position) / checks.length) * MILLISECOND
      this.#startRunner(each, each.server.proxy.process.clock.now + offset, programs)
    })
  }

  /** Schedules the checks of a server that was added at run time: the first ones come after one interval. */
  scheduleDynamic(server: Server): void {
    const { proxy } = server
    for (const each of checksOf(server))
      this.#startRunner(each, proxy.process.clock.now + spread(proxy, checkInterval(server, each.check)))
  }

  /** Starts no further health checks; those in progress end normally. */
  drain(): void {
    for (const server of this.#servers()) if (server.check) server.check.paused = true
  }

  /** Ends the checks of a server for good. */
  end(server: Server): void {
    for (const { check } of checksOf(server)) check.stop()
  }

  stop(): void {
    for (const server of this.#servers()) this.end(server)
  }

  /** Warns of each backend whose external checks are not carried out. */
  warnOfExternalChecks(): void {
    if (this.exec !== undefined) return
    for (const { config, name, servers, process } of this.directory.proxies)
      if (config.healthCheck.kind === 'external' && servers.some((server) => server.check))
        process.logger.message(
          'warning',
          `hapsim runs no commands unless it is allowed to: the external checks of backend '${name}' are not carried out.`,
        )
  }

  #servers(): readonly Server[] {
    return this.directory.proxies.flatMap(({ servers }) => servers)
  }

  /** @param programs those that servers of one backend share */
  #startRunner(
    { server, check }: ServerCheck,
    first: Micros,
    programs: Map<object, Program | undefined> = new Map<object, Program | undefined>(),
  ): void {
    if (check.isAgent) {
      const runner = new CheckRunner(server, check, agentProgram(server, check), first)
      check.targetChanged = () => runner.setProgram(agentProgram(server, check))
      return
    }
    const { healthCheck } = server.proxy.config
    if (!programs.has(healthCheck)) programs.set(healthCheck, healthProgram(healthCheck))
    const work = programs.get(healthCheck) ?? this.exec
    if (work) new CheckRunner(server, check, work, first)
  }
}

const checksOf = (server: Server): readonly ServerCheck[] =>
  [server.check, server.agent].flatMap((check) => (check ? [{ server, check }] : []))

/** The time over which first checks are spread, for one of them. */
const firstWindow = ({ server, check }: ServerCheck, shortest: Micros): Micros => {
  const { proxy } = server
  const window = spread(proxy, Math.max(shortest, checkInterval(server, check)))
  const limit = proxy.process.configuration.global.maxSpreadChecks
  return limit === undefined ? window : Math.min(window, limit)
}
