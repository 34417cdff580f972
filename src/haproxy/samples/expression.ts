/** Values of the expressions and conditions of a configuration, which are compiled at their first evaluation. */
import type { Condition } from '../../config/model/acl.js'
import type { SampleExpression } from '../../config/samples/expression.js'
import type { SampleType } from '../../config/samples/types.js'
import { bindCondition, type AclEvaluation, type AclResult } from './acl.js'
import { bindExpression } from './bind.js'
import { cast } from './casts.js'
import type { SampleContext } from './context.js'
import type { Evaluation } from './keyword.js'
import { SAMPLES } from './registry.js'
import type { IntegerSample, Sample } from './sample.js'

const expressions = new WeakMap<SampleExpression, Evaluation>()
const conditions = new WeakMap<Condition, AclEvaluation>()

/** The value of an expression; undefined if it has none. */
export const evaluate = (expression: SampleExpression, context: SampleContext): Sample | undefined => {
  let evaluation = expressions.get(expression)
  if (!evaluation) expressions.set(expression, (evaluation = bindExpression(expression, SAMPLES)))
  return evaluation(context)
}

/** The value of an expression as another type (`sample_fetch_as_type`). */
export const evaluateAs = (
  expression: SampleExpression,
  type: SampleType,
  context: SampleContext,
): Sample | undefined => {
  const sample = evaluate(expression, context)
  return sample && cast(sample, type)
}

/** The value of an expression as an integer. */
export const evaluateInteger = (expression: SampleExpression, context: SampleContext): bigint | undefined =>
  (evaluateAs(expression, 'sint', context) as IntegerSample | undefined)?.value

/** Whether a rule with this condition applies, `if` or `unless` taken into account. */
export const evaluateCondition = (condition: Condition, context: SampleContext): AclResult => {
  let evaluation = conditions.get(condition)
  if (!evaluation) conditions.set(condition, (evaluation = bindCondition(condition, SAMPLES)))
  return evaluation(context)
}
