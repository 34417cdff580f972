/** `do-resolve(VARIABLE,RESOLVERS[,ipv4|ipv6])`: the address of a host name in a variable (`resolv_parse_do_resolve`, src/resolvers.c). */
import { toByteString } from '../../../bytes/text.js'
import type { Action } from '../../model/rules.js'
import type { SampleExpression } from '../../samples/expression.js'
import { RESOLVERS } from '../../sections/resolvers-draft.js'
import { RuleProblem, type RuleReader } from '../rule-reader.js'
import type { ActionKeyword, RuleCheck } from './action.js'

export interface ResolveAction extends Action {
  readonly kind: 'do-resolve'
  readonly variable: string
  readonly resolvers: string
  readonly preferred: 'ipv4' | 'ipv6'
  readonly name: SampleExpression
}

export const RESOLVE: ActionKeyword = {
  names: ['do-resolve'],
  read: (reader): ResolveAction => {
    const [, variable = '', resolvers = '', options] = /\(([^,]*),([^,)]*)([^)]*)/.exec(reader.name) ?? []
    if (options === undefined || !reader.name.includes(')')) return failUsage(reader, reader.name)
    let preferred: ResolveAction['preferred'] = 'ipv6'
    for (const option of options.split(',').slice(1)) {
      // the beginning of a name is enough
      if ('ipv4'.startsWith(option)) preferred = 'ipv4'
      else if ('ipv6'.startsWith(option)) preferred = 'ipv6'
      else failUsage(reader, reader.name)
    }
    const name = readName(reader)
    return { kind: 'do-resolve', variable: toByteString(variable), resolvers, preferred, name }
  },
  check: (...args) => checkResolvers(...args),
}

const readName = (reader: RuleReader): SampleExpression => {
  const shown = reader.word
  try {
    return reader.availableExpression({ places: reader.requestPlaces })
  } catch (error) {
    if (error instanceof RuleProblem && error.message.startsWith('fetch method') && error.message.endsWith('here'))
      throw error
    if (error instanceof RuleProblem) return failUsage(reader, shown, `: ${error.message}`)
    throw error
  }
}

const failUsage = (reader: RuleReader, text: string, problem = ''): never =>
  reader.fail(
    `Can't parse '${text}'${problem}. Expects 'do-resolve(<varname>,<resolvers>[,<options>]) <expr>'. Available options are 'ipv4' ` +
      "and 'ipv6'",
  )

const checkResolvers: RuleCheck = ({ action }, context) => {
  const { resolvers } = action as ResolveAction
  return context.drafts(RESOLVERS).find(resolvers)
    ? undefined
    : `Can't find resolvers section '${resolvers}' for do-resolve action`
}
