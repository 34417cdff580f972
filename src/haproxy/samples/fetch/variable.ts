/** The fetch `var`: a variable, or what is to be used where it is not set (src/vars.c). */
import { variableProblem } from '../../../config/samples/variables.js'
import { textArgument, type Fetch } from '../keyword.js'
import { str } from '../sample.js'

export const VARIABLE_FETCHES: readonly Fetch[] = [
  {
    name: 'var',
    check: (args) => variableProblem(textArgument(args, 0)),
    bind: (args) => {
      const name = textArgument(args, 0)
      const fallback = args.length > 1 ? str(textArgument(args, 1)) : undefined
      return (context) => context.variable(name) ?? fallback
    },
  },
]
