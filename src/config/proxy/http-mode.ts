/** Settings that are ignored outside HTTP mode (check_config_validity in src/cfgparse.c). */
import type { ProxyOption } from '../model/proxy-options.js'
import { sourceHeader } from '../model/source.js'
import type { Diagnostics } from '../syntax/diagnostics.js'
import { hasSide, type Side } from './capability.js'
import { hasBackend, hasFrontend, proxyTypeName, type ProxyDraft } from './draft.js'

const BOTH: readonly Side[] = ['frontend', 'backend']

/** Options of `mode http`, in the order of HAProxy's lists, with the sides that have them (`cfg_opts` in src/proxy.c). */
const HTTP_OPTIONS: readonly (readonly [ProxyOption, readonly Side[]])[] = [
  ['checkcache', ['backend']],
  ['http-buffer-request', BOTH],
  ['http-drop-request-trailers', ['backend']],
  ['http-drop-response-trailers', ['frontend']],
  ['http-ignore-probes', ['frontend']],
  ['idle-close-on-response', ['frontend']],
  ['prefer-last-server', ['backend']],
  ['accept-unsafe-violations-in-http-request', ['frontend']],
  ['accept-unsafe-violations-in-http-response', ['backend']],
  ['http-use-proxy-header', ['frontend']],
  ['http-pretend-keepalive', ['backend']],
  ['http-no-delay', BOTH],
  ['disable-h2-upgrade', ['frontend']],
]

/** Warns about a cookie in another mode (`proxy_cfg_ensure_no_http`). */
export const warnAboutCookie = (proxy: ProxyDraft, diagnostics: Diagnostics): void => {
  const { mode, cookie } = proxy.settings
  if (mode === 'http' || !cookie || !hasBackend(proxy)) return
  diagnostics.add(
    'warning',
    `cookie will be ignored for ${proxyTypeName(proxy)} '${proxy.name}' (needs 'mode http').`,
    proxy.place,
  )
}

/** Warns about statements, rules and options of a proxy in another mode. */
export const warnAboutHttpSettings = (proxy: ProxyDraft, diagnostics: Diagnostics): void => {
  const { mode, options } = proxy.settings
  if (mode === 'http' || proxy.upgradesToHttp) return
  const owner = `${proxyTypeName(proxy)} '${proxy.name}'`
  for (const statement of httpStatements(proxy))
    diagnostics.add('warning', `'${statement}' statement ignored for ${owner} as it requires HTTP mode.`, proxy.place)
  for (const rules of httpRules(proxy))
    diagnostics.add('warning', `'${rules}' rules ignored for ${owner} as they require HTTP mode.`, proxy.place)
  for (const [name, sides] of HTTP_OPTIONS)
    if (options.has(name) && sides.some((side) => hasSide(proxy, side)))
      diagnostics.add('warning', `'option ${name}' ignored for ${owner} as it requires HTTP mode.`, proxy.place)
}

/** Statements of a proxy that need `mode http`. Backends do not inherit a `monitor-uri`. */
const httpStatements = (proxy: ProxyDraft): readonly string[] => {
  const { settings, inherited } = proxy
  const monitors = hasFrontend(proxy) || settings.monitorUri !== inherited.monitorUri
  return [
    ...(settings.statsPage ? ['stats'] : []),
    ...(proxy.hasTraffic && proxy.traffic.cookieCapture ? ['capture'] : []),
    ...(monitors && settings.monitorUri !== undefined ? ['monitor-uri'] : []),
  ]
}

const HTTP_RULES = ['http-request', 'http-response', 'http-after-response'] as const

/** Rule sets of a proxy that need `mode http`, those of its `defaults` aside. */
const httpRules = (proxy: ProxyDraft): readonly string[] => {
  if (!proxy.hasTraffic) return []
  const sets = HTTP_RULES.filter((ruleSet) => proxy.traffic.has(ruleSet))
  return proxy.traffic.redirects.length > 0 ? [...sets, 'redirect'] : sets
}

/** Checks settings of servers that need HTTP mode. Returns false if HAProxy validates nothing after them. */
export const checkHttpServers = (proxy: ProxyDraft, diagnostics: Diagnostics): boolean => {
  const { mode, rdpCookie } = proxy.settings
  const isHttp = mode === 'http'
  const owner = `${proxyTypeName(proxy)} '${proxy.name}'`
  for (const { name, place, redirect, cookie, source, portOffset, address } of proxy.servers) {
    const header = sourceHeader(source)
    if (!isHttp && redirect !== undefined)
      diagnostics.add('alert', `${owner} : server cannot have cookie or redirect prefix in non-HTTP mode.`, place)
    if (!isHttp && cookie !== undefined)
      diagnostics.add('warning', `${owner} : ignoring cookie for server '${name}' as HTTP mode is disabled.`, place)
    if (rdpCookie !== undefined && portOffset !== undefined && address.family !== 'rhttp')
      diagnostics.add(
        'warning',
        `${owner} : RDP cookie persistence will not work for server '${name}' because it lacks an explicit port number.`,
        place,
      )
    if (!isHttp && header !== undefined)
      diagnostics.add(
        'warning',
        `${owner} : server ${name} cannot use header ${header} as source IP in non-HTTP mode.`,
        place,
      )
    if (!isHttp && address.family === 'rhttp') {
      diagnostics.add(
        'alert',
        `${owner} : server ${name} uses reverse HTTP addressing which can only be used with HTTP mode.`,
        place,
      )
      return false
    }
  }
  return true
}

/** Warns about `source … usesrc hdr_ip()` in another mode. */
export const warnAboutSourceHeader = (proxy: ProxyDraft, diagnostics: Diagnostics): void => {
  const header = sourceHeader(proxy.source)
  if (proxy.settings.mode === 'http' || header === undefined) return
  diagnostics.add(
    'warning',
    `${proxyTypeName(proxy)} '${proxy.name}' : ignoring use of header ${header} as source IP in non-HTTP mode.`,
    proxy.place,
  )
}
