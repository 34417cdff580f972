/** Converters that extract values from JSON: `json_query`, and those of JSON Web Tokens, which first decode a part of the token (src/sample.c). */
import { fromBase64url } from '../../../bytes/base64.js'
import { formatG } from '../../../bytes/doubles.js'
import type { Argument } from '../../../config/samples/arguments.js'
import { findJson, readNumber, unescapeJson } from '../formats/json-path.js'
import { textArgument, type Converter } from '../keyword.js'
import { bool, bytesOf, sint, str, type Sample } from '../sample.js'

/** RFC 8259, section 6: integers that all implementations agree on. */
const LARGEST_INTEGER = (1n << 53n) - 1n

/** `strtoll` with the base 0: 0x begins hexadecimal digits, 0b binary and 0 octal ones. */
const readInteger = (text: string): bigint => {
  const [, sign, digits] = /^(-?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[0-7]*|[1-9][0-9]*)?/.exec(text)!
  const octal = /^0[0-7]+$/.test(digits ?? '')
  const value = digits === undefined ? 0n : BigInt(octal ? `0o${digits.slice(1)}` : digits)
  return sign === '-' ? -value : value
}

/** The value in a JSON text; undefined for null, objects and missing values. */
const query = (json: string, path: string, asInteger: boolean, bufsize: number): Sample | undefined => {
  const token = findJson(json, path)
  if (!token) return undefined
  switch (token.kind) {
    case 'number': {
      if (!asInteger) return str(formatG(readNumber(json.slice(token.begin, token.end), 0).value))
      const value = readInteger(json.slice(token.begin))
      return value < -LARGEST_INTEGER || value > LARGEST_INTEGER ? undefined : sint(value)
    }
    case 'true':
    case 'false':
      return bool(token.kind === 'true')
    case 'string': {
      const text = unescapeJson(json.slice(token.begin + 1, token.end - 1))
      // text has no NUL
      return text === undefined || text.length >= bufsize || text.includes('\0') ? undefined : str(text)
    }
    case 'array':
      return str(json.slice(token.begin, token.end))
    default:
      return undefined
  }
}

const typeProblem = (args: readonly Argument[]): string | undefined =>
  ['', 'int'].includes(textArgument(args, 1)) ? undefined : 'output_type only supports "int" as argument'

/** The JSON of a part of a token, decoded, and what a path names in it. */
const tokenQuery = (name: string, part: number): Converter => ({
  name,
  check: typeProblem,
  bind: (args) => {
    const path = args.length > 0 ? textArgument(args, 0) : undefined
    const asInteger = textArgument(args, 1) === 'int'
    return (sample, { bufsize }) => {
      const parts = bytesOf(sample).split('.')
      const json = parts.length > part ? fromBase64url(parts[part]!) : undefined
      // text has no NUL
      if (json === undefined || json.includes('\0')) return undefined
      return path === undefined ? str(json) : query(json, path, asInteger, bufsize)
    }
  },
})

export const JSON_QUERY_CONVERTERS: readonly Converter[] = [
  {
    name: 'json_query',
    check: (args) => (textArgument(args, 0) === '' ? 'json_path must not be empty' : typeProblem(args)),
    bind: (args) => {
      const path = textArgument(args, 0)
      const asInteger = textArgument(args, 1) === 'int'
      return (sample, { bufsize }) => query(bytesOf(sample), path, asInteger, bufsize)
    },
  },
  tokenQuery('jwt_header_query', 0),
  tokenQuery('jwt_payload_query', 1),
]
