/** `set-var`, `set-var-fmt` and `tune.vars.*-max-size` in `global` (`vars_parse_global_set_var` and `vars_max_size`, src/vars.c). */
import { strtol } from '../../bytes/integers.js'
import { LIMITED_VARIABLES, type LimitedVariables } from '../model/variables.js'
import type { LineResult, ParseContext } from '../parse-context.js'
import { parseVariableAction } from '../rules/actions/set-var.js'
import { placesMask } from '../samples/places.js'
import type { Line } from '../syntax/line.js'

const PLACES = placesMask('configuration parser')

const setVariable = (context: ParseContext, line: Line): LineResult => {
  const [keyword, name] = [line.at(0), line.at(1)]
  if (name === '' || line.at(2) === '') {
    const value = keyword === 'set-var' ? 'a sample expression' : 'a format string'
    return context.alert(line, `'${keyword}' requires a process-wide variable name ('proc.<name>') and ${value}.`)
  }
  const words = [`${keyword}(${name})`, ...line.from(2)]
  const parsed = parseVariableAction(words, 0, { keywords: context.options.samples, places: PLACES, isFinal: true })
  for (const warning of parsed.warnings) context.warn(line, warning)
  if ('error' in parsed) return context.alert(line, parsed.error)
  if (parsed.action.variable.scope !== 'proc')
    return context.alert(
      line,
      `'${keyword}': cannot set variable '${name}', only scope 'proc' is permitted in the global section.`,
    )
  for (const gap of parsed.gaps) context.notEmulated(line, `${gap} in '${keyword}'`, 'scripts')
  context.variableSteps.push({
    type: 'set',
    action: parsed.action,
    environment: context.env.variables,
    place: line.place,
  })
  return 'ok'
}

const maxSize =
  (of: LimitedVariables) =>
  (context: ParseContext, line: Line): LineResult => {
    const { value, rest } = strtol(line.at(1))
    if (rest !== '') return context.alert(line, `${line.at(0)}: '${line.at(1)}' is an invalid size`)
    // an unsigned integer of 32 bits
    context.variableSteps.push({ type: 'limit', of, bytes: value >>> 0 })
    return 'ok'
  }

export const VARIABLE_KEYWORDS: readonly (readonly [string, (context: ParseContext, line: Line) => LineResult])[] = [
  ['set-var', setVariable],
  ['set-var-fmt', setVariable],
  ...LIMITED_VARIABLES.map((of) => [`tune.vars.${of}-max-size`, maxSize(of)] as const),
]
