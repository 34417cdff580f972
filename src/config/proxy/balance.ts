/**
 * `balance`, `hash-type` and the other settings of load balancing (backend_parse_balance in src/backend.c, cfg_parse_listen in
 * src/cfgparse-listen.c, proxy_parse_hash_preserve_affinity in src/proxy.c).
 */
import { atoi, atol, strtolAnyBase } from '../../bytes/integers.js'
import { firstByte, toByteString } from '../../bytes/text.js'
import { areaOfProxy } from '../known/areas.js'
import type { BalanceConfig, HashAffinity, HashConfig } from '../model/balance.js'
import type { LineResult, ParseContext } from '../parse-context.js'
import type { Line } from '../syntax/line.js'
import { warnWithout } from './capability.js'
import { hasBackend, type ProxyDraft } from './draft.js'

type Keyword = (context: ParseContext, line: Line, proxy: ProxyDraft) => LineResult

const notEmulated = (context: ParseContext, line: Line): LineResult =>
  context.notEmulated(line, `'${line.at(0)}'`, areaOfProxy(line.at(0)))

const readBalance: Keyword = (context, line, proxy) => {
  warnWithout(context, line, proxy, 'backend')
  const parsed = parseBalance(line.from(1))
  if (typeof parsed === 'string') return context.alert(line, `${line.at(0)} ${parsed}`)
  proxy.change({ balance: parsed })
  return parsed.algorithm === 'roundrobin'
    ? 'ok'
    : context.notEmulated(line, `'${line.at(0)} ${line.at(1)}'`, 'traffic')
}

const parseBalance = ([name = 'roundrobin', ...words]: readonly string[]): BalanceConfig | string => {
  switch (name) {
    case 'roundrobin':
    case 'static-rr':
    case 'first':
    case 'leastconn':
    case 'source':
    case 'sticky':
      return { algorithm: name }
    case 'uri':
      return parseUri(words)
    case 'url_param':
      return parseParameter(words)
    case 'hash': {
      const [text, extra] = words
      if (text === undefined) return 'hash requires a sample expression.'
      if (extra !== undefined) return `hash takes no other argument (got '${extra}').`
      return { algorithm: name, text }
    }
    case 'log-hash':
      return words[0] === undefined ? 'log-hash requires a converter list.' : { algorithm: name, text: words[0] }
  }
  if (name.startsWith('random')) return parseRandom(name.slice('random'.length))
  if (name.startsWith('hdr(')) return parseHeader(name, words)
  if (name.startsWith('rdp-cookie')) return parseRdpCookie(name.slice('rdp-cookie'.length))
  return (
    "only supports 'roundrobin', 'static-rr', 'leastconn', 'source', 'uri', 'url_param', 'hash', 'hdr(name)', " +
    "'rdp-cookie(name)', 'log-hash' and 'sticky' options."
  )
}

const parseUri = (words: readonly string[]): BalanceConfig | string => {
  let [whole, pathOnly, length, depth] = [false, false, 0, 0]
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!
    if (word === 'len' || word === 'depth') {
      const text = words[++at] ?? ''
      const value = atoi(text)
      if (value <= 0) return `uri : '${word}' expects a positive integer (got '${text}').`
      if (word === 'len') length = value
      else depth = value
    } else if (word === 'whole') whole = true
    else if (word === 'path-only') pathOnly = true
    else return `uri only accepts parameters 'len', 'depth', 'path-only', and 'whole' (got '${word}').`
  }
  return { algorithm: 'uri', whole, pathOnly, length, depth }
}

/** `check_post` is accepted for compatibility: bodies of POST requests are always searched. */
const parseParameter = ([parameter = '', modifier = '']: readonly string[]): BalanceConfig | string => {
  if (parameter === '') return 'url_param requires an URL parameter name.'
  if (modifier !== '' && modifier !== 'check_post')
    return `url_param only accepts 'check_post' modifier (got '${modifier}').`
  return { algorithm: 'url_param', parameter: toByteString(parameter) }
}

