/**
 * Conditions that use fetches which are not available where the condition is evaluated (`warnif_cond_conflicts`, src/cfgparse.c;
 * `acl_cond_conflicts`, `acl_cond_kw_conflicts`, src/acl.c).
 */
import type { Acl, AclExpression, Condition } from '../model/acl.js'
import type { ParseContext } from '../parse-context.js'
import { placeName } from '../samples/places.js'
import type { Line } from '../syntax/line.js'

interface Conflict {
  readonly acl: Acl
  /** the first ACL keyword or fetch that is not available */
  readonly keyword: string
  /** none of the ACL's keywords is available */
  readonly isWhole: boolean
}

const aclsOf = ({ suites }: Condition): readonly Acl[] => suites.flatMap((terms) => terms.map(({ acl }) => acl))

const findConflict = (condition: Condition, places: number): Conflict | undefined => {
  const isMissing = ({ expression }: AclExpression): boolean => (expression.places & places) === 0
  const acls = aclsOf(condition)
  const whole = acls.find(({ expressions }) => expressions.every(isMissing))
  // messages name the first keyword of an ACL none of which is available
  if (whole) return { acl: whole, keyword: whole.expressions[0]?.keyword ?? '', isWhole: true }
  for (const acl of acls) {
    const missing = acl.expressions.find(isMissing)
    if (missing) return { acl, keyword: missing.keyword, isWhole: false }
  }
  return undefined
}

/** Warns of a condition that cannot be evaluated at a place. */
export const warnAboutConflicts = (
  context: ParseContext,
  line: Line,
  condition: Condition | undefined,
  places: number,
): void => {
  const conflict = condition && findConflict(condition, places)
  if (!conflict) return
  const { acl, keyword, isWhole } = conflict
  const place = placeName(places)
  if (acl.name === '') {
    const problem = isWhole ? 'will never match because it uses keyword' : 'involves keyword'
    context.warn(line, `anonymous acl ${problem} '${keyword}' which is incompatible with '${place}'`)
  } else if (isWhole)
    context.warn(
      line,
      `acl '${acl.name}' will never match because it only involves keywords that are incompatible with '${place}'`,
    )
  else context.warn(line, `acl '${acl.name}' involves keywords '${keyword}' which is incompatible with '${place}'`)
}

/** The warning about the condition of a TCP rule, worded differently; undefined if it can be evaluated. */
export const tcpConflict = (condition: Condition, places: number, ruleSet: string): string | undefined => {
  const conflict = findConflict(condition, places)
  if (!conflict) return undefined
  const { acl, keyword, isWhole } = conflict
  const place = placeName(places)
  if (!isWhole) {
    const who = acl.name === '' ? 'anonymous acl' : `acl '${acl.name}'`
    return `${who} involves keyword '${keyword}' which is incompatible with '${place}'`
  }
  return acl.name === ''
    ? `anonymous acl will never match in '${ruleSet}' because it uses keyword '${keyword}' which is incompatible with '${place}'`
    : `acl '${acl.name}' will never match in '${ruleSet}' because it only involves keywords that are incompatible with '${place}'`
}

/** What the expressions of a condition extract their values from: a mask of SOURCES. */
export const conditionSources = (condition: Condition): number =>
  aclsOf(condition)
    .flatMap(({ expressions }) => expressions)
    .reduce((mask, { expression }) => mask | expression.sources, 0)
