/** The section `crt-store`: certificates and keys under names by which `crt` finds them (cfg_parse_crtstore in src/ssl_ckch.c). */
import type { StoredFile } from '../../net/tls.js'
import { findBestMatch } from '../syntax/best-match.js'
import type { Line } from '../syntax/line.js'
import type { CrtStoreDraft } from './crt-store-draft.js'
import type { LineResult, Reading, SectionReader } from '../reading.js'
import { fromBase } from '../server/tls-options.js'

/** Words of `load` that a value follows. */
const SETTINGS: readonly string[] = [
  ...['alias', 'crt', 'key', 'ocsp', 'issuer', 'sctl', 'ocsp-update', 'acme', 'domains'],
]

/** What is wrong in this section ends the reading of the file. */
export const readCrtStoreLine: SectionReader = (reading, line) => {
  switch (line.at(0)) {
    case 'crt-store':
      return begin(reading, line)
    case 'crt-base':
      return readBase(reading, line, 'crtBase')
    case 'key-base':
      return readBase(reading, line, 'keyBase')
    case 'load':
      return load(reading, line)
    default: {
      const best = findBestMatch(line.at(0), ['crt-base', 'key-base', 'load'])
      const hint = best === undefined ? '' : `; did you mean '${best}' maybe ?`
      return refuse(reading, line, `unknown keyword '${line.at(0)}' in 'crt-store' section${hint}`)
    }
  }
}

const refuse = (reading: Reading, line: Line, text: string): LineResult => {
  reading.alert(line, text)
  return 'abort'
}

/** HAProxy puts the place before most of these messages twice. */
const refuseTwice = (reading: Reading, line: Line, text: string): LineResult =>
  refuse(reading, line, `parsing [${line.file}:${line.line}] : ${text}`)

const begin = (reading: Reading, line: Line): LineResult => {
  if (line.at(2) !== '') return refuse(reading, line, "'crt-store' section only supports a <name> argument.")
  const { crtBase, keyBase } = reading.global.tls
  reading.currentCrtStore = { name: line.at(1), crtBase, keyBase, hasLoaded: false }
  return 'ok'
}

const readBase = (reading: Reading, line: Line, key: 'crtBase' | 'keyBase'): LineResult => {
  const store = reading.currentCrtStore!
  if (line.at(1) === '') return refuseTwice(reading, line, `'${line.at(0)}' requires a <path> argument.`)
  if (store.hasLoaded)
    return refuseTwice(
      reading,
      line,
      `'${line.at(0)}' can't be used after a load line, use it at the beginning of the section.`,
    )
  store[key] = line.at(1)
  return 'ok'
}

const load = (reading: Reading, line: Line): LineResult => {
  const store = reading.currentCrtStore!
  const values = new Map<string, string>()
  for (let at = 1; line.at(at) !== ''; at += 2) {
    const [name, value] = [line.at(at), line.at(at + 1)]
    const problem = settingProblem(name, value)
    if (problem !== undefined) return refuseTwice(reading, line, problem)
    if (values.has(name) && name !== 'alias' && name !== 'ocsp-update')
      reading.warn(line, `'${name}' already specified, overwriting.`)
    values.set(name, value)
  }
  const crt = values.get('crt')
  if (crt === undefined)
    return refuseTwice(reading, line, "'load' in section 'crt-store': mandatory 'crt' parameter not found.")
  store.hasLoaded = true
  const key = values.get('key')
  const others = ['ocsp', 'issuer', 'sctl'].flatMap((each) => values.get(each) ?? [])
  if (others.length > 0 || values.has('acme')) reading.markUnparsed(line)
  const name = nameOf(store, reading, crt, values.get('alias'))
  const problem = reading.options.certificates?.store(name, {
    crt: fileIn(store.crtBase, crt),
    key: key === undefined ? undefined : fileIn(store.keyBase, key),
    others: others.map((each) => fileIn(store.crtBase, each)),
  })
  if (problem === 'taken' || (problem === undefined && reading.storedCertificates.has(name)))
    return refuseTwice(reading, line, `'load' in section 'crt-store': store '${name}' was already defined.`)
  if (problem !== undefined) return refuse(reading, line, problem.text)
  reading.storedCertificates.add(name)
  return 'ok'
}

const fileIn = (base: string | undefined, written: string): StoredFile => ({ written, path: fromBase(written, base) })

const settingProblem = (name: string, value: string): string | undefined => {
  if (!SETTINGS.includes(name)) return `'load ${name}' in section 'crt-store': unknown keyword '${name}'.`
  if (name === 'alias' && value.startsWith('/'))
    return `cannot parse 'alias' value '${value}', '/' is forbidden as the first character.\n`
  if (name === 'ocsp-update' && value !== 'on' && value !== 'off')
    return `cannot parse '${name}' value '${value}', 'on' or 'off' is expected.\n`
  return undefined
}

/** `@store/alias`, `@store/path`, or the path as `crt` finds it. */
const nameOf = ({ name }: CrtStoreDraft, { global }: Reading, crt: string, alias: string | undefined): string => {
  if (alias !== undefined) return `@${name}/${alias}`
  if (name === '') return fromBase(crt, global.tls.crtBase)
  return `@${name}${crt.startsWith('/') ? '' : '/'}${crt}`
}
