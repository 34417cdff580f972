/** Makes the model out of what was read and checks it as a whole (check_config_validity in src/cfgparse.c). */
import { summarize, type FileResult, type ParseReport } from './parse-report.js'
import type { ProxyDraft } from './proxy/draft.js'
import { initialAddressResolver, countsAsWarning } from './server/initial-addresses.js'
import type { Configuration, GlobalConfig } from './model/configuration.js'
import type { MailersConfig } from './model/mailers.js'
import type { ProxyConfig } from './model/proxy.js'
import type { Reading } from './reading.js'
import { markNonPurgeableServers } from './rules/check-references.js'
import { makeDefaultResolvers } from './sections/resolvers.js'
import { runtimeAddresses } from './global/runtime-addresses.js'
import type { ServerDraft } from './server/draft.js'
import { completeTls } from './server/tls.js'
import { checkValidity } from './validity.js'

/** Nothing is checked as a whole after a fatal error. */
export const buildConfiguration = (reading: Reading, files: readonly FileResult[]): Configuration => {
  const fileReport = summarize(files)
  const { failed } = fileReport
  numberProxies(reading)
  for (const rules of reading.ruleSets) rules.finish()
  const mailers = new Map<string, MailersConfig>()
  for (const section of reading.mailers) mailers.set(section.name, section)
  completeEmailAlerts(reading, mailers)
  completeTls(reading.global.tls, reading.proxies)
  markNonPurgeableServers(reading)
  if (!failed) makeDefaultResolvers(reading)
  const validityReport: ParseReport = failed ? { diagnostics: [], failed } : checkValidity(reading, mailers)
  const initialAddresses = initialAddressResolver(reading)
  const warned = [...fileReport.diagnostics, ...validityReport.diagnostics].some(countsAsWarning)
  const addressReport = validityReport.failed ? { diagnostics: [], failed: true } : initialAddresses(new Map(), warned)
  if (!validityReport.failed) exportRuntimeAddresses(reading)
  if ('addresses' in addressReport)
    for (const [server, ip] of addressReport.addresses) (server as ServerDraft).setInitialAddress(ip)
  return {
    global: buildGlobal(reading),
    proxies: reading.proxies as ProxyConfig[],
    mailers: reading.mailers,
    resolvers: reading.resolvers,
    patterns: reading.patterns,
    files,
    validityReport,
    addressReport,
    initialAddresses,
    diagnostics: [...fileReport.diagnostics, ...validityReport.diagnostics, ...addressReport.diagnostics],
    gaps: reading.silentGaps.concat(fileReport.diagnostics.flatMap(({ gap }) => gap ?? [])),
    unparsed: reading.unparsed,
    failed: addressReport.failed,
    env: reading.env.variables,
  }
}

const exportRuntimeAddresses = ({ env, global }: Reading): void => {
  const addresses = runtimeAddresses(global)
  if (addresses !== undefined) env.set('HAPROXY_CLI', addresses)
}

/**
 * Proxies, and the servers of each, get the lowest free numbers in the order of the text. One that has been given a number
 * uses up the next one all the same, and so does the frontend of the runtime API where `stats` is first spoken of.
 */
const numberProxies = ({ proxies, proxiesByUuid, global }: Reading): void => {
  let next = 1
  proxies.forEach((proxy, index) => {
    if (index === global.proxiesBeforeRuntime) next = firstFree(next, proxiesByUuid) + 1
    numberServers(proxy)
    if (proxy.uuid === 0) {
      next = firstFree(next, proxiesByUuid)
      proxy.uuid = next
    }
    next++
  })
}

const numberServers = ({ servers }: ProxyDraft): void => {
  if (servers.length === 0) return
  const taken = servers.length === 1 ? NONE : new Set(servers.map((server) => server.puid))
  let next = 1
  for (const server of servers) {
    if (server.puid === 0) {
      next = firstFree(next, taken)
      server.puid = next
    }
    next++
  }
}

const NONE: ReadonlySet<number> = new Set()

const firstFree = (from: number, taken: { has(number: number): boolean }): number => {
  let number = from
  while (taken.has(number)) number++
  return number
}

const buildGlobal = ({ global }: Reading): GlobalConfig => ({
  nbthread: global.nbthread,
  maxconn: global.maxconn,
  strictLimits: global.strictLimits,
  node: global.node,
  description: global.description,
  logs: global.logs,
  logTag: global.logTag,
  logSendHostname: global.logSendHostname,
  spreadChecks: global.spreadChecks,
  maxSpreadChecks: global.maxSpreadChecks,
  externalCheck: global.externalCheck,
  statsSockets: global.statsSockets,
  statsTimeout: global.statsTimeout,
  statsMaxconn: global.statsMaxconn,
  uid: global.uid,
  gid: global.gid,
  graceDelay: global.graceDelay,
  hardStopAfter: global.hardStopAfter,
  tls: global.tls,
  serverStateFile: global.serverStateFile,
  serverStateBase: global.serverStateBase,
  lua: global.lua,
})

/** Every `email-alert` that is complete gets its `mailers` section; proxies that inherit one share what comes of it. */
const completeEmailAlerts = ({ proxies }: Reading, mailers: ReadonlyMap<string, MailersConfig>): void => {
  for (const { settings } of proxies) {
    const { emailAlert } = settings
    if (!emailAlert || emailAlert.config) continue
    const { from, to, myhostname, level } = emailAlert
    const section = emailAlert.mailers === undefined ? undefined : mailers.get(emailAlert.mailers)
    if (section && from !== undefined && to !== undefined)
      emailAlert.config = { mailers: section, from, to, myhostname, level }
  }
}
