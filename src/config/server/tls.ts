/** What is judged of servers that are spoken to in TLS once everything was read (`ssl_sock_prepare_srv_ctx` in src/ssl_sock.c). */
import { TLS_VERSIONS, type TlsClient, type TlsVersion } from '../../net/tls.js'
import type { Diagnostics } from '../syntax/diagnostics.js'
import { proxyTypeName, type ProxyDraft } from '../proxy/draft.js'
import type { ServerTls } from '../model/server.js'
import type { Reading } from '../reading.js'
import type { GlobalTls } from '../global/draft.js'
import type { ServerDraft, ServerSettings } from './draft.js'

/** Those that today's libraries have. */
const SUPPORTED_VERSIONS = TLS_VERSIONS.filter((each) => each !== 'SSLv3')

/** Completes what each server says of TLS with what `global` says. Servers that say the same share what comes of it. */
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

/** The range that is left; undefined at an end at which the library decides. */
const versionsWithout = (excluded: ReadonlySet<TlsVersion>) => {
  const left = SUPPORTED_VERSIONS.filter((each) => !excluded.has(each))
  return {
    minVersion: excluded.has('TLSv1.2') ? left[0] : undefined,
    maxVersion: excluded.has('TLSv1.3') ? left.at(-1) : undefined,
  }
}

/** Whether anything of this server may be spoken to in TLS: HAProxy prepares it then. */
const needsTls = (proxy: ProxyDraft, { ssl, sslByDefault, check }: ServerDraft): boolean =>
  ssl || sslByDefault || check.ssl === true || proxy.settings.checkConnectsSsl

export const checkServersTls = (reading: Reading, proxy: ProxyDraft, said: Diagnostics): void => {
  for (const server of proxy.servers) {
    const { name, place } = server
    checkServerTls(reading, reading.global.tls, proxy, server, (severity, text) => {
      said.add(severity, `[${place.file}:${place.line}] : 'server ${proxy.name}/${name}' : ${text}`, place)
    })
  }
}

/** Tells `say` what is wrong with the TLS of a server, if it has any. */
export const checkServerTls = (
  reading: Reading,
  global: GlobalTls,
  proxy: ProxyDraft,
  server: ServerDraft,
  say: (severity: 'alert' | 'warning', text: string) => void,
): void => {
  if (!needsTls(proxy, server)) return
  const { tls } = server
  const { client } = tls
  const { certificates } = reading.options
  const own = client.crt === undefined ? undefined : certificates?.loadForServer(client.crt)
  if (own !== undefined) say('alert', own)
  if (tls.excluded.size > 0 && tls.hasVersionRange)
    say('warning', "no-sslv3/no-tlsv1x are ignored for this server. Use only 'ssl-min-ver' and 'ssl-max-ver' to fix.")
  else if (!tls.hasVersionRange) warnAboutVersionGaps(proxy, server, (text) => say('warning', text))
  const [min, max] = [client.minVersion ?? 'SSLv3', client.maxVersion ?? 'TLSv1.3']
  const isNothingLeft = tls.hasVersionRange
    ? TLS_VERSIONS.indexOf(min) > TLS_VERSIONS.indexOf(max)
    : SUPPORTED_VERSIONS.every((each) => tls.excluded.has(each))
  if (isNothingLeft)
    say(
      'alert',
      `${proxyTypeName(proxy)} '${proxy.name}': all SSL/TLS versions are disabled for server '${server.name}'.`,
    )
  if (client.verify && client.caFile === undefined) say('alert', missingCaText(global))
  for (const [kind, what] of [
    ['ciphers', 'SSL cipher list'],
    ['ciphersuites', 'TLS 1.3 cipher suites'],
  ] as const) {
    const list = client[kind]
    if (list !== undefined && certificates?.rejectsCiphers(kind, list))
      say('alert', `unable to set ${what} to '${list}'.`)
  }
}

/** Versions that were taken out of the middle; HAProxy leaves them in. */
const warnAboutVersionGaps = (proxy: ProxyDraft, { name, tls }: ServerDraft, warn: (text: string) => void): void => {
  const left = SUPPORTED_VERSIONS.filter((each) => !tls.excluded.has(each))
  left.slice(1).forEach((each, i) => {
    const hole = TLS_VERSIONS[TLS_VERSIONS.indexOf(each) - 1]!
    if (hole !== left[i])
      warn(
        `${proxyTypeName(proxy)} '${proxy.name}': SSL/TLS versions range not contiguous for server '${name}'. ` +
          `Hole find for ${hole}. Use only 'ssl-min-ver' and 'ssl-max-ver' to fix.`,
      )
  })
}

const missingCaText = ({ serverVerify }: GlobalTls): string =>
  serverVerify === 'required'
    ? "verify is enabled by default but no CA file specified. If you're running on a LAN where you're certain to trust " +
      "the server's certificate, please set an explicit 'verify none' statement on the 'server' line, or use " +
      "'ssl-server-verify none' in the global section to disable server-side verifications by default."
    : 'verify is enabled but no CA file specified.'
