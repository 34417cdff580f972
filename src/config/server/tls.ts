/** Completion and validation of the TLS settings of servers (`ssl_sock_prepare_srv_ctx` in src/ssl_sock.c). */
import { TLS_VERSIONS, type TlsClient, type TlsVersion } from '../../net/tls.js'
import type { Diagnostics } from '../syntax/diagnostics.js'
import { proxyTypeName, type ProxyDraft } from '../proxy/draft.js'
import type { ServerTls } from '../model/server.js'
import type { ParseContext } from '../parse-context.js'
import type { GlobalTls } from '../global/draft.js'
import type { ServerDraft, ServerSettings } from './draft.js'

/** Versions that current TLS libraries support. */
const SUPPORTED_VERSIONS = TLS_VERSIONS.filter((each) => each !== 'SSLv3')

/** Applies the TLS defaults of `global` to all servers. Servers with identical settings share the result. */
export const completeTls = (global: GlobalTls, proxies: readonly ProxyDraft[]): void => {
  const known = new Map<ServerSettings, ServerSettings>()
  const complete = (settings: ServerSettings): ServerSettings => {
    let found = known.get(settings)
    if (!found) known.set(settings, (found = { ...settings, tls: completed(settings.tls, global) }))
    return found
  }
  for (const proxy of proxies) for (const server of proxy.servers) server.changeSettings(complete)
}

const completed = (tls: ServerTls, global: GlobalTls): ServerTls => {
  const given = { ...global.serverDefaults, ...defined(tls.client) }
  const hasVersionRange = given.minVersion !== undefined || given.maxVersion !== undefined
  const verify = (tls.verify ?? global.serverVerify) === 'required'
  return {
    ...tls,
    hasVersionRange,
    client: { ...given, verify, ...(!hasVersionRange && versionsWithout(tls.excluded)) },
  }
}

const defined = (client: TlsClient): Partial<TlsClient> =>
  Object.fromEntries(Object.entries(client).filter(([, value]) => value !== undefined))

/** The version range without the excluded versions; undefined bounds are left to the library. */
const versionsWithout = (excluded: ReadonlySet<TlsVersion>) => {
  const enabled = SUPPORTED_VERSIONS.filter((each) => !excluded.has(each))
  return {
    minVersion: excluded.has('TLSv1.2') ? enabled[0] : undefined,
    maxVersion: excluded.has('TLSv1.3') ? enabled.at(-1) : undefined,
  }
}

/** Whether TLS may be used for this server, so that HAProxy prepares an SSL context. */
const needsTls = (proxy: ProxyDraft, { ssl, sslByDefault, check }: ServerDraft): boolean =>
  ssl || sslByDefault || check.ssl === true || proxy.settings.checkConnectsSsl

/** Validates the TLS settings of all servers of a proxy. */
export const checkServersTls = (context: ParseContext, proxy: ProxyDraft, diagnostics: Diagnostics): void => {
  for (const server of proxy.servers) {
    const { name, place } = server
    checkServerTls(context, context.global.tls, proxy, server, (severity, text) => {
      diagnostics.add(severity, `[${place.file}:${place.line}] : 'server ${proxy.name}/${name}' : ${text}`, place)
    })
  }
}

/** Reports problems of a server's TLS settings to `report`, if it uses TLS. */
export const checkServerTls = (
  context: ParseContext,
  global: GlobalTls,
  proxy: ProxyDraft,
  server: ServerDraft,
  report: (severity: 'alert' | 'warning', text: string) => void,
): void => {
  if (!needsTls(proxy, server)) return
  const { tls } = server
  const { client } = tls
  const { certificates } = context.options
  const crtProblem = client.crt === undefined ? undefined : certificates?.loadForServer(client.crt)
  if (crtProblem !== undefined) report('alert', crtProblem)
  if (tls.excluded.size > 0 && tls.hasVersionRange)
    report(
      'warning',
      "no-sslv3/no-tlsv1x are ignored for this server. Use only 'ssl-min-ver' and 'ssl-max-ver' to fix.",
    )
  else if (!tls.hasVersionRange) warnAboutVersionGaps(proxy, server, (text) => report('warning', text))
  const [min, max] = [client.minVersion ?? 'SSLv3', client.maxVersion ?? 'TLSv1.3']
  const allDisabled = tls.hasVersionRange
    ? TLS_VERSIONS.indexOf(min) > TLS_VERSIONS.indexOf(max)
    : SUPPORTED_VERSIONS.every((each) => tls.excluded.has(each))
  if (allDisabled)
    report(
      'alert',
      `${proxyTypeName(proxy)} '${proxy.name}': all SSL/TLS versions are disabled for server '${server.name}'.`,
    )
  if (client.verify && client.caFile === undefined) report('alert', missingCaText(global))
  for (const [kind, what] of [
    ['ciphers', 'SSL cipher list'],
    ['ciphersuites', 'TLS 1.3 cipher suites'],
  ] as const) {
    const list = client[kind]
    if (list !== undefined && certificates?.rejectsCiphers(kind, list))
      report('alert', `unable to set ${what} to '${list}'.`)
  }
}

/** Warns about excluded versions in the middle of the range, which HAProxy does not exclude. */
const warnAboutVersionGaps = (proxy: ProxyDraft, { name, tls }: ServerDraft, warn: (text: string) => void): void => {
  const enabled = SUPPORTED_VERSIONS.filter((each) => !tls.excluded.has(each))
  enabled.slice(1).forEach((each, i) => {
    const gap = TLS_VERSIONS[TLS_VERSIONS.indexOf(each) - 1]!
    if (gap !== enabled[i])
      warn(
        `${proxyTypeName(proxy)} '${proxy.name}': SSL/TLS versions range not contiguous for server '${name}'. ` +
          `Hole find for ${gap}. Use only 'ssl-min-ver' and 'ssl-max-ver' to fix.`,
      )
  })
}

const missingCaText = ({ serverVerify }: GlobalTls): string =>
  serverVerify === 'required'
    ? "verify is enabled by default but no CA file specified. If you're running on a LAN where you're certain to trust " +
      "the server's certificate, please set an explicit 'verify none' statement on the 'server' line, or use " +
      "'ssl-server-verify none' in the global section to disable server-side verifications by default."
    : 'verify is enabled but no CA file specified.'
