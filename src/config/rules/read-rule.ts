/** Reads the action of a rule with the parser of the action, and makes the rule. */
import type { Condition } from '../model/acl.js'
import type { Action, Rule } from '../model/rules.js'
import { cutAtNul } from '../syntax/bytes.js'
import { LUA_ENVIRONMENTS, type LuaAction } from './actions/lua.js'
import { actionKeyword } from './actions/index.js'
import { RuleProblem, type RuleReader } from './rule-reader.js'

/** Reads the action after its name; one that hapsim does not read yet takes all words up to the condition. */
export const readAction = (reader: RuleReader, name: string): Action | { readonly error: string } => {
  const keyword = actionKeyword(reader.ruleSet, name)
  if (!keyword) return skipAction(reader)
  try {
    return keyword.read(reader)
  } catch (error) {
    if (error instanceof RuleProblem) return { error: cutAtNul(error.message) }
    throw error
  }
}

const skipAction = (reader: RuleReader): Action => {
  while (!reader.isEnd) reader.next()
  reader.context.markUnparsed(reader.line)
  return { kind: 'unread' }
}

/**
 * The rule of an action that a script registers, with all its words.
 * @param error the message if no script does
 */
export const readLuaRule = (reader: RuleReader, error: string): Rule => {
  const { name, line, context, ruleSet } = reader
  context.luaUses.push({
    kind: 'action',
    name: name.slice('lua.'.length),
    environment: LUA_ENVIRONMENTS[ruleSet] ?? '',
    place: line.place,
    error,
  })
  const words = line.from(reader.at)
  // the script decides which of the words are arguments
  if (words.length > 0) context.markUnparsed(line)
  const action: LuaAction = { kind: 'lua', name: name.slice('lua.'.length), words }
  return makeRule(reader, name, action, undefined)
}

export const makeRule = (
  { ruleSet, isFinal, line }: RuleReader,
  name: string,
  action: Action,
  condition: Condition | undefined,
): Rule => ({ ruleSet, name, action, condition, isFinal, place: line.place })
