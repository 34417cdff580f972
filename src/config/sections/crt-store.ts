/** The `crt-store` section: named certificates and keys for `crt` (cfg_parse_crtstore in src/ssl_ckch.c). */
import type { StoredFile } from '../../net/tls.js'
import { findBestMatch } from '../syntax/best-match.js'
import type { Line } from '../syntax/line.js'
import { CRT_STORES, type CrtStoreDraft } from './crt-store-draft.js'
import type { LineResult, ParseContext } from '../parse-context.js'
import { abort, type Section } from '../section.js'
import { fromBase } from '../values/tls.js'

/** Parameters of `load`. */
const SETTINGS: readonly string[] = [
  ...['alias', 'crt', 'key', 'ocsp', 'issuer', 'sctl', 'ocsp-update', 'acme', 'domains'],
]

/** Parses a line. Errors abort parsing of the file. */
const read: Section['read'] = (context, line) => {
  switch (line.at(0)) {
    case 'crt-store':
      return begin(context, line)
    case 'crt-base':
      return readBase(context, line, 'crtBase')
    case 'key-base':
      return readBase(context, line, 'keyBase')
    case 'load':
      return load(context, line)
    default: {
      const best = findBestMatch(line.at(0), ['crt-base', 'key-base', 'load'])
      const hint = best === undefined ? '' : `; did you mean '${best}' maybe ?`
      return abort(context, line, `unknown keyword '${line.at(0)}' in 'crt-store' section${hint}`)
    }
  }
}

/** Reports an error with a repeated place prefix, as in most of HAProxy's messages here. */
const failWithPlace = (context: ParseContext, line: Line, text: string): LineResult =>
  abort(context, line, `parsing [${line.file}:${line.line}] : ${text}`)

const begin = (context: ParseContext, line: Line): LineResult => {
  if (line.at(2) !== '') return abort(context, line, "'crt-store' section only supports a <name> argument.")
  const { crtBase, keyBase } = context.global.tls
  context.drafts(CRT_STORES).begin({ name: line.at(1), crtBase, keyBase, hasLoaded: false })
  return 'ok'
}

const readBase = (context: ParseContext, line: Line, key: 'crtBase' | 'keyBase'): LineResult => {
  const store = context.drafts(CRT_STORES).current!
  if (line.at(1) === '') return failWithPlace(context, line, `'${line.at(0)}' requires a <path> argument.`)
  if (store.hasLoaded)
    return failWithPlace(
      context,
      line,
      `'${line.at(0)}' can't be used after a load line, use it at the beginning of the section.`,
    )
  store[key] = line.at(1)
  return 'ok'
}

const load = (context: ParseContext, line: Line): LineResult => {
  const store = context.drafts(CRT_STORES).current!
  const values = new Map<string, string>()
  for (let at = 1; line.at(at) !== ''; at += 2) {
    const [name, value] = [line.at(at), line.at(at + 1)]
    const problem = settingProblem(name, value)
    if (problem !== undefined) return failWithPlace(context, line, problem)
    if (values.has(name) && name !== 'alias' && name !== 'ocsp-update')
      context.warn(line, `'${name}' already specified, overwriting.`)
    values.set(name, value)
  }
  const crt = values.get('crt')
  if (crt === undefined)
    return failWithPlace(context, line, "'load' in section 'crt-store': mandatory 'crt' parameter not found.")
  store.hasLoaded = true
  const key = values.get('key')
  const others = ['ocsp', 'issuer', 'sctl'].flatMap((each) => values.get(each) ?? [])
  if (others.length > 0 || values.has('acme')) context.markUnparsed(line)
  const name = nameOf(store, context, crt, values.get('alias'))
  const problem = context.options.certificates?.store(name, {
    crt: fileIn(store.crtBase, crt),
    key: key === undefined ? undefined : fileIn(store.keyBase, key),
    others: others.map((each) => fileIn(store.crtBase, each)),
  })
  if (problem === 'taken' || (problem === undefined && context.storedCertificates.has(name)))
    return failWithPlace(context, line, `'load' in section 'crt-store': store '${name}' was already defined.`)
  if (problem !== undefined) return abort(context, line, problem.text)
  context.storedCertificates.add(name)
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

/** The name for `crt`: `@store/alias`, `@store/path`, or the path. */
const nameOf = ({ name }: CrtStoreDraft, { global }: ParseContext, crt: string, alias: string | undefined): string => {
  if (alias !== undefined) return `@${name}/${alias}`
  if (name === '') return fromBase(crt, global.tls.crtBase)
  return `@${name}${crt.startsWith('/') ? '' : '/'}${crt}`
}

/** The section `crt-store`. */
export const CRT_STORE_SECTION: Section = { keyword: 'crt-store', read }
