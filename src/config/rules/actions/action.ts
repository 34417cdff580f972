/** What a file of this folder offers: an action, or a family of actions with the same arguments. */
import type { Action, Rule, RuleSetName } from '../../model/rules.js'
import type { ParseContext } from '../../parse-context.js'
import type { ProxyDraft } from '../../proxy/draft.js'
import type { Diagnostics } from '../../syntax/diagnostics.js'
import type { RuleReader } from '../rule-reader.js'

export interface ActionKeyword {
  /** the names in rules; those that HAProxy matches by their beginning have it (`set-var`) */
  readonly names: readonly string[]
  /** the rule sets that this reads the action in; undefined: all in which HAProxy knows it */
  readonly ruleSets?: readonly RuleSetName[]
  /**
   * Reads the words after the name.
   * @throws RuleProblem if they are wrong
   */
  readonly read: (reader: RuleReader) => Action
  /** Checks a rule once the whole configuration is read (`check_ptr`). */
  readonly check?: RuleCheck
}

/** Returns what is wrong with a rule, in HAProxy's words; may add warnings. */
export type RuleCheck = (
  rule: Rule,
  context: ParseContext,
  proxy: ProxyDraft,
  diagnostics: Diagnostics,
) => string | undefined
