/** The flags of an ACL, between its criterion and its patterns: `-i -n -m -M -u -f --` (`parse_acl_expr` in src/acl.c). */
import { strtol } from '../../bytes/integers.js'
import type { PatternFile, PatternMatching, PatternUse } from '../model/patterns.js'
import { patternFileName } from '../patterns/file.js'
import { KIND_OF, MATCHED_TYPE, MATCH_METHODS, type Matching, type PatternKind } from '../patterns/match-method.js'
import { isCastable, type SampleType } from '../samples/types.js'
import type { PatternPlace, PatternUses } from './pattern-uses.js'

/** How the values of an ACL are matched. */
export interface AclMatching {
  readonly matching: Matching
  readonly kind: PatternKind
}

export interface AclFlags {
  readonly matching: AclMatching
  readonly ignoreCase: boolean
  readonly noNames: boolean
  /** `-u`; -1: none */
  readonly id: number
  readonly files: readonly PatternUse[]
  /** the word after the flags */
  readonly end: number
}

/** What an ACL matches by default, and what messages name it. */
export interface Criterion {
  readonly keyword: string
  readonly output: SampleType
  readonly matching: AclMatching | undefined
}

export const matchMethod = (method: (typeof MATCH_METHODS)[number]): AclMatching => ({
  matching: method,
  kind: KIND_OF[method],
})

/** Parses the flags from word `from` on. Files are used at once, with the flags before them. */
export const parseAclFlags = (
  words: readonly string[],
  from: number,
  { keyword, output, matching: byDefault }: Criterion,
  patterns: PatternUses,
  at: PatternPlace,
): AclFlags | { readonly error: string } => {
  let matching = byDefault
  let [ignoreCase, noNames, asMap, id] = [false, false, false, -1]
  const files: PatternUse[] = []
  const missingMethod = {
    error: `matching method must be specified first (using '-m') when using a sample fetch of this type ('${keyword}')`,
  }
  let word = from
  for (; words[word]?.startsWith('-'); word++) {
    const flag = words[word]!
    const argument = words[word + 1] ?? ''
    if (flag === '--') {
      word++
      break
    }
    if (flag === '-i') ignoreCase = true
    else if (flag === '-n') noNames = true
    else if (flag === '-M') asMap = true
    else if (flag === '-u') {
      const { value, rest } = strtol(argument)
      if (rest !== '') return { error: 'the argument of -u must be an integer' }
      id = value | 0
      if (patterns.hasId(id)) return { error: 'the id is already used' }
      word++
    } else if (flag === '-f') {
      if (!matching) return missingMethod
      const flags = { matching: matching.matching, kind: matching.kind, output: undefined, ignoreCase, noNames }
      const again = isUsed(files, argument, flags)
      const used = patterns.useFile(at, { name: argument, asMap, asAcl: true, withValues: asMap, again }, flags)
      if ('error' in used) return used
      files.push(used)
      word++
    } else if (flag === '-m') {
      if (files.length > 0)
        return { error: "'-m' must only be specified before patterns and files in parsing ACL expression" }
      const method = MATCH_METHODS.find((each) => each === argument)
      if (!method) return { error: `unknown matching method '${argument}' when parsing ACL expression` }
      if (method !== 'found' && !isCastable(output, MATCHED_TYPE[method]))
        return { error: `matching method '${argument}' cannot be used with fetch keyword '${keyword}'` }
      matching = matchMethod(method)
      word++
    } else
      return {
        error: `'${flag}' is not a valid ACL option. Please use '--' before any pattern beginning with a '-'`,
      }
  }
  return matching ? { matching, ignoreCase, noNames, id, files, end: word } : missingMethod
}

/** Whether the first use of this file in the same ACL has the same flags. */
const isUsed = (files: readonly PatternUse[], name: string, { ignoreCase, noNames }: PatternMatching): boolean => {
  const isSame = (use: PatternUse): boolean =>
    patternFileName((use.source as PatternFile).name).name === patternFileName(name).name
  const first = files.find(isSame)
  return first?.ignoreCase === ignoreCase && first.noNames === noNames
}
