/** Server keywords for TLS (src/cfgparse-ssl.c). */
import { TLS_VERSIONS, type TlsVersion } from '../../net/tls.js'
import { isFormatProblem, parseSampleExpression } from '../samples/log-format.js'
import type { ServerTls } from '../model/server.js'
import type { OptionContext, ServerOption } from './option.js'
import type { ServerSettings } from './draft.js'
import { withCheck } from './check-options.js'

const withTls = (settings: ServerSettings, tls: Partial<ServerTls>): ServerSettings => ({
  ...settings,
  tls: { ...settings.tls, ...tls },
})

const withClient = (settings: ServerSettings, client: Partial<ServerTls['client']>): ServerSettings =>
  withTls(settings, { client: { ...settings.tls.client, ...client } })

const unchanged: ServerOption = (settings) => settings

/** A keyword whose argument is stored as it is; `missing` is the error without one. */
const word =
  (missing: string, store: (settings: ServerSettings, value: string) => ServerSettings): ServerOption =>
  (settings, { name, value }) =>
    value === '' ? `'${name}' : ${missing}` : store(settings, value)

/** Resolves a file name against `ca-base` or `crt-base`. */
export const fromBase = (path: string, base: string | undefined): string =>
  base === undefined || path.startsWith('/') || path.startsWith('@') ? path : `${base}/${path}`

const caFile =
  (key: 'caFile' | 'crlFile', missing: string): ServerOption =>
  (settings, place) => {
    const { name, value, context } = place
    if (value === '') return `'${name}' : ${missing}`
    const path = fromBase(value, context.global.tls.caBase)
    const problem = loadCaFile(path, place)
    return problem === undefined ? withClient(settings, { [key]: path }) : `'${name}' : unable to load ${path}`
  }

const loadCaFile = (path: string, { context, nonFatalAlert, warn }: OptionContext): string | undefined => {
  const found = context.options.certificates?.loadCaFile(path)
  if (found?.problem !== undefined) nonFatalAlert(found.problem)
  if (found?.emptyFolder) warn(`ca-file: 0 CA were loaded from '${path}'`)
  return found?.problem
}

const verify: ServerOption = (settings, { name, value }) => {
  if (value === '') return `'${name}' : missing verify method`
  if (value === 'none' || value === 'required') return withTls(settings, { verify: value })
  return `'${name}' : unknown verify method '${value}', only 'none' and 'required' are supported`
}

const sni: ServerOption = (settings, { name, value }) => {
  if (value === '') return `'${name}' : missing sni expression`
  return withTls(settings, { sni: value })
}

/** Validates the expression of `sni`, which applies to traffic only; checks use `check-sni`. */
export const sniProblem = ({ tls }: ServerSettings): string | undefined => {
  if (tls.sni === undefined) return undefined
  const parsed = parseSampleExpression(tls.sni)
  if (!isFormatProblem(parsed) || !('error' in parsed)) return undefined
  return `error detected while parsing sni or pool-conn-name expressions : ${parsed.error}.`
}

/** Parses an ALPN list such as `h2,http/1.1`; returns the protocols or an error message. */
export const parseAlpn = (value: string): readonly string[] | string => {
  if (value === '') return 'missing the comma-delimited ALPN protocol suite'
  const names = value.split(',')
  const long = names.find((name) => name.length > 255)
  return long === undefined ? names : `ALPN protocol name too long : '${long}'`
}

const alpn =
  (store: (settings: ServerSettings, names: readonly string[]) => ServerSettings): ServerOption =>
  (settings, { name, value }) => {
    const names = parseAlpn(value)
    return typeof names === 'string' ? `'${name}' : ${names}` : store(settings, names)
  }

const checkAlpn = alpn((settings, checkAlpn) => withTls(settings, { checkAlpn }))

const version =
  (key: 'minVersion' | 'maxVersion'): ServerOption =>
  (settings, { name, value }) => {
    const found = parseVersion(name, value)
    return typeof found === 'object' ? withClient(settings, { [key]: found.version }) : found
  }

/** Parses the argument of `ssl-min-ver` and `ssl-max-ver`; returns the version or an error message. */
export const parseVersion = (name: string, value: string): { readonly version: TlsVersion } | string => {
  if (value === '') return `'${name}' : missing the ssl/tls version`
  const found = TLS_VERSIONS.find((each) => each === value)
  return found === undefined ? `'${value}' : unknown ssl/tls version` : { version: found }
}

/** `tlsv12`: the form used in `force-…` and `no-…` keywords. */
const keywordSuffix = (each: TlsVersion): string => each.toLowerCase().replace('.', '')

/** Parsers by keyword. */
export const SERVER_TLS_OPTIONS: readonly (readonly [string, ServerOption])[] = [
  ['ssl', (settings) => ({ ...settings, ssl: true, noSsl: false })],
  ['no-ssl', (settings) => ({ ...settings, ssl: false, noSsl: true })],
  ['check-ssl', (settings) => withCheck(settings, { ssl: true })],
  ['no-check-ssl', (settings) => withCheck(settings, { ssl: false })],
  ['check-sni', word('missing SNI', (settings, checkSni) => withTls(settings, { checkSni }))],
  [
    'check-alpn',
    (settings, place) => {
      if (place.value.split(',').includes('h2')) place.notEmulated("HTTP/2 of 'check-alpn'")
      return checkAlpn(settings, place)
    },
  ],
  ['alpn', alpn((settings, names) => withClient(settings, { alpn: names }))],
  ['sni', sni],
  ['verify', verify],
  [
    'verifyhost',
    word('missing hostname to verify against', (settings, verifyHost) => withClient(settings, { verifyHost })),
  ],
  ['ca-file', caFile('caFile', 'missing CAfile path')],
  ['crl-file', caFile('crlFile', 'missing CRLfile path')],
  [
    'crt',
    (settings, { name, value, context }) =>
      value === ''
        ? `'${name}' : missing certificate file path`
        : withClient(settings, { crt: fromBase(value, context.global.tls.crtBase) }),
  ],
  ['ciphers', word('missing cipher suite', (settings, ciphers) => withClient(settings, { ciphers }))],
  ['ciphersuites', word('missing cipher suite', (settings, ciphersuites) => withClient(settings, { ciphersuites }))],
  ['ssl-min-ver', version('minVersion')],
  ['ssl-max-ver', version('maxVersion')],
  ...TLS_VERSIONS.flatMap((each): (readonly [string, ServerOption])[] => [
    [`force-${keywordSuffix(each)}`, (settings) => withClient(settings, { minVersion: each, maxVersion: each })],
    [
      `no-${keywordSuffix(each)}`,
      (settings) => withTls(settings, { excluded: new Set([...settings.tls.excluded, each]) }),
    ],
  ]),
  // sessions are never resumed, which only the server could observe
  ...['no-ssl-reuse', 'ssl-reuse', 'no-tls-tickets', 'tls-tickets'].map((name) => [name, unchanged] as const),
]
