/** `redirect` as an action. */
import type { RedirectAction } from '../../../config/rules/actions/redirect.js'
import { redirect } from '../../streams/http/redirect.js'
import type { Outcome } from '../action.js'
import type { ActionGroup } from './group.js'

const OUTCOMES: Readonly<Record<ReturnType<typeof redirect>, Outcome>> = {
  sent: 'abort',
  skipped: 'continue',
  error: 'error',
}

export const REDIRECT_ACTIONS: ActionGroup = {
  redirect: (action, { stream, samples, isResponse }) =>
    OUTCOMES[redirect(stream!, action as RedirectAction, samples, isResponse)],
}
