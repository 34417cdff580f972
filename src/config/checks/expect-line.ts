/** `tcp-check expect` and `http-check expect` (`parse_tcpcheck_expect` in src/tcpcheck.c). */
import { atol } from '../../bytes/integers.js'
import { firstByte, fromByteString, toByteString } from '../../bytes/text.js'
import { compileRegex, isRegexError, type Regex } from '../../regex/index.js'
import { parseHex } from '../syntax/bytes.js'
import { defaultExpect, type ExpectPattern, type ExpectRule, type HeaderPattern, type RuleStatus } from './rules.js'
import type { Line } from '../syntax/line.js'
import type { SampleKeywords } from '../samples/keywords.js'
import { parseRuleFormat, isFormatProblem, parseSampleExpression, type FormatProblem } from '../samples/log-format.js'

/** Placeholder until the pattern has been parsed. */
const NO_PATTERN: ExpectPattern = { type: 'string', data: '' }

type Mutable<T> = { -readonly [K in keyof T]: T[K] }
type Kind = 'tcp' | 'http'

/** The pattern as written. */
type Written =
  | { readonly type: string; readonly text: string }
  | { readonly type: 'hdr' | 'fhdr'; readonly name: WrittenHeader; readonly value: WrittenHeader | undefined }

interface WrittenHeader {
  readonly method: HeaderPattern['method']
  readonly text: string
  readonly isFormat: boolean
}

const TEXTS: Readonly<Record<Kind, ReadonlySet<string>>> = {
  tcp: new Set(['string', 'rstring', 'binary', 'rbinary', 'string-lf', 'binary-lf']),
  http: new Set(['string', 'rstring', 'string-lf', 'status', 'rstatus']),
}

const ONLY_TCP =
  "'only supports min-recv, '[!]binary', '[!]string', '[!]rstring', '[!]string-lf''[!]rbinary', '[!]binary-lf' or " +
  'comment but got '
const ONLY_HTTP =
  "'only supports min-recv, [!]string', '[!]rstring', '[!]string-lf', '[!]status', '[!]rstatus', [!]hdr, [!]fhdr or " +
  'comment but got '

interface ParseState {
  readonly line: Line
  readonly kind: Kind
  at: number
  written: Written | undefined
  inverse: boolean
  readonly rule: Mutable<ExpectRule>
  readonly samples: SampleKeywords
  /** called for settings that hapsim does not emulate */
  readonly onUnsupported: (what: string) => void
}

/** Parses an `expect` rule; returns it or what is wrong. */
export const parseExpect = (
  line: Line,
  kind: Kind,
  index: number,
  samples: SampleKeywords,
  onUnsupported: ParseState['onUnsupported'],
): ExpectRule | FormatProblem => {
  if (line.at(2) === '') return { error: 'expects at least a matching pattern as arguments' }
  const rule = defaultExpect(index, NO_PATTERN)
  const state: ParseState = { line, kind, at: 2, written: undefined, inverse: false, rule, samples, onUnsupported }
  while (line.at(state.at) !== '') {
    const problem = readWord(state)
    if (problem !== undefined) return problem
  }
  if (state.written === undefined) return { error: 'pattern not found' }
  const pattern = compile(state, state.written)
  if (isFormatProblem(pattern)) return pattern
  return { ...state.rule, pattern, inverse: state.inverse }
}

const readWord = (state: ParseState): FormatProblem | undefined => {
  const { line, kind } = state
  let word = line.at(state.at)
  const negations = /^!+/.exec(word)?.[0].length ?? 0
  if (negations > 0) {
    if (negations % 2 === 1) state.inverse = !state.inverse
    word = word.slice(negations)
    if (word === '') word = line.at(++state.at)
  }
  const isHeader = kind === 'http' && (word === 'hdr' || word === 'fhdr')
  if (TEXTS[kind].has(word) || isHeader) {
    if (state.written !== undefined) return { error: 'only one pattern expected' }
    return isHeader ? readHeader(state, word as 'hdr' | 'fhdr') : readText(state, word)
  }
  if (word === 'custom') return { notEmulated: "'expect custom'" }
  const setting = Object.hasOwn(SETTINGS, word) ? SETTINGS[word]! : undefined
  if (setting === undefined) return { error: `${kind === 'http' ? ONLY_HTTP : ONLY_TCP}'${word}' as argument.` }
  if (negations > 0) return { error: `[!] not supported with '${word}'` }
  const value = line.at(state.at + 1)
  if (value === '')
    return {
      error: `'${word}' expects ${word === 'min-recv' ? 'a integer' : word === 'status-code' ? 'an expression' : 'a string'} as argument`,
    }
  state.at += 2
  const problem = setting(state.rule, value, state.samples)
  if (!problem || 'error' in problem) return problem
  state.onUnsupported(problem.notEmulated)
  return undefined
}

