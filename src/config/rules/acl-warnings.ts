/** Warnings about ACLs that are probably mistakes (`parse_acl`, `parse_acl_expr` in src/acl.c). */
import type { ParseContext } from '../parse-context.js'
import { fetchSignature } from '../samples/keywords.js'
import type { Place } from '../syntax/place.js'
import { aclKeyword } from './acl-keywords.js'

/** Values are to be matched against patterns, and there are none. */
export const warnOfNoPattern = (context: ParseContext, place: Place, criterion: string): void => {
  context.main.add(
    'warning',
    `config : parsing acl keyword '${criterion}' :\n` +
      '  no pattern to match against were provided, so this ACL will never match.\n' +
      "  If this is what you intended, please add '--' to get rid of this warning.\n" +
      "  If you intended to match only for existence, please use '-m found'.\n" +
      "  If you wanted to force an int to match as a bool, please use '-m bool'.\n",
    place,
  )
}

/** A blank before what could be the arguments of the criterion. @param words name, criterion, pattern */
export const warnOfSpace = (
  context: ParseContext,
  place: Place,
  [name, criterion, pattern]: readonly string[],
): void => {
  context.main.add(
    'warning',
    `config : parsing acl '${name}' :\n` +
      `  matching '${criterion}' for pattern '${pattern}' is likely a mistake and probably\n` +
      "  not what you want. Maybe you need to remove the extraneous space before '('.\n" +
      "  If you are really sure this is not an error, please insert '--' between the\n" +
      '  match and the pattern to make this warning message disappear.',
    place,
  )
}

/** Reports patterns that look like mistakes, with `-dD`. */
export const suspectPatterns = (context: ParseContext, place: Place, patterns: readonly string[]): void => {
  for (const pattern of patterns) {
    const problem = suspicion(pattern)
    if (problem !== undefined)
      context.main.add(
        'diag',
        `config : parsing [${place.file}:${place.line}] : pattern '${pattern}' ${problem}`,
        place,
      )
  }
}

const suspicion = (pattern: string): string | undefined => {
  if (/^(?:&&|and|\|\||or)$/.test(pattern))
    return 'looks like a failed attempt at using an operator inside a pattern list'
  if (pattern === '#' || pattern === '//') return 'looks like a failed attempt at commenting an end of line'
  const name = /^[A-Za-z0-9._+:-]*/.exec(pattern)![0]
  if (aclKeyword(name)) return 'suspiciously looks like a known acl keyword'
  return fetchSignature(name) ? 'suspiciously looks like a known sample fetch keyword' : undefined
}
