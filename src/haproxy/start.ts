/**
 * How a process starts, in HAProxy's order (`init` and `main` in src/haproxy.c): scripts are loaded where the configuration
 * names them, the whole is checked, servers get their first states, checks get their first date, scripts initialise, and only
 * then are listeners opened.
 */
import { closingWords, type Said } from '../config/closing-words.js'
import type { Diagnostic } from '../config/syntax/diagnostics.js'
import { countsAsWarning } from '../config/server/first-addresses.js'
import type { Configuration } from '../config/model/configuration.js'
import { countUsable } from './proxy/backend.js'
import { startChecks, warnOfExternalChecks } from './checks/start.js'
import { warnOfLegacyMailers } from './mailers/legacy-mailers.js'
import { openListeners } from './listeners/listening.js'
import { addOwnPatterns, loadPatterns } from './patterns/load.js'
import type { HaproxyProcess } from './process.js'
import { initialiseServer, settleAddress } from './server/state.js'
import { applyStateFiles } from './state-files/index.js'
import { inheritStates, linkTracking } from './server/track.js'
import type { ProcessExtension } from './world.js'

/** What `haproxy -c` finds: an error, a process that would start, or one that would not, as it listens nowhere. */
export type CheckResult = 'failed' | 'valid' | 'no listener'

export class Start {
  readonly #process: HaproxyProcess
  readonly #extension: ProcessExtension | undefined
  /** HAProxy has warned of something in the configuration */
  #warned = false

  constructor(process: HaproxyProcess, extension: ProcessExtension | undefined) {
    this.#process = process
    this.#extension = extension
  }

  /** Only looks whether it would start. */
  check(): CheckResult {
    if (!this.#load() || !this.#prepareServers()) return 'failed'
    warnOfLegacyMailers(this.#process)
    return this.#listens() ? 'valid' : 'no listener'
  }

  /** Returns whether it has started; otherwise the operator has been told why not. */
  run(): boolean {
    if (!this.#load() || !this.#initialise()) return false
    const process = this.#process
    const refused = openListeners(process)
    if (refused.length > 0) {
      for (const each of refused) process.logger.say('alert', each)
      process.logger.say('alert', '[haproxy.main()] Some protocols failed to start their listeners! Exiting.')
      process.runtime.stop()
      return false
    }
    this.#sayDescriptorsAreFew()
    process.resolvers.start()
    return true
  }

  /** Builds the proxies and loads the scripts, in the order of the text, and says all there is to say about both. */
  #load(): boolean {
    const process = this.#process
    const diagnostics: Diagnostic[] = []
    for (const script of process.configuration.global.lua.loads) {
      process.addProxies(script.proxiesBefore)
      diagnostics.push(...loadPatterns(process, script.proxiesBefore))
      process.environment = script.env
      diagnostics.push(...(this.#extension?.load(script) ?? []))
    }
    process.environment = process.configuration.env
    process.addProxies(process.configuration.proxies.length)
    process.endLoading()
    diagnostics.push(...loadPatterns(process, process.configuration.proxies.length))
    addOwnPatterns(process)
    process.patterns.complete()
    const all = withScripts(process.configuration, diagnostics)
    for (const { severity, text, own, gap } of all.diagnostics)
      if (own && gap === undefined) process.logger.remark(text)
      else process.logger.say(severity, text)
    this.#warned = all.diagnostics.some(countsAsWarning)
    return !all.failed
  }

  #initialise(): boolean {
    const process = this.#process
    if (!this.#prepareServers()) return false
    startChecks(process)
    warnOfExternalChecks(process)
    warnOfLegacyMailers(process)
    process.logger.isOpen = true
    if (this.#extension?.init() === false) return false
    if (!this.#raisesLimit()) return false
    if (this.#listens()) return true
    process.logger.say('alert', "[haproxy.main()] No enabled listener found (check for 'bind' directives) ! Exiting.")
    return false
  }

  /** Gives servers their first states and addresses. */
  #prepareServers(): boolean {
    const process = this.#process
    if (!linkTracking(process)) return false
    const servers = process.proxies.flatMap((proxy) => proxy.servers)
    servers.forEach(initialiseServer)
    inheritStates(process)
    for (const server of servers) if (!server.proxy.config.disabled) countUsable(server)
    const warningsBefore = process.logger.warnings
    const last = applyStateFiles(process)
    const warned = this.#warned || process.logger.warnings > warningsBefore
    const { starts, diagnostics, failed } = process.configuration.firstAddresses(last, warned)
    for (const each of diagnostics) process.logger.say(each.severity, each.text)
    if (failed) return false
    for (const server of servers) settleAddress(server, starts)
    return true
  }

  /** Whether it gets the file descriptors that it may need, or goes on without (`no strict-limits`). */
  #raisesLimit(): boolean {
    const { limits, configuration, logger } = this.#process
    const { maxsock, descriptors, enoughDescriptors } = limits
    if (enoughDescriptors) return true
    const { strictLimits } = configuration.global
    const text = `[haproxy.main()] Cannot raise FD limit to ${maxsock}, limit is ${descriptors}.`
    logger.say(strictLimits ? 'alert' : 'warning', text)
    return !strictLimits
  }

  #sayDescriptorsAreFew(): void {
    const { maxconn, maxsock, descriptors, enoughDescriptors } = this.#process.limits
    if (enoughDescriptors) return
    this.#process.logger.say(
      'alert',
      `[haproxy.main()] FD limit (${descriptors}) too low for maxconn=${maxconn}/maxsock=${maxsock}. ` +
        `Please raise 'ulimit-n' to ${maxsock} or more to avoid any trouble.`,
    )
  }

  #listens(): boolean {
    const { configuration, proxies } = this.#process
    return (
      configuration.global.statsSockets.length > 0 ||
      proxies.some((each) => !each.config.disabled && each.listeners.length > 0)
    )
  }
}

/** What there is to say of a configuration, together with what its scripts and patterns have said. */
const withScripts = (configuration: Configuration, scripts: readonly Diagnostic[]): Said => {
  const read = closingWords(configuration.readings, scripts)
  if (read.failed) return read
  return {
    diagnostics: [...read.diagnostics, ...configuration.checked.diagnostics],
    failed: configuration.checked.failed,
  }
}
