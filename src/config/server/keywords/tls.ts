/** Server keywords for TLS (src/cfgparse-ssl.c). */
import { TLS_VERSIONS, type TlsVersion } from '../../../net/tls.js'
import { required } from '../../values/check.js'
import { fromBase, parseAlpn, parseVersion } from '../../values/tls.js'
import type { ProxyOption, ServerTls } from '../../model/server.js'
import {
  constant,
  ignored,
  notEmulatedKeyword,
  notParsed,
  type KeywordContext,
  type KeywordParser,
  type ServerKeyword,
} from '../keyword.js'
import type { ServerSettings } from '../draft.js'
import { withCheck } from './check.js'

const withTls = (settings: ServerSettings, tls: Partial<ServerTls>): ServerSettings => ({
  ...settings,
  tls: { ...settings.tls, ...tls },
})

const withClient = (settings: ServerSettings, client: Partial<ServerTls['client']>): ServerSettings =>
  withTls(settings, { client: { ...settings.tls.client, ...client } })

/** A keyword whose argument is stored as it is; `missing` is the error without one. */
const word =
  (missing: string, store: (settings: ServerSettings, value: string) => ServerSettings): KeywordParser =>
  (settings, { name, value }) =>
    value === '' ? `'${name}' : ${missing}` : store(settings, value)

const caFile =
  (key: 'caFile' | 'crlFile', missing: string): KeywordParser =>
  (settings, keyword) => {
    const { name, value, context } = keyword
    if (value === '') return `'${name}' : ${missing}`
    const path = fromBase(value, context.global.tls.caBase)
    const problem = loadCaFile(path, keyword)
    return problem === undefined ? withClient(settings, { [key]: path }) : `'${name}' : unable to load ${path}`
  }

const loadCaFile = (path: string, { context, nonFatalAlert, warn }: KeywordContext): string | undefined => {
  const found = context.options.certificates?.loadCaFile(path)
  if (found?.problem !== undefined) nonFatalAlert(found.problem)
  if (found?.emptyFolder) warn(`ca-file: 0 CA were loaded from '${path}'`)
  return found?.problem
}

const verify: KeywordParser = (settings, { name, value }) => {
  if (value === '') return `'${name}' : missing verify method`
  if (value === 'none' || value === 'required') return withTls(settings, { verify: value })
  return `'${name}' : unknown verify method '${value}', only 'none' and 'required' are supported`
}

const sni: KeywordParser = (settings, { name, value }) => {
  if (value === '') return `'${name}' : missing sni expression`
  return withTls(settings, { sni: value })
}

const alpn =
  (store: (settings: ServerSettings, names: readonly string[]) => ServerSettings): KeywordParser =>
  (settings, { name, value }) => {
    const names = parseAlpn(value)
    return typeof names === 'string' ? `'${name}' : ${names}` : store(settings, names)
  }

const storeCheckAlpn = alpn((settings, checkAlpn) => withTls(settings, { checkAlpn }))

const checkAlpn: KeywordParser = (settings, keyword) => {
  if (keyword.value.split(',').includes('h2')) keyword.notEmulated("HTTP/2 of 'check-alpn'", 'checks')
  return storeCheckAlpn(settings, keyword)
}

const crt: KeywordParser = (settings, { name, value, context }) =>
  value === ''
    ? `'${name}' : missing certificate file path`
    : withClient(settings, { crt: fromBase(value, context.global.tls.crtBase) })

const version =
  (key: 'minVersion' | 'maxVersion'): KeywordParser =>
  (settings, { name, value }) => {
    const found = parseVersion(name, value)
    return typeof found === 'object' ? withClient(settings, { [key]: found.version }) : found
  }

/** `tlsv12`: the form used in `force-…` and `no-…` keywords. */
const keywordSuffix = (each: TlsVersion): string => each.toLowerCase().replace('.', '')

/** `force-sslv3`, `force-tlsv10` and so on. */
const forced = (each: TlsVersion): ServerKeyword => ({
  name: `force-${keywordSuffix(each)}`,
  dynamic: true,
  parse: (settings) => withClient(settings, { minVersion: each, maxVersion: each }),
})

/** `no-sslv3`, `no-tlsv10` and so on. */
const excluded = (each: TlsVersion): ServerKeyword => ({
  name: `no-${keywordSuffix(each)}`,
  inDefaultServer: false,
  dynamic: true,
  parse: (settings) => withTls(settings, { excluded: new Set([...settings.tls.excluded, each]) }),
})

