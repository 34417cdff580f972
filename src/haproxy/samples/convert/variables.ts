/** Converters that set and unset variables and return their input (`smp_conv_store` and `smp_conv_clear`, src/vars.c). */
import { isSetCondition, setConditionProblem, variableProblem } from '../../../config/samples/variables.js'
import { textArgument, variableArgument, type Converter } from '../keyword.js'

export const VARIABLE_CONVERTERS: readonly Converter[] = [
  {
    name: 'set-var',
    check: (args) =>
      variableProblem(textArgument(args, 0)) ??
      args
        .slice(1)
        .map((_, i) => setConditionProblem(textArgument(args, i + 1)))
        .find((problem) => problem !== undefined),
    variables: [0],
    bind: (args) => {
      const variable = variableArgument(args, 0)
      const conditions = args
        .slice(1)
        .map((_, i) => textArgument(args, i + 1))
        .filter(isSetCondition)
      return (sample, { variables }) => (variable && variables.set(variable, sample, conditions) ? sample : undefined)
    },
  },
  {
    name: 'unset-var',
    check: (args) => variableProblem(textArgument(args, 0)),
    variables: [0],
    bind: (args) => {
      const variable = variableArgument(args, 0)
      return (sample, { variables }) => (variable && variables.unset(variable) ? sample : undefined)
    },
  },
]
