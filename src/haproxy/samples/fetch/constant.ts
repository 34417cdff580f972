/** Fetches whose value is in the configuration. */
import type { Argument } from '../../../config/samples/arguments.js'
import { parseHex } from '../../../config/syntax/bytes.js'
import { integerArgument, textArgument, type Fetch } from '../keyword.js'
import { address, bin, bool, sint, str, type Sample } from '../sample.js'

/** `HTTP_IS_TOKEN` (RFC 9110, 5.6.2). */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]*$/

const constant = (name: string, value: (args: readonly Argument[]) => Sample, check?: Fetch['check']): Fetch => ({
  name,
  ...(check && { check }),
  bind: (args) => {
    const sample = value(args)
    return () => sample
  },
})

const addressArgument = (args: readonly Argument[]): Sample => {
  const [argument] = args
  return address(argument?.type === 'address' ? argument.bytes : '')
}

const IS_TRUE: Readonly<Record<string, boolean>> = { true: true, '1': true, false: false, '0': false }

/** The bytes that hexadecimal digits represent, or an error. */
const hexArgument = (args: readonly Argument[]): string | { readonly error: string } => parseHex(textArgument(args, 0))

export const CONSTANT_FETCHES: readonly Fetch[] = [
  constant('str', (args) => str(textArgument(args, 0))),
  constant('int', (args) => sint(integerArgument(args, 0))),
  constant(
    'bool',
    (args) => bool(IS_TRUE[textArgument(args, 0).toLowerCase()]!),
    (args) => (textArgument(args, 0).toLowerCase() in IS_TRUE ? undefined : "Expects 'true', 'false', '0' or '1'"),
  ),
  constant(
    'bin',
    (args) => bin(hexArgument(args) as string),
    (args) => {
      const bytes = hexArgument(args)
      // in HAProxy, no bytes are an error without a message
      if (bytes === '') return '(null)'
      return typeof bytes === 'string' ? undefined : bytes.error
    },
  ),
  constant('ipv4', addressArgument),
  constant('ipv6', addressArgument),
  constant(
    'meth',
    (args) => ({ type: 'meth', bytes: textArgument(args, 0) }),
    (args) => (TOKEN.test(textArgument(args, 0)) ? undefined : 'expects valid method.'),
  ),
  constant('always_true', () => bool(true)),
  constant('always_false', () => bool(false)),
]
