/**
 * Log-formats: text, aliases such as `%ci`, and expressions such as `%[src,ipmask(24)]` (`lf_expr_compile` in src/log.c). A rule or setting
 * that takes one calls {@link parseLogFormat} with where the format is evaluated:
 *
 *     const format = parseLogFormat(line.at(2), { keywords: context.options.samples, places: placesMask('logs') })
 *     for (const warning of format.warnings) context.warn(line, warning)
 *     if ('error' in format) return context.alert(line, `… : ${format.error}.`)
 *
 * `format.gaps` names fetches and converters that are not emulated; {@link formatExpressions} has the expressions, whose arguments
 * are resolved like those of others.
 */
import { fromByteString, toByteString } from '../../bytes/text.js'
import { logAlias, type LogAlias } from '../known/log-aliases.js'
import { parseExpression, type SampleExpression } from './expression.js'
import {
  applyOptions,
  commonOptions,
  effectiveOptions,
  hasNoOptions,
  NO_OPTIONS,
  type Encoding,
  type FormatOptions,
} from './format-options.js'
import type { SampleKeywords } from './keywords.js'
import { PLACES, placesMask, sourceNames, sourcesMask } from './places.js'

/** The type of a value, as `%(name:type)` gives it; `same`: as it is. It matters with an encoding. */
export type FormatType = 'same' | 'str' | 'sint' | 'bool' | 'raw'

/** An alias or an expression. */
interface FormatField {
  /** the key of the value in a map; empty: none */
  readonly name: string
  readonly type: FormatType
  readonly options: FormatOptions
}

/** An item of a log-format. Text is a byte string. */
export type LogFormatItem =
  | { readonly kind: 'text'; readonly text: string }
  /** a space that is left out after another one, and at the beginning */
  | { readonly kind: 'space' }
  | (FormatField & { readonly kind: 'alias'; readonly alias: LogAlias })
  | (FormatField & {
      readonly kind: 'expression'
      readonly expression: SampleExpression
      /** evaluated for the request, and if it has no value there, for the response; for none of them in the configuration parser */
      readonly request: boolean
      readonly response: boolean
    })

/** A parsed log-format. */
export interface LogFormat {
  readonly items: readonly LogFormatItem[]
  /** `%{+json}o`, `%{+cbor}o`: the values that have names make a map, and text is left out */
  readonly encoding: Encoding
  /** `%{+bin}o` */
  readonly binary: boolean
  /** values are escaped as in HTTP header fields: `%` and two hexadecimal digits */
  readonly http: boolean
  /** fetches and converters that HAProxy has and hapsim does not emulate: they have no value */
  readonly gaps: readonly string[]
  /** warnings in HAProxy's words, without a line feed */
  readonly warnings: readonly string[]
}

/** What is wrong with a log-format in HAProxy's words, after the warnings that came first. */
export interface LogFormatError {
  readonly error: string
  readonly warnings: readonly string[]
}

/** Where a log-format is used. */
export interface FormatUse {
  readonly keywords: SampleKeywords
  /** where it is evaluated: bits of {@link PLACES}, of which each fetch must know one */
  readonly places: number
  /** its values become HTTP header fields or parts of URIs (`LOG_OPT_HTTP`) */
  readonly http?: boolean
  /** `+M` is the default (`LOG_OPT_MANDATORY`) */
  readonly mandatory?: boolean
  /** consecutive spaces become one (`LOG_OPT_MERGE_SPACES`) */
  readonly mergeSpaces?: boolean
  /** settings of proxies are final, as in `global` and in the runtime API: aliases that change some are refused (`PR_FL_CHECKED`) */
  readonly isFinal?: boolean
}

/** Parses a log-format. */
export const parseLogFormat = (format: string, use: FormatUse): LogFormat | LogFormatError =>
  new FormatParser(toByteString(format), use).parse()

/** The expressions of a log-format, in the order of the text. */
export const formatExpressions = ({ items }: LogFormat): readonly SampleExpression[] =>
  items.flatMap((item) => (item.kind === 'expression' ? [item.expression] : []))

/** The log-format of a text that is taken as it is. @param text a byte string */
export const literalFormat = (text: string): LogFormat => ({
  items: text === '' ? [] : [{ kind: 'text', text }],
  encoding: 'none',
  binary: false,
  http: false,
  gaps: [],
  warnings: [],
})

