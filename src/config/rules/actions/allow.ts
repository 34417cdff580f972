/** `allow`: ends the evaluation of an HTTP rule set (`parse_http_allow`, src/http_act.c). */
import type { Action } from '../../model/rules.js'
import type { ActionKeyword } from './action.js'

export interface AllowAction extends Action {
  readonly kind: 'allow'
}

export const ALLOW: ActionKeyword = {
  names: ['allow'],
  read: (reader): AllowAction => {
    reader.isFinal = true
    return { kind: 'allow' }
  },
}
