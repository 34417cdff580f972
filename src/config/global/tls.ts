/** What the section `global` says of TLS (src/cfgparse-ssl.c). */
import { TLS_VERSIONS, type TlsClient } from '../../net/tls.js'
import type { Line } from '../syntax/line.js'
import type { LineResult, Reading } from '../reading.js'
import { versionProblem } from '../server/tls-options.js'

type Keyword = (reading: Reading, line: Line) => LineResult

const base =
  (key: 'caBase' | 'crtBase' | 'keyBase'): Keyword =>
  (reading, line) => {
    if (reading.tooManyWords(line, 1)) return 'fatal'
    const { tls } = reading.global
    if (tls[key] !== undefined) return reading.alert(line, `'${line.at(0)}' already specified.`)
    if (line.at(1) === '')
      return reading.alert(line, `global statement '${line.at(0)}' expects a directory path as an argument.`)
    tls[key] = line.at(1)
    return 'ok'
  }

const cipherList =
  (key: 'ciphers' | 'ciphersuites'): Keyword =>
  (reading, line) => {
    if (reading.tooManyWords(line, 1)) return 'fatal'
    if (line.at(1) === '')
      return reading.alert(line, `global statement '${line.at(0)}' expects a cipher suite as an argument.`)
    setDefaults(reading, { [key]: line.at(1) })
    return 'ok'
  }

const setDefaults = ({ global }: Reading, defaults: Partial<TlsClient>): void => {
  global.tls.serverDefaults = { ...global.tls.serverDefaults, ...defaults }
}

const verify: Keyword = (reading, line) => {
  const [name, value] = [line.at(0), line.at(1)]
  if (reading.tooManyWords(line, 1)) return 'fatal'
  if (value === '') return reading.alert(line, `'${name}' expects an integer argument.`)
  if (value !== 'none' && value !== 'required')
    return reading.alert(line, `'${name}' expects 'none' or 'required' as argument.`)
  reading.global.tls.serverVerify = value
  return 'ok'
}

/** Options that change nothing that is seen here. */
const NO_EFFECT: ReadonlySet<string> = new Set([
  'no-tls-tickets',
  'tls-tickets',
  'no-ssl-reuse',
  'prefer-client-ciphers',
])

const serverOptions: Keyword = (reading, line) => {
  const statement = `global statement '${line.at(0)}'`
  if (line.at(1) === '') return reading.alert(line, `${statement} expects an option as an argument.`)
  for (let at = 1; line.at(at) !== ''; at++) {
    const name = line.at(at)
    if (name === 'ssl-min-ver' || name === 'ssl-max-ver') {
      const found = versionProblem(name, line.at(++at))
      if (typeof found === 'string') return reading.alert(line, `${found} on ${statement}.`)
      setDefaults(reading, { [name === 'ssl-min-ver' ? 'minVersion' : 'maxVersion']: found.version })
      continue
    }
    const [, verb, written] = /^(force|no)-(\w+)$/.exec(name) ?? []
    const version = TLS_VERSIONS.find((each) => each.toLowerCase().replace('.', '') === written)
    if (version !== undefined && verb === 'force') setDefaults(reading, { minVersion: version, maxVersion: version })
    else if (version !== undefined) reading.notEmulated(line, `'${name}' of '${line.at(0)}'`, 'tls')
    else if (!NO_EFFECT.has(name)) return reading.alert(line, `unknown option '${name}' on ${statement}.`)
  }
  return 'ok'
}

export const GLOBAL_TLS_KEYWORDS: readonly (readonly [string, Keyword])[] = [
  ['ca-base', base('caBase')],
  ['crt-base', base('crtBase')],
  ['key-base', base('keyBase')],
  ['ssl-server-verify', verify],
  ['ssl-default-server-ciphers', cipherList('ciphers')],
  ['ssl-default-server-ciphersuites', cipherList('ciphersuites')],
  ['ssl-default-server-options', serverOptions],
]
