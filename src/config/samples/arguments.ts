/**
 * Arguments of sample fetches and converters, in parentheses after their names (`make_arg_list`, src/arg.c). Text is a byte string.
 */
import { readInt64, strl2ui } from '../../bytes/integers.js'
import { ipBytes, parseIp } from '../../net/ip.js'
import { parseMask } from './masks.js'

export const ARGUMENT_TYPES = [
  'integer',
  'string',
  'IPv4 address',
  'IPv4 mask',
  'IPv6 address',
  'IPv6 mask',
  'frontend',
  'backend',
  'table',
  'server',
  'user list',
  'regex',
  'Protocol buffers field number',
] as const
export type ArgumentType = (typeof ARGUMENT_TYPES)[number]

/** What a fetch or converter takes: the first `least` are mandatory. */
export interface Signature {
  readonly least: number
  readonly types: readonly ArgumentType[]
}

/** Something of the configuration that is looked up once the configuration is complete (`smp_resolve_args`). */
export type ReferenceType = Extract<ArgumentType, 'frontend' | 'backend' | 'table' | 'server' | 'user list' | 'regex'>

export type Argument =
  | { readonly type: 'string'; readonly text: string }
  | { readonly type: 'integer'; readonly value: bigint }
  /** 4 or 16 bytes, as a byte string */
  | { readonly type: 'address'; readonly bytes: string }
  | { readonly type: 'reference'; readonly to: ReferenceType; readonly name: string }
  | { readonly type: 'field'; readonly numbers: readonly number[] }
  /** what the check of the arguments has found for them, whose type the fetch or converter knows (`ARGT_PTR`) */
  | { readonly type: 'object'; readonly object: object }

/** `string[,integer,integer]`: those in brackets may be left out. */
export const parseSignature = (text: string): Signature => {
  const types = text.split(/[[\],]+/).filter((type) => type !== '') as ArgumentType[]
  const mandatory = text.split('[')[0]!
  return { least: mandatory === '' ? 0 : mandatory.split(',').filter((type) => type !== '').length, types }
}

/** The arguments, and where the text continues; or what is wrong with the argument at a position that counts from 0. */
export type ParsedArguments =
  | { readonly arguments: readonly Argument[]; readonly end: number }
  | { readonly error: string; readonly position: number }

/**
 * @param from where `(` is expected; anything else means that there are no arguments
 * @param noReferences arguments that refer to something which is looked up later are errors
 */
export const parseArguments = (
  text: string,
  from: number,
  { least, types }: Signature,
  noReferences = false,
): ParsedArguments => {
  const hasParentheses = text[from] === '('
  const missing = (count: number): ParsedArguments => ({
    error: `missing arguments (got ${count}/${least}), type '${types[count]}' expected`,
    position: count,
  })
  if (types.length === 0) return hasParentheses ? closing(text, from + 1, []) : { arguments: [], end: from }
  if (!hasParentheses && least === 0) return { arguments: [], end: from }

  const list: Argument[] = []
  let at = hasParentheses ? from + 1 : text.length
  for (;;) {
    const position = list.length
    const type = types[position]!
    const word = unquote(text, at)
    if ('unparsed' in word)
      return {
        error: `failed to parse '${word.unparsed}' after '${word.text}' as type '${type}' at position ${position + 1}`,
        position,
      }
    at = word.end
    if (word.text === '' && type !== 'string' && !isReference(type)) {
      // empty parentheses hold no argument
      if (position >= least) break
      return { error: `expected type '${type}' at position ${position + 1}, but got nothing`, position }
    }
    if (noReferences && isReference(type))
      return { error: `unresolved argument of type '${type}' at position ${position + 1} not allowed`, position }
    const argument = readArgument(word.text, type)
    if (argument === undefined)
      return { error: `failed to parse '${word.text}' as type '${type}' at position ${position + 1}`, position }
    list.push(argument)
    if (at >= text.length || text[at] === ')' || list.length >= types.length) break
    at++
  }
  if (list.length < least) return missing(list.length)
  return hasParentheses ? closing(text, at, list) : { arguments: list, end: from }
}

const closing = (text: string, at: number, list: readonly Argument[]): ParsedArguments => {
  if (text[at] === ')') return { arguments: list, end: at + 1 }
  const rest = text.slice(at)
  // an empty argument was counted before the end of the text was met
  const position = list.length > 1 ? list.length - 1 : list.length
  return { error: rest === '' ? "expected ')'" : `expected ')' before '${rest}'`, position }
}

type Unquoted = { readonly text: string; readonly end: number } | { readonly text: string; readonly unparsed: string }

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\',
  ' ': ' ',
  '"': '"',
  "'": "'",
  r: '\r',
  n: '\n',
  t: '\t',
}

/** The text up to a comma or a closing parenthesis outside quotes. */
const unquote = (text: string, from: number): Unquoted => {
  let word = ''
  let quote = ''
  let at = from
  for (; at < text.length; at++) {
    const char = text[at]!
    if (char === '"' && quote !== "'") quote = quote === '' ? char : ''
    else if (char === "'" && quote !== '"') quote = quote === '' ? char : ''
    else if (char === '\\' && quote !== "'") {
      const next = text[at + 1]
      if (next === undefined) return { text: word, unparsed: text.slice(at) }
      const escaped = ESCAPES[next]
      word += escaped ?? `\\${next}`
      at++
    } else if (quote === '' && (char === ',' || char === ')')) break
    else word += char
  }
  return { text: word, end: at }
}

const isReference = (type: ArgumentType): type is ReferenceType =>
  type === 'frontend' ||
  type === 'backend' ||
  type === 'table' ||
  type === 'server' ||
  type === 'user list' ||
  type === 'regex'

const readArgument = (text: string, type: ArgumentType): Argument | undefined => {
  if (isReference(type)) return { type: 'reference', to: type, name: text }
  switch (type) {
    case 'string':
      return { type: 'string', text }
    case 'integer':
      // read_int64 reads a sign without digits as 0
      return /^[+-]?\d*$/.test(text) ? { type: 'integer', value: readInt64(text) } : undefined
    case 'IPv4 address':
    case 'IPv6 address': {
      const address = parseIp(text, type === 'IPv4 address' ? 'ipv4' : 'ipv6')
      return address && { type: 'address', bytes: String.fromCharCode(...ipBytes(address.ip)) }
    }
    case 'IPv4 mask':
    case 'IPv6 mask': {
      const bytes = parseMask(text, type === 'IPv4 mask' ? 'ipv4' : 'ipv6')
      return bytes === undefined ? undefined : { type: 'address', bytes }
    }
    case 'Protocol buffers field number': {
      // a number that is left out is 0
      const numbers = /^(?:\d*\.)*\d+$/.test(text) ? text.split('.').map(strl2ui) : undefined
      return numbers && { type: 'field', numbers }
    }
  }
}
