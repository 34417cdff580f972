/** TLS keywords of the `global` section (src/cfgparse-ssl.c). */
import { TLS_VERSIONS, type TlsClient } from '../../net/tls.js'
import type { Line } from '../syntax/line.js'
import type { LineResult, ParseContext } from '../parse-context.js'
import { parseVersion } from '../values/tls.js'

type Keyword = (context: ParseContext, line: Line) => LineResult

const base =
  (key: 'caBase' | 'crtBase' | 'keyBase'): Keyword =>
  (context, line) => {
    if (context.tooManyWords(line, 1)) return 'fatal'
    const { tls } = context.global
    if (tls[key] !== undefined) return context.alert(line, `'${line.at(0)}' already specified.`)
    if (line.at(1) === '')
      return context.alert(line, `global statement '${line.at(0)}' expects a directory path as an argument.`)
    tls[key] = line.at(1)
    return 'ok'
  }

const cipherList =
  (key: 'ciphers' | 'ciphersuites'): Keyword =>
  (context, line) => {
    if (context.tooManyWords(line, 1)) return 'fatal'
    if (line.at(1) === '')
      return context.alert(line, `global statement '${line.at(0)}' expects a cipher suite as an argument.`)
    setDefaults(context, { [key]: line.at(1) })
    return 'ok'
  }

const setDefaults = ({ global }: ParseContext, defaults: Partial<TlsClient>): void => {
  global.tls.serverDefaults = { ...global.tls.serverDefaults, ...defaults }
}

const verify: Keyword = (context, line) => {
  const [name, value] = [line.at(0), line.at(1)]
  if (context.tooManyWords(line, 1)) return 'fatal'
  if (value === '') return context.alert(line, `'${name}' expects an integer argument.`)
  if (value !== 'none' && value !== 'required')
    return context.alert(line, `'${name}' expects 'none' or 'required' as argument.`)
  context.global.tls.serverVerify = value
  return 'ok'
}

/** Options without an observable effect in a simulation. */
const NO_EFFECT: ReadonlySet<string> = new Set(['no-tls-tickets', 'tls-tickets', 'no-ssl-reuse'])

const serverOptions: Keyword = (context, line) => {
  const statement = `global statement '${line.at(0)}'`
  if (line.at(1) === '') return context.alert(line, `${statement} expects an option as an argument.`)
  for (let at = 1; line.at(at) !== ''; at++) {
    const name = line.at(at)
    if (name === 'ssl-min-ver' || name === 'ssl-max-ver') {
      const found = parseVersion(name, line.at(++at))
      if (typeof found === 'string') return context.alert(line, `${found} on ${statement}.`)
      setDefaults(context, { [name === 'ssl-min-ver' ? 'minVersion' : 'maxVersion']: found.version })
      continue
    }
    const [, verb, written] = /^(force|no)-(\w+)$/.exec(name) ?? []
    const version = TLS_VERSIONS.find((each) => each.toLowerCase().replace('.', '') === written)
    if (version !== undefined && verb === 'force') setDefaults(context, { minVersion: version, maxVersion: version })
    else if (version !== undefined) context.notEmulated(line, `'${name}' of '${line.at(0)}'`, 'tls')
    else if (!NO_EFFECT.has(name)) return context.alert(line, `unknown option '${name}' on ${statement}.`)
  }
  return 'ok'
}

/** Parsers by keyword. */
export const GLOBAL_TLS_KEYWORDS: readonly (readonly [string, Keyword])[] = [
  ['ca-base', base('caBase')],
  ['crt-base', base('crtBase')],
  ['key-base', base('keyBase')],
  ['ssl-server-verify', verify],
  ['ssl-default-server-ciphers', cipherList('ciphers')],
  ['ssl-default-server-ciphersuites', cipherList('ciphersuites')],
  ['ssl-default-server-options', serverOptions],
]
