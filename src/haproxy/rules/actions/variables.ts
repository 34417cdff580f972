/** `set-var`, `set-var-fmt`, `unset-var` (src/vars.c). */
import type { SetVariableAction } from '../../../config/rules/actions/variables.js'
import { applyVariableAction } from '../../samples/variable-actions.js'
import type { ActionGroup } from './group.js'

export const VARIABLE_ACTIONS: ActionGroup = {
  'set-var': (action, { samples }) => {
    applyVariableAction(action as SetVariableAction, samples)
    return 'continue'
  },
}
