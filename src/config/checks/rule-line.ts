/** Parsing of `tcp-check` and `http-check` rules (`parse_tcpcheck_…` in src/tcpcheck.c), except `expect`. */
import { toByteString } from '../../bytes/text.js'
import { readAddress } from '../syntax/address-text.js'
import { parseHex } from '../syntax/bytes.js'
import { IMPLICIT_CONNECT, type CheckRule, type CommentRule, type ConnectRule, type HttpSendRule } from './rules.js'
import type { RuleSet } from './ruleset.js'
import { parseExpect } from './expect-line.js'
import type { Line } from '../syntax/line.js'
import {
  parseRuleFormat,
  isFormatProblem,
  parseCheckFormat,
  parseSampleExpression,
  type FormatProblem,
} from '../samples/log-format.js'
import type { SampleKeywords } from '../samples/keywords.js'
import { placesMask } from '../samples/places.js'
import { parseVariableAction, variableActionName } from '../rules/actions/set-var.js'
import { parseAlpn } from '../values/tls.js'
import type { ParseContext } from '../parse-context.js'

/** A parsed rule, or what is wrong with it. */
export type ParsedRule = CheckRule | CommentRule | FormatProblem

/** Called for parts of a rule that hapsim does not emulate and omits. */
export type OnUnsupported = (what: string) => void

/** Parses the rule on `line`. Error messages are without the common prefix. */
export const parseRule = (
  context: ParseContext,
  line: Line,
  rules: RuleSet,
  onUnsupported: OnUnsupported,
): ParsedRule => {
  const index = rules.nextIndex
  const { samples } = context.options
  switch (line.at(1)) {
    case 'connect':
      return parseConnect(context, line, rules, onUnsupported)
    case 'send':
      return rules.kind === 'http'
        ? parseHttpSend(line, index, samples, onUnsupported)
        : parseSend(line, index, samples)
    case 'send-lf':
    case 'send-binary':
    case 'send-binary-lf':
      return parseSend(line, index, samples)
    case 'expect':
      return parseExpect(line, rules.kind, index, samples, onUnsupported)
    case 'comment':
      return line.at(2) === ''
        ? { error: 'expects a string as argument' }
        : { action: 'comment', index, comment: toByteString(line.at(2)) }
    default:
      return parseVariable(line, index, samples)
  }
}

/** Parses a trailing `comment <text>`. */
const commentAt = (line: Line, at: number): { readonly comment: string } | { readonly error: string } =>
  line.at(at + 1) === ''
    ? { error: "'comment' expects a string as argument." }
    : { comment: toByteString(line.at(at + 1)) }

const FIRST_STEP =
  "first step MUST also be a 'connect', optionally preceded by a 'set-var', an 'unset-var' or a 'comment', " +
  "when there is a 'connect' step in the tcp-check ruleset"

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

const parseConnect = (
  context: ParseContext,
  line: Line,
  rules: RuleSet,
  onUnsupported: OnUnsupported,
): ConnectRule | FormatProblem => {
  if (!rules.mayConnect) return { error: FIRST_STEP }
  const rule: Mutable<ConnectRule> = {
    ...IMPLICIT_CONNECT,
    index: rules.nextIndex,
    implicit: false,
    useServerOptions: false,
  }
  for (let at = 2; line.at(at) !== ''; at++) {
    const word = line.at(at)
    const flag = FLAGS[word]
    if (flag !== undefined) {
      rule[flag] = true
      continue
    }
    const option = CONNECT_OPTIONS[word]
    if (option === undefined) return { error: `${EXPECTS_CONNECT} but got '${word}' as argument.` }
    const problem = option(rule, line.at(++at), context, line)
    if (problem && 'error' in problem) return problem
    if (problem) onUnsupported(problem.notEmulated)
  }
  return rule
}

const EXPECTS_CONNECT =
  "expects 'comment', 'port', 'addr', 'send-proxy', 'ssl', 'sni', 'alpn' or 'via-socks4', 'linger', 'default'"

const FLAGS: Readonly<Record<string, 'useServerOptions' | 'sendProxy' | 'viaSocks4' | 'linger' | 'ssl' | undefined>> = {
  default: 'useServerOptions',
  'send-proxy': 'sendProxy',
  'via-socks4': 'viaSocks4',
  linger: 'linger',
  ssl: 'ssl',
}

type ConnectOption = (
  rule: Mutable<ConnectRule>,
  value: string,
  context: ParseContext,
  line: Line,
) => FormatProblem | undefined

const CONNECT_OPTIONS: Readonly<Record<string, ConnectOption | undefined>> = {
  addr: (rule, value, context) => {
    if (value === '') return { error: "'addr' expects <ipv4|ipv6> as argument." }
    const parsed = readAddress(context, value, 'check')
    if ('error' in parsed) return { error: `'addr' : ${parsed.error}.` }
    rule.address = parsed.address
    return undefined
  },
  port: (rule, value, context) => {
    if (value === '') return { error: "'port' expects a port number or a sample expression as argument." }
    if (!/^\d+$/.test(value)) {
      const expression = parseSampleExpression(value, context.options.samples)
      if ('error' in expression) return { error: `error detected while parsing port expression : ${expression.error}` }
      if (isFormatProblem(expression)) return expression
      rule.portExpression = expression
      return undefined
    }
    rule.port = Number(value)
    if (rule.port >= 1 && rule.port <= 65535) return undefined
    return { error: `expects a valid TCP port (from range 1 to 65535) or a sample expression, got ${value}.` }
  },
  proto: (_, value, _reading, line) => {
    if (value === '') return { error: "'proto' expects a MUX protocol as argument." }
    const isHttp = ['h1', 'h2', 'fcgi'].includes(value)
    if (!isHttp && value !== 'none' && value !== 'spop') return { error: `'proto' : unknown MUX protocol '${value}'.` }
    if (isHttp !== (line.at(0) === 'http-check'))
      return { error: `'proto' : invalid MUX protocol '${value}' for ${line.at(0)}` }
    return value === 'h1' || value === 'none' ? undefined : { notEmulated: `'proto ${value}'` }
  },
  comment: (rule, value) => {
    if (value === '') return { error: "'comment' expects a string as argument." }
    rule.comment = toByteString(value)
    return undefined
  },
  sni: (rule, value) => {
    if (value === '') return { error: "'sni' expects a string as argument." }
    rule.sni = value
    return undefined
  },
  alpn: (rule, value) => {
    const names = parseAlpn(value)
    if (typeof names === 'string') return { error: `'alpn' : ${names}` }
    if (names.includes('h2')) return { notEmulated: "HTTP/2 of 'alpn'" }
    rule.alpn = names
    return undefined
  },
}

