/** Actions that scripts register: `lua.NAME ARGUMENT… [if|unless CONDITION]` (`action_register_lua`, src/hlua.c). */
import { toByteString } from '../../../bytes/text.js'
import type { Action, RuleSetName } from '../../model/rules.js'
import type { RuleReader } from '../rule-reader.js'

export interface LuaAction extends Action {
  readonly kind: 'lua'
  /** without `lua.` */
  readonly name: string
  /** byte strings, as many as the script has registered */
  readonly args: readonly string[]
}

/** The rule sets that have such actions, by the names that scripts use for them. */
export const LUA_RULE_SETS = {
  'tcp-req': 'tcp-request content',
  'tcp-res': 'tcp-response content',
  'http-req': 'http-request',
  'http-res': 'http-response',
  'http-after-res': 'http-after-response',
} as const satisfies Readonly<Record<string, RuleSetName>>

const ENVIRONMENTS: ReadonlyMap<RuleSetName, string> = new Map(
  Object.entries(LUA_RULE_SETS).map(([environment, ruleSet]) => [ruleSet, environment]),
)

/** A rule set as scripts name it; undefined: it has no such actions. */
export const luaEnvironment = (ruleSet: RuleSetName): string | undefined => ENVIRONMENTS.get(ruleSet)

/** Whether a script may register an action of this name. */
export const isLuaAction = (name: string): boolean => name.startsWith('lua.')

/** The names of the actions that scripts have registered for a rule set; none if they are not loaded yet. */
export const luaActionNames = ({ context, ruleSet }: Pick<RuleReader, 'context' | 'ruleSet'>): readonly string[] => {
  const environment = luaEnvironment(ruleSet)
  return environment === undefined ? [] : (context.options.scripts?.list('action', environment) ?? [])
}

/**
 * Reads the arguments of the action. Until the scripts are loaded these are all words before a condition.
 * @returns undefined if no script registers the action
 */
export const readLuaAction = (reader: RuleReader): LuaAction | { readonly error: string } | undefined => {
  const { context, line, ruleSet } = reader
  const environment = luaEnvironment(ruleSet)
  if (environment === undefined) return undefined
  const name = reader.name.slice('lua.'.length)
  const words = line.from(reader.at)
  const condition = words.findIndex((word) => word === 'if' || word === 'unless')
  const before = condition < 0 ? words.length : condition
  const found = context.useLua({ kind: 'action', name, environment, argumentCount: before, place: line.place })
  if (!found) return undefined
  const count = found === 'open' ? before : found.argumentCount
  const args: string[] = []
  while (args.length < count) {
    if (!reader.hasMore) return { error: `expect ${count} arguments` }
    args.push(toByteString(reader.next()))
  }
  return { kind: 'lua', name, args }
}