/** Places that belong to a request and to a response (`SMP_VAL_REQUEST`, `SMP_VAL_RESPONSE`). */
const CHECKS = placesMask('backend tcp-check rule')
const REQUEST_PLACES = ((1 << PLACES.indexOf('server source selection')) - 1) | CHECKS
const RESPONSE_PLACES =
  placesMask(...PLACES.slice(PLACES.indexOf('server source selection'), PLACES.indexOf('logs') + 1)) | CHECKS

const BUFFERS = sourcesMask('request buffer', 'response buffer')

/** Thrown within the parser. */
class FormatMistake extends Error {}

class FormatParser {
  #at = 0
  /** options of the items that follow */
  #options: FormatOptions
  /** what all `%o` so far have in common */
  #common = NO_OPTIONS
  #hasCommon = false
  readonly #items: LogFormatItem[] = []
  readonly #warnings: string[] = []

  constructor(
    readonly text: string,
    readonly use: FormatUse,
  ) {
    this.#options = use.mandatory ? { ...NO_OPTIONS, mandatory: true } : NO_OPTIONS
  }

  parse(): LogFormat | LogFormatError {
    const warnings = this.#warnings
    try {
      while (this.#at < this.text.length) {
        if (this.text[this.#at] === '%') this.#parseItem()
        else this.#parseText()
      }
    } catch (mistake) {
      if (!(mistake instanceof FormatMistake)) throw mistake
      return { error: fromByteString(mistake.message), warnings }
    }
    const changing = this.use.isFinal ? this.#items.find(changesSettings) : undefined
    if (changing?.kind === 'alias')
      return { error: `error while configuring format alias '${changing.alias.name}'`, warnings }
    const http = this.use.http ?? false
    const common = effectiveOptions(this.#common, this.#common, http)
    const items = this.#items.map((item) =>
      'options' in item ? { ...item, options: effectiveOptions(item.options, common, http) } : item,
    )
    const gaps = items.flatMap((item) => (item.kind === 'expression' ? item.expression.gaps : []))
    return { items, encoding: common.encoding, binary: common.binary, http, gaps, warnings }
  }

  /** Text up to the next `%` or, where spaces are merged, a space. The first character always belongs to it. */
  #parseText(): void {
    const from = this.#at++
    const { mergeSpaces } = this.use
    if (mergeSpaces && this.text[from] === ' ') {
      this.#items.push({ kind: 'space' })
      return
    }
    while (this.#at < this.text.length && this.text[this.#at] !== '%' && !(mergeSpaces && this.text[this.#at] === ' '))
      this.#at++
    this.#items.push({ kind: 'text', text: this.text.slice(from, this.#at) })
  }

  /** An item that begins with `%`. */
  #parseItem(): void {
    const { text } = this
    this.#at++
    const { name, type } = text[this.#at] === '(' ? this.#parseName() : UNNAMED
    let options: string | undefined
    if (text[this.#at] === '{') {
      options = this.#parseBraces()
      if (!/[[a-zA-Z0-9]/.test(text[this.#at] ?? ''))
        throw new FormatMistake(`parse argument modifier without alias name near '%{${options}}'`)
    }
    const char = text[this.#at]
    if (char === undefined) throw new FormatMistake("truncated line after '%'")
    if (options === undefined && /[0-9 \t]/.test(char))
      throw new FormatMistake(
        `unexpected alias name near '${char}' at position ${this.#at} line : '${text}'. ` +
          "Maybe you want to write a single '%', use the syntax '%%'",
      )
    const field = { name, type, options: applyOptions(this.#options, options ?? '') }
    if (char === '[') this.#parseExpression(field)
    else if (/[a-zA-Z0-9]/.test(char)) this.#parseAlias(field)
    // `%%`, or the sign is left out
    else this.#parseText()
  }

  /** `(name)` or `(name:type)` */
  #parseName(): { name: string; type: FormatType } {
    const { text } = this
    const [, name = '', colon = '', typeName = ''] = /^\(([\w-]*)(:?)([\w-]*)/.exec(text.slice(this.#at))!
    const typeAt = this.#at + 1 + name.length + colon.length
    this.#at = typeAt + typeName.length
    const char = text[this.#at]
    // C ends the message at the NUL
    if (char === undefined) throw new FormatMistake("invalid character in custom name near '")
    if (char !== ')')
      throw new FormatMistake(
        `invalid character in custom name near '${char}' at position ${this.#at} line : '${text}'`,
      )
    if (colon !== '' && !isType(typeName))
      throw new FormatMistake(
        `unexpected output type '${typeName}' at position ${typeAt} line : '${text}'. ` +
          'Supported types are: str, sint, bool, raw',
      )
    this.#at++
    return { name, type: isType(typeName) ? typeName : 'same' }
  }

  /** What is between braces. */
  #parseBraces(): string {
    const from = this.#at + 1
    const end = this.text.indexOf('}', from)
    if (end < 0) throw new FormatMistake(`truncated line after '${this.text.slice(from)}'`)
    this.#at = end + 1
    return this.text.slice(from, end)
  }

  #parseAlias(field: FormatField): void {
    const [name] = /^[a-zA-Z0-9]+/.exec(this.text.slice(this.#at))!
    this.#at += name.length
    const alias = logAlias(name)
    if (!alias)
      throw new FormatMistake(
        `no such format alias '${name}'. If you wanted to emit the '%' character verbatim, you need to use '%%'`,
      )
    if (name === 'o') this.#setOptions(field.options)
    else this.#items.push({ kind: 'alias', alias, ...field })
  }

  /** `%{…}o`: options of the items that follow. What is common to all of these counts for the format as a whole. */
  #setOptions(options: FormatOptions): void {
    const { http, mergeSpaces } = this.use
    const isUnset = !this.#hasCommon || (!http && !mergeSpaces && hasNoOptions(this.#common))
    this.#common = isUnset ? options : commonOptions(this.#common, options)
    this.#hasCommon = true
    this.#options = options
  }

  #parseExpression(field: FormatField): void {
    const { text, use } = this
    const from = this.#at + 1
    const rest = text.slice(from)
    const parsed = parseExpression([text], 0, from, true, use.keywords)
    if ('error' in parsed) throw new FormatMistake(`failed to parse sample expression <${rest}> : ${parsed.error}`)
    const { expression, end } = parsed
    const places = expression.places & use.places
    if (places === 0)
      throw new FormatMistake(
        `sample fetch <${expression.fetch.name}> may not be reliably used here because it needs ` +
          `'${sourceNames(expression.sources)}' which is not available here`,
      )
    if (use.http && (expression.sources & BUFFERS) !== 0)
      this.#warnings.push(`L6 sample fetch <${expression.fetch.name}> ignored in HTTP log-format string.`)
    const char = text[end] ?? '\0'
    if (char !== ']')
      throw new FormatMistake(
        /[\x20-\x7e]/.test(char)
          ? `expected ']' after '${text.slice(from, end)}', but found '${char}'`
          : `missing ']' after '${text.slice(from, end)}'`,
      )
    this.#at = end + 1
    const request = (places & REQUEST_PLACES) !== 0
    const response = (places & RESPONSE_PLACES) !== 0
    this.#items.push({ kind: 'expression', expression, request, response, ...field })
  }
}

/** Whether the source addresses of server connections have to be known, which HAProxy does not look up otherwise. */
const changesSettings = (item: LogFormatItem): boolean =>
  item.kind === 'alias' && item.alias.needs.includes('backend address')

const UNNAMED = { name: '', type: 'same' } as const

const isType = (name: string): name is FormatType =>
  name === 'str' || name === 'sint' || name === 'bool' || name === 'raw'

/** HAProxy's error message, or a feature that hapsim does not emulate. */
export type FormatProblem = { readonly error: string } | { readonly notEmulated: string }

/** Whether parsing failed. */
export const isFormatProblem = (parsed: object): parsed is FormatProblem => 'error' in parsed || 'notEmulated' in parsed

/** The value, or the first part of it that is not emulated. */
const emulated = <T extends { readonly gaps: readonly string[] }>(parsed: T): T | FormatProblem =>
  parsed.gaps.length > 0 ? { notEmulated: parsed.gaps[0]! } : parsed

/** Parses a log-format of a check. */
export const parseCheckFormat = (text: string, keywords: SampleKeywords): LogFormat | FormatProblem => {
  const format = parseLogFormat(text, { keywords, places: CHECKS })
  return 'error' in format ? format : emulated(format)
}

/** Parses a log-format of a check, with the error message of rules. */
export const parseRuleFormat = (text: string, keywords: SampleKeywords): LogFormat | FormatProblem => {
  const format = parseCheckFormat(text, keywords)
  return 'error' in format ? { error: `'${text}' invalid log-format string (${format.error}).\n` } : format
}

/** Parses a sample expression that is a whole word, as in `status-code`. */
export const parseSampleExpression = (text: string, keywords: SampleKeywords): SampleExpression | FormatProblem => {
  const parsed = parseExpression([text], 0, 0, true, keywords)
  if ('error' in parsed) return parsed
  if (parsed.expression.gaps.length > 0) return emulated(parsed.expression)
  return parsed.end === text.length
    ? parsed.expression
    : { error: `trailing garbage after '${text.slice(0, parsed.end)}'` }
}
