/** `get var` and `set var` (src/vars.c). */
import { parseVariableAction } from '../../config/rules/actions/set-var.js'
import { placesMask } from '../../config/samples/places.js'
import { parseVariableName, type VariableName } from '../../config/samples/variables.js'
import { textOf } from '../samples/casts.js'
import { processContext } from '../samples/context.js'
import { SAMPLES } from '../samples/registry.js'
import { applyOutsideSession } from '../samples/variable-actions.js'
import { PERMISSION_DENIED } from './lookup.js'
import type { CommandCall, Family } from './registry.js'
import { hasLevel } from './session.js'

const PLACES = placesMask('CLI parser')

const MISSING_NAME = 'Missing process-wide variable identifier.\n'

const getVariable = ({ args: [name], process }: CommandCall): string => {
  if (name === undefined) return MISSING_NAME
  const variable = parseVariableName(name)
  const sample = 'error' in variable ? undefined : processContext(process, 'CLI').variables.get(variable)
  if (!sample) return 'Variable not found.\n'
  return `${name}: type=${sample.type} value=<${textOf(sample).replace(/[^\x20-\x7e]/g, '.')}>\n`
}

/** `set var <name> <expression>`, or `expr` or `fmt` before an expression or a log-format of one word. */
const setVariable = ({ args: [name, kind, value], process, session }: CommandCall): string => {
  if (!hasLevel(session, 'operator')) return PERMISSION_DENIED
  if (name === undefined) return MISSING_NAME
  if (kind === undefined) return "Missing either 'expr', 'fmt' or expression.\n"
  if (value !== undefined && kind !== 'expr' && kind !== 'fmt')
    return `'set var': arg type must be either 'expr' or 'fmt' but got '${kind}'.\n`
  const action = value !== undefined && kind === 'fmt' ? 'set-var-fmt' : 'set-var'
  const context = processContext(process, 'CLI')
  const declareVariable = (variable: VariableName): void => void context.variables.declare(variable)
  const use = { keywords: { ...SAMPLES, declareVariable }, places: PLACES, isFinal: true }
  const parsed = parseVariableAction([`${action}(${name})`, value ?? kind], 0, use)
  if ('error' in parsed) return `${parsed.error}\n`
  if (parsed.gaps.length > 0) return `${parsed.gaps[0]} is not emulated by hapsim.\n`
  if (parsed.action.variable.scope !== 'proc')
    return `'set var': cannot set variable '${name}', only scope 'proc' is permitted here.\n`
  applyOutsideSession(parsed.action, context)
  return ''
}

export const variableFamily: Family = [
  { words: ['get', 'var'], run: getVariable },
  { words: ['set', 'var'], run: setVariable },
]
