/** What one ACL expression, converter or script matches with (`struct pattern_head` and its `struct pattern_expr_list`). */
import type { Matching } from '../../config/patterns/match-method.js'
import type { Sample } from '../samples/sample.js'
import type { Match, PatternExpression } from './expression.js'
import type { PatternReference } from './reference.js'

/** A reference and the expression by which its user matches. */
export class LoadedPatterns {
  constructor(
    readonly reference: PatternReference,
    readonly expression: PatternExpression,
    readonly matching: Matching,
  ) {}

  /** The first match in the current version; the sample is cast to what the matching method needs. */
  match(sample: Sample): Match | undefined {
    return this.reference.match(this.expression, sample, this.matching)
  }
}