/** @param rest what follows `random`; text other than `(` is ignored */
const parseRandom = (rest: string): BalanceConfig | string => {
  if (!rest.startsWith('(') || rest.startsWith('()')) return { algorithm: 'random', draws: 2 }
  const { value: draws, rest: end } = strtolAnyBase(rest.slice(1))
  if (end === '') return 'random : missing closing parenthesis.'
  if (!end.startsWith(')')) return `random : unexpected character '${firstByte(end)}' after argument.`
  if (draws < 1) return 'random : number of draws must be at least 1.'
  return { algorithm: 'random', draws }
}

const parseHeader = (name: string, [modifier = '']: readonly string[]): BalanceConfig | string => {
  const header = /^hdr\(([^)]+)\)/.exec(name)?.[1]
  if (header === undefined) return 'hdr requires an http header field name.'
  if (modifier !== '' && modifier !== 'use_domain_only')
    return `${name} only accepts 'use_domain_only' modifier (got '${modifier}').`
  return { algorithm: 'hdr', header: toByteString(header), domainOnly: modifier !== '' }
}

/** @param rest what follows `rdp-cookie` */
const parseRdpCookie = (rest: string): BalanceConfig | string => {
  const cookie = rest === '' ? 'mstshash' : /^\(([^)]+)\)/.exec(rest)?.[1]
  if (cookie === undefined) return 'rdp-cookie : missing cookie name.'
  return { algorithm: 'rdp-cookie', cookie: toByteString(cookie) }
}

const HASH_FUNCTIONS: readonly string[] = ['sdbm', 'djb2', 'wt6', 'crc32', 'none'] satisfies HashConfig['function'][]
const isHashFunction = (word: string): word is HashConfig['function'] => HASH_FUNCTIONS.includes(word)

const readHashType: Keyword = (context, line, proxy) => {
  const [name, method, hash, modifier] = [line.at(0), line.at(1), line.at(2), line.at(3)]
  warnWithout(context, line, proxy, 'backend')
  if (method === 'avalanche')
    return context.alert(
      line,
      `experimental feature '${name} ${method}' is not supported anymore, please use '${name} map-based sdbm avalanche' instead.`,
    )
  if (method !== 'consistent' && method !== 'map-based')
    return context.alert(line, `'${name}' only supports 'consistent' and 'map-based'.`)
  if (hash === '') proxy.change({ hash: { method, function: 'sdbm', avalanche: method === 'consistent' } })
  else {
    if (!isHashFunction(hash))
      return context.alert(line, `'${name}' only supports 'sdbm', 'djb2', 'crc32', or 'wt6' hash functions.`)
    if (modifier !== '' && modifier !== 'avalanche')
      return context.alert(line, `'${name}' only supports 'avalanche' as a modifier for hash functions.`)
    proxy.change({ hash: { method, function: hash, avalanche: modifier !== '' } })
  }
  return notEmulated(context, line)
}

const readBalanceFactor: Keyword = (context, line, proxy) => {
  const [name, text] = [line.at(0), line.at(1)]
  if (text === '') return context.alert(line, `'${name}' expects an integer argument.`)
  const factor = atol(text)
  if (factor !== 0 && factor <= 100) return context.alert(line, `'${name}' must be 0 or greater than 100.`)
  proxy.change({ hashBalanceFactor: factor })
  return notEmulated(context, line)
}

const isAffinity = (word: string): word is HashAffinity =>
  word === 'always' || word === 'maxconn' || word === 'maxqueue'

const readAffinity: Keyword = (context, line, proxy) => {
  const [name, affinity] = [line.at(0), line.at(1)]
  if (affinity === '') return context.alert(line, `'${name}' needs a keyword to specify when to preserve hash affinity`)
  if (!hasBackend(proxy)) return context.alert(line, `'${name}' only available in backend or listen section`)
  if (!isAffinity(affinity)) return context.alert(line, `'${name}': unknown keyword '${affinity}'`)
  proxy.change({ hashAffinity: affinity })
  return notEmulated(context, line)
}

/** Parsers by keyword. */
export const BALANCE_KEYWORDS: readonly (readonly [string, Keyword])[] = [
  ['balance', readBalance],
  ['hash-type', readHashType],
  ['hash-balance-factor', readBalanceFactor],
  ['hash-preserve-affinity', readAffinity],
]
