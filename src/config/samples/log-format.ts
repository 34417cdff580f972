/**
 * Log-formats and sample expressions of checks (`parse_logformat_string` in src/log.c, `sample_parse_expr` in src/sample.c):
 * literal text, and `%[fetch(args),converter(args)]`.
 */
import { toByteString } from '../../bytes/text.js'
import { parseExpression, type ParsedExpression, type SampleExpression } from './expression.js'
import type { SampleKeywords } from './keywords.js'

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
export const parseLogFormat = (format: string, keywords: SampleKeywords): LogFormat | FormatProblem => {
  const text = toByteString(format)
  const parts: LogFormatPart[] = []
  let at = 0
  while (at < text.length) {
    const plain = /^[^%]+/.exec(text.slice(at))?.[0]
    if (plain !== undefined) {
      parts.push({ text: plain })
      at += plain.length
    } else {
      const taken = parsePercent(text, at, parts, keywords)
      if (typeof taken !== 'number') return taken
      at = taken
    }
  }
  return parts
}

/** Parses the item starting with `%` at `at`; returns its end. */
const parsePercent = (
  text: string,
  at: number,
  parts: LogFormatPart[],
  keywords: SampleKeywords,
): number | FormatProblem => {
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
  const parsed = emulated(parseExpression([text], 0, begin + 1, true, keywords))
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

/** A parsed expression, or the first of it that is not emulated. */
const emulated = (parsed: ParsedExpression): ParsedExpression | FormatProblem => {
  if ('error' in parsed) return parsed
  const [notEmulated] = parsed.expression.gaps
  return notEmulated === undefined ? parsed : { notEmulated }
}

/** Parses a sample expression that is a whole word, as in `status-code`. */
export const parseSampleExpression = (text: string, keywords: SampleKeywords): SampleExpression | FormatProblem => {
  const parsed = emulated(parseExpression([text], 0, 0, true, keywords))
  if (isFormatProblem(parsed)) return parsed
  return parsed.end === text.length
    ? parsed.expression
    : { error: `trailing garbage after '${text.slice(0, parsed.end)}'` }
}

/** Parses the log-format of a check rule, with the error message of rules. */
export const parseRuleFormat = (text: string, keywords: SampleKeywords): LogFormat | FormatProblem => {
  const format = parseLogFormat(text, keywords)
  return 'error' in format ? { error: `'${text}' invalid log-format string (${format.error}).\n` } : format
}
