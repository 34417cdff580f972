/** `use-service`: a service answers in place of a server (`process_use_service`, src/stream.c). */
import type { UseServiceAction } from '../../../config/rules/actions/service.js'
import { attachApplet } from '../../streams/attach-applet.js'
import { countFrontend } from '../../streams/counting.js'
import type { RunAction } from '../action.js'
import type { ActionGroup } from './group.js'

const useService: RunAction = (action, { context, stream, session, rule }) => {
  const { service } = action as UseServiceAction
  const applet = context.scripts?.service(service.slice('lua.'.length))
  if (!applet || !stream) return 'continue'
  if (!attachApplet(stream, applet)) return 'error'
  if (rule.ruleSet !== 'http-request') {
    if (session.frontend === stream.backend) countFrontend(stream, 'interceptedRequests')
    stream.isAssigned = true
  }
  return 'stop'
}

export const SERVICE_ACTIONS: ActionGroup = { 'use-service': useService }
