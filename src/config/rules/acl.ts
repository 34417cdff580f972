/**
 * ACLs: a criterion (an ACL keyword or a fetch, with converters), flags, and patterns (`parse_acl`, `parse_acl_expr` in src/acl.c;
 * configuration manual, chapter 7.1).
 */
import { fromByteString, toByteString } from '../../bytes/text.js'
import type { Acl, AclExpression, ConditionTerm } from '../model/acl.js'
import type { ParseContext } from '../parse-context.js'
import { defaultMatchMethod } from '../patterns/match-method.js'
import { parseArguments } from '../samples/arguments.js'
import { checkArguments, parseConverters, parseExpression, type SampleExpression } from '../samples/expression.js'
import { fetchSignature } from '../samples/keywords.js'
import type { Line } from '../syntax/line.js'
import { invalidCharacter } from '../syntax/names.js'
import type { Place } from '../syntax/place.js'
import { matchMethod, parseAclFlags, type Criterion } from './acl-flags.js'
import { aclKeyword, PREDEFINED_ACLS, type AclKeyword } from './acl-keywords.js'
import type { AclList } from './acl-list.js'
import { recordExpression } from './pending-arguments.js'
import { readPatterns } from './acl-patterns.js'
import { suspectPatterns, warnOfNoPattern, warnOfSpace } from './acl-warnings.js'

type Failed = { readonly error: string }
type Parsed<T> = T | Failed

/** Parses the `acl` line of a section into its list. Returns whether it is valid; errors have been reported. */
export const readAclLine = (context: ParseContext, line: Line, acls: AclList): boolean => {
  const name = line.at(1)
  const invalid = invalidCharacter(name)
  const problem =
    invalid !== undefined
      ? `character '${invalid}' is not permitted in acl name '${name}'.`
      : name.toLowerCase() === 'or'
        ? `acl name '${name}' will never match. 'or' is used to express a logical disjunction within a condition.`
        : undefined
  if (problem !== undefined) {
    context.alert(line, problem)
    return false
  }
  const parsed = parseAcl(context, line.words.slice(1), line.place, acls)
  if ('error' in parsed) context.alert(line, `error detected while parsing ACL '${name}' : ${parsed.error}.`)
  return !('error' in parsed)
}

/**
 * Parses an ACL and adds it to the list.
 * @param words the name ('' for an anonymous ACL), the criterion, the flags and the patterns, up to an empty word
 */
export const parseAcl = (
  context: ParseContext,
  words: readonly string[],
  place: Place,
  acls: AclList,
): Parsed<{ readonly acl: Acl }> => {
  const name = words[0]!
  const parsed = parseAclExpression(context, words.slice(1), place)
  if ('error' in parsed) return parsed
  const [, criterion = '', next = ''] = words
  if (!criterion.includes('(') && next.startsWith('(')) warnOfSpace(context, place, words)
  const known = name === '' ? undefined : acls.find(name)
  const recursion = known && recursionProblem(known, parsed)
  return recursion === undefined ? { acl: acls.add(name, parsed) } : { error: recursion }
}

/** The ACL of that name in the list, to which a predefined one is added at its first use (`find_acl_default`). */
export const findAcl = (
  context: ParseContext,
  name: string,
  place: Place,
  acls: AclList,
): Parsed<{ readonly acl: Acl }> => {
  const known = acls.find(name)
  if (known) return { acl: known }
  const predefined = PREDEFINED_ACLS.get(name)
  if (predefined === undefined) return { error: `no such ACL : '${name}'` }
  const parsed = parseAclExpression(context, predefined.split(' '), place)
  return 'error' in parsed ? parsed : { acl: acls.add(name, parsed) }
}

