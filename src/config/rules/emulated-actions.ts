/** Actions that are read, and that rules do not run. */
import type { Action, RuleSetName } from '../model/rules.js'
import type { LineResult, ParseContext } from '../parse-context.js'
import type { Line } from '../syntax/line.js'
import type { UseServiceAction } from './actions/service.js'
import type { SwitchModeAction } from './actions/stream.js'

/** By their kinds. */
export const ACTIONS_NOT_EMULATED: ReadonlySet<string> = new Set([
  'attach-srv',
  'cache-store',
  'cache-use',
  'ot-group',
  'sc-add-gpc',
  'sc-inc-gpc',
  'sc-set-gpt',
  'send-spoe-group',
  'set-bandwidth-limit',
  'track-sc',
  'unread',
])

/** Whether a connection is to be parsed as HTTP/2 (`switch-mode http proto h2`). */
export const wantsHttp2 = (action: Action): boolean =>
  action.kind === 'switch-mode' && (action as SwitchModeAction).protocol === 'h2'

/** Whether it is a service of HAProxy's own. */
const usesOwnService = (action: Action): boolean =>
  action.kind === 'use-service' && !(action as UseServiceAction).service.startsWith('lua.')

/** The result of a line with a rule whose action has been read. */
export const ignoreUnlessEmulated = (
  context: ParseContext,
  line: Line,
  ruleSet: RuleSetName,
  action: Action,
): LineResult => {
  if (!ACTIONS_NOT_EMULATED.has(action.kind) && !wantsHttp2(action) && !usesOwnService(action)) return 'ok'
  const name = line.at(ruleSet.startsWith('http') ? 1 : 2)
  return context.notEmulated(line, `'${ruleSet} ${name}'`, 'traffic')
}