const parseSend = (line: Line, index: number, samples: SampleKeywords): ParsedRule => {
  const [keyword, data] = [line.at(1), line.at(2)]
  if (data === '')
    return { error: `'${keyword === 'send-binary' ? 'binary string' : 'string'}' expects a ${keyword} as argument` }
  let comment: string | undefined
  for (let at = 3; line.at(at) !== ''; at += 2) {
    if (line.at(at) !== 'comment') return { error: `expects 'comment' but got '${line.at(at)}' as argument.` }
    const parsed = commentAt(line, at)
    if ('error' in parsed) return parsed
    comment = parsed.comment
  }
  if (keyword === 'send') return { action: 'send', index, comment, data: toByteString(data) }
  if (keyword === 'send-binary') {
    const bytes = parseHex(data)
    if (typeof bytes !== 'string') return { error: `'${data}' invalid binary string (${bytes.error}).\n` }
    return { action: 'send', index, comment, data: bytes }
  }
  const format = parseRuleFormat(data, samples)
  return isFormatProblem(format)
    ? format
    : { action: 'send', index, comment, data: { format, binary: keyword === 'send-binary-lf' } }
}

const EXPECTS_SEND = "expects 'comment', 'meth', 'uri', 'uri-lf', 'ver', 'hdr', 'body' or 'body-lf'"

const parseHttpSend = (
  line: Line,
  index: number,
  samples: SampleKeywords,
  onUnsupported: OnUnsupported,
): HttpSendRule | FormatProblem => {
  const rule: Mutable<HttpSendRule> = { ...defaultRequest(index), headers: [] }
  const headers: HttpSendRule['headers'][number][] = []
  const names: { name: string; value: string }[] = []
  for (let at = 2; line.at(at) !== ''; at += 2) {
    const [name, value] = [line.at(at), line.at(at + 1)]
    if (name === 'hdr') {
      const problem = addHeader(headers, names, value, line.at(at + 2), samples)
      if (problem && 'error' in problem) return problem
      if (problem) onUnsupported(problem.notEmulated)
      at++
      continue
    }
    if (!SEND_PARTS.has(name)) return { error: `${EXPECTS_SEND} but got '${name}' as argument.` }
    if (value === '') return { error: `'${name}' expects a string as argument.` }
    if (name === 'meth') rule.method = toByteString(value)
    else if (name === 'ver') rule.version = toByteString(value)
    else if (name === 'comment') rule.comment = toByteString(value)
    else {
      const part = name.startsWith('uri') ? 'uri' : 'body'
      const parsed = name.endsWith('-lf') ? parseRuleFormat(value, samples) : toByteString(value)
      if (typeof parsed === 'string' || !isFormatProblem(parsed)) rule[part] = parsed
      else if ('error' in parsed) return parsed
      else onUnsupported(parsed.notEmulated)
    }
  }
  rule.headers = headers
  return rule
}

const SEND_PARTS: ReadonlySet<string> = new Set(['comment', 'meth', 'uri', 'uri-lf', 'ver', 'body', 'body-lf'])

/** Adds a header. HAProxy computes the body length itself and ignores headers about it. */
const addHeader = (
  headers: HttpSendRule['headers'][number][],
  names: { name: string; value: string }[],
  name: string,
  value: string,
  samples: SampleKeywords,
): FormatProblem | undefined => {
  if (name === '' || value === '') return { error: "'hdr' expects <name> and <value> as arguments" }
  const lower = name.toLowerCase()
  if (lower === 'content-length' || lower === 'transfer-encoding') return undefined
  const host = lower === 'host' ? names.find((each) => each.name.toLowerCase() === 'host') : undefined
  if (host) return { error: `'${name}' header already defined (previous value is '${host.value}')` }
  const format = parseCheckFormat(value, samples)
  if (isFormatProblem(format)) return format
  names.push({ name, value })
  headers.push({ name: toByteString(name), value: format })
  return undefined
}

/** A request with HAProxy's defaults. */
export const defaultRequest = (index: number): HttpSendRule => ({
  action: 'http-send',
  index,
  comment: undefined,
  fromOption: false,
  method: undefined,
  uri: undefined,
  version: undefined,
  headers: [],
  body: undefined,
})

const CHECKS = placesMask('backend tcp-check rule')

/** An action on a variable. */
const parseVariable = (line: Line, index: number, samples: SampleKeywords): ParsedRule => {
  const name = variableActionName(line.at(1))!
  const parsed = parseVariableAction(line.from(0), 1, { keywords: samples, places: CHECKS })
  if ('error' in parsed) return { error: `'${name}' : ${parsed.error}` }
  const [notEmulated] = parsed.gaps
  if (notEmulated !== undefined) return { notEmulated }
  return { action: 'variable', index, comment: undefined, change: parsed.action }
}
