/** Fetches of the tokens of distcc, a protocol of distributed compilers (`smp_fetch_distcc_param`, `smp_fetch_distcc_body`, src/payload.c). */
import type { Argument } from '../../../config/samples/arguments.js'
import type { SampleMessage } from '../context.js'
import { integerArgument, textArgument, type Fetch, type FetchProgress } from '../keyword.js'
import { bin, sint, type Sample } from '../sample.js'
import { ofBytes, tooShort } from './payload.js'

/** A token has four letters and eight hexadecimal digits. */
const TOKEN_SIZE = 12
const NAME_SIZE = 4

/** Tokens whose number is not the length of a body. */
const WITHOUT_BODY: ReadonlySet<string> = new Set(['ARGC', 'DIST', 'NFIL', 'STAT', 'DONE'])

interface Token {
  readonly parameter: number
  readonly bodyAt: number
  readonly bodySize: number
}

/** The token of a name, by its occurrence; 0: the first one. */
const findToken = (
  { input }: SampleMessage,
  name: string,
  occurrence: number,
  bufsize: number,
  progress: FetchProgress,
): Token | undefined => {
  let seen = 0
  for (let at = 0; ;) {
    if (at + TOKEN_SIZE > input.length) return at + TOKEN_SIZE <= bufsize ? tooShort(progress) : undefined
    const found = input.slice(at, at + NAME_SIZE)
    const digits = input.slice(at + NAME_SIZE, at + TOKEN_SIZE)
    if (!/^[0-9a-fA-F]*$/.test(digits)) return undefined
    const parameter = parseInt(digits, 16)
    const bodySize = WITHOUT_BODY.has(found) ? 0 : parameter
    at += TOKEN_SIZE
    if (found === name && (occurrence === 0 || occurrence === ++seen)) return { parameter, bodyAt: at, bodySize }
    at += bodySize
  }
}

const ofToken = (
  name: string,
  value: (token: Token, input: string, bufsize: number, progress: FetchProgress) => Sample,
): Fetch => ({
  name,
  check: (args: readonly Argument[]) =>
    textArgument(args, 0).length === NAME_SIZE ? undefined : 'token name must be exactly 4 characters',
  bind: (args) => {
    const wanted = textArgument(args, 0)
    const occurrence = Number(integerArgument(args, 1))
    return ofBytes((message, progress, { bufsize }) => {
      const token = findToken(message, wanted, occurrence, bufsize, progress)
      return token && value(token, message.input, bufsize, progress)
    })
  },
})

export const DISTCC_FETCHES: readonly Fetch[] = [
  ofToken('distcc_param', ({ parameter }) => sint(parameter)),
  // a body that does not fit into the buffer is truncated
  ofToken('distcc_body', ({ bodyAt, bodySize }, input, bufsize, progress) => {
    if (bodyAt + bodySize > bufsize) progress.mayChange = true
    return bin(input.slice(bodyAt, bodyAt + bodySize))
  }),
]
