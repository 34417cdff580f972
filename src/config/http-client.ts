/**
 * The proxy of the HTTP client, which no section of the text defines (`httpclient_create_proxy` and `httpclient_resolve_init` in
 * src/http_client.c). It resolves the host of a URL by rules: a stream whose destination is 0.0.0.0 has a name instead of an address.
 */
import { checkLogFormats } from './proxy/log-format-validity.js'
import { ProxyDraft, ROUND_ROBIN } from './proxy/draft.js'
import { readProxyKeyword } from './proxy/keywords.js'
import type { HttpClientConfig } from './model/http-client.js'
import type { PatternUse } from './model/patterns.js'
import type { ProxyConfig } from './model/proxy.js'
import type { ResolversConfig } from './model/resolvers.js'
import type { ParseContext } from './parse-context.js'
import { machineResolvers } from './sections/resolvers.js'
import { makeResolversDraft, RESOLVERS } from './sections/resolvers-draft.js'
import { DEFAULT_SERVER, ServerDraft, type ServerSettings } from './server/draft.js'
import { completeTls } from './server/tls.js'
import { Diagnostics } from './syntax/diagnostics.js'
import { Line } from './syntax/line.js'
import type { Place } from './syntax/place.js'

/** Where HAProxy says that its rules are. */
const PLACE: Place = { file: 'httpclient', line: 0 }

const SYSTEM_CERTIFICATES = '@system-ca'

/** `httpclient_log_format` in src/log.c */
const LOG_FORMAT =
  '%ci:%cp [%tr] %ft -/- %TR/%Tw/%Tc/%Tr/%Ta %ST %B %CC %CS %tsc %ac/%fc/%bc/%sc/%rc %sq/%bq %hr %hs %{+Q}r'

/** What its rules look for: an address that was not resolved. */
export const UNRESOLVED: Omit<PatternUse, 'proxiesBefore'> = {
  matching: 'ip',
  kind: 'network',
  output: undefined,
  ignoreCase: false,
  noNames: false,
  place: PLACE,
  source: { keyword: 'var', id: -1, patterns: ['0.0.0.0'] },
}

/** How many rules do. */
const UNRESOLVED_RULES = 2

/** The HTTP client of a configuration that is read and valid. Its proxy is made for the first request, as most processes send none. */
export const makeHttpClient = (context: ParseContext): HttpClientConfig => {
  const { httpClient: settings } = context.global
  const { resolves } = settings
  const proxiesBefore = context.proxies.length
  if (resolves) for (let i = 0; i < UNRESOLVED_RULES; i++) context.patterns.reserve({ ...UNRESOLVED, proxiesBefore })
  const caFile = settings.caFile ?? SYSTEM_CERTIFICATES
  const name = settings.resolvers ?? 'default'
  let proxy: ProxyConfig | undefined
  let lacksTls: boolean | undefined
  return {
    get proxy() {
      return (proxy ??= makeProxy(context))
    },
    resolves,
    lacksTls: () => (lacksTls ??= settings.verify === 'required' && isMissing(context, caFile)),
    hasTlsSettings: settings.hasTlsSettings,
    resolvers: context.drafts(RESOLVERS).find(name) ? undefined : resolversOf(context),
  }
}

const makeProxy = (context: ParseContext): ProxyConfig => {
  const { httpClient: settings, logs, tls } = context.global
  const proxy = new ProxyDraft('<HTTPCLIENT>', 'listen', PLACE)
  proxy.uuid = -1
  proxy.change({
    mode: 'http',
    balance: ROUND_ROBIN,
    options: new Set(['http-buffer-request', 'independent-streams']),
    retries: settings.retries,
    retryOn: new Set(['conn-failure', 'empty-response', 'response-timeout']),
    timeouts: { ...proxy.timeouts, connect: settings.connectTimeout },
    logs,
    logFormat: { text: LOG_FORMAT, setBy: 'httpclient', place: PLACE },
  })
  const caFile = settings.caFile ?? SYSTEM_CERTIFICATES
  proxy.addServer(makeServer('<HTTPCLIENT>', 1, {}))
  proxy.addServer(
    makeServer('<HTTPSCLIENT>', 2, {
      ssl: true,
      tls: {
        ...DEFAULT_SERVER.tls,
        verify: settings.verify,
        client: { verify: settings.verify === 'required', caFile, alpn: ['http/1.1'] },
        sni: 'req.hdr(host),field(1,:)',
      },
    }),
  )
  completeTls(tls, [proxy])
  if (settings.resolves) addResolvingRules(context, proxy)
  checkLogFormats(context, proxy, new Diagnostics())
  return proxy as ProxyConfig
}

const resolversOf = (context: ParseContext): ResolversConfig =>
  context.options.usesMachineResolvers === true
    ? machineResolvers(context, PLACE)
    : makeResolversDraft('default', PLACE)

const isMissing = ({ options }: ParseContext, caFile: string): boolean =>
  options.certificates?.loadCaFile(caFile).problem !== undefined

/** A server whose port is that of the URL, and whose address is that of the destination of the stream. */
const makeServer = (name: string, puid: number, settings: Partial<ServerSettings>): ServerDraft =>
  new ServerDraft(
    name,
    PLACE,
    puid,
    {
      address: { family: 'ipv4', ip: '0.0.0.0', port: 0 },
      portMode: 'offset',
      port: 0,
      portHigh: 0,
      protocol: 'stream',
      name: undefined,
      resolved: true,
    },
    { ...DEFAULT_SERVER, weight: 0, ...settings },
  )

const addResolvingRules = (context: ParseContext, proxy: ProxyDraft): void => {
  const { resolvers = 'default', prefer } = context.global.httpClient
  const unresolved = ['if', '{', 'var(txn.hc_ip)', '-m', 'ip', '0.0.0.0', '}']
  const section = prefer === undefined ? resolvers : `${resolvers},${prefer}`
  const rules = [
    ['set-var(txn.hc_ip)', 'dst'],
    [`do-resolve(txn.hc_ip,${section})`, 'hdr(Host),host_only', ...unresolved],
    ['return', 'status', '503', ...unresolved],
    ['capture', 'var(txn.hc_ip)', 'len', '40'],
    ['set-dst', 'var(txn.hc_ip)'],
  ]
  const outer = context.line
  for (const words of rules) {
    context.line = new Line(PLACE.file, PLACE.line, ['http-request', ...words])
    readProxyKeyword(context, context.line, proxy)
  }
  context.line = outer
}
