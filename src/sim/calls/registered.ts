/** Functions that scripts have registered: which one a name means, and in which rules it is called. */
import { findBestMatch } from '../../config/syntax/best-match.js'
import type { Registration } from '../../lua/calls/registrations.js'
import type { CallOptions, CallRuleSet } from './options.js'

/** Kinds of functions that can be called. */
export type Kind = 'fetch' | 'converter' | 'action' | 'service'

const PREFIX = 'lua.'

/** How many names a message lists. */
const MOST_NAMES = 20

/** `a fetch`, `an action` */
const withArticle = (kind: string): string => `${kind === 'action' ? 'an' : 'a'} ${kind}`

/** Why there is no such function, and which one may have been meant. */
export const unknownName = (kind: Kind, name: string, all: readonly Registration[]): string => {
  const other = all.find((each) => PREFIX + each.name === name)
  if (other) return `${name} is registered as ${withArticle(other.kind)}, not as ${withArticle(kind)}`
  const known = [...new Set(all.filter((each) => each.kind === kind).map((each) => each.name))]
  if (known.length === 0) return `no script has registered ${withArticle(kind)}, so there is no '${name}'`
  const best = findBestMatch(name.startsWith(PREFIX) ? name.slice(PREFIX.length) : name, known)
  const list = known.slice(0, MOST_NAMES).map((each) => PREFIX + each)
  const hint = best === undefined ? `known: ${list.join(', ')}` : `did you mean '${PREFIX}${best}'?`
  return `no script has registered ${withArticle(kind)} '${name}'; ${hint}`
}

/** The rules in which a fetch or a converter is called. */
export const ruleSetOf = ({ ruleSet, response, data }: CallOptions): CallRuleSet => {
  if (ruleSet !== undefined) return ruleSet
  if (data !== undefined || typeof response === 'string' || response instanceof Uint8Array)
    return response === undefined ? 'tcp-req' : 'tcp-res'
  return response === undefined ? 'http-req' : 'http-res'
}

/** The rules in which an action is called: those that are asked for, or the only ones that it is registered for. */
export const ruleSetOfAction = (
  name: string,
  registered: readonly Registration[],
  options: CallOptions,
): CallRuleSet => {
  const known = registered.map(({ environment }) => environment as CallRuleSet)
  const wanted = options.ruleSet ?? (known.length === 1 ? known[0]! : ruleSetOf(options))
  if (known.includes(wanted)) return wanted
  throw new RangeError(`${name} is registered for ${known.join(', ')}, not for ${wanted}`)
}
