/** Validation of the whole configuration after parsing (check_config_validity in src/cfgparse.c). */
import { checkTlsBind } from './bind/tls-validity.js'
import { warnAboutManyThreads } from './global/threads.js'
import { checkMultiplexers } from './multiplexers.js'
import type { ParseReport } from './parse-report.js'
import { Diagnostics } from './syntax/diagnostics.js'
import { hasBackend, hasFrontend, proxyTypeName, type ProxyDraft } from './proxy/draft.js'
import { checkLogFormats, replaceHttpFormats, warnAboutUnusedFormats } from './proxy/log-format-validity.js'
import { limitCookieCapture } from './proxy/captures.js'
import { checkHttpServers, warnAboutCookie, warnAboutHttpSettings, warnAboutSourceHeader } from './proxy/http-mode.js'
import type { MailersConfig } from './model/mailers.js'
import type { ParseContext } from './parse-context.js'
import { SECTIONS, sectionProxies } from './sections.js'
import { checkAclGroups } from './rules/acl-groups.js'
import {
  checkDispatch,
  checkHashExpression,
  replaceHttpAlgorithm,
  replaceLogAlgorithm,
} from './proxy/balance-validity.js'
import { checkForwarding } from './proxy/forwarding.js'
import { checkLogBackend } from './proxy/log-mode.js'
import { checkErrorPages } from './proxy/error-pages.js'
import { statsAuthProblem } from './proxy/stats.js'
import { checkFilters } from './filters/filter-line.js'
import { resolveArguments } from './rules/arguments.js'
import { checkSticking, checkSwitching, checkUseServer } from './rules/targets.js'
import { checkRules } from './rules/validity.js'
import { checkServersTls } from './server/tls.js'
import { checkTablePeers } from './sections/peers-validity.js'
import { warnAboutStatsFile } from './stats-file.js'
import { checkServers, checkServerPorts, checkTransports, Tracking } from './server/validity.js'

/** Validates all proxies in the order of the text. */
export const checkValidity = (context: ParseContext, mailers: ReadonlyMap<string, MailersConfig>): ParseReport => {
  const diagnostics = new Diagnostics()
  const tracking = new Tracking()
  for (const { checkFirst } of SECTIONS) {
    checkFirst?.(context, diagnostics)
    if (diagnostics.failed) return finish(diagnostics)
  }
  for (const proxy of [...context.proxies, ...sectionProxies(context)])
    if (!checkProxy(context, proxy, mailers, tracking, diagnostics)) return finish(diagnostics)
  for (const each of context.tlsBinds) checkTlsBind(each, diagnostics, context.options.certificates)
  for (const { check } of SECTIONS) check?.(context, diagnostics)
  for (const { checkLast } of SECTIONS) checkLast?.(context, diagnostics)
  for (const proxy of context.proxies) {
    checkTransports(proxy, diagnostics)
    if (proxy.settings.disabled) continue
    checkLogBackend(context, proxy, diagnostics)
    checkForwarding(context, proxy, diagnostics)
  }
  checkServerPorts(context.proxies, diagnostics)
  if (!diagnostics.failed)
    for (const proxy of context.proxies) if (!proxy.settings.disabled) checkErrorPages(context, proxy, diagnostics)
  if (!diagnostics.failed) {
    warnAboutManyThreads(context, diagnostics)
    warnAboutStatsFile(context, diagnostics)
  }
  return finish(diagnostics)
}

const finish = (diagnostics: Diagnostics): ParseReport => {
  const { failed } = diagnostics
  if (failed) diagnostics.add('alert', 'Fatal errors found in configuration.')
  return { diagnostics: diagnostics.all, failed }
}

