/**
 * Regular expressions as in HAProxy, which uses PCRE2 with its JIT compiler (`regex_comp`, `regex_exec_match2` in regex.c). Patterns and
 * subjects are byte strings.
 */
import { compileTree } from './compiler.js'
import { PatternError } from './errors.js'
import { Matcher } from './matcher.js'
import { nativePattern, type NativePattern } from './native.js'
import { parseRegex } from './parser.js'

export interface RegexOptions {
  readonly ignoreCase?: boolean
  /** whether groups without a name capture; the default is true */
  readonly captures?: boolean
}

/** A pattern that PCRE2 rejects. */
export interface RegexError {
  /** HAProxy's message, a byte string */
  readonly error: string
}

export class Regex {
  readonly #matcher: Matcher | undefined
  /** finds the same matches in subjects up to a length */
  readonly #native: RegExp | undefined
  readonly #longest: number

  constructor(
    /** undefined: nothing matches */
    matcher: Matcher | undefined,
    readonly pattern: string,
    /** descriptions of differences from PCRE2 that affect this pattern */
    readonly gaps: readonly string[],
    native?: NativePattern,
  ) {
    this.#matcher = matcher
    this.#native = native?.expression
    this.#longest = native?.longest ?? -1
  }

  /** Whether a subject contains a match; also false if PCRE2 fails because a limit is reached. */
  test(text: string): boolean {
    if (text.length <= this.#longest) return this.#native!.test(text)
    return this.#matcher?.match(text) !== undefined
  }

  /**
   * The first match: its start and end, then those of each group up to the last one that participated, -1 for others. Undefined if there is
   * none.
   *
   * @param options `notBol`: `^` does not match at the start of the subject (PCRE2_NOTBOL)
   */
  exec(text: string, { notBol = false }: { readonly notBol?: boolean } = {}): readonly number[] | undefined {
    let from = 0
    if (text.length <= this.#longest && !notBol) {
      const found = this.#native!.exec(text)
      if (!found) return undefined
      from = found.index
      if (this.#matcher?.program.groups === 0) return [from, from + found[0].length]
    }
    const offsets = this.#matcher?.match(text, notBol, from)
    if (!offsets) return undefined
    let length = offsets.length
    while (length > 2 && offsets[length - 2] === -1) length -= 2
    return [...offsets.subarray(0, length)]
  }
}

/** Compiles a pattern. */
export const compileRegex = (
  pattern: string,
  { ignoreCase = false, captures = true }: RegexOptions = {},
): Regex | RegexError => {
  // HAProxy's patterns are C strings
  const end = pattern.indexOf('\0')
  const text = end < 0 ? pattern : pattern.slice(0, end)
  try {
    const tree = parseRegex(text, ignoreCase, captures)
    if (tree.noJit) return new Regex(undefined, text, tree.gaps)
    return new Regex(new Matcher(compileTree(tree)), text, tree.gaps, nativePattern(tree))
  } catch (error) {
    if (error instanceof PatternError)
      return { error: `regex '${text}' is invalid (error=${error.message}, erroffset=${error.offset})` }
    throw error
  }
}

export const isRegexError = (compiled: Regex | RegexError): compiled is RegexError => 'error' in compiled
