/**
 * The actions on variables, which rule sets, checks, the section `global` and the runtime API share (`parse_store`, src/vars.c):
 * `set-var(<name>[,<condition>…]) <expression>`, `set-var-fmt(<name>[,<condition>…]) <format>` and `unset-var(<name>)`.
 */
import { fromByteString, toByteString } from '../../../bytes/text.js'
import { parseExpression, type SampleExpression } from '../../samples/expression.js'
import { parseLogFormat, type FormatUse, type LogFormat } from '../../samples/log-format.js'
import { sourceNames } from '../../samples/places.js'
import {
  isSetCondition,
  parseVariableName,
  setConditionProblem,
  type SetCondition,
  type VariableName,
} from '../../samples/variables.js'

export interface VariableAction {
  readonly variable: VariableName
  /** all must be met for the variable to be set */
  readonly conditions: readonly SetCondition[]
  /** undefined: the variable is unset */
  readonly value: SampleExpression | LogFormat | undefined
}

/** A parsed action, or HAProxy's error message without what the kind of rule puts before it. Warnings come first in either case. */
export type ParsedVariableAction =
  | {
      readonly action: VariableAction
      /** index of the first word after it */
      readonly end: number
      /** fetches, converters and aliases that hapsim does not emulate */
      readonly gaps: readonly string[]
      readonly warnings: readonly string[]
    }
  | { readonly error: string; readonly warnings: readonly string[] }

/** In the order in which HAProxy registers them: the first one that a word begins with is its action. */
const ACTIONS = ['set-var-fmt', 'set-var', 'unset-var'] as const
export type VariableActionName = (typeof ACTIONS)[number]

/** The action that `word` begins with; anything may follow. */
export const variableActionName = (word: string): VariableActionName | undefined =>
  ACTIONS.find((action) => word.startsWith(action))

const EXPECTED = "Expects 'set-var(<var-name>)', 'set-var-fmt(<var-name>)' or 'unset-var(<var-name>)'"

/** Parses the action at `words[at]`, which begins with one of the names. */
export const parseVariableAction = (words: readonly string[], at: number, use: FormatUse): ParsedVariableAction => {
  const word = words[at]!
  const name = variableActionName(word)!
  const failure = (error: string): ParsedVariableAction => ({ error, warnings: [] })
  if (word[name.length] !== '(') return failure(`invalid or incomplete action '${word}'. ${EXPECTED}`)
  if (!word.endsWith(')')) return failure(`incomplete argument after action '${word}'. ${EXPECTED}`)
  const [variableText = '', ...rest] = word.slice(name.length + 1, -1).split(',')
  // an empty condition ends the list
  const end = rest.indexOf('')
  const conditions = end < 0 ? rest : rest.slice(0, end)
  if (conditions.length > 0 && name === 'unset-var')
    return failure(
      'unset-var does not expect parameters after the variable name. Only "set-var" and "set-var-fmt" manage conditions',
    )
  for (const condition of conditions) {
    const problem = setConditionProblem(condition)
    if (problem !== undefined) return failure(problem)
  }
  const variable = parseVariableName(variableText)
  if ('error' in variable) return failure(variable.error)
  use.keywords.declareVariable?.(variable)

  const target = { variable, conditions: conditions.filter(isSetCondition) }
  if (name === 'unset-var') return { action: { ...target, value: undefined }, end: at + 1, gaps: [], warnings: [] }
  if (name === 'set-var-fmt') {
    const value = parseLogFormat(words[at + 1] ?? '', use)
    if ('error' in value) return value
    return { action: { ...target, value }, end: at + 2, gaps: value.gaps, warnings: value.warnings }
  }
  const parsed = parseExpression(words.map(toByteString), at + 1, 0, false, use.keywords)
  if ('error' in parsed) return failure(fromByteString(parsed.error))
  const { expression: value, word: next } = parsed
  if ((value.places & use.places) === 0)
    return failure(
      `fetch method '${word}' extracts information from '${sourceNames(value.sources)}', none of which is available here`,
    )
  return { action: { ...target, value }, end: next, gaps: value.gaps, warnings: [] }
}
