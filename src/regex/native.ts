/**
 * Patterns that JavaScript's regular expressions match as PCRE2 does, and in bounded time: bytes, classes, simple assertions, alternatives
 * and repeated bytes. For these, JavaScript determines whether and where there is a match, which is several times faster. Captures are
 * still determined by our machine.
 *
 * Repeated groups are excluded, because they can take exponential time or exhaust the JIT compiler's stack, as are subjects for which a
 * match could reach its step limit.
 */
import { AT_END, firstOf, shortest, singleByte, type FollowSet } from './analysis.js'
import { isDisjoint, members, POSIX_CLASSES, UNICODE_POSIX_CLASSES, type ByteSet } from './byte-set.js'
import type { Group, Node, Repeat, SimpleAssertion, Tree } from './tree.js'

export interface NativePattern {
  readonly expression: RegExp
  /** the maximum length of a subject */
  readonly longest: number
}

/** Larger counts and patterns are left to our machine: JavaScript has limits, too. */
const LARGEST_COUNT = 255
const LONGEST_PATTERN = 2000
const LONGEST_TEXT = 1_000_000

/** The maximum number of steps of a match from one start, well below PCRE2's limit. */
const MOST_STEPS = 1_000_000

const escaped = (byte: number): string => `\\x${byte.toString(16).padStart(2, '0')}`

/** A class of the bytes of a set; an empty one never matches. */
const classOf = (set: ByteSet): string => {
  const ranges: string[] = []
  const bytes = members(set)
  for (let i = 0; i < bytes.length;) {
    const from = bytes[i]!
    while (bytes[i + 1] === bytes[i]! + 1) i++
    ranges.push(from === bytes[i] ? escaped(from) : `${escaped(from)}-${escaped(bytes[i]!)}`)
    i++
  }
  return `[${ranges.join('')}]`
}

/** Ends the translation: the pattern is not supported. */
class NotNative extends Error {}

/** Translates a pattern to one of JavaScript, and counts the ways in which a match can be tried from one start. */
class Translator {
  /** the product of the numbers of alternatives, except for unlimited repeats */
  ways = 1
  /** the number of unlimited repeats that may have to give back what they have matched */
  unlimited = 0

  constructor(readonly tree: Tree) {}

  group({ branches }: Group, follow: FollowSet): string {
    const before = { ways: this.ways, unlimited: this.unlimited }
    let ways = 0
    let { unlimited } = before
    const sources = branches.map((branch) => {
      this.ways = before.ways
      this.unlimited = before.unlimited
      const source = branch.map((node, i) => this.node(node, firstOf(this.tree, branch, i + 1, follow))).join('')
      ways += this.ways
      unlimited = Math.max(unlimited, this.unlimited)
      return source
    })
    this.ways = ways
    this.unlimited = unlimited
    return `(?:${sources.join('|')})`
  }

  node(node: Node, follow: FollowSet): string {
    const set = singleByte(this.tree, node)
    if (set) return classOf(set)
    if (node.type === 'assertion') return this.#assertion(node.kind)
    if (node.type === 'repeat') return this.#repeat(node, follow)
    if (node.type === 'group' && (node.kind === 'capture' || node.kind === 'plain')) return this.group(node, follow)
    throw new NotNative()
  }

  #repeat({ node, min, max, mode }: Repeat, follow: FollowSet): string {
    const set = singleByte(this.tree, node)
    if (min > LARGEST_COUNT || (max > LARGEST_COUNT && max !== Infinity)) throw new NotNative()
    if (!set) {
      // in JavaScript, an optional item cannot match the empty string
      const isOptional = min === 0 && max === 1 && mode !== 'possessive' && shortest(node) > 0
      if (node.type !== 'group' || !isOptional) throw new NotNative()
      this.ways++
      return `${this.node(node, follow)}?${mode === 'lazy' ? '?' : ''}`
    }
    if (min !== max && !(isDisjoint(set, follow.set) && !(mode === 'lazy' && follow.end))) {
      if (mode === 'possessive') throw new NotNative()
      if (max === Infinity) this.unlimited++
      else this.ways *= max - min + 1
    }
    const count = max === Infinity ? `{${min},}` : `{${min},${max}}`
    return `${classOf(set)}${count}${mode === 'lazy' ? '?' : ''}`
  }

  #assertion(kind: SimpleAssertion): string {
    switch (kind) {
      case 'start':
      case 'circumflex':
      case 'match start':
        return '^'
      case 'end':
        return '$'
      case 'last line end':
        return '(?=\\n?$)'
      case 'line start':
        return '(?:^|(?<=\\n)(?!$))'
      case 'line end':
        return '(?=\\n|$)'
      default: {
        const word = classOf((this.tree.ucp ? UNICODE_POSIX_CLASSES : POSIX_CLASSES).word!)
        return kind === 'word boundary'
          ? `(?:(?<=${word})(?!${word})|(?<!${word})(?=${word}))`
          : `(?:(?<=${word})(?=${word})|(?<!${word})(?!${word}))`
      }
    }
  }
}

/** Returns the same pattern for JavaScript; undefined if some construct may differ. */
export const nativePattern = (tree: Tree): NativePattern | undefined => {
  if (tree.newline !== 'LF' || tree.matchLimit !== undefined || tree.gaps.length > 0) return undefined
  const translator = new Translator(tree)
  try {
    const source = translator.group(tree.root, AT_END)
    if (source.length > LONGEST_PATTERN) return undefined
    const steps = MOST_STEPS / (translator.ways * source.length)
    const longest = translator.unlimited === 0 ? (steps < 1 ? -1 : LONGEST_TEXT) : steps ** (1 / translator.unlimited)
    return { expression: new RegExp(source), longest: Math.min(longest, LONGEST_TEXT) }
  } catch (error) {
    if (error instanceof NotNative) return undefined
    throw error
  }
}