const readText = (state: ParseState, type: string): FormatProblem | undefined => {
  const text = state.line.at(state.at + 1)
  if (text === '') return { error: `'${type}' expects a <pattern> as argument` }
  state.written = { type, text }
  state.at += 2
  return undefined
}

const statusSetting =
  (
    key: 'okStatus' | 'errorStatus' | 'timeoutStatus',
    name: string,
    allowed: readonly RuleStatus[],
    expected: string,
  ): ((rule: Mutable<ExpectRule>, value: string) => FormatProblem | undefined) =>
  (rule, value) => {
    const status = allowed.find((each) => each === value.toUpperCase())
    if (status === undefined) return { error: `'${name}' only supports ${expected} status (got '${value}').` }
    rule[key] = status
    return undefined
  }

type Setting = (rule: Mutable<ExpectRule>, value: string, samples: SampleKeywords) => FormatProblem | undefined

const formatSetting =
  (key: 'onSuccess' | 'onError'): Setting =>
  (rule, value, samples) => {
    const format = parseRuleFormat(value, samples)
    if (isFormatProblem(format)) return format
    rule[key] = format
    return undefined
  }

const SETTINGS: Readonly<Record<string, Setting>> = {
  'min-recv': (rule, value) => {
    rule.minRecv = atol(value)
    if (rule.minRecv >= -1 && rule.minRecv <= 0x7fffffff) return undefined
    return { error: "'min-recv' expects -1 or an integer from 0 to INT_MAX" }
  },
  comment: (rule, value) => {
    rule.comment = toByteString(value)
    return undefined
  },
  'on-success': formatSetting('onSuccess'),
  'on-error': formatSetting('onError'),
  'ok-status': statusSetting(
    'okStatus',
    'ok-status',
    ['L7OK', 'L7OKC', 'L6OK', 'L4OK'],
    "'L4OK', 'L6OK', 'L7OK' or 'L7OKC'",
  ),
  'error-status': statusSetting(
    'errorStatus',
    'error-status',
    ['L7RSP', 'L7STS', 'L7OKC', 'L6RSP', 'L4CON'],
    "'L4CON', 'L6RSP', 'L7RSP' or 'L7STS'",
  ),
  'tout-status': statusSetting(
    'timeoutStatus',
    'tout-status',
    ['L7TOUT', 'L6TOUT', 'L4TOUT'],
    "'L4TOUT', 'L6TOUT' or 'L7TOUT'",
  ),
  'status-code': (rule, value, samples) => {
    const expression = parseSampleExpression(value, samples)
    if ('error' in expression)
      return { error: `error detected while parsing status-code expression : ${expression.error}` }
    if (isFormatProblem(expression)) return expression
    rule.statusCode = expression
    return undefined
  },
}

const METHODS: readonly HeaderPattern['method'][] = ['str', 'beg', 'end', 'sub', 'reg']

const readHeader = (state: ParseState, type: 'hdr' | 'fhdr'): FormatProblem | undefined => {
  const { line } = state
  const keyword = line.at(state.at + 1)
  if ((keyword !== 'name' && keyword !== 'name-lf') || line.at(state.at + 2) === '')
    return { error: `'${type}' expects at the name keyword as first argument followed by a pattern` }
  state.at += 2
  const name = readHeaderPattern(state, type, keyword === 'name-lf')
  if ('error' in name) return name
  const next = line.at(state.at)
  if (next !== 'value' && next !== 'value-lf') {
    state.written = { type, name, value: undefined }
    return undefined
  }
  state.at++
  const value = readHeaderPattern(state, type, next === 'value-lf')
  if ('error' in value) return value
  if (value.text === '') return { error: `'${type}' expect a pattern with the value keyword` }
  state.written = { type, name, value }
  return undefined
}

