/**
 * How a process starts, in HAProxy's order (`init` and `main` in src/haproxy.c): scripts are loaded where the configuration
 * names them, the whole is checked, servers get their first states, checks get their first date, scripts initialise, and only
 * then are listeners opened.
 */
import { summarize, type ParseReport } from '../config/parse-report.js'
import type { Diagnostic } from '../config/syntax/diagnostics.js'
import { countsAsWarning } from '../config/server/initial-addresses.js'
import type { LuaNames, LuaUse } from '../config/model/lua.js'
import type { Configuration } from '../config/model/configuration.js'
import type { Variables } from '../config/syntax/environment.js'
import type { Checks } from './checks/checks.js'
import { countUsable } from './proxy/backend.js'
import { warnOfLegacyMailers, type MailingProcess } from './mailers/legacy-mailers.js'
import { openListeners, type ListeningProcess } from './listeners/listening.js'
import { addInternalPatterns, loadPatterns, type PatternOwner } from './patterns/load.js'
import type { ProxyDirectory } from './proxy/directory.js'
import type { SampleProcess } from './samples/context.js'
import { applyVariableSteps } from './samples/variable-actions.js'
import { initialiseServer, settleAddress } from './server/initial.js'
import { applyStateFiles } from './state-files/index.js'
import { inheritStates, linkTracking } from './server/track.js'
import type { ProcessExtension } from './world.js'

/** A process that is being started. */
export interface StartingProcess extends ProxyDirectory, ListeningProcess, MailingProcess, PatternOwner, SampleProcess {
  /** replaced if scripts register other names than it has been read with */
  configuration: Configuration
  /** set to the variables that each script sees while it is loaded */
  environment: Variables
  readonly checks: Checks
  readonly runtime: ListeningProcess['runtime'] & { stop(): void }
  /** Makes the next proxies of the configuration, up to the `until`-th. */
  addProxies(until: number): void
  /** The listeners are open: starts the parts of the process. */
  startParts(): void
  /** The configuration is read: puts proxies and servers in their final order. */
  endLoading(): void
}

/** What `haproxy -c` finds: an error, a process that would start, or one that would not, as it listens nowhere. */
export type ConfigurationCheckResult = 'failed' | 'valid' | 'no listener'

export class Start {
  readonly #process: StartingProcess
  readonly #extension: ProcessExtension | undefined
  /** HAProxy has warned of something in the configuration */
  #warned = false

  constructor(process: StartingProcess, extension: ProcessExtension | undefined) {
    this.#process = process
    this.#extension = extension
  }

