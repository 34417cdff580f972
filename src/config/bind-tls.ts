/** What HAProxy finds wrong with the settings of `bind` lines about TLS (src/cfgparse-ssl.c). */
import type { Line } from './line.js'
import type { Reading } from './reading.js'
import { fromBase, parseAlpn, versionProblem } from './server-tls-options.js'

type Check = (reading: Reading, name: string, value: string, line: Line) => string | undefined

const needed =
  (missing: string): Check =>
  (_, name, value) =>
    value === '' ? `'${name}' : ${missing}` : undefined

const authorities =
  (missing: string): Check =>
  (reading, name, value, line) => {
    if (value === '') return `'${name}' : ${missing}`
    const path = fromBase(value, reading.global.tls.caBase)
    const problem = reading.options.certificates?.authorities(path).problem
    if (problem === undefined) return undefined
    reading.tolerated(line, `config : ${problem}`)
    return `'${name}' : unable to load ${path}`
  }

const certificate: Check = (reading, name, value) => {
  if (value === '') return `'${name}' : missing certificate location`
  const problem = reading.options.certificates?.offered(fromBase(value, reading.global.tls.crtBase))
  return problem === undefined ? undefined : `${problem}\n`
}

const version: Check = (_, name, value) => {
  const found = versionProblem(name, value)
  return typeof found === 'string' ? found : undefined
}

const METHODS = new Set(['none', 'optional', 'required'])

const CHECKS: Readonly<Record<string, Check | undefined>> = {
  crt: certificate,
  'ca-file': authorities('missing CAfile path'),
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
export const bindTlsProblem = (reading: Reading, line: Line, at: number): string | undefined => {
  const name = line.at(at)
  return CHECKS[name]?.(reading, name, line.at(at + 1), line)
}

/** Settings about TLS. */
export const BIND_TLS: ReadonlySet<string> = new Set([...Object.keys(CHECKS), 'ssl'])
