/** Validation of `balance` arguments (backend_parse_balance in src/backend.c). */
import { atol } from '../../bytes/integers.js'
import { firstByte } from '../../bytes/text.js'
import type { ValueCheck } from './check.js'

/** Algorithm names, including those with an argument in parentheses. */
const ALGORITHM =
  /^(?:(?:roundrobin|static-rr|first|leastconn|source|uri|url_param|hash|sticky|log-hash|random)$|(?:hdr|random)\(|rdp-cookie(?:\(|$))/

/** Validates the arguments of `balance`. */
export const balanceProblem: ValueCheck = (_, [name = '', ...words]) => {
  if (name === '') return undefined
  if (!ALGORITHM.test(name))
    return (
      "balance only supports 'roundrobin', 'static-rr', 'leastconn', 'source', 'uri', 'url_param', 'hash', 'hdr(name)', " +
      "'rdp-cookie(name)', 'log-hash' and 'sticky' options."
    )
  if (name === 'uri') return uriProblem(words)
  if (name === 'hash' && words.length === 0) return 'balance hash requires a sample expression.'
  if (name === 'log-hash' && words.length === 0) return 'balance log-hash requires a converter list.'
  if (name === 'url_param') return parameterProblem(words)
  if (name.startsWith('random(')) return drawsProblem(name.slice('random('.length))
  if (name.startsWith('rdp-cookie(') && !/^rdp-cookie\([^)]+\)/.test(name))
    return 'balance rdp-cookie : missing cookie name.'
  return name.startsWith('hdr(') ? headerProblem(name, words) : undefined
}

const uriProblem = (words: readonly string[]): string | undefined => {
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!
    if (word === 'len' || word === 'depth') {
      const value = words[++at] ?? ''
      if (atol(value) <= 0) return `balance uri : '${word}' expects a positive integer (got '${value}').`
    } else if (word !== 'path-only' && word !== 'whole')
      return `balance uri only accepts parameters 'len', 'depth', 'path-only', and 'whole' (got '${word}').`
  }
  return undefined
}

const parameterProblem = ([parameter = '', modifier = '']: readonly string[]): string | undefined => {
  if (parameter === '') return 'balance url_param requires an URL parameter name.'
  if (modifier === '' || modifier === 'check_post') return undefined
  return `balance url_param only accepts 'check_post' modifier (got '${modifier}').`
}

const drawsProblem = (text: string): string | undefined => {
  const [, draws = '', rest = ''] = /^([+-]?\d*)([^]*)$/.exec(text)!
  if (rest === '') return 'balance random : missing closing parenthesis.'
  if (rest[0] !== ')') return `balance random : unexpected character '${firstByte(rest)}' after argument.`
  return draws !== '' && Number(draws) < 1 ? 'balance random : number of draws must be at least 1.' : undefined
}

const headerProblem = (name: string, [modifier = '']: readonly string[]): string | undefined => {
  const header = /^hdr\(([^)]+)\)/.exec(name)?.[1]
  if (header === undefined) return 'balance hdr requires an http header field name.'
  if (modifier === '' || modifier === 'use_domain_only') return undefined
  return `balance hdr(${header}) only accepts 'use_domain_only' modifier (got '${modifier}').`
}
