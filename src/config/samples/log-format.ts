/**
 * Log-formats and sample expressions of checks (`parse_logformat_string` in src/log.c, `sample_parse_expr` in src/sample.c):
 * literal text, and `%[fetch(args),converter(args)]`.
 */
import { toByteString } from '../../bytes/text.js'
import { CONVERTERS, FETCHES, OTHER_CONVERTER, OTHER_FETCH, type ConverterName, type FetchName } from './names.js'

/** A fetch followed by converters. */
export interface SampleExpression {
  readonly fetch: { readonly name: FetchName; readonly args: readonly string[] }
  readonly converters: readonly { readonly name: ConverterName; readonly args: readonly string[] }[]
}

/** A part of a log-format. Text is a byte string. */
export type LogFormatPart =
  { readonly text: string } | { readonly expression: SampleExpression; readonly mandatory: boolean }

/** A parsed log-format. */
export type LogFormat = readonly LogFormatPart[]

/** HAProxy's error message, or a feature that hapsim does not emulate. */
export type FormatProblem = { readonly error: string } | { readonly notEmulated: string }

/** Whether parsing failed. */
export const isFormatProblem = (parsed: object): parsed is FormatProblem => 'error' in parsed || 'notEmulated' in parsed

/** Parses a log-format. */
export const parseLogFormat = (format: string): LogFormat | FormatProblem => {
  const text = toByteString(format)
  const parts: LogFormatPart[] = []
  let at = 0
  while (at < text.length) {
    const plain = /^[^%]+/.exec(text.slice(at))?.[0]
    if (plain !== undefined) {
      parts.push({ text: plain })
      at += plain.length
    } else {
      const taken = parsePercent(text, at, parts)
      if (typeof taken !== 'number') return taken
      at = taken
    }
  }
  return parts
}

/** Parses the item starting with `%` at `at`; returns its end. */
const parsePercent = (text: string, at: number, parts: LogFormatPart[]): number | FormatProblem => {
  const flags = /^%\{([^}]*)\}/.exec(text.slice(at))
  const begin = at + (flags ? flags[0].length : 1)
  if (begin >= text.length) return { error: `truncated line after '%'` }
  if (text[begin] === '%') {
    parts.push({ text: '%' })
    return begin + 1
  }
  if (text[begin] !== '[') {
    const alias = /^[A-Za-z0-9]+/.exec(text.slice(begin))?.[0] ?? ''
    if (ALIASES.has(alias)) return { notEmulated: `'%${alias}'` }
    return {
      error: `no such format alias '${alias}'. If you wanted to emit the '%' character verbatim, you need to use '%%'`,
    }
  }
  const parsed = parseExpression(text, begin + 1)
  if ('error' in parsed) {
    const shown = text.slice(begin + 1)
    return { error: `failed to parse sample expression <${shown}> : ${parsed.error}` }
  }
  if (isFormatProblem(parsed)) return parsed
  const { end, expression } = parsed
  const name = text.slice(begin + 1, end)
  if (text[end] === undefined) return { error: `missing ']' after '${name}'` }
  if (text[end] !== ']') return { error: `expected ']' after '${name}', but found '${text[end]}'` }
  parts.push({ expression, mandatory: flags?.[1]?.includes('+M') ?? false })
  return end + 1
}

/** Log-format aliases, none of which is emulated in checks (`logformat_aliases` in src/log.c). */
const ALIASES: ReadonlySet<string> = new Set(
  'o Bi Bp Bq B CC CS Fi Fp Fc H HM HP HPO HQ HU HV ID OG Q R S Si Sp ST Tl Tla Tc Th Ti Td TR Ta Tr Tq Ts Tt Tu Tw Tx U ac b bc bi bp bq br cf ci cp cr fc f ft hr hrl hs hsl lc ms pid rc rt s sc si sp sq sr st t tr trg trl ts tsc T'.split(
    ' ',
  ),
)

/** Parses a sample expression, as in `set-var` and `status-code`. */
export const parseSampleExpression = (text: string): SampleExpression | FormatProblem => {
  const parsed = parseExpression(text, 0)
  if (isFormatProblem(parsed)) return parsed
  return parsed.end === text.length
    ? parsed.expression
    : { error: `trailing garbage after '${text.slice(0, parsed.end)}'` }
}

type Parsed = { readonly expression: SampleExpression; readonly end: number }

