/** The actions `set-var`, `set-var-fmt` and `unset-var` (`action_store` and `action_clear`, src/vars.c), in rules and in `global`. */
import type { VariableStep } from '../../config/model/variables.js'
import type { VariableAction } from '../../config/rules/actions/set-var.js'
import type { Diagnostic } from '../../config/syntax/diagnostics.js'
import type { Variables as Environment } from '../../config/syntax/environment.js'
import { processContext, type SampleContext, type SampleProcess } from './context.js'
import { evaluate } from './expression.js'
import { formatText } from './log-format.js'
import { str } from './sample.js'

/** Sets or unsets a variable. An expression without a value changes nothing; errors are ignored. */
export const applyVariableAction = ({ variable, conditions, value }: VariableAction, context: SampleContext): void => {
  if (value === undefined) {
    context.variables.unset(variable)
    return
  }
  const sample = 'fetch' in value ? evaluate(value, context) : str(formatText(value, context))
  if (sample) context.variables.set(variable, sample, conditions)
}

/** The same in `global` and the runtime API, where log-formats are evaluated in a temporary session. */
export const applyOutsideSession = (action: VariableAction, context: SampleContext): void => {
  const { counters } = context.process
  const hasSession = action.value !== undefined && !('fetch' in action.value)
  if (hasSession) counters.sessionBegins()
  applyVariableAction(action, context)
  if (hasSession) counters.sessionEnds()
}

/**
 * Executes the lines of a configuration about variables of the process.
 * @returns alerts for `set-var` lines whose variable exceeds the limits; as in HAProxy, they do not name the reason
 */
export const applyVariableSteps = (
  steps: readonly VariableStep[],
  process: SampleProcess & { environment: Environment },
): readonly Diagnostic[] => {
  const diagnostics: Diagnostic[] = []
  const context = processContext(process, 'CFG')
  for (const step of steps)
    switch (step.type) {
      case 'limit':
        process.variables.limits[step.of] = step.bytes
        break
      case 'declare':
        context.variables.declare(step.variable)
        break
      case 'set': {
        process.environment = step.environment
        if (context.variables.declare(step.action.variable)) {
          applyOutsideSession(step.action, context)
          break
        }
        const { place } = step
        const text = `config : parsing [${place.file}:${place.line}] : (null)`
        diagnostics.push({ severity: 'alert', place, text })
      }
    }
  return diagnostics
}