/** Version 2 of the PROXY header with TLS options, and without it and them. */
const withTlsHeader =
  (...options: readonly ProxyOption[]): KeywordParser =>
  (settings) => ({ ...settings, sendProxyV2: true, proxyOptions: new Set([...settings.proxyOptions, ...options]) })

const withoutTlsHeader =
  (...options: readonly ProxyOption[]): KeywordParser =>
  (settings) => ({
    ...settings,
    sendProxyV2: false,
    proxyOptions: new Set([...settings.proxyOptions].filter((each) => !options.includes(each))),
  })

/** Keywords for TLS, in HAProxy's order. Sessions are never resumed, which only the server could observe. */
export const TLS_KEYWORDS: readonly ServerKeyword[] = [
  { name: 'allow-0rtt', dynamic: true, parse: notEmulatedKeyword('traffic') },
  {
    name: 'alpn',
    arguments: 1,
    dynamic: true,
    parse: alpn((settings, names) => withClient(settings, { alpn: names })),
  },
  { name: 'ca-file', arguments: 1, dynamic: true, parse: caFile('caFile', 'missing CAfile path') },
  { name: 'check-alpn', arguments: 1, dynamic: true, parse: checkAlpn },
  {
    name: 'check-sni',
    arguments: 1,
    dynamic: true,
    parse: word('missing SNI', (settings, checkSni) => withTls(settings, { checkSni })),
  },
  { name: 'check-ssl', dynamic: true, parse: (settings) => withCheck(settings, { ssl: true }) },
  {
    name: 'ciphers',
    arguments: 1,
    dynamic: true,
    parse: word('missing cipher suite', (settings, ciphers) => withClient(settings, { ciphers })),
  },
  {
    name: 'ciphersuites',
    arguments: 1,
    dynamic: true,
    parse: word('missing cipher suite', (settings, ciphersuites) => withClient(settings, { ciphersuites })),
  },
  { name: 'client-sigalgs', arguments: 1, dynamic: true, parse: notParsed('tls') },
  { name: 'crl-file', arguments: 1, dynamic: true, parse: caFile('crlFile', 'missing CRLfile path') },
  { name: 'curves', arguments: 1, dynamic: true, parse: notParsed('tls') },
  { name: 'crt', arguments: 1, dynamic: true, parse: crt },
  ...TLS_VERSIONS.map(forced),
  { name: 'no-check-ssl', parse: (settings) => withCheck(settings, { ssl: false }) },
  { name: 'no-send-proxy-v2-ssl', parse: withoutTlsHeader('ssl') },
  { name: 'no-send-proxy-v2-ssl-cn', parse: withoutTlsHeader('ssl', 'cert-cn') },
  { name: 'no-ssl', parse: constant({ ssl: false, noSsl: true }) },
  { name: 'no-ssl-reuse', dynamic: true, parse: ignored() },
  ...TLS_VERSIONS.map(excluded),
  { name: 'no-tls-tickets', dynamic: true, parse: ignored() },
  {
    name: 'npn',
    arguments: 1,
    dynamic: true,
    parse: notEmulatedKeyword('traffic', required(' : missing the comma-delimited NPN protocol suite')),
  },
  { name: 'send-proxy-v2-ssl', dynamic: true, parse: withTlsHeader('ssl') },
  { name: 'send-proxy-v2-ssl-cn', dynamic: true, parse: withTlsHeader('ssl', 'cert-cn') },
  { name: 'sigalgs', arguments: 1, dynamic: true, parse: notParsed('tls') },
  { name: 'sni', arguments: 1, dynamic: true, parse: sni },
  { name: 'ssl', dynamic: true, parse: constant({ ssl: true, noSsl: false }) },
  { name: 'ssl-min-ver', arguments: 1, dynamic: true, parse: version('minVersion') },
  { name: 'ssl-max-ver', arguments: 1, dynamic: true, parse: version('maxVersion') },
  { name: 'ssl-reuse', parse: ignored() },
  { name: 'tls-tickets', dynamic: true, parse: ignored() },
  { name: 'verify', arguments: 1, dynamic: true, parse: verify },
  {
    name: 'verifyhost',
    arguments: 1,
    dynamic: true,
    parse: word('missing hostname to verify against', (settings, verifyHost) => withClient(settings, { verifyHost })),
  },
]
