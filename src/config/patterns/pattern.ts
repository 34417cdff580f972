/** Parsing of patterns (`pat_parse_…` in src/pattern.c and src/http_acl.c). Text is a byte string. */
import { strl2llrc } from '../../bytes/integers.js'
import { lowerCase } from '../../http/characters.js'
import { compileRegex, isRegexError, type Regex } from '../../regex/index.js'
import type { PatternKind } from './match-method.js'
import { parseNetwork, type Subnet } from './network.js'

/** A range of integers; undefined: no limit on that side. */
export interface IntegerRange {
  readonly min: bigint | undefined
  readonly max: bigint | undefined
}

/** A parsed pattern. */
export type PatternValue = string | IntegerRange | Subnet | Regex | undefined

export interface PatternOptions {
  readonly ignoreCase: boolean
  /** the addresses of a name, where names may be resolved: while the process starts, and not with `-n` */
  readonly resolve?: ((name: string) => readonly string[]) | undefined
}

export type ParsedPattern<Value extends PatternValue = PatternValue> =
  { readonly value: Value } | { readonly error: string }

/** Parses a pattern. Errors are HAProxy's messages. */
export const parsePattern = (kind: PatternKind, text: string, options: PatternOptions): ParsedPattern => {
  switch (kind) {
    case 'nothing':
      return { value: undefined }
    case 'integer':
      return parseIntegers(text)
    case 'version':
      return parseVersions(text)
    case 'network': {
      const value = parseNetwork(text, options.resolve)
      return value ? { value } : { error: `'${text}' is not a valid IPv4 or IPv6 address` }
    }
    case 'binary':
      return parseBinary(text)
    case 'regex':
    case 'capturing regex': {
      const value = compileRegex(text, { ignoreCase: options.ignoreCase, captures: kind === 'capturing regex' })
      return isRegexError(value) ? { error: value.error } : { value }
    }
    case 'method':
      return { value: options.ignoreCase && !isKnownMethod(text) ? lowerCase(text) : text }
    case 'string':
    case 'string tree':
    case 'prefix tree':
      return { value: options.ignoreCase ? lowerCase(text) : text }
  }
}

const METHODS: ReadonlySet<string> = new Set('OPTIONS GET HEAD POST PUT DELETE TRACE CONNECT'.split(' '))

/** Whether it is a method that HAProxy knows by number; the case of these is never ignored (`find_http_meth` in src/http.c). */
export const isKnownMethod = (method: string): boolean => METHODS.has(method)

/** `low:high`, with either missing, or one value; `-` separates as well as `:`. Undefined: not of this form. */
const parseRange = (text: string, parse: (text: string) => bigint | undefined): IntegerRange | undefined => {
  const split = text.search(/[:-]/)
  const [low, high] = split < 0 ? [text, text] : [text.slice(0, split), text.slice(split + 1)]
  if (low === '' && high === '') return undefined
  const min = low === '' ? undefined : parse(low)
  const max = high === '' ? undefined : parse(high)
  if ((low !== '' && min === undefined) || (high !== '' && max === undefined)) return undefined
  return min !== undefined && max !== undefined && min > max ? undefined : { min, max }
}

const isRange = (text: string): boolean => text === '' || /[:-]/.test(text)

const parseIntegers = (text: string): ParsedPattern => {
  const value = parseRange(text, strl2llrc)
  if (value) return { value }
  return { error: `'${text}' is not a ${isRange(text) ? 'valid number range' : 'number'}` }
}

const MINORS = 65536n

/** `strl2llrc_dotted` (src/tools.c): `major[.minor]` as an integer of 32 bits. */
export const parseVersion = (text: string): bigint | undefined => {
  const dot = text.indexOf('.')
  const major = strl2llrc(dot < 0 ? text : text.slice(0, dot))
  const minor = dot < 0 ? 0n : strl2llrc(text.slice(dot + 1))
  if (major === undefined || minor === undefined || major >= MINORS || minor >= MINORS) return undefined
  return major * MINORS + (minor & (MINORS - 1n))
}

const parseVersions = (text: string): ParsedPattern => {
  const value = parseRange(text, parseVersion)
  if (value) return { value }
  return { error: `'${text}' is not a ${isRange(text) ? 'valid dotted number range' : 'dotted number'}` }
}

/** `parse_binary` (src/tools.c): pairs of hexadecimal digits. */
const parseBinary = (text: string): ParsedPattern<string> => {
  if (text.length % 2 !== 0) return { error: 'an even number of hex digit is expected' }
  let bytes = ''
  for (let i = 0; i < text.length; i += 2) {
    const pair = text.slice(i, i + 2)
    if (!/^[\da-f]{2}$/i.test(pair))
      return { error: `an hex digit is expected (found '${/[^\da-f]/i.exec(pair)![0]}')` }
    bytes += String.fromCharCode(Number.parseInt(pair, 16))
  }
  return { value: bytes }
}
