/** Lua patterns: parsed into steps and matched with backtracking (lstrlib.c). Errors in a pattern are raised when matching reaches them. */
import { throwError } from '../vm/arguments.js'
import { work } from '../vm/hook.js'
import type { LuaThread } from '../vm/state.js'
import type { LuaValue } from '../vm/value.js'

/** A table of characters by code: 1 for members of the class. */
type CharacterSet = Uint8Array

type Quantifier = '' | '*' | '+' | '-' | '?'

type Step =
  | { readonly kind: 'single'; readonly set: CharacterSet; readonly quantifier: Quantifier }
  | { readonly kind: 'open' | 'position' | 'close' | 'end' }
  | { readonly kind: 'balance'; readonly from: number; readonly to: number }
  | { readonly kind: 'frontier'; readonly set: CharacterSet }
  | { readonly kind: 'back'; readonly digit: number }
  | { readonly kind: 'error'; readonly message: string }

export interface Pattern {
  readonly steps: readonly Step[]
  readonly anchored: boolean
}

const setOf = (test: (code: number) => boolean): CharacterSet => {
  const set = new Uint8Array(256)
  for (let code = 0; code < 256; code++) if (test(code)) set[code] = 1
  return set
}

const between =
  (from: string, to: string) =>
  (code: number): boolean =>
    code >= from.charCodeAt(0) && code <= to.charCodeAt(0)

const isDigit = between('0', '9')
const isUpper = between('A', 'Z')
const isLower = between('a', 'z')
const isAlpha = (code: number): boolean => isUpper(code) || isLower(code)
const isGraph = (code: number): boolean => code > 32 && code < 127

/** Character classes in the C locale. */
const CLASSES: Readonly<Record<string, CharacterSet>> = {
  a: setOf(isAlpha),
  c: setOf((code) => code < 32 || code === 127),
  d: setOf(isDigit),
  g: setOf(isGraph),
  l: setOf(isLower),
  p: setOf((code) => isGraph(code) && !isAlpha(code) && !isDigit(code)),
  s: setOf((code) => code === 32 || (code >= 9 && code <= 13)),
  u: setOf(isUpper),
  w: setOf((code) => isAlpha(code) || isDigit(code)),
  x: setOf((code) => isDigit(code) || between('a', 'f')(code) || between('A', 'F')(code)),
  // deprecated, but supported in 5.4
  z: setOf((code) => code === 0),
}
const ALL = setOf(() => true)
const ONE: CharacterSet[] = Array.from({ length: 256 }, (_, code) => setOf((each) => each === code))

/** Parses `%` and the character after it. */
const escaped = (character: string): CharacterSet => {
  const known = CLASSES[character.toLowerCase()]
  if (!known) return ONE[character.charCodeAt(0)]!
  return character === character.toLowerCase() ? known : setOf((code) => known[code] === 0)
}

const ENDS_WITH_ESCAPE = "malformed pattern (ends with '%')"
const NO_BRACKET = "malformed pattern (missing ']')"

/** Parses a set in brackets at `start`; returns the set and its end. */
const readSet = (text: string, start: number): { set: CharacterSet; end: number } | { error: string } => {
  let at = start + 1
  const complement = text[at] === '^'
  if (complement) at++
  const set = new Uint8Array(256)
  for (let first = true; first || text[at] !== ']'; first = false) {
    if (at >= text.length) return { error: NO_BRACKET }
    if (text[at] === '%') {
      const character = text[at + 1]
      if (character === undefined) return { error: NO_BRACKET }
      escaped(character).forEach((on, code) => (set[code]! |= on))
      at += 2
    } else if (text[at + 1] === '-' && at + 2 < text.length && text[at + 2] !== ']') {
      for (let code = text.charCodeAt(at); code <= text.charCodeAt(at + 2); code++) set[code] = 1
      at += 3
    } else set[text.charCodeAt(at++)] = 1
  }
  return { set: complement ? set.map((on) => 1 - on) : set, end: at + 1 }
}

class PatternReader {
  readonly steps: Step[] = []
  #at = 0

  constructor(readonly text: string) {}

  read(): readonly Step[] {
    while (this.#at < this.text.length) {
      const step = this.#step()
      this.steps.push(step)
      if (step.kind === 'error') break
    }
    return this.steps
  }