const parseAclExpression = (context: ParseContext, words: readonly string[], place: Place): Parsed<AclExpression> => {
  const criterion = parseCriterion(context, words)
  if ('error' in criterion) return { error: fromByteString(criterion.error) }
  if (criterion.matching && criterion.output !== 'bool' && !words[1]) warnOfNoPattern(context, place, words[0]!)
  const at = { place, proxiesBefore: context.proxies.length, directory: context.defaultPath.directory }
  const flags = parseAclFlags(words, 1, criterion, context.patterns, at)
  if ('error' in flags) return flags
  const { matching, kind } = flags.matching
  const { patterns, error } = readPatterns(words, flags.end, kind)
  const { keyword, expression } = criterion
  if (context.currentProxy) recordExpression(context.currentProxy, expression, 'acl', place, keyword)
  const inline = context.patterns.useInline(
    at,
    { keyword, id: flags.id, patterns },
    { matching, kind, output: undefined, ignoreCase: flags.ignoreCase, noNames: flags.noNames },
  )
  if ('error' in inline) return inline
  if (error !== undefined) return { error }
  suspectPatterns(context, place, patterns)
  return { keyword, expression, matching, patterns: [...flags.files, inline] }
}

interface ParsedCriterion extends Criterion {
  readonly expression: SampleExpression
}

/** The first word; a fetch that is no ACL keyword may have its converters in the next words, which are patterns as well. */
const parseCriterion = (context: ParseContext, words: readonly string[]): Parsed<ParsedCriterion> => {
  const text = toByteString(words[0] ?? '')
  const keyword = aclKeyword(/^[A-Za-z0-9._+:-]*/.exec(text)![0])
  if (keyword) {
    const expression = parseKeyword(context, keyword, text)
    if ('error' in expression) return expression
    const { output } = expression
    if (expression.converters.length === 0)
      return {
        keyword: keyword.name,
        expression,
        output,
        matching: { matching: keyword.matching, kind: keyword.kind },
      }
    return { keyword: keyword.fetch, expression, output, matching: defaultMatching(output) }
  }
  const parsed = parseExpression(words.map(toByteString), 0, 0, false, context.options.samples)
  if ('error' in parsed) return { error: `${parsed.error} in ACL expression '${text}'` }
  const { expression } = parsed
  const { output } = expression
  return { keyword: expression.fetch.name, expression, output, matching: defaultMatching(output) }
}

const defaultMatching = (type: SampleExpression['output']): Criterion['matching'] => {
  const method = defaultMatchMethod(type)
  return method && matchMethod(method)
}

/** An ACL keyword with its arguments and converters. */
const parseKeyword = (context: ParseContext, keyword: AclKeyword, text: string): Parsed<SampleExpression> => {
  const { name } = keyword
  const known = fetchSignature(keyword.fetch)!
  const parsed = parseArguments(text, name.length, known.signature)
  if ('error' in parsed) return { error: `ACL keyword '${name}' : ${parsed.error}` }
  const { samples } = context.options
  const isChecked = parsed.arguments.length > 0 || text[name.length] === '('
  const fetch = samples.fetches.get(known.name)
  const args = isChecked ? checkArguments(fetch, parsed.arguments, samples) : parsed.arguments
  if (typeof args === 'string') return { error: `in argument to '${name}', ${args}` }
  const rest = parseConverters([text], 0, parsed.end, false, known.output, samples)
  if ('error' in rest) return { error: `ACL keyword '${name}' : ${rest.error}` }
  const gaps = samples.fetches.has(known.name) ? [] : [`the sample fetch '${known.name}'`]
  return {
    fetch: { name: known.name, args },
    converters: rest.converters,
    output: rest.output,
    places: known.places,
    sources: known.sources,
    gaps: [...gaps, ...rest.gaps],
  }
}

/** What is wrong with an expression that adds to an ACL on which it depends by the fetch `acl` (`parse_acl_recurse`). */
const recursionProblem = (acl: Acl, expression: AclExpression): string | undefined => {
  let left = MAX_RECURSION
  const dependsOnItself = ({ expression: { fetch } }: AclExpression): boolean => {
    if (fetch.name !== 'acl' || --left <= 0) return false
    const [terms] = fetch.args
    if (terms?.type !== 'object') return false
    return (terms.object as readonly ConditionTerm[]).some(
      (term) => left > 0 && (term.acl === acl || term.acl.expressions.some(dependsOnItself)),
    )
  }
  if (dependsOnItself(expression)) return 'have a recursive loop'
  return left <= 0 ? 'too deep acl() tree' : undefined
}

const MAX_RECURSION = 1000
