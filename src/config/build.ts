/** Builds the model from the parsed lines and validates it as a whole (check_config_validity in src/cfgparse.c). */
import { summarize, type FileResult, type ParseReport } from './parse-report.js'
import type { ProxyDraft } from './proxy/draft.js'
import { makeHttpClient } from './http-client.js'
import { initialAddressResolver, countsAsWarning } from './server/initial-addresses.js'
import type { Configuration, GlobalConfig } from './model/configuration.js'
import type { MailersConfig } from './model/mailers.js'
import type { ProxyConfig } from './model/proxy.js'
import type { ParseContext } from './parse-context.js'
import { CACHES } from './sections/cache-draft.js'
import { FCGI_APPS } from './sections/fcgi-app-draft.js'
import { HTTP_ERRORS } from './sections/http-errors-draft.js'
import { USERLISTS } from './sections/userlist-draft.js'
import { LOG_FORWARDS } from './sections/log-forward-draft.js'
import { LOG_PROFILES } from './sections/log-profile-draft.js'
import { PEERS } from './sections/peers-draft.js'
import { RINGS } from './sections/ring-draft.js'
import { MAILERS } from './sections/mailers-draft.js'
import { makeDefaultResolvers } from './sections/resolvers.js'
import { RESOLVERS } from './sections/resolvers-draft.js'
import { runtimeAddresses } from './global/runtime-addresses.js'
import type { ServerDraft } from './server/draft.js'
import { sectionProxies } from './sections.js'
import { completeTls } from './server/tls.js'
import { checkAtStart } from './start-checks.js'
import { checkValidity } from './validity.js'

/** Builds and validates the configuration. As in HAProxy, it is not validated if there were fatal parse errors. */
export const buildConfiguration = (
  context: ParseContext,
  files: readonly FileResult[],
  scripts: Pick<Configuration, 'withScripts' | 'dependsOnScripts'>,
): Configuration => {
  const fileReport = summarize(files)
  const { failed } = fileReport
  numberProxies(context)
  for (const rules of context.ruleSets) rules.finish()
  const mailers = new Map<string, MailersConfig>()
  for (const section of context.drafts(MAILERS).all) mailers.set(section.name, section)
  completeEmailAlerts(context, mailers)
  completeTls(context.global.tls, [...context.proxies, ...sectionProxies(context)])
  if (!failed) makeDefaultResolvers(context)
  const validityReport: ParseReport = failed ? { diagnostics: [], failed } : checkValidity(context, mailers)
  const httpClient = validityReport.failed ? undefined : makeHttpClient(context)
  const initialAddresses = initialAddressResolver(context)
  const warned = [...fileReport.diagnostics, ...validityReport.diagnostics].some(countsAsWarning)
  const addressReport = validityReport.failed ? { diagnostics: [], failed: true } : initialAddresses(new Map(), warned)
  if (!validityReport.failed) exportRuntimeAddresses(context)
  if ('addresses' in addressReport)
    for (const [server, ip] of addressReport.addresses) (server as ServerDraft).setInitialAddress(ip)
  return {
    global: buildGlobal(context),
    proxies: context.proxies as ProxyConfig[],
    mailers: context.drafts(MAILERS).all,
    resolvers: context.drafts(RESOLVERS).all,
    userlists: context.drafts(USERLISTS).all,
    caches: context.drafts(CACHES).all,
    fcgiApps: context.drafts(FCGI_APPS).all,
    httpErrors: context.drafts(HTTP_ERRORS).all,
    peers: context.drafts(PEERS).all,
    rings: context.drafts(RINGS).all,
    logForwards: context.drafts(LOG_FORWARDS).all,
    logProfiles: context.drafts(LOG_PROFILES).all,
    patterns: context.patterns.all,
    variableSteps: context.variableSteps,
    keyFiles: context.keyFiles,
    luaUses: context.luaUses,
    httpClient,
    ...scripts,
    files,
    validityReport,
    addressReport,
    initialAddresses,
    checkAtStart: () => checkAtStart(context),
    diagnostics: [...fileReport.diagnostics, ...validityReport.diagnostics, ...addressReport.diagnostics],
    gaps: [...context.silentGaps, ...context.patterns.gaps, ...fileReport.diagnostics.flatMap(({ gap }) => gap ?? [])],
    unparsed: context.unparsed,
    failed: addressReport.failed,
    env: context.env.variables,
  }
}

const exportRuntimeAddresses = ({ env, global }: ParseContext): void => {
  const addresses = runtimeAddresses(global)
  if (addresses !== undefined) env.set('HAPROXY_CLI', addresses)
}

/**
 * Assigns ids to proxies and servers: the lowest unused numbers in the order of the text. A proxy with an explicit `id` still
 * consumes a number, and so does the frontend of the runtime API at the first `stats` line.
 */
const numberProxies = ({ proxies, proxiesByUuid, global }: ParseContext): void => {
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

const buildGlobal = ({ global }: ParseContext): GlobalConfig => ({
  nbthread: global.nbthread,
  maxconn: global.maxconn,
  strictLimits: global.strictLimits,
  noQuic: global.noQuic,
  headerCases: global.headerCases,
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
  warnBlockedTrafficAfter: global.warnBlockedTrafficAfter,
  tls: global.tls,
  serverStateFile: global.serverStateFile,
  serverStateBase: global.serverStateBase,
  lua: global.lua,
  rulesAtOnce: global.rulesAtOnce,
  requestLineLength: global.requestLineLength,
  clientBuffers: {
    send: global.clientSendBuffer,
    receive: global.clientReceiveBuffer,
    unsent: global.clientUnsent,
  },
  serverBuffers: {
    send: global.serverSendBuffer,
    receive: global.serverReceiveBuffer,
    unsent: global.serverUnsent,
  },
  rateLimits: {
    connections: global.connectionRate,
    sessions: global.sessionRate,
    sslSessions: global.sslRate,
    compression: global.compressionRate * 1024,
  },
  messageLimits: { headers: global.maxHeaders, buffer: global.bufsize, reserve: global.maxrewrite },
})

/** Links each complete `email-alert` to its `mailers` section. Proxies that inherit one share the object. */
const completeEmailAlerts = ({ proxies }: ParseContext, mailers: ReadonlyMap<string, MailersConfig>): void => {
  for (const { settings } of proxies) {
    const { emailAlert } = settings
    if (!emailAlert || emailAlert.config) continue
    const { from, to, myhostname, level } = emailAlert
    const section = emailAlert.mailers === undefined ? undefined : mailers.get(emailAlert.mailers)
    if (section && from !== undefined && to !== undefined)
      emailAlert.config = { mailers: section, from, to, myhostname, level }
  }
}
