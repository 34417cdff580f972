/**
 * Patterns that JavaScript's expressions match as PCRE2 does, and in bounded time: bytes, classes, simple assertions, alternatives and repeated bytes.
 * Whether and where there is a match is decided by those then, which are several times faster. What groups have captured is left to our machine.
 *
 * Repeated groups, which can take exponential time or use up the JIT compiler's stack, are not among them; nor are texts for which a match could reach
 * its limit of steps.
 */
import { AT_END, firstOf, shortest, singleByte, type FollowSet } from './analysis.js'
import { isDisjoint, members, POSIX_CLASSES, UNICODE_POSIX_CLASSES, type ByteSet } from './byte-set.js'
import type { Group, Node, Repeat, SimpleAssertion, Tree } from './tree.js'

export interface NativePattern {
  readonly expression: RegExp
  /** the longest text for which it may be used */
  readonly longest: number
}

/** Counts and patterns beyond these are left to our machine: JavaScript has limits, too. */
const LARGEST_COUNT = 255
const LONGEST_PATTERN = 2000
const LONGEST_TEXT = 1_000_000

/** Steps that a match can take from one start, well below PCRE2's limit. */
const MOST_STEPS = 1_000_000

const escaped = (byte: number): string => `\\x${byte.toString(16).padStart(2, '0')}`

/** A class of the bytes of a set; one without members never matches. */
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

/** Ends the translation: the pattern has something else. */
class NotNative extends Error {}

/** Writes a pattern as one of JavaScript, and counts the ways in which a match can be tried from one start. */
class Translator {
  /** the product of the ways of all that has choices, but for repeats without limit */
  ways = 1
  /** repeats without limit that may have to give back what they have matched, one after the other */
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
      // JavaScript does not let what is optional match no bytes
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

/** The same pattern for JavaScript; undefined if it has something that may differ. */
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