  #step(): Step {
    const { text } = this
    const character = text[this.#at]!
    if (character === '(') {
      const position = text[this.#at + 1] === ')'
      this.#at += position ? 2 : 1
      return { kind: position ? 'position' : 'open' }
    }
    if (character === ')') {
      this.#at++
      return { kind: 'close' }
    }
    if (character === '$' && this.#at + 1 === text.length) {
      this.#at++
      return { kind: 'end' }
    }
    return (character === '%' && this.#special()) || this.#single()
  }

  /** Parses `%b`, `%f` and back references. */
  #special(): Step | undefined {
    const { text } = this
    const character = text[this.#at + 1]
    if (character === 'b') {
      if (this.#at + 3 >= text.length)
        return { kind: 'error', message: "malformed pattern (missing arguments to '%b')" }
      this.#at += 4
      return { kind: 'balance', from: text.charCodeAt(this.#at - 2), to: text.charCodeAt(this.#at - 1) }
    }
    if (character === 'f') {
      if (text[this.#at + 2] !== '[') return { kind: 'error', message: "missing '[' after '%f' in pattern" }
      const found = readSet(text, this.#at + 2)
      if ('error' in found) return { kind: 'error', message: found.error }
      this.#at = found.end
      return { kind: 'frontier', set: found.set }
    }
    if (character !== undefined && isDigit(character.charCodeAt(0))) {
      this.#at += 2
      return { kind: 'back', digit: Number(character) }
    }
    return undefined
  }

  #single(): Step {
    const { text } = this
    const character = text[this.#at]!
    let set: CharacterSet
    if (character === '%') {
      const next = text[this.#at + 1]
      if (next === undefined) return { kind: 'error', message: ENDS_WITH_ESCAPE }
      set = escaped(next)
      this.#at += 2
    } else if (character === '[') {
      const found = readSet(text, this.#at)
      if ('error' in found) return { kind: 'error', message: found.error }
      ;({ set } = found)
      this.#at = found.end
    } else {
      set = character === '.' ? ALL : ONE[character.charCodeAt(0)]!
      this.#at++
    }
    const quantifier = text[this.#at]
    if (quantifier === '*' || quantifier === '+' || quantifier === '-' || quantifier === '?') {
      this.#at++
      return { kind: 'single', set, quantifier }
    }
    return { kind: 'single', set, quantifier: '' }
  }
}

/** @param anchors whether `^` at the start is an anchor */
export const readPattern = (text: string, anchors: boolean): Pattern => {
  const anchored = anchors && text[0] === '^'
  return { steps: new PatternReader(anchored ? text.slice(1) : text).read(), anchored }
}

/** The number of characters examined in a row that count as an instruction. */
const SHORT = 2

const MOST_CAPTURES = 32
const MOST_DEPTH = 200
const OPEN = -1
const POSITION = -2

/** A subject that is matched against a pattern. */
export class LuaPatternMatcher {
  readonly #starts: number[] = []
  readonly #lengths: number[] = []
  #level = 0
  #depth = 0

  constructor(
    readonly L: LuaThread,
    readonly text: string,
    readonly steps: readonly Step[],
  ) {}

  /** Returns the end of a match that starts at `at`; -1 if nothing matches. */
  match(at: number): number {
    this.#level = 0
    this.#depth = 0
    return this.#from(at, 0)
  }

  get captures(): number {
    return this.#level
  }

  /** Returns a capture of the last match; the whole match if there are no captures. */
  capture(i: number, start: number, end: number): LuaValue {
    if (i >= this.#level) {
      if (i !== 0) throwError(this.L, `invalid capture index %${i + 1}`)
      return this.text.slice(start, end)
    }
    const length = this.#lengths[i]!
    if (length === OPEN) throwError(this.L, 'unfinished capture')
    const from = this.#starts[i]!
    return length === POSITION ? from + 1 : this.text.slice(from, from + length)
  }

  /** Returns all captures of the last match. */
  all(start: number, end: number, whole: boolean): LuaValue[] {
    const count = this.#level === 0 && whole ? 1 : this.#level
    const captures: LuaValue[] = []
    for (let i = 0; i < count; i++) captures.push(this.capture(i, start, end))
    return captures
  }

  #from(start: number, first: number): number {
    if (++this.#depth > MOST_DEPTH) throwError(this.L, 'pattern too complex')
    work(this.L, 2)
    const end = this.#steps(start, first)
    this.#depth--
    return end
  }

  #steps(start: number, first: number): number {
    const { text, steps } = this
    let at = start
    for (let i = first; i < steps.length; i++) {
      const step = steps[i]!
      switch (step.kind) {
        case 'single': {
          const { quantifier } = step
          if (at >= text.length || step.set[text.charCodeAt(at)] === 0) {
            if (quantifier === '' || quantifier === '+') return -1
          } else if (quantifier === '') at++
          else if (quantifier !== '?') return this.#repeated(step.set, quantifier, at, i + 1)
          else {
            const end = this.#from(at + 1, i + 1)
            if (end >= 0) return end
          }
          if (i % SHORT === 0) work(this.L)
          break
        }
        case 'open':
          return this.#open(at, i + 1, OPEN)
        case 'position':
          return this.#open(at, i + 1, POSITION)
        case 'close':
          return this.#close(at, i + 1)
        case 'end':
          return at === text.length ? at : -1
        case 'balance':
          at = this.#balanced(at, step.from, step.to)
          if (at < 0) return -1
          break
        case 'frontier': {
          const before = at === 0 ? 0 : text.charCodeAt(at - 1)
          const here = at < text.length ? text.charCodeAt(at) : 0
          if (step.set[before] !== 0 || step.set[here] === 0) return -1
          break
        }
        case 'back': {
          const captured = this.#back(step.digit)
          if (captured === undefined || !text.startsWith(captured, at)) return -1
          if (captured.length > SHORT) work(this.L, Math.floor(captured.length / SHORT))
          at += captured.length
          break
        }
        case 'error':
          return throwError(this.L, step.message)
      }
    }
    return at
  }

  /** Matches a class that the character at `start` belongs to one or more times, or with `*` and `-` not at all. */
  #repeated(set: CharacterSet, quantifier: '*' | '+' | '-', start: number, next: number): number {
    const { text } = this
    const { length } = text
    if (quantifier === '-') {
      for (let at = start; ; at++) {
        const end = this.#from(at, next)
        if (end >= 0) return end
        if (at >= length || set[text.charCodeAt(at)] === 0) return -1
      }
    }
    let at = start + 1
    while (at < length && set[text.charCodeAt(at)] !== 0) at++
    if (at - start > SHORT) work(this.L, Math.floor((at - start) / SHORT))
    if (next === this.steps.length && this.#depth < MOST_DEPTH) return at
    const least = quantifier === '+' ? start + 1 : start
    for (; at >= least; at--) {
      const end = this.#from(at, next)
      if (end >= 0) return end
    }
    return -1
  }

  #open(at: number, next: number, kind: number): number {
    if (this.#level >= MOST_CAPTURES) throwError(this.L, 'too many captures')
    this.#starts[this.#level] = at
    this.#lengths[this.#level] = kind
    this.#level++
    const end = this.#from(at, next)
    if (end < 0) this.#level--
    return end
  }

  #close(at: number, next: number): number {
    let i = this.#level - 1
    while (i >= 0 && this.#lengths[i] !== OPEN) i--
    if (i < 0) throwError(this.L, 'invalid pattern capture')
    this.#lengths[i] = at - this.#starts[i]!
    const end = this.#from(at, next)
    if (end < 0) this.#lengths[i] = OPEN
    return end
  }

  #balanced(start: number, from: number, to: number): number {
    const { text } = this
    if (start >= text.length || text.charCodeAt(start) !== from) return -1
    let open = 1
    for (let at = start + 1; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (code === to) {
        if (--open === 0) return at + 1
      } else if (code === from) open++
      if (at % SHORT === 0) work(this.L)
    }
    return -1
  }

  /** Returns the contents of a capture for a back reference; a position capture matches nothing. */
  #back(digit: number): string | undefined {
    const i = digit - 1
    if (i < 0 || i >= this.#level || this.#lengths[i] === OPEN) throwError(this.L, `invalid capture index %${digit}`)
    const length = this.#lengths[i]!
    return length === POSITION ? undefined : this.text.slice(this.#starts[i], this.#starts[i]! + length)
  }
}
