/** Validation of the TLS settings of `bind` lines (src/cfgparse-ssl.c). */
import type { LoadedCertificates } from '../../net/tls.js'
import type { TlsBind } from './tls-validity.js'
import type { Line } from '../syntax/line.js'
import type { ParseContext } from '../parse-context.js'
import { fromBase, parseAlpn, parseVersion } from '../values/tls.js'

type Check = (context: ParseContext, name: string, value: string, line: Line, tls: TlsBind) => string | undefined

const required =
  (missing: string): Check =>
  (_, name, value) =>
    value === '' ? `'${name}' : ${missing}` : undefined

const caFile =
  (missing: string): Check =>
  (context, name, value, line) => {
    if (value === '') return `'${name}' : ${missing}`
    const path = fromBase(value, context.global.tls.caBase)
    const { problem, emptyFolder } = context.options.certificates?.loadCaFile(path) ?? {}
    if (emptyFolder) context.main.add('warning', `config : ca-file: 0 CA were loaded from '${path}'`, line.place)
    if (problem === undefined) return undefined
    context.nonFatalAlert(line, `config : ${problem}`)
    return `'${name}' : unable to load ${path}`
  }

const certificate: Check = (context, name, value, _, tls) => {
  if (value === '') return `'${name}' : missing certificate location`
  const path = fromBase(value, context.global.tls.crtBase)
  return addCertificates(context.options.certificates?.loadForBind(path) ?? { certificates: [{ path }] }, tls)
}

/** Adds loaded certificates; without a loader, each argument counts as one. */
const addCertificates = ({ problem, certificates }: LoadedCertificates, tls: TlsBind): string | undefined => {
  tls.certificates.push(...certificates)
  return problem === undefined ? undefined : `${problem}\n`
}

const certificateList: Check = (context, name, value, _, tls) => {
  if (value === '') return `'${name}' : missing certificate location`
  const { certificates } = context.options
  const loaded = certificates?.loadList(value, (path) => fromBase(path, context.global.tls.crtBase))
  const problem = addCertificates(loaded ?? { certificates: [{ path: value }] }, tls)
  return problem === undefined ? undefined : `'${name}' : ${problem}`
}

const version: Check = (_, name, value) => {
  const found = parseVersion(name, value)
  return typeof found === 'string' ? found : undefined
}

const METHODS = new Set(['none', 'optional', 'required'])

const CHECKS: Readonly<Record<string, Check | undefined>> = {
  crt: certificate,
  'ca-file': caFile('missing CAfile path'),
  'default-crt': certificate,
  'crt-list': certificateList,
  'ca-verify-file': caFile('missing CAfile path'),
  'crl-file': caFile('missing CRLfile path'),
  ciphers: required('missing cipher suite'),
  ciphersuites: required('missing cipher suite'),
  'ssl-min-ver': version,
  'ssl-max-ver': version,
  alpn: (_, name, value) => {
    const names = parseAlpn(value)
    return typeof names === 'string' ? `'${name}' : ${names}` : undefined
  },
  verify: (_, name, value) => {
    if (value === '') return `'${name}' : missing verify method`
    if (METHODS.has(value)) return undefined
    return `'${name}' : unknown verify method '${value}', only 'none', 'optional', and 'required' are supported\n`
  },
}

/** The error message for the TLS setting at word `at`, if it is invalid. */
export const bindTlsProblem = (context: ParseContext, line: Line, at: number, tls: TlsBind): string | undefined => {
  const name = line.at(at)
  return CHECKS[name]?.(context, name, line.at(at + 1), line, tls)
}

/** TLS settings of `bind` lines. */
export const BIND_TLS: ReadonlySet<string> = new Set([...Object.keys(CHECKS), 'ssl'])

/** Whether clients notice the setting. */
export const isEmulatedTls = (name: string): boolean =>
  BIND_TLS.has(name) || /^(?:no-|force-)(?:sslv3|tlsv1\d)$/.test(name) || /^(?:no-)?strict-sni$/.test(name)
