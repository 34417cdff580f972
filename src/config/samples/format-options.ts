/** Options of the items of log-formats: `%{+Q,-E,+json}alias` (`parse_logformat_node_args` and `lf_expr_postcheck` in src/log.c). */

/** How values are written as a whole. */
export type Encoding = 'none' | 'json' | 'cbor'

/** Options of an item. Escaping is not combined with an encoding. */
export interface FormatOptions {
  /** `+X`: addresses, ports and some numbers in hexadecimal */
  readonly hexadecimal: boolean
  /** `+M`: `-` in place of nothing */
  readonly mandatory: boolean
  /** `+Q`: in double quotes */
  readonly quote: boolean
  /** `+E`: a backslash before `"`, `\` and `]` */
  readonly escape: boolean
  /** `+bin`: binary values and CBOR as they are; only effective where it is set for all items */
  readonly binary: boolean
  /** `+json`, `+cbor` */
  readonly encoding: Encoding
}

export const NO_OPTIONS: FormatOptions = {
  hexadecimal: false,
  mandatory: false,
  quote: false,
  escape: false,
  binary: false,
  encoding: 'none',
}

const SWITCHES: Readonly<Record<string, Exclude<keyof FormatOptions, 'encoding'> | undefined>> = {
  X: 'hexadecimal',
  M: 'mandatory',
  Q: 'quote',
  E: 'escape',
  bin: 'binary',
}

const isEncoding = (name: string): name is Encoding => name === 'json' || name === 'cbor'

/**
 * The options after those in braces have been applied. HAProxy ignores unknown options, and options without a sign. In each part between
 * commas the last sign counts, with what follows it.
 */
export const applyOptions = (options: FormatOptions, text: string): FormatOptions => {
  let result = options
  for (const part of text.split(',')) {
    const sign = Math.max(part.lastIndexOf('+'), part.lastIndexOf('-'))
    if (sign < 0) continue
    const name = part.slice(sign + 1)
    const isSet = part[sign] === '+'
    const option = SWITCHES[name]
    if (option !== undefined) result = { ...result, [option]: isSet }
    else if (isEncoding(name)) result = { ...result, encoding: encodingAfter(result.encoding, name, isSet) }
  }
  return result
}

/** An encoding is not replaced by another one. */
const encodingAfter = (current: Encoding, named: Encoding, isSet: boolean): Encoding => {
  if (isSet) return current === 'none' ? named : current
  return current === named ? 'none' : current
}

/** What both have set. */
export const commonOptions = (a: FormatOptions, b: FormatOptions): FormatOptions => ({
  hexadecimal: a.hexadecimal && b.hexadecimal,
  mandatory: a.mandatory && b.mandatory,
  quote: a.quote && b.quote,
  escape: a.escape && b.escape,
  binary: a.binary && b.binary,
  encoding: a.encoding === b.encoding ? a.encoding : 'none',
})

/** Whether no option is set. */
export const hasNoOptions = ({ hexadecimal, mandatory, quote, escape, binary, encoding }: FormatOptions): boolean =>
  !hexadecimal && !mandatory && !quote && !escape && !binary && encoding === 'none'

/**
 * The effective options of an item: an encoding that is common to all items prevails, `+bin` counts only if it is, and values that are
 * escaped for HTTP are not encoded otherwise.
 * @param common the options that all items have
 */
export const effectiveOptions = (options: FormatOptions, common: FormatOptions, isHttp: boolean): FormatOptions => {
  const encoding = isHttp ? 'none' : common.encoding === 'none' ? options.encoding : common.encoding
  return { ...options, encoding, binary: common.binary, escape: options.escape && encoding === 'none' }
}
