/** Groups of user lists that ACLs on `http_auth_group` name (`acl_find_targets`, src/acl.c). */
import type { AclExpression } from '../model/acl.js'
import type { PatternUse } from '../model/patterns.js'
import type { ParseContext } from '../parse-context.js'
import type { ProxyDraft } from '../proxy/draft.js'
import { USERLISTS } from '../sections/userlist-draft.js'
import type { Diagnostics } from '../syntax/diagnostics.js'

const KEYWORD = 'http_auth_group'

/** Reports groups that do not exist. User lists that do not exist are reported where arguments are resolved. */
export const checkAclGroups = (context: ParseContext, proxy: ProxyDraft, diagnostics: Diagnostics): void => {
  if (!proxy.hasAcls) return
  for (const acl of proxy.acls.all)
    for (const expression of acl.expressions)
      if (expression.keyword === KEYWORD)
        for (const problem of groupProblems(context, expression))
          diagnostics.add('alert', `proxy ${proxy.name}: acl ${acl.name} ${KEYWORD}(): ${problem}.`, proxy.place)
}

const groupProblems = function* (context: ParseContext, expression: AclExpression): Iterable<string> {
  const [list] = expression.expression.fetch.args
  const name = list?.type === 'reference' ? list.name : ''
  const userlist = context.drafts(USERLISTS).all.find((each) => each.name === name)
  if (!userlist) return
  for (const use of expression.patterns) {
    const groups = isIndexed(use) ? [] : context.patterns.patternsOf(use)
    if (groups.length === 0) yield 'no groups specified'
    for (const group of groups) if (!userlist.groups.includes(group)) yield `invalid group '${group}'`
  }
}

/** Whether patterns are in a tree, where HAProxy does not look for them. */
const isIndexed = ({ kind, ignoreCase }: PatternUse): boolean =>
  kind !== 'string' && !(ignoreCase && (kind === 'string tree' || kind === 'prefix tree'))
