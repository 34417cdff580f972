/** ACLs and conditions in the model of a configuration (`struct acl`, `struct acl_cond`). */
import type { SampleExpression } from '../samples/expression.js'
import type { Matching } from '../patterns/match-method.js'
import type { Place } from '../syntax/place.js'
import type { PatternUse } from './patterns.js'

/** One test of an ACL: an expression and what its value is matched against. */
export interface AclExpression {
  /** the ACL keyword or the fetch, for messages */
  readonly keyword: string
  readonly expression: SampleExpression
  readonly matching: Matching
  /** searched in this order: files, then the patterns on the line */
  readonly patterns: readonly PatternUse[]
}

/** An ACL: true if any of its expressions matches. Lines with the same name add to it. */
export interface Acl {
  /** '' for an anonymous one */
  readonly name: string
  readonly expressions: readonly AclExpression[]
}

/** The ACLs of a section, including the anonymous and the predefined ones that its conditions use. */
export interface Acls {
  readonly all: readonly Acl[]
  find(name: string): Acl | undefined
}

export interface ConditionTerm {
  readonly acl: Acl
  readonly negated: boolean
}

/** The condition of a rule: an `or` of `and`s. */
export interface Condition {
  readonly polarity: 'if' | 'unless'
  /** any of them makes the condition true; each is true if all its terms are */
  readonly suites: readonly (readonly ConditionTerm[])[]
  readonly place: Place
}
