/** Rules of traffic in the model of a configuration (`struct act_rule`, include/haproxy/action-t.h). */
import type { KNOWN_ACTIONS } from '../known/actions.js'
import type { Place } from '../syntax/place.js'
import type { Condition } from './acl.js'

/** The lists of rules of a proxy, by the keyword that adds to them. */
export type RuleSetName = keyof typeof KNOWN_ACTIONS

/** What a rule does. Each file of config/rules/actions extends it with what its action reads. */
export interface Action {
  readonly kind: string
}

/** A rule: an action, and when it applies. */
export interface Rule {
  readonly ruleSet: RuleSetName
  /** the action's name as it is written, `set-var(txn.x)` */
  readonly name: string
  readonly action: Action
  readonly condition: Condition | undefined
  /** the action ends the evaluation of the rule set (`ACT_FLAG_FINAL`) */
  readonly isFinal: boolean
  readonly place: Place
}