  /** Checks whether it would start. */
  check(): ConfigurationCheckResult {
    if (!this.#load() || !this.#prepareServers()) return 'failed'
    warnOfLegacyMailers(this.#process, this.#process.proxies)
    return this.#listens() ? 'valid' : 'no listener'
  }

  /** Starts it. Returns false when it cannot start; the reason is reported. */
  run(): boolean {
    if (!this.#load() || !this.#initialise()) return false
    const process = this.#process
    const refused = openListeners(process, (text) => process.logger.message('warning', text))
    if (refused.length > 0) {
      for (const each of refused) process.logger.message('alert', each)
      process.logger.message('alert', '[haproxy.main()] Some protocols failed to start their listeners! Exiting.')
      process.runtime.stop()
      return false
    }
    this.#warnOfFewDescriptors()
    process.startParts()
    return true
  }

  /** Makes the proxies and loads the scripts, in the order of the text, and reports the diagnostics of both by place. */
  #load(): boolean {
    const process = this.#process
    const diagnostics: Diagnostic[] = []
    const { variableSteps } = process.configuration
    let variablesBefore = 0
    for (const script of process.configuration.global.lua.loads) {
      diagnostics.push(...applyVariableSteps(variableSteps.slice(variablesBefore, script.variablesBefore), process))
      variablesBefore = script.variablesBefore
      process.addProxies(script.proxiesBefore)
      diagnostics.push(...loadPatterns(process, script.proxiesBefore))
      process.environment = script.env
      diagnostics.push(...(this.#extension?.load(script) ?? []))
    }
    diagnostics.push(...applyVariableSteps(variableSteps.slice(variablesBefore), process))
    process.environment = process.configuration.env
    this.#applyNames()
    process.addProxies(process.configuration.proxies.length)
    process.endLoading()
    diagnostics.push(...loadPatterns(process, process.configuration.proxies.length))
    addInternalPatterns(process)
    process.patterns.complete()
    const all = withScripts(process.configuration, diagnostics)
    for (const { severity, text, fromHapsim, gap } of all.diagnostics)
      if (fromHapsim && gap === undefined) process.logger.hapsimWarning(text)
      else process.logger.message(severity, text)
    this.#warned = all.diagnostics.some(countsAsWarning)
    return !all.failed
  }

  /**
   * Parses the configuration again if scripts register other names or numbers of arguments than it has been read with, or if it is invalid,
   * since messages list what is registered.
   */
  #applyNames(): void {
    const process = this.#process
    const { luaUses, files, global, dependsOnScripts } = process.configuration
    const names = this.#extension?.names ?? NO_NAMES
    const failed = files.some(({ result }) => result !== 'ok')
    const isOther = luaUses.some((use) => !matches(use, names)) || (dependsOnScripts && !names.isEmpty)
    if (isOther || (failed && global.lua.loads.length > 0))
      process.configuration = process.configuration.withScripts(names)
  }

  #initialise(): boolean {
    const process = this.#process
    if (!this.#prepareServers() || !this.#passesStartChecks()) return false
    process.checks.schedule()
    process.checks.warnOfExternalChecks()
    warnOfLegacyMailers(process, process.proxies)
    process.logger.isOpen = true
    if (this.#extension?.init() === false) return false
    if (!this.#canRaiseLimit()) return false
    if (this.#listens()) return true
    process.logger.message(
      'alert',
      "[haproxy.main()] No enabled listener found (check for 'bind' directives) ! Exiting.",
    )
    return false
  }

  /** Reports what is checked only at the start. */
  #passesStartChecks(): boolean {
    const { configuration, logger } = this.#process
    const { diagnostics, failed } = configuration.checkAtStart()
    for (const { severity, text } of diagnostics) logger.message(severity, text)
    return !failed
  }

  /** Gives servers their first states and addresses. */
  #prepareServers(): boolean {
    const process = this.#process
    if (!linkTracking(process, process.logger)) return false
    const servers = process.proxies.flatMap((proxy) => proxy.servers)
    for (const server of servers) {
      if (!server.proxy.config.disabled) process.checks.create(server)
      initialiseServer(server)
    }
    inheritStates(process.proxies)
    for (const server of servers) if (!server.proxy.config.disabled) countUsable(server)
    const warningsBefore = process.logger.warnings
    const last = applyStateFiles(process, process.proxies)
    const warned = this.#warned || process.logger.warnings > warningsBefore
    const { addresses, diagnostics, failed } = process.configuration.initialAddresses(last, warned)
    for (const each of diagnostics) process.logger.message(each.severity, each.text)
    if (failed) return false
    for (const server of servers) settleAddress(server, addresses)
    return true
  }

  /** Whether it gets the file descriptors that it may need, or starts without them (`no strict-limits`). */
  #canRaiseLimit(): boolean {
    const { limits, configuration, logger } = this.#process
    const { maxsock, descriptors, enoughDescriptors } = limits
    if (enoughDescriptors) return true
    const { strictLimits } = configuration.global
    const text = `[haproxy.main()] Cannot raise FD limit to ${maxsock}, limit is ${descriptors}.`
    logger.message(strictLimits ? 'alert' : 'warning', text)
    return !strictLimits
  }

  #warnOfFewDescriptors(): void {
    const { maxconn, maxsock, descriptors, enoughDescriptors } = this.#process.limits
    if (enoughDescriptors) return
    this.#process.logger.message(
      'alert',
      `[haproxy.main()] FD limit (${descriptors}) too low for maxconn=${maxconn}/maxsock=${maxsock}. ` +
        `Please raise 'ulimit-n' to ${maxsock} or more to avoid any trouble.`,
    )
  }

  #listens(): boolean {
    const { configuration, proxies } = this.#process
    return (
      configuration.global.statsSockets.length > 0 ||
      configuration.peers.some((each) => each.isActive) ||
      configuration.logForwards.some((each) => each.binds.length > 0) ||
      proxies.some((each) => !each.config.disabled && (each.listeners.length > 0 || each.config.hasIgnoredBinds))
    )
  }
}

const NO_NAMES: LuaNames = { isEmpty: true, find: () => undefined, list: () => [] }

/** Whether scripts register what the configuration uses, as it has been read. */
const matches = (use: LuaUse, names: LuaNames): boolean => {
  const found = names.find(use.kind, use.name, use.environment)
  if (use.kind === 'action') return found?.argumentCount === use.argumentCount
  return found !== undefined && (use.kind !== 'service' || found.environment === use.environment)
}

/** The diagnostics of a configuration, merged with those of its scripts and patterns. */
const withScripts = (configuration: Configuration, scripts: readonly Diagnostic[]): ParseReport => {
  const read = summarize(configuration.files, scripts)
  if (read.failed) return read
  return {
    diagnostics: [...read.diagnostics, ...configuration.validityReport.diagnostics],
    failed: configuration.validityReport.failed,
  }
}
