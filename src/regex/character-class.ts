/**
 * Character classes, `[…]`, and extended classes, `(?[…])`, with operators between classes (`parse_regex` in pcre2_compile.c). A class is
 * parsed by one loop with a stack of open brackets, as in PCRE2, because the positions of errors depend on its order.
 */
import {
  complement,
  HORIZONTAL_SPACE,
  ignoringCase,
  intersection,
  POSIX_CLASSES,
  setOf,
  UNICODE_POSIX_CLASSES,
  union,
  VERTICAL_SPACE,
  type ByteSet,
} from './byte-set.js'
import { PatternError } from './errors.js'
import { readEscape, type Escape } from './escape.js'
import { readProperty } from './properties.js'

export interface ClassContext {
  readonly groups: number
  readonly ignoreCase: boolean
  /** `(?xx)`: blanks are ignored */
  readonly extendedMore: boolean
  readonly utf: boolean
  readonly ucp: boolean
}

export interface ClassRead {
  readonly set: ByteSet
  readonly at: number
}

/** The meaning of a hyphen at the current position. */
type Range =
  /** a literal hyphen */
  | 'literal'
  /** after `[a-`: the end of the range must follow */
  | 'started'
  /** after `\d` and similar: a literal hyphen, but only before `]` */
  | 'forbidden'
  | 'forbidden started'
  /** after a byte: a range */
  | 'possible'

type Operator = '+' | '|' | '-' | '&' | '^' | '!'

/** An open class or parenthesis. */
interface Open {
  readonly negated: boolean
  set: ByteSet
  /** of an extended class: operands and operators in order */
  readonly terms: (ByteSet | Operator)[]
}

const DEEPEST = 15

/** The set of `\d`, `\W` and similar; undefined for other escapes. */
export const escapedSet = (letter: string, ucp: boolean): ByteSet | undefined => {
  const posix = { d: 'digit', s: 'space', w: 'word' }[letter.toLowerCase()]
  const set =
    posix !== undefined
      ? posixSet(posix, ucp)
      : letter.toLowerCase() === 'h'
        ? HORIZONTAL_SPACE
        : letter.toLowerCase() === 'v'
          ? VERTICAL_SPACE
          : undefined
  return set && letter < 'a' ? complement(set) : set
}

const posixSet = (name: string, ucp: boolean): ByteSet | undefined =>
  (ucp ? UNICODE_POSIX_CLASSES[name] : undefined) ?? POSIX_CLASSES[name]

/**
 * The position of the `:`, `.` or `=` that ends the POSIX item starting at `at`; undefined if there is no such item
 * (`check_posix_syntax`).
 */
export const posixEnd = (text: string, at: number): number | undefined => {
  const terminator = text[at]
  if (terminator !== ':' && terminator !== '.' && terminator !== '=') return undefined
  for (let i = at + 1; text.length - i >= 2; i++) {
    const [char, next] = [text[i], text[i + 1]]
    if (char === '\\' && (next === ']' || next === '\\')) i++
    else if ((char === '[' && next === terminator) || char === ']') return undefined
    else if (char === terminator && next === ']') return i
  }
  return undefined
}

/**
 * Parses the class whose `[` is before `at`.
 *
 * @param extended the class is that of `(?[…])`
 */
export const readClass = (text: string, at: number, context: ClassContext, extended: boolean): ClassRead =>
  new ClassReader(text, at, context, extended).read()

class ClassReader {
  readonly #open: Open[] = []
  #range: Range = 'literal'
  /** the last byte, with which a range may start */
  #first = 0
  /** after the hyphen of `[\d-` */
  #forbiddenAt = 0
  /** the previous item of an extended class */
  #previous: 'nothing' | 'operand' | 'operator' = 'nothing'
  /** operators are recognized: within `(?[…])`, but not within a class in it */
  #operators: boolean
  #quoted = false

  constructor(
    readonly text: string,
    public at: number,
    readonly context: ClassContext,
    readonly extended: boolean,
  ) {
    this.#operators = extended
  }

  read(): ClassRead {
    let char = '['
    for (;;) {
      const set = this.#item(char)
      if (set) return { set, at: this.at }
      if (this.at >= this.text.length) this.#fail(6)
      char = this.text[this.at++]!
    }
  }

