/** `do-resolve`: the address of a name becomes the value of a variable (`resolv_action_do_resolve`, src/resolvers.c). */
import type { ResolveAction } from '../../../config/rules/actions/resolve.js'
import { parseVariableName } from '../../../config/samples/variables.js'
import { Wake } from '../../../engine/task.js'
import { ipBytes } from '../../../net/ip.js'
import { evaluateAs } from '../../samples/expression.js'
import { address, bytesOf } from '../../samples/sample.js'
import type { ActionScope, RunAction } from '../action.js'
import type { ActionGroup } from './group.js'

const resolve: RunAction = (action, scope) => {
  const set = action as ResolveAction
  const stream = scope.stream!
  stream.query ??= begin(set, scope)
  const { query } = stream
  if (!query) return 'continue'
  if (!query.isOver() && !scope.isFinal) return 'yield'
  const found = query.isOver() ? query.address() : undefined
  query.release()
  stream.query = undefined
  const variable = parseVariableName(set.variable)
  if (found && !('error' in variable))
    scope.samples.variables.set(variable, address(String.fromCharCode(...ipBytes(found.ip))))
  return 'continue'
}

/** Starts the query; undefined if the name has no value, or is invalid. */
const begin = ({ resolvers, preferred, name }: ResolveAction, { context, stream, samples }: ActionScope) => {
  const sample = evaluateAs(name, 'str', samples)
  if (!sample) return undefined
  return context.resolver(resolvers)?.resolve(bytesOf(sample), preferred, () => stream!.task.wake(Wake.MESSAGE))
}

export const RESOLVE_ACTIONS: ActionGroup = { 'do-resolve': resolve }