/** Validates a proxy. Returns false if HAProxy validates nothing after it. */
const checkProxy = (
  context: ParseContext,
  proxy: ProxyDraft,
  mailers: ReadonlyMap<string, MailersConfig>,
  tracking: Tracking,
  diagnostics: Diagnostics,
): boolean => {
  if (proxy.settings.disabled) return true
  const { rulesFrom } = proxy
  if (rulesFrom && !rulesFrom.isReady) {
    checkRules(context, rulesFrom, diagnostics)
    if (resolveArguments(context, rulesFrom, diagnostics)) checkAclGroups(context, rulesFrom, diagnostics)
    rulesFrom.isReady = true
  }
  proxy.upgradesToHttp ||= switchesMode(proxy) || (rulesFrom !== undefined && switchesMode(rulesFrom))
  warnAboutCookie(proxy, diagnostics)
  replaceHttpAlgorithm(proxy, diagnostics)
  replaceHttpFormats(proxy, diagnostics)
  replaceLogAlgorithm(proxy, diagnostics)
  if (hasFrontend(proxy) && proxy.binds.length === 0)
    diagnostics.add(
      'warning',
      `${proxyTypeName(proxy)} '${proxy.name}' has no 'bind' directive. Please declare it as a backend if this was intended.`,
      proxy.place,
    )
  checkDispatch(proxy, diagnostics)
  warnAboutUnusedRules(proxy, 'http', diagnostics)
  checkHttpSwitches(proxy, diagnostics)
  checkExternalCheck(context, proxy, diagnostics)
  checkEmailAlert(proxy, diagnostics)
  checkExternalCommand(proxy, diagnostics)
  checkDefaultBackend(context, proxy, diagnostics)
  if (proxy.hasTraffic) {
    checkSwitching(context, proxy, diagnostics)
    checkUseServer(context, proxy, diagnostics)
    checkSticking(context, proxy, diagnostics)
    checkRules(context, proxy, diagnostics)
  }
  checkTablePeers(context, proxy, diagnostics)
  checkMailers(proxy, mailers, diagnostics)
  const statsProblem = statsAuthProblem(proxy)
  if (statsProblem !== undefined) diagnostics.add('alert', statsProblem, proxy.place)
  checkLogFormats(context, proxy, diagnostics)
  checkHashExpression(context, proxy, diagnostics)
  if (resolveArguments(context, proxy, diagnostics)) checkAclGroups(context, proxy, diagnostics)
  checkTimeouts(proxy, diagnostics)
  warnAboutUnusedRules(proxy, 'tcp', diagnostics)
  limitCookieCapture(context, proxy, diagnostics)
  warnAboutStateFile(context, proxy, diagnostics)
  checkServers(context, proxy, tracking, diagnostics)
  if (proxy.hasTraffic || proxy.settings.compression) checkFilters(context, proxy, diagnostics)
  warnAboutUnusedFormats(proxy, diagnostics)
  warnAboutHttpSettings(proxy, diagnostics)
  warnAboutSourceHeader(proxy, diagnostics)
  if (!checkHttpServers(proxy, diagnostics)) return false
  checkMultiplexers(proxy, diagnostics)
  checkServersTls(context, proxy, diagnostics)
  return true
}

const switchesMode = (proxy: ProxyDraft): boolean => proxy.hasTraffic && proxy.traffic.switchesMode

const warnAboutStateFile = ({ global }: ParseContext, proxy: ProxyDraft, diagnostics: Diagnostics): void => {
  if (proxy.settings.loadStates !== 'global' || global.serverStateFile !== undefined) return
  diagnostics.add(
    'warning',
    `backend '${proxy.name}' configured to load server state file from global section 'server-state-file' directive. ` +
      "Unfortunately, 'server-state-file' is not set!",
    proxy.place,
  )
}

/** Warns about check rules in this section whose kind of check is not enabled. */
const warnAboutUnusedRules = (proxy: ProxyDraft, kind: 'http' | 'tcp', diagnostics: Diagnostics): void => {
  const { settings, inherited } = proxy
  const [unused, rules] =
    kind === 'http' ? [settings.unusedHttpRules, 'httpRules' as const] : [settings.unusedTcpRules, 'tcpRules' as const]
  if (!unused || settings[rules] === inherited[rules]) return
  const option = kind === 'http' ? 'httpchk' : 'tcp-check'
  diagnostics.add(
    'warning',
    `${proxyTypeName(proxy)} '${proxy.name}' uses ${kind}-check rules without 'option ${option}', so the rules are ignored.`,
    proxy.place,
  )
}

/** Warns about switches that only apply to HTTP checks. Proxies without any check option are not warned. */
const checkHttpSwitches = (proxy: ProxyDraft, diagnostics: Diagnostics): void => {
  const { healthCheck, disableOn404, sendState } = proxy.settings
  if (healthCheck.kind === 'http' || healthCheck.kind === 'connect' || healthCheck.kind === 'external') return
  for (const [name, isSet] of [
    ['disable-on-404', disableOn404],
    ['send-state', sendState],
  ] as const)
    if (isSet)
      diagnostics.add(
        'warning',
        `'${name}' will be ignored for ${proxyTypeName(proxy)} '${proxy.name}' (requires 'option httpchk').`,
        proxy.place,
      )
}

const checkExternalCheck = ({ global }: ParseContext, proxy: ProxyDraft, diagnostics: Diagnostics): void => {
  if (proxy.settings.healthCheck.kind !== 'external') return
  const unable = `Proxy '${proxy.name}' : 'option external-check' unable to find required`
  if (!global.externalCheck) diagnostics.add('alert', `${unable} 'global.external-check'.`, proxy.place)
  if (proxy.settings.checkCommand === undefined)
    diagnostics.add('alert', `${unable} 'external-check command'.`, proxy.place)
  if (!global.insecureFork)
    diagnostics.add(
      'warning',
      `Proxy '${proxy.name}' : 'insecure-fork-wanted' not enabled in the global section, 'option external-check' will likely fail.`,
      proxy.place,
    )
}

