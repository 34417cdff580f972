/** The settings of servers about TLS (src/cfgparse-ssl.c). */
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

/** A word that is kept as it is; `missing` is what HAProxy says without it. */
const word =
  (missing: string, keep: (settings: ServerSettings, value: string) => ServerSettings): ServerOption =>
  (settings, { name, value }) =>
    value === '' ? `'${name}' : ${missing}` : keep(settings, value)

/** A name of a file, from the folder that `ca-base` or `crt-base` names. */
export const fromBase = (path: string, base: string | undefined): string =>
  base === undefined || path.startsWith('/') || path.startsWith('@') ? path : `${base}/${path}`

const authorities =
  (key: 'caFile' | 'crlFile', missing: string): ServerOption =>
  (settings, place) => {
    const { name, value, reading } = place
    if (value === '') return `'${name}' : ${missing}`
    const path = fromBase(value, reading.global.tls.caBase)
    const problem = loadProblem(path, place)
    return problem === undefined ? withClient(settings, { [key]: path }) : `'${name}' : unable to load ${path}`
  }

const loadProblem = (path: string, { reading, nonFatalAlert, warn }: OptionContext): string | undefined => {
  const found = reading.options.certificates?.loadCaFile(path)
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

/** What is wrong with the expression of `sni`. It concerns traffic: checks have `check-sni`. */
export const sniProblem = ({ tls }: ServerSettings): string | undefined => {
  if (tls.sni === undefined) return undefined
  const parsed = parseSampleExpression(tls.sni)
  if (!isFormatProblem(parsed) || !('error' in parsed)) return undefined
  return `error detected while parsing sni or pool-conn-name expressions : ${parsed.error}.`
}

/** `h2,http/1.1`, or what is wrong with it. */
export const parseAlpn = (value: string): readonly string[] | string => {
  if (value === '') return 'missing the comma-delimited ALPN protocol suite'
  const names = value.split(',')
  const long = names.find((name) => name.length > 255)
  return long === undefined ? names : `ALPN protocol name too long : '${long}'`
}

const alpn =
  (keep: (settings: ServerSettings, names: readonly string[]) => ServerSettings): ServerOption =>
  (settings, { name, value }) => {
    const names = parseAlpn(value)
    return typeof names === 'string' ? `'${name}' : ${names}` : keep(settings, names)
  }

const checkAlpn = alpn((settings, checkAlpn) => withTls(settings, { checkAlpn }))

const version =
  (key: 'minVersion' | 'maxVersion'): ServerOption =>
  (settings, { name, value }) => {
    const found = versionProblem(name, value)
    return typeof found === 'object' ? withClient(settings, { [key]: found.version }) : found
  }

/** The version that `ssl-min-ver` or `ssl-max-ver` names, or what is wrong with it. */
export const versionProblem = (name: string, value: string): { readonly version: TlsVersion } | string => {
  if (value === '') return `'${name}' : missing the ssl/tls version`
  const found = TLS_VERSIONS.find((each) => each === value)
  return found === undefined ? `'${value}' : unknown ssl/tls version` : { version: found }
}

/** `tlsv12`: as `force-…` and `no-…` write it. */
const written = (each: TlsVersion): string => each.toLowerCase().replace('.', '')

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
  ['ca-file', authorities('caFile', 'missing CAfile path')],
  ['crl-file', authorities('crlFile', 'missing CRLfile path')],
  [
    'crt',
    (settings, { name, value, reading }) =>
      value === ''
        ? `'${name}' : missing certificate file path`
        : withClient(settings, { crt: fromBase(value, reading.global.tls.crtBase) }),
  ],
  ['ciphers', word('missing cipher suite', (settings, ciphers) => withClient(settings, { ciphers }))],
  ['ciphersuites', word('missing cipher suite', (settings, ciphersuites) => withClient(settings, { ciphersuites }))],
  ['ssl-min-ver', version('minVersion')],
  ['ssl-max-ver', version('maxVersion')],
  ...TLS_VERSIONS.flatMap((each): (readonly [string, ServerOption])[] => [
    [`force-${written(each)}`, (settings) => withClient(settings, { minVersion: each, maxVersion: each })],
    [`no-${written(each)}`, (settings) => withTls(settings, { excluded: new Set([...settings.tls.excluded, each]) })],
  ]),
  // sessions are not resumed here, which nobody sees but the server
  ...['no-ssl-reuse', 'ssl-reuse', 'no-tls-tickets', 'tls-tickets'].map((name) => [name, unchanged] as const),
]
