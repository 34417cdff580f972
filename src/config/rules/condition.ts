/**
 * Conditions of rules: `if` or `unless`, and names of ACLs or anonymous ACLs in braces, with `!` and `or` (`build_acl_cond`,
 * `parse_acl_cond` in src/acl.c; configuration manual, section 7.2).
 */
import type { Condition, ConditionTerm } from '../model/acl.js'
import type { ParseContext } from '../parse-context.js'
import type { Line } from '../syntax/line.js'
import { findAcl, parseAcl } from './acl.js'
import type { AclList } from './acl-list.js'

export type ParsedCondition = { readonly condition: Condition } | { readonly error: string }

/**
 * Parses the condition that begins with the word `from` and extends to the end of the line.
 * @param acls those of the section, to which anonymous and predefined ones are added
 * @returns the condition, or what is wrong with it in HAProxy's words, without a full stop
 */
export const parseCondition = (
  context: ParseContext,
  { words, place }: Pick<Line, 'words' | 'place'>,
  from: number,
  acls: AclList,
): ParsedCondition => {
  const polarity = words[from]
  if (polarity !== 'if' && polarity !== 'unless') return { error: "conditions must start with either 'if' or 'unless'" }
  const suites: ConditionTerm[][] = []
  let suite: ConditionTerm[] | undefined
  let negated = false
  for (let at = from + 1; at < words.length && words[at] !== ''; at++) {
    const [, marks, word] = /^(!*)([^]*)$/.exec(words[at]!) as unknown as [string, string, string]
    if (marks.length % 2 === 1) negated = !negated
    if (word === '') continue
    if (word === '||' || word.toLowerCase() === 'or') {
      suite = undefined
      negated = false
      continue
    }
    let parsed: ReturnType<typeof parseAcl>
    if (word === '{') {
      const end = closingBrace(words, at)
      if (end === undefined) return { error: "missing closing '}' in condition" }
      parsed = parseAcl(context, ['', ...words.slice(at + 1, end)], place, acls)
      at = end
    } else parsed = findAcl(context, word, place, acls)
    if ('error' in parsed) return parsed
    if (!suite) suites.push((suite = []))
    suite.push({ acl: parsed.acl, negated })
    negated = false
  }
  return { condition: { polarity, suites, place } }
}

/** The word `}` after a `{`; undefined if missing before the end of the line. */
const closingBrace = (words: readonly string[], open: number): number | undefined => {
  for (let at = open + 1; at < words.length && words[at] !== ''; at++) if (words[at] === '}') return at
  return undefined
}
