/** What backends in `mode log` cannot have (`_postcheck_log_backend_compat` in src/log.c). */
import type { ParseContext } from '../parse-context.js'
import { checkSameTransport } from '../server/validity.js'
import type { Diagnostics } from '../syntax/diagnostics.js'
import { checkLogAlgorithm } from './balance-validity.js'
import { proxyTypeName, type ProxyDraft } from './draft.js'

/** Checks a backend in `mode log`. */
export const checkLogBackend = (context: ParseContext, proxy: ProxyDraft, diagnostics: Diagnostics): void => {
  if (proxy.settings.mode !== 'log') return
  warnAboutIgnored(proxy, diagnostics)
  if (checkLogAlgorithm(context, proxy, diagnostics)) checkSameTransport(proxy, diagnostics)
}

const warnAboutIgnored = (proxy: ProxyDraft, diagnostics: Diagnostics): void => {
  const warn = (what: string, ignored: string): void =>
    diagnostics.add(
      'warning',
      `Cannot ${what} with 'mode log' in ${proxyTypeName(proxy)} '${proxy.name}'. ${ignored} will be ignored.`,
      proxy.place,
    )
  const traffic = proxy.hasTraffic ? proxy.traffic : undefined
  const { settings, table } = proxy
  if (traffic) {
    if (
      traffic.has('tcp-request connection') ||
      traffic.has('tcp-request session') ||
      traffic.has('tcp-request content')
    )
      warn('use tcp-request rules', 'They')
    if (traffic.has('tcp-response content')) warn('use tcp-response rules', 'They')
  }
  if (table) warn('use stick table', 'It')
  if (traffic && traffic.sticking.length + traffic.storing.length > 0) warn('use sticking rules', 'They')
  if (settings.serverNameHeader !== undefined) warn('set "http-send-name-header"', 'It')
  if (settings.dynamicCookieKey !== undefined) warn('set "dynamic-cookie-key"', 'It')
  if (traffic && traffic.servers.length > 0) warn('use "use-server" rules', 'They')
  if (settings.logSteps && settings.logSteps !== proxy.inherited.logSteps) warn('use "log-steps"', 'It')
}
