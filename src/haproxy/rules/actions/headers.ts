/**
 * Actions on header fields: `set-header`, `add-header`, `del-header`, `replace-header`, `replace-value`, `early-hint` (src/http_act.c),
 * and `strict-mode`.
 */
import type { DeleteHeaderAction, ReplaceHeaderAction, SetHeaderAction } from '../../../config/rules/actions/headers.js'
import type { StrictModeAction } from '../../../config/rules/actions/stream.js'
import { lowerCase } from '../../../http/characters.js'
import { Fields } from '../../../http/index.js'
import { formatText } from '../../samples/log-format.js'
import { sendInterim } from '../../streams/http/replies.js'
import { addField, replaceFields } from '../../streams/http/rewriting.js'
import type { ActionScope, RunAction } from '../action.js'
import type { ActionGroup } from './group.js'
import { failRewrite, messageOf } from './rewrites.js'

const setHeader: RunAction = (action, scope) => {
  const { kind, field, value } = action as SetHeaderAction
  const target = messageOf(scope)
  const text = formatText(value, scope.samples)
  if (kind === 'set-header') target.message.head!.fields.remove(lowerCase(field))
  return addField(target, field, text) ? 'continue' : failRewrite(scope, target.message)
}

const replaceHeader: RunAction = (action, scope) => {
  const { kind, field, regex, value } = action as ReplaceHeaderAction
  const target = messageOf(scope)
  const isReplaced = replaceFields(target, field, regex, formatText(value, scope.samples), kind === 'replace-header')
  return isReplaced ? 'continue' : failRewrite(scope, target.message)
}

const matcherOf = ({ field, method, regex }: DeleteHeaderAction): ((name: string) => boolean) => {
  const wanted = lowerCase(field)
  switch (method) {
    case 'str':
      return (name) => name === wanted
    case 'beg':
      return (name) => name.startsWith(wanted)
    case 'end':
      return (name) => name.endsWith(wanted)
    case 'sub':
      return (name) => name.includes(wanted)
    case 'reg':
      return (name) => regex!.test(name)
  }
}

const deleteHeader: RunAction = (action, scope) => {
  messageOf(scope).message.head!.fields.removeWhere(matcherOf(action as DeleteHeaderAction))
  return 'continue'
}

/** Adds a field to a response 103, which is sent unless the next rule adds to it, too. */
const earlyHint: RunAction = (action, scope) => {
  const { field, value } = action as SetHeaderAction
  const stream = scope.stream!
  const transaction = stream.transaction!
  if (!transaction.request.head!.isVersion11) return 'continue'
  transaction.earlyHints ??= new Fields()
  transaction.earlyHints.append(field, formatText(value, scope.samples))
  transaction.status = 103
  if (isFollowedByHint(scope)) return 'continue'
  sendInterim(stream, 103, 'Early Hints', transaction.earlyHints)
  transaction.earlyHints = undefined
  transaction.status = 0
  return 'continue'
}

const isFollowedByHint = ({ stream, proxy, rule }: ActionScope): boolean => {
  const { own, defaults } = stream!.context.plan(proxy).rules(rule.ruleSet)
  const list = own.includes(rule) ? own : defaults
  const next = list[list.indexOf(rule) + 1]
  return next?.action.kind === 'early-hint' && next.condition === undefined
}

export const HEADER_ACTIONS: ActionGroup = {
  'set-header': setHeader,
  'add-header': setHeader,
  'replace-header': replaceHeader,
  'replace-value': replaceHeader,
  'del-header': deleteHeader,
  'early-hint': earlyHint,
  'strict-mode': (action, scope) => {
    messageOf(scope).message.isSoft = !(action as StrictModeAction).enabled
    return 'continue'
  },
}
