/** `set-var`, `set-var-fmt` and `unset-var` in rule sets; set-var.ts reads them. */
import type { Action } from '../../model/rules.js'
import { recordExpression, recordLogFormat } from '../pending-arguments.js'
import type { ActionKeyword } from './action.js'
import { parseVariableAction, type VariableAction } from './set-var.js'

export interface SetVariableAction extends Action, VariableAction {
  readonly kind: 'set-var'
}

export const SET_VARIABLE: ActionKeyword = {
  names: ['set-var', 'set-var-fmt', 'unset-var'],
  read: (reader): SetVariableAction => {
    const { context, line, proxy, places, use } = reader
    const parsed = parseVariableAction(line.words, reader.at - 1, { keywords: context.options.samples, places })
    for (const warning of parsed.warnings) context.warn(line, warning)
    if ('error' in parsed) return reader.fail(parsed.error)
    reader.at = parsed.end
    const { action } = parsed
    if (action.value && 'items' in action.value) recordLogFormat(proxy, action.value, use, line.place)
    else if (action.value) recordExpression(proxy, action.value, use, line.place)
    return { kind: 'set-var', ...action }
  },
}
