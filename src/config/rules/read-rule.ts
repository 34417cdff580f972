/** Reads the action of a rule with the parser of the action, and makes the rule. */
import type { Condition } from '../model/acl.js'
import type { Action, Rule } from '../model/rules.js'
import { cutAtNul } from '../syntax/bytes.js'
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

export const makeRule = (
  { ruleSet, isFinal, line }: RuleReader,
  name: string,
  action: Action,
  condition: Condition | undefined,
): Rule => ({ ruleSet, name, action, condition, isFinal, place: line.place })
