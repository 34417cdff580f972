/** Converters that use OpenSSL in HAProxy: digests and AES-GCM (src/ssl_sample.c). */
import { fromBase64, toBase64 } from '../../../bytes/base64.js'
import type { Argument } from '../../../config/samples/arguments.js'
import { toByteArray, toByteText } from '../../../hash/byte-arrays.js'
import { digest, hasDigest, hmac } from '../../../hash/digests.js'
import { aes } from '../../../hash/noble.js'
import type { SampleContext } from '../context.js'
import {
  integerArgument,
  isVariable,
  textArgument,
  variableArgument,
  variableAs,
  variableNameProblem,
  variableText,
  type Converter,
} from '../keyword.js'
import { bytesOf, bin, bool, str } from '../sample.js'
import { variableProblem } from '../../../config/samples/variables.js'

const digestProblem = (args: readonly Argument[]): string | undefined =>
  hasDigest(textArgument(args, 0)) ? undefined : 'algorithm must be a valid OpenSSL message digest name.'

/** `sample_check_arg_base64`: the name of a variable, whose value is base64, or base64. */
const base64Problem = (args: readonly Argument[], index: number): string | undefined => {
  const text = textArgument(args, index)
  return text === '' || isVariable(text) || fromBase64(text) !== undefined
    ? undefined
    : 'argument needs to be base64 encoded, and can either be a string or a variable'
}

/** The bytes of such an argument; undefined if the variable is not set or is not valid base64. */
const base64Argument = (args: readonly Argument[], index: number): ((context: SampleContext) => string | undefined) => {
  const variable = variableArgument(args, index)
  if (!variable) {
    const bytes = fromBase64(textArgument(args, index))
    return () => bytes
  }
  return (context) => {
    const value = variableText(context, variable)
    return value === undefined ? undefined : fromBase64(value)
  }
}

const labelled = (label: string, problem: string | undefined): string | undefined =>
  problem === undefined ? undefined : `failed to parse ${label} : ${problem}`

const KEY_BITS = [128n, 192n, 256n]
const TAG_BYTES = 16

const aesGcm = (name: string, isDecryption: boolean): Converter => ({
  name,
  variables: [1, 2, 3],
  check: (args) => {
    if (!KEY_BITS.includes(integerArgument(args, 0))) return 'key size must be 128, 192 or 256 (bits).'
    return (
      labelled('nonce', base64Problem(args, 1)) ??
      labelled('key', base64Problem(args, 2)) ??
      labelled('aead_tag', isDecryption ? base64Problem(args, 3) : variableProblem(textArgument(args, 3)))
    )
  },
  bind: (args) => {
    const keyBytes = Number(integerArgument(args, 0)) / 8
    const [nonceOf, keyOf, tagOf] = [1, 2, 3].map((i) => base64Argument(args, i)) as [
      ReturnType<typeof base64Argument>,
      ReturnType<typeof base64Argument>,
      ReturnType<typeof base64Argument>,
    ]
    const tagVariable = variableArgument(args, 3)
    return (sample, context) => {
      const nonce = nonceOf(context)
      const key = keyOf(context)
      if (nonce === undefined || nonce === '' || key === undefined) return undefined
      // HAProxy uses the beginning of longer keys and reads beyond the end of shorter ones, which is undefined
      if (key.length < keyBytes) return undefined
      const cipher = aes().gcm(toByteArray(key.slice(0, keyBytes)), toByteArray(nonce))
      if (!isDecryption) {
        const encrypted = toByteText(cipher.encrypt(toByteArray(bytesOf(sample))))
        const tag = str(toBase64(encrypted.slice(-TAG_BYTES)))
        return tagVariable && context.variables.set(tagVariable, tag) ? bin(encrypted.slice(0, -TAG_BYTES)) : undefined
      }
      const tag = tagOf(context)
      if (tag?.length !== TAG_BYTES) return undefined
      try {
        return bin(toByteText(cipher.decrypt(toByteArray(bytesOf(sample) + tag))))
      } catch {
        // authentication has failed
        return undefined
      }
    }
  },
})

export const DIGEST_CONVERTERS: readonly Converter[] = [
  { name: 'sha1', bind: () => (sample) => bin(digest('sha1', bytesOf(sample))) },
  {
    name: 'sha2',
    check: (args) => {
      const bits = integerArgument(args, 0, 256n)
      return [224n, 256n, 384n, 512n].includes(bits) ? undefined : `Unsupported number of bits: '${bits}'`
    },
    bind: (args) => {
      const name = `sha${integerArgument(args, 0, 256n)}`
      return (sample) => bin(digest(name, bytesOf(sample)))
    },
  },
  {
    name: 'digest',
    check: digestProblem,
    bind: (args) => {
      const name = textArgument(args, 0)
      return (sample) => bin(digest(name, bytesOf(sample)))
    },
  },
  {
    name: 'hmac',
    variables: [1],
    check: (args) => digestProblem(args) ?? labelled('key', base64Problem(args, 1)),
    bind: (args) => {
      const name = textArgument(args, 0)
      const keyOf = base64Argument(args, 1)
      return (sample, context) => {
        const key = keyOf(context)
        return key === undefined ? undefined : bin(hmac(name, key, bytesOf(sample)))
      }
    },
  },
  {
    name: 'secure_memcmp',
    variables: [0],
    check: (args) => {
      const name = textArgument(args, 0)
      if (name === '') return 'missing variable name'
      return variableNameProblem(name)
    },
    bind: (args) => {
      const variable = variableArgument(args, 0)
      return (sample, context) => {
        const other = variable && variableAs(context, variable, 'bin')
        return other && bool(bytesOf(other) === bytesOf(sample))
      }
    },
  },
  aesGcm('aes_gcm_enc', false),
  aesGcm('aes_gcm_dec', true),
]