  #fail(code: number, at = this.at): never {
    throw new PatternError(code, at)
  }

  #ignoresBlanks(operators: boolean): boolean {
    return this.context.extendedMore || operators || (this.extended && this.#open.length > 0)
  }

  /** Parses an item; returns the set of the whole class at its end. */
  #item(char: string): ByteSet | undefined {
    if (this.#quoted) {
      if (char === '\\' && this.text[this.at] === 'E') {
        this.#quoted = false
        this.at++
      } else if (this.#operators) this.#fail(116)
      else this.#byte(char.charCodeAt(0))
      return undefined
    }
    if ((char === ' ' || char === '\t') && this.#ignoresBlanks(this.#operators)) return undefined
    const end =
      this.#open.length > 0 && char === '[' && this.text.length - this.at >= 3
        ? posixEnd(this.text, this.at)
        : undefined
    if (end !== undefined) this.#posix(end)
    else if ((char === '[' && (this.#open.length === 0 || this.#operators)) || (char === '(' && this.#operators))
      this.#begin(char)
    else if (char === ']' || (char === ')' && this.#operators)) return this.#end(char)
    else if (this.#operators && '+|-&^!'.includes(char)) this.#operator(char as Operator)
    else if (char === '\\') this.#escape()
    else if (this.#operators) this.#fail(116)
    else if (char === '-' && this.#range === 'possible') this.#range = 'started'
    else if (char === '-' && this.#range === 'forbidden') {
      this.#add(setOf((byte) => byte === 0x2d))
      this.#range = 'forbidden started'
      this.#forbiddenAt = this.at
    } else this.#byte(char.charCodeAt(0))
    return undefined
  }

  #top(): Open {
    return this.#open[this.#open.length - 1]!
  }

  #add(set: ByteSet): void {
    const top = this.#top()
    if (this.#operators) top.terms.push(set)
    else top.set = union(top.set, set)
  }

  /**
   * Adds a set such as `\d` or `[:alpha:]`, which cannot be the end of a range.
   *
   * @param at position of errors
   */
  #addSet(set: ByteSet, at: number): void {
    this.#noRange(at)
    if (this.#previous === 'operand' && this.#operators) this.#fail(113, at)
    this.#add(set)
    this.#range = 'forbidden'
    this.#previous = 'operand'
  }

  #noRange(at: number): void {
    if (this.#range === 'started') this.#fail(50, at)
    if (this.#range === 'forbidden started') this.#fail(50, this.#forbiddenAt)
  }

  #byte(code: number): void {
    if (this.#previous === 'operand' && this.#operators) this.#fail(113)
    if (this.#range === 'forbidden started') this.#fail(50, this.#forbiddenAt)
    const { ignoreCase, ucp } = this.context
    const fold = (set: ByteSet): ByteSet => (ignoreCase ? ignoringCase(set, ucp) : set)
    if (this.#range === 'started') {
      const first = this.#first
      if (first > code) this.#fail(8)
      this.#add(fold(setOf((byte) => byte >= first && byte <= code)))
      this.#range = 'literal'
    } else {
      this.#first = code
      this.#add(fold(setOf((byte) => byte === code)))
      this.#range = 'possible'
    }
    this.#previous = 'operand'
  }

  #posix(end: number): void {
    const after = end + 2
    this.#noRange(after)
    if (this.#previous === 'operand' && this.#operators) this.#fail(113, after)
    if (this.text[this.at] !== ':') this.#fail(13, after)
    const negated = this.text[this.at + 1] === '^'
    let name = this.text.slice(this.at + (negated ? 2 : 1), end)
    if (this.context.ignoreCase && (name === 'lower' || name === 'upper')) name = 'alpha'
    const set = Object.hasOwn(POSIX_CLASSES, name) ? posixSet(name, this.context.ucp) : undefined
    if (!set) this.#fail(30, after)
    this.at = after
    this.#addSet(negated ? complement(set) : set, after)
  }

  #begin(char: string): void {
    const leaf = char === '[' && this.#operators && this.#open.length > 0
    const operators = this.#operators && !leaf
    this.#endRange()
    if (this.#previous === 'operand' && this.#operators) this.#fail(113)
    if (this.#open.length >= DEEPEST) this.#fail(107, this.at - 1)
    const negated = operators ? false : this.#opening(leaf)
    if (this.at >= this.text.length) this.#fail(char === '(' ? 14 : 6)
    this.#open.push({ negated, set: setOf(() => false), terms: [] })
    this.#operators = operators
    this.#range = 'literal'
    this.#previous = 'nothing'
    if (!operators && this.text[this.at] === ']') {
      this.at++
      this.#byte(0x5d)
    }
  }

  /** Skips `^` and similar at the start of a class; returns whether the class is negated. */
  #opening(leaf: boolean): boolean {
    let negated = false
    for (;;) {
      if (this.text.startsWith('\\E', this.at)) this.at += 2
      else if (this.text.startsWith('\\Q\\E', this.at)) this.at += 4
      else if (/[ \t]/.test(this.text[this.at] ?? '') && (leaf || this.#ignoresBlanks(false))) this.at++
      else if (!negated && this.text[this.at] === '^') {
        negated = true
        this.at++
      } else return negated
    }
  }

  /** A hyphen that does not start a range is literal. */
  #endRange(): void {
    if (this.#range === 'started') this.#add(setOf((byte) => byte === 0x2d))
  }

  /** Handles `]` or `)`. Returns the set of the whole class at its end. */
  #end(char: string): ByteSet | undefined {
    if (this.#operators) {
      if (char === ']' && this.#open.length !== 1) this.#fail(14, this.at - 1)
      if (char === ')' && this.#open.length < 2) this.#fail(22)
    }
    if (this.#previous === 'operator') this.#fail(110)
    if (this.#operators && this.#previous === 'nothing') this.#fail(114)
    this.#endRange()
    const ended = this.#open.pop()!
    const set = this.#operators ? evaluate(ended.terms) : ended.set
    const result = ended.negated ? complement(set) : set
    if (this.#open.length === 0) {
      if (!this.extended) return result
      if (this.text[this.at] !== ')') this.#fail(115)
      this.at++
      return result
    }
    this.#operators = true
    this.#add(result)
    this.#range = 'literal'
    this.#previous = 'operand'
    return undefined
  }

  #operator(operator: Operator): void {
    if (operator === '!') {
      if (this.#previous === 'operand') this.#fail(113)
    } else if (this.#previous !== 'operand') this.#fail(109)
    this.#top().terms.push(operator)
    this.#range = 'literal'
    this.#previous = 'operator'
  }

  #escape(): void {
    const { ucp, utf, groups, ignoreCase } = this.context
    const escape: Escape = readEscape(this.text, this.at, { groups, inClass: true, utf })
    this.at = escape.at
    if (escape.type === 'byte') return this.#byte(escape.code)
    const letter = escape.type === 'special' ? escape.letter : ''
    switch (letter) {
      case 'b':
        return this.#byte(0x08)
      case 'k':
        return this.#byte(0x6b)
      case 'Q':
        this.#quoted = true
        return
      case 'E':
        return
      case 'N':
        return this.#fail(71)
      case 'p':
      case 'P': {
        const property = readProperty(this.text, this.at)
        this.at = property.at
        const set = property.cased && ignoreCase ? readProperty('{L&}', 0).set : property.set
        return this.#addSet(property.negated === (letter === 'p') ? complement(set) : set, this.at)
      }
    }
    const set = escapedSet(letter, ucp)
    if (!set) this.#fail(7)
    this.#addSet(set, this.at)
  }
}

/** The value of an extended class: `!` has the highest precedence, then `&`, then the others from left to right. */
const evaluate = (terms: readonly (ByteSet | Operator)[]): ByteSet => {
  let at = 0
  const unary = (): ByteSet => {
    const term = terms[at++]!
    return term === '!' ? complement(unary()) : (term as ByteSet)
  }
  const product = (): ByteSet => {
    let set = unary()
    while (terms[at] === '&') {
      at++
      set = intersection(set, unary())
    }
    return set
  }
  let result = product()
  while (at < terms.length) {
    const operator = terms[at++] as Operator
    const right = product()
    if (operator === '-') result = intersection(result, complement(right))
    else if (operator === '^') {
      const left = result
      result = setOf((byte) => left[byte] !== right[byte])
    } else result = union(result, right)
  }
  return result
}