const readHeaderPattern = (
  state: ParseState,
  type: string,
  isFormat: boolean,
): WrittenHeader | { readonly error: string } => {
  const { line } = state
  let method: HeaderPattern['method'] = 'str'
  if (line.at(state.at) === '-m') {
    const word = line.at(state.at + 1)
    if (word === '')
      return { error: `'${type}' : '-m' expects at a matching pattern ('str', 'beg', 'end', 'sub' or 'reg')` }
    const found = METHODS.find((each) => each === word)
    if (found === undefined)
      return { error: `'${type}' : '-m' only supports 'str', 'beg', 'end', 'sub' or 'reg' (got '${word}')` }
    if (found === 'reg' && isFormat)
      return { error: `'${type}': log-format string is not supported with a regex matching method` }
    method = found
    state.at += 2
  }
  return { method, text: line.at(state.at++), isFormat }
}

const compile = (state: ParseState, written: Written): ExpectPattern | FormatProblem => {
  const { kind } = state
  if ('name' in written) return compileHeader(state, written)
  const { type, text } = written
  if (type === 'status') return parseRanges(text)
  if (type === 'rstring' || type === 'rbinary' || type === 'rstatus') {
    const regex = regexOf(text, false, state)
    if ('error' in regex) return regex
    return { type: kind === 'tcp' ? (type as 'rstring') : type === 'rstatus' ? 'http-rstatus' : 'http-rbody', regex }
  }
  if (type === 'string-lf' || type === 'binary-lf') {
    const format = parseRuleFormat(text, state.samples)
    if (isFormatProblem(format)) return format
    return { type: kind === 'tcp' ? type : 'http-body-lf', format }
  }
  if (type === 'binary') {
    const data = parseHex(text)
    return typeof data === 'string' ? { type, data } : { error: `invalid binary string (${data.error})` }
  }
  return { type: kind === 'tcp' ? 'string' : 'http-body', data: toByteString(text) }
}

const compileHeader = (
  state: ParseState,
  written: Extract<Written, { name: unknown }>,
): ExpectPattern | FormatProblem => {
  const name = compileHeaderPattern(state, written.name, true)
  if (isFormatProblem(name)) return name
  const value = written.value && compileHeaderPattern(state, written.value, false)
  if (value && isFormatProblem(value)) return value
  return { type: 'http-header', name, value, full: written.type === 'fhdr' || value === undefined }
}

const compileHeaderPattern = (
  state: ParseState,
  { method, text, isFormat }: WrittenHeader,
  ignoreCase: boolean,
): HeaderPattern | FormatProblem => {
  if (method === 'reg') {
    const regex = regexOf(text, ignoreCase, state)
    return 'error' in regex ? regex : { method, pattern: regex }
  }
  if (!isFormat) return { method, pattern: toByteString(text) }
  const format = parseRuleFormat(text, state.samples)
  return isFormatProblem(format) ? format : { method, pattern: format }
}

/** Compiles a regular expression, which does not capture here. */
const regexOf = (text: string, ignoreCase: boolean, state: ParseState): Regex | { readonly error: string } => {
  const regex = compileRegex(toByteString(text), { ignoreCase, captures: false })
  if (isRegexError(regex)) return { error: fromByteString(regex.error) }
  for (const gap of regex.gaps) state.onUnsupported(gap)
  return regex
}

const parseRanges = (text: string): ExpectPattern | FormatProblem => {
  const ranges: [number, number][] = []
  let rest = text
  for (;;) {
    const [all, first, dash, second] = /^(\d*)(-?)(\d*)/.exec(rest)!
    const from = Number(first)
    const to = dash === '' ? from : Number(second)
    if (from > to) return { error: `invalid range of status codes '${text}'` }
    ranges.push([from, to])
    rest = rest.slice(dash === '' ? first!.length : all.length)
    if (rest === '') return { type: 'http-status', ranges }
    if (rest[0] !== ',') return { error: `invalid character '${firstByte(rest)}' in the list of status codes` }
    rest = rest.slice(1)
  }
}
