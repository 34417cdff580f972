/** What HAProxy finds wrong with the settings of `bind` lines about TLS (src/cfgparse-ssl.c). */
import type { Certificates } from '../../net/tls.js'
import type { TlsBind } from './tls-validity.js'
import type { Line } from '../syntax/line.js'
import type { Reading } from '../reading.js'
import { fromBase, parseAlpn, versionProblem } from '../server/tls-options.js'

type Check = (reading: Reading, name: string, value: string, line: Line, tls: TlsBind) => string | undefined

const needed =
  (missing: string): Check =>
  (_, name, value) =>
    value === '' ? `'${name}' : ${missing}` : undefined

const authorities =
  (missing: string): Check =>
  (reading, name, value, line) => {
    if (value === '') return `'${name}' : ${missing}`
    const path = fromBase(value, reading.global.tls.caBase)
    const { problem, emptyFolder } = reading.options.certificates?.loadCaFile(path) ?? {}
    if (emptyFolder) reading.main.add('warning', `config : ca-file: 0 CA were loaded from '${path}'`, line.place)
    if (problem === undefined) return undefined
    reading.nonFatalAlert(line, `config : ${problem}`)
    return `'${name}' : unable to load ${path}`
  }

const certificate: Check = (reading, name, value, _, tls) => {
  if (value === '') return `'${name}' : missing certificate location`
  return offered(reading.options.certificates?.loadForBind(fromBase(value, reading.global.tls.crtBase)), tls)
}

/** What is not looked at counts as one certificate. */
const offered = (found: ReturnType<Certificates['loadForBind']> = { count: 1 }, tls: TlsBind): string | undefined => {
  tls.certificates += found.count
  return found.problem === undefined ? undefined : `${found.problem}\n`
}

const certificateList: Check = (reading, name, value, _, tls) => {
  if (value === '') return `'${name}' : missing certificate location`
  const { certificates } = reading.options
  const problem = offered(
    certificates?.loadList(value, (path) => fromBase(path, reading.global.tls.crtBase)),
    tls,
  )
  return problem === undefined ? undefined : `'${name}' : ${problem}`
}

const version: Check = (_, name, value) => {
  const found = versionProblem(name, value)
  return typeof found === 'string' ? found : undefined
}

const METHODS = new Set(['none', 'optional', 'required'])

const CHECKS: Readonly<Record<string, Check | undefined>> = {
  crt: certificate,
  'ca-file': authorities('missing CAfile path'),
  'default-crt': certificate,
  'crt-list': certificateList,
  'ca-verify-file': authorities('missing CAfile path'),
  'crl-file': authorities('missing CRLfile path'),
  ciphers: needed('missing cipher suite'),
  ciphersuites: needed('missing cipher suite'),
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

/** What HAProxy says of the setting at word `at`, if it is one of TLS and wrong. */
export const bindTlsProblem = (reading: Reading, line: Line, at: number, tls: TlsBind): string | undefined => {
  const name = line.at(at)
  return CHECKS[name]?.(reading, name, line.at(at + 1), line, tls)
}

/** Settings about TLS. */
export const BIND_TLS: ReadonlySet<string> = new Set([...Object.keys(CHECKS), 'ssl'])