const parseExpression = (text: string, from: number): Parsed | FormatProblem => {
  const fetch = parseCall(text, from)
  if ('error' in fetch) return fetch
  const problem = fetchProblem(fetch)
  if (problem) return problem
  const converters: SampleExpression['converters'][number][] = []
  let end = fetch.end
  while (text[end] === ',') {
    const converter = parseCall(text, end + 1)
    if ('error' in converter) return converter
    const invalid = converterProblem(converter)
    if (invalid) return invalid
    converters.push({ name: converter.name as ConverterName, args: converter.args })
    end = converter.end
  }
  return { expression: { fetch: { name: fetch.name as FetchName, args: fetch.args }, converters }, end }
}

interface CallText {
  readonly name: string
  readonly args: readonly string[]
  readonly end: number
}

/** Parses `name` or `name(arg,"arg",'arg')` (`make_arg_list`). */
const parseCall = (text: string, from: number): CallText | { readonly error: string } => {
  const name = /^[A-Za-z0-9_.-]*/.exec(text.slice(from))![0]
  let at = from + name.length
  if (text[at] !== '(') return { name, args: [], end: at }
  const args: string[] = []
  let arg = ''
  let quote = ''
  for (at++; at < text.length; at++) {
    const char = text[at]!
    if (quote !== '') {
      if (char === quote) quote = ''
      else if (char === '\\' && quote === '"') arg += unescaped(text[++at] ?? '')
      else arg += char
    } else if (char === '"' || char === "'") quote = char
    else if (char === '\\') arg += unescaped(text[++at] ?? '')
    else if (char === ',') {
      args.push(arg)
      arg = ''
    } else if (char === ')') {
      if (arg !== '' || args.length > 0) args.push(arg)
      return { name, args, end: at + 1 }
    } else arg += char
  }
  return { error: `${name}: missing closing ')'` }
}

const unescaped = (char: string): string => (char === 'n' ? '\n' : char === 'r' ? '\r' : char === 't' ? '\t' : char)

const fetchProblem = ({ name, args }: CallText): FormatProblem | undefined => {
  if (!Object.hasOwn(FETCHES, name))
    return OTHER_FETCH.test(name)
      ? { notEmulated: `the sample fetch '${name}'` }
      : { error: name === '' ? 'missing fetch method' : `unknown fetch method '${name}'` }
  const [min] = FETCHES[name as FetchName]
  if (args.length < min)
    return {
      error: `fetch method '${name}' : expected type '${name === 'res.payload' ? 'integer' : 'string'}' at position ${args.length + 1}, but got nothing`,
    }
  if (name !== 'var') return undefined
  const problem = variableProblem(args[0]!)
  return problem === undefined ? undefined : { error: `invalid args in fetch method 'var' : ${problem}` }
}

const converterProblem = ({ name, args }: CallText): FormatProblem | undefined => {
  if (!Object.hasOwn(CONVERTERS, name))
    return OTHER_CONVERTER.test(name)
      ? { notEmulated: `the converter '${name}'` }
      : { error: `unknown converter '${name}'` }
  const [min, max] = CONVERTERS[name as ConverterName]
  if (args.length < min)
    return {
      error: `invalid args in converter '${name}' : expected type 'string' at position ${args.length + 1}, but got nothing`,
    }
  if (args.length > max)
    return {
      error: `invalid args in converter '${name}' : end of arguments expected at position ${max + 1}, but got '${args[max]}'`,
    }
  return undefined
}

/** Validates a variable name (`vars_fill_desc` in src/vars.c). */
export const variableProblem = (name: string): string | undefined => {
  if (name === '') return 'Empty variable name cannot be accepted'
  if (/^(?:proc|p?sess|p?txn|p?req|p?res|check)\.[A-Za-z0-9_.]+$/.test(name)) return undefined
  return (
    `invalid variable name '${name}'. A variable name must start with its scope. ` +
    "The scope can be 'proc', '(p)sess', '(p)txn', '(p)req', '(p)res' or 'check'"
  )
}

/** Parses the log-format of a check rule, with the error message of rules. */
export const parseRuleFormat = (text: string): LogFormat | FormatProblem => {
  const format = parseLogFormat(text)
  return 'error' in format ? { error: `'${text}' invalid log-format string (${format.error}).\n` } : format
}
