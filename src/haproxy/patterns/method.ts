/**
 * The ways in which a pattern of an ACL or map is read and matched (`PAT_MATCH_…`, `pat_parse_fcts` and `pat_match_fcts` in
 * src/pattern.c; "Matching strings", "Matching integers" and their neighbours in section 7.1 of the configuration manual).
 */
import { lowerCase } from '../../http/characters.js'
import { strl2llrc } from '../../bytes/integers.js'
import { compileRegex, isRegexError, type Regex } from '../../regex/index.js'
import { parseNetwork, type Subnet } from './network.js'

/** In HAProxy's order: the numbers are those of `Map._str` and its like. */
export const MATCH_METHODS = [
  ...(['found', 'bool', 'int', 'ip', 'bin', 'len', 'str', 'beg', 'sub', 'dir', 'dom', 'end', 'reg', 'regm'] as const),
] as const
export type MatchMethod = (typeof MATCH_METHODS)[number]

/** A range of integers; undefined: no limit on that side. */
export interface IntegerRange {
  readonly min: bigint | undefined
  readonly max: bigint | undefined
}

/** A pattern as its method reads it. */
export type PatternValue = string | IntegerRange | Subnet | Regex | undefined

/** How texts become patterns; methods that read and keep patterns alike share them. */
export type PatternKind =
  'nothing' | 'integer' | 'network' | 'binary' | 'string tree' | 'prefix tree' | 'string' | 'regex' | 'capturing regex'

export const KIND_OF: Readonly<Record<MatchMethod, PatternKind>> = {
  found: 'nothing',
  bool: 'nothing',
  int: 'integer',
  ip: 'network',
  bin: 'binary',
  len: 'integer',
  str: 'string tree',
  beg: 'prefix tree',
  sub: 'string',
  dir: 'string',
  dom: 'string',
  end: 'string',
  reg: 'regex',
  regm: 'capturing regex',
}

export interface PatternOptions {
  readonly ignoreCase: boolean
  /** the addresses of a name, where names may still be asked for (`-n` and the running process do not) */
  readonly resolve?: ((name: string) => readonly string[]) | undefined
}

/** Reads a pattern. Returns what is wrong with it otherwise, in HAProxy's words. */
export const parsePattern = (
  kind: PatternKind,
  text: string,
  options: PatternOptions,
): { readonly value: PatternValue } | { readonly error: string } => {
  switch (kind) {
    case 'nothing':
      return { value: undefined }
    case 'integer':
      return parseRange(text)
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
    default:
      return { value: options.ignoreCase ? lowerCase(text) : text }
  }
}

const parseRange = (text: string): { readonly value: IntegerRange } | { readonly error: string } => {
  const invalid = { error: `'${text}' is not a valid number range` }
  if (text === '') return invalid
  const split = text.search(/[:-]/)
  if (split < 0) {
    const value = strl2llrc(text)
    return value === undefined ? { error: `'${text}' is not a number` } : { value: { min: value, max: value } }
  }
  const [low, high] = [text.slice(0, split), text.slice(split + 1)]
  const min = low === '' ? undefined : strl2llrc(low)
  const max = high === '' ? undefined : strl2llrc(high)
  const isBad = (low !== '' && min === undefined) || (high !== '' && max === undefined) || (low === '' && high === '')
  if (isBad || (min !== undefined && max !== undefined && min > max)) return invalid
  return { value: { min, max } }
}

/** Pairs of hexadecimal digits; the bytes come out as characters of their values. */
const parseBinary = (text: string): { readonly value: string } | { readonly error: string } => {
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
