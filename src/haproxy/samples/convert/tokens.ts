/** The converter `jwt_verify`, which verifies the signature of a JSON Web Token (`sample_conv_jwt_verify`, src/sample.c). */
import type { Argument } from '../../../config/samples/arguments.js'
import type { SampleContext } from '../context.js'
import { hasKeyFile, isTokenAlgorithm, verifyToken } from '../formats/web-token.js'
import { isVariable, textArgument, variableArgument, variableText, type Converter } from '../keyword.js'
import { bytesOf, sint } from '../sample.js'

/** The text of an argument that may be the name of a variable; undefined if the variable is not set, and for an empty text. */
const textOrVariable = (args: readonly Argument[], index: number): ((context: SampleContext) => string | undefined) => {
  const variable = variableArgument(args, index)
  return variable
    ? (context) => variableText(context, variable) || undefined
    : () => textArgument(args, index) || undefined
}

export const TOKEN_CONVERTERS: readonly Converter[] = [
  {
    name: 'jwt_verify',
    variables: [0, 1],
    check: (args, scope) => {
      const [algorithm, key] = [textArgument(args, 0), textArgument(args, 1)]
      if (!isVariable(algorithm) && !isTokenAlgorithm(algorithm)) return `unknown JWT algorithm: ${algorithm}`
      if (!isVariable(key) && (isVariable(algorithm) || hasKeyFile(algorithm))) scope?.useKeyFile(key)
      return undefined
    },
    bind: (args) => {
      const [algorithmOf, keyOf] = [textOrVariable(args, 0), textOrVariable(args, 1)]
      return (sample, context) => {
        const algorithm = algorithmOf(context)
        const key = algorithm === undefined ? undefined : keyOf(context)
        if (algorithm === undefined || key === undefined) return undefined
        return sint(verifyToken(bytesOf(sample), algorithm, key, context.process.publicKeys))
      }
    },
  },
]
