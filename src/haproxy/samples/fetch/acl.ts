/** The fetch `acl`: whether all ACLs that it names pass (`smp_fetch_acl`, `smp_fetch_acl_parse` in src/acl.c). */
import type { Acl, ConditionTerm } from '../../../config/model/acl.js'
import { bindTerms } from '../acl.js'
import { textArgument, type Fetch } from '../keyword.js'
import { bool } from '../sample.js'

export const ACL_FETCHES: readonly Fetch[] = [
  {
    name: 'acl',
    check: (args, scope) => {
      const terms: ConditionTerm[] = []
      for (let i = 0; i < args.length; i++) {
        const [, mark, name] = /^(!?)([^]*)$/.exec(textArgument(args, i))!
        const acl = scope?.acl(name!) as Acl | undefined
        if (!acl) return `ACL '${name}' not found`
        terms.push({ acl, negated: mark === '!' })
      }
      return { args: [{ type: 'object', object: terms }] }
    },
    bind: ([terms], registry) => {
      const evaluate = bindTerms(terms?.type === 'object' ? (terms.object as readonly ConditionTerm[]) : [], registry)
      return (context) => {
        const result = evaluate(context)
        return result === 'miss' ? undefined : bool(result === 'pass')
      }
    },
  },
]