const checkExternalCommand = (proxy: ProxyDraft, diagnostics: Diagnostics): void => {
  const { healthCheck, checkCommand, checkPath } = proxy.settings
  const ignored = (what: string): void => {
    if (healthCheck.kind !== 'external')
      diagnostics.add(
        'warning',
        `'external-check ${what}' will be ignored for ${proxyTypeName(proxy)} '${proxy.name}' (requires 'option external-check').`,
        proxy.place,
      )
  }
  if (checkCommand !== undefined) {
    ignored('command')
    if (!checkCommand.startsWith('/') && checkPath === undefined)
      diagnostics.add(
        'alert',
        `Proxy '${proxy.name}': 'external-check command' does not have a leading '/' and 'external-check path' is not set.`,
        proxy.place,
      )
  }
  if (checkPath !== undefined) ignored('path')
}

const checkEmailAlert = (proxy: ProxyDraft, diagnostics: Diagnostics): void => {
  const { emailAlert } = proxy.settings
  if (!emailAlert || (emailAlert.mailers !== undefined && emailAlert.from !== undefined && emailAlert.to !== undefined))
    return
  diagnostics.add(
    'warning',
    `'email-alert' will be ignored for ${proxyTypeName(proxy)} '${proxy.name}' (the presence any of 'email-alert from', ` +
      "'email-alert level' 'email-alert mailers', 'email-alert myhostname', or 'email-alert to' requires each of " +
      "'email-alert from', 'email-alert mailers' and 'email-alert to' to be present).",
    proxy.place,
  )
}

const checkDefaultBackend = (context: ParseContext, proxy: ProxyDraft, diagnostics: Diagnostics): void => {
  const name = proxy.settings.defaultBackend
  // backends do not inherit it
  if (name === undefined || (!hasFrontend(proxy) && name === proxy.inherited.defaultBackend)) return
  const target = context.backend(name)
  const { mode } = proxy.settings
  if (!target)
    diagnostics.add('alert', `Proxy '${proxy.name}': unable to find required default_backend: '${name}'.`, proxy.place)
  else if (target === proxy)
    diagnostics.add('alert', `Proxy '${proxy.name}': loop detected for default_backend: '${name}'.`, proxy.place)
  else if (target.settings.mode !== mode && !(mode === 'tcp' && target.settings.mode === 'http')) {
    const describe = (each: ProxyDraft): string =>
      `${modeName(each)} ${proxyTypeName(each)} '${each.name}' (${each.place.file}:${each.place.line})`
    const text = `${describe(proxy)} tries to use incompatible ${describe(target)} as its default backend (see 'mode').`
    diagnostics.add('alert', text, proxy.place)
  } else {
    if (proxy.servers.length > 0)
      diagnostics.add(
        'warning',
        `In proxy '${proxy.name}', the 'default_backend' rule always has precedence over the servers, which will never be used.`,
        proxy.place,
      )
    if (target.settings.mode === 'http') proxy.upgradesToHttp = true
  }
}

const modeName = ({ settings }: ProxyDraft): string => (settings.mode === 'log' ? 'syslog' : settings.mode)

const checkMailers = (
  proxy: ProxyDraft,
  mailers: ReadonlyMap<string, MailersConfig>,
  diagnostics: Diagnostics,
): void => {
  const { emailAlert } = proxy.settings
  if (emailAlert?.mailers === undefined || emailAlert.from === undefined || emailAlert.to === undefined) return
  if (!mailers.has(emailAlert.mailers))
    diagnostics.add('alert', `Proxy '${proxy.name}': unable to find mailers '${emailAlert.mailers}'.`, proxy.place)
}

const checkTimeouts = (proxy: ProxyDraft, diagnostics: Diagnostics): void => {
  const { mode, timeouts } = proxy.settings
  if (mode !== 'tcp' && mode !== 'http') return
  const client = hasFrontend(proxy) && timeouts.client === undefined
  const server =
    hasBackend(proxy) &&
    proxy.servers.length > 0 &&
    (timeouts.connect === undefined ||
      (timeouts.server === undefined && (mode === 'http' || timeouts.tunnel === undefined)))
  if (!client && !server) return
  diagnostics.add(
    'warning',
    `missing timeouts for ${proxyTypeName(proxy)} '${proxy.name}'.\n` +
      '   | While not properly invalid, you will certainly encounter various problems\n' +
      '   | with such a configuration. To fix this, please ensure that all following\n' +
      "   | timeouts are set to a non-zero value: 'client', 'connect', 'server'.",
    proxy.place,
  )
}
