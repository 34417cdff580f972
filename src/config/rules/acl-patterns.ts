/** The patterns on the line of an ACL, where integers and versions may be compared: `gt 5` becomes the range `6:` (`parse_acl_expr`, src/acl.c). */
import { strl2llrc } from '../../bytes/integers.js'
import type { PatternKind } from '../patterns/match-method.js'

export interface InlinePatternWords {
  readonly patterns: readonly string[]
  /** what is wrong with the pattern after them */
  readonly error?: string
}

/** The patterns from word `from` up to an empty one. */
export const readPatterns = (words: readonly string[], from: number, kind: PatternKind): InlinePatternWords => {
  const empty = words.indexOf('', from)
  const given = words.slice(from, empty < 0 ? undefined : empty)
  if (kind !== 'integer' && kind !== 'version') return { patterns: given }
  const patterns: string[] = []
  let operator = 'eq'
  for (const word of given) {
    if (OPERATORS.has(word)) {
      operator = word
      continue
    }
    const range = operator === 'eq' || /[:-]/.test(word) ? word : compare(operator, word, kind)
    if (typeof range === 'object') return { patterns, ...range }
    patterns.push(range)
  }
  return { patterns }
}

const OPERATORS: ReadonlySet<string> = new Set(['eq', 'ne', 'gt', 'ge', 'lt', 'le'])
const MINOR_BITS = 16n
const MINORS = 1n << MINOR_BITS

const compare = (operator: string, word: string, kind: 'integer' | 'version'): string | { readonly error: string } => {
  const isVersion = kind === 'version'
  const dot = word.indexOf('.')
  const minor = isVersion && dot >= 0 ? strl2llrc(word.slice(dot + 1)) : 0n
  const neither = { error: `'${word}' is neither a number nor a supported operator` }
  if (minor === undefined) return neither
  if (isVersion && minor >= MINORS) return { error: `'${word}' contains too large a minor value` }
  const major = strl2llrc(dot < 0 ? word : word.slice(0, dot))
  if (major === undefined) return neither
  if (isVersion && major >= MINORS) return { error: `'${word}' contains too large a major value` }
  const value = isVersion ? (major << MINOR_BITS) | (minor & (MINORS - 1n)) : major
  const show = (limit: bigint): string => {
    const wrapped = BigInt.asIntN(64, limit)
    return isVersion ? `${wrapped >> MINOR_BITS}.${wrapped & (MINORS - 1n)}` : `${wrapped}`
  }
  switch (operator) {
    case 'gt':
      return `${show(value + 1n)}:`
    case 'ge':
      return `${show(value)}:`
    case 'lt':
      return `:${show(value - 1n)}`
    case 'le':
      return `:${show(value)}`
    default:
      // `ne` is recognized but has no effect
      return word
  }
}
