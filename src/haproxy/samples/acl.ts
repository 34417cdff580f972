/** Evaluation of ACLs and conditions (`acl_exec_cond`, src/acl.c). */
import type { Acl, AclExpression, Condition, ConditionTerm } from '../../config/model/acl.js'
import { bindExpression } from './bind.js'
import type { SampleContext } from './context.js'
import { userOf } from './fetch/authorization.js'
import type { FetchProgress, SampleRegistry } from './keyword.js'
import { bytesOf, str, type Sample } from './sample.js'

/** `miss`: missing data could change the result; the rule must be evaluated again when more has arrived. */
export type AclResult = 'fail' | 'miss' | 'pass'

export type AclEvaluation = (context: SampleContext) => AclResult

/** Compiles an ACL, which passes if any value of any of its expressions matches. */
const bindAcl = ({ expressions }: Acl, registry: SampleRegistry): AclEvaluation => {
  const bound = expressions.map((each) => bindAclExpression(each, registry))
  return (context) => {
    let result: AclResult = 'fail'
    for (const evaluate of bound) {
      const one = evaluate(context)
      if (one === 'pass') return one
      if (one === 'miss') result = one
    }
    return result
  }
}

const bindAclExpression = (expression: AclExpression, registry: SampleRegistry): AclEvaluation => {
  const evaluate = bindExpression(expression.expression, registry)
  return (context) => {
    const progress: FetchProgress = { mayChange: false, hasNext: false, cursor: undefined }
    for (;;) {
      progress.mayChange = false
      progress.hasNext = false
      const sample = evaluate(context, progress)
      if (sample && matches(expression, sample, context)) return 'pass'
      if (!sample || !progress.hasNext) return progress.mayChange && !context.isFinal ? 'miss' : 'fail'
    }
  }
}

const matches = (expression: AclExpression, sample: Sample, { process }: SampleContext): boolean => {
  const { matching, patterns } = expression
  if (matching === 'found') return true
  const samples = matching === 'group' ? groupsOf(expression, sample, process) : [sample]
  return patterns.some((use) => {
    const loaded = process.patterns.loadedFor(use)
    return samples.some((each) => loaded?.match(each) !== undefined)
  })
}

/** The groups of a user of the list that the expression names (`pat_match_auth`, src/auth.c). */
const groupsOf = ({ expression }: AclExpression, user: Sample, process: SampleContext['process']): readonly Sample[] =>
  (userOf(process, expression.fetch.args, bytesOf(user))?.groups ?? []).map(str)

/** Compiles a conjunction of ACLs: all must pass, or fail if they are negated. */
export const bindTerms = (terms: readonly ConditionTerm[], registry: SampleRegistry): AclEvaluation => {
  const bound = terms.map(({ acl, negated }) => {
    const evaluate = bindAcl(acl, registry)
    return negated ? (context: SampleContext) => OPPOSITE[evaluate(context)] : evaluate
  })
  return (context) => {
    for (const evaluate of bound) {
      const result = evaluate(context)
      if (result !== 'pass') return result
    }
    return 'pass'
  }
}

const OPPOSITE: Readonly<Record<AclResult, AclResult>> = { fail: 'pass', miss: 'miss', pass: 'fail' }

/** Compiles a condition: `pass` if the rule applies, `if` and `unless` taken into account. */
export const bindCondition = ({ polarity, suites }: Condition, registry: SampleRegistry): AclEvaluation => {
  const bound = suites.map((terms) => bindTerms(terms, registry))
  const any: AclEvaluation = (context) => {
    let result: AclResult = 'fail'
    for (const evaluate of bound) {
      const one = evaluate(context)
      if (one === 'pass') return one
      if (one === 'miss') result = one
    }
    return result
  }
  return polarity === 'if' ? any : (context) => OPPOSITE[any(context)]
}
