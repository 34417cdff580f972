/** The fetch `var`: a variable, or a default where it has no value (`smp_fetch_var`, src/vars.c). */
import { variableProblem } from '../../../config/samples/variables.js'
import { textArgument, variableArgument, type Fetch } from '../keyword.js'
import { str } from '../sample.js'

export const VARIABLE_FETCHES: readonly Fetch[] = [
  {
    name: 'var',
    check: (args) => variableProblem(textArgument(args, 0)),
    variables: [0],
    bind: (args) => {
      const variable = variableArgument(args, 0)
      const fallback = args.length > 1 ? str(textArgument(args, 1)) : undefined
      return ({ variables }) =>
        variable && variables.isInScope(variable) ? (variables.get(variable) ?? fallback) : undefined
    },
  },
]
