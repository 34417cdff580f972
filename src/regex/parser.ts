/**
 * Parses patterns of PCRE2 (`parse_regex` in pcre2_compile.c). Items are read in PCRE2's order and errors are reported at its positions.
 */
import { checkTree } from './check.js'
import { escapedSet, posixEnd, readClass } from './character-class.js'
import { readEscape } from './escape.js'
import { readGroup } from './groups.js'
import { lookBehindLengths } from './look-behind.js'
import { newGroup, ParserState, type Options } from './parser-state.js'
import { readProperty } from './properties.js'
import { MAX_GROUP, readCounts, readName, readNumber } from './reader.js'
import { classSize } from './size.js'
import { readStartOptions } from './start-options.js'
import { complement } from './byte-set.js'
import type { Newline, SimpleAssertion, Tree } from './tree.js'

/**
 * Parses a pattern, which is a byte string.
 *
 * @param captures whether groups without a name capture
 * @throws PatternError
 */
export const parseRegex = (text: string, ignoreCase: boolean, captures: boolean): Tree => {
  const start = readStartOptions(text)
  const options: Options = {
    ignoreCase,
    multiline: false,
    dotAll: false,
    extended: false,
    extendedMore: false,
    noAutoCapture: !captures,
    ungreedy: false,
    duplicateNames: false,
  }
  const state = new ParserState(text, options, start)
  while (!state.end) readItem(state)
  if (state.depth > 0) state.fail(14)
  const { newline, asciiNewlines, utf, ucp, matchLimit, noJit, startOptimizations, autoPossess } = start
  const names = new Map<string, number[]>()
  for (const { name, group } of state.names) names.set(name, [...(names.get(name) ?? []), group])
  const parsed = {
    root: state.close(),
    groups: state.groups,
    names,
    ...{ newline, asciiNewlines, ucp, matchLimit, noJit, startOptimizations, autoPossess },
    gaps: utf ? ["'(*UTF)' in a regular expression"] : [],
  }
  const unchecked: Tree = { ...parsed, lookBehinds: new Map() }
  const tree = state.lookBehind
    ? { ...parsed, lookBehinds: lookBehindLengths(unchecked, state.duplicateNumbers) }
    : unchecked
  checkTree(tree, text.length)
  return tree
}

const readItem = (state: ParserState): void => {
  state.checkDepth()
  const { text } = state
  const begin = state.at
  const char = text[state.at++]!
  if (skipQuoting(state, char) || skipBlank(state, char)) return
  checkExpectedAssertion(state, char)
  const expectedAssertion = state.expectsAssertion
  state.expectsAssertion = 0
  const { repeatable, quantified } = state
  state.repeatable = false
  state.quantified = undefined
  if (quantified && (char === '?' || char === '+')) {
    quantified.replace(char === '+' ? 'possessive' : quantified.repeat.mode === 'lazy' ? 'greedy' : 'lazy')
    return
  }
  switch (char) {
    case '\\':
      return readEscaped(state)
    case '^':
      return state.add({ type: 'assertion', kind: state.options.multiline ? 'line start' : 'circumflex' })
    case '$':
      return state.add({ type: 'assertion', kind: state.options.multiline ? 'line end' : 'last line end' })
    case '.':
      state.repeatable = true
      return state.add({ type: 'dot', all: state.options.dotAll })
    case '*':
      return quantify(state, repeatable, 0, Infinity)
    case '+':
      return quantify(state, repeatable, 1, Infinity)
    case '?':
      return quantify(state, repeatable, 0, 1)
    case '{': {
      const counts = readCounts(text, state.at)
      if (!counts) break
      state.at = counts.at
      return quantify(state, repeatable, counts.min, counts.max)
    }
    case '[':
      return readBracket(state)
    case '(':
      return readGroup(state, expectedAssertion)
    case '|':
      return readAlternative(state)
    case ')':
      return endGroup(state)
  }
  readLiteral(state, begin)
}

/** A literal character of the pattern: in UTF mode, all its bytes. */
const readLiteral = (state: ParserState, begin: number): void => {
  const { text } = state
  if (state.start.utf && text[begin]! >= '\xc2') {
    const sequence = /[^][\x80-\xbf]*/y
    sequence.lastIndex = begin
    const bytes = Buffer.from(sequence.exec(text)![0], 'latin1')
    state.at = begin + bytes.length
    return state.addByte(bytes.toString('utf8').codePointAt(0)!, true)
  }
  state.addByte(text.charCodeAt(begin), false)
}

/** Parses `\Q…\E`, which is literal. Returns false if there is none. */
const skipQuoting = (state: ParserState, char: string): boolean => {
  const { text } = state
  if (char !== '\\' || (text[state.at] !== 'Q' && text[state.at] !== 'E')) return false
  if (state.expectsAssertion > 0 && text[state.at] === 'Q' && !text.startsWith('\\E', state.at + 1))
    state.fail(28, state.at - 1)
  const quoted = text[state.at++] === 'Q'
  if (!quoted) return true
  const end = text.indexOf('\\E', state.at)
  const literal = text.slice(state.at, end < 0 ? undefined : end)
  for (let i = 0; i < literal.length; i++) state.addByte(literal.charCodeAt(i), false)
  if (literal !== '') state.quantified = undefined
  state.at = end < 0 ? text.length : end + 2
  return true
}

const NEWLINES: Readonly<Record<Newline, RegExp>> = {
  LF: /\n/y,
  CR: /\r/y,
  CRLF: /\r\n/y,
  ANYCRLF: /\r\n?|\n/y,
  ANY: /\r\n?|[\n\v\f\x85]/y,
  NUL: /\0/y,
}

/** Skips comments, and white space with `(?x)`. Returns false if there are none. */
const skipBlank = (state: ParserState, char: string): boolean => {
  const { text } = state
  if (state.options.extended) {
    if (/[\t-\r \x85]/.test(char)) return true
    if (char === '#') {
      const newline = NEWLINES[state.start.newline]
      for (; !state.end; state.at++) {
        newline.lastIndex = state.at
        const found = newline.exec(text)
        if (!found) continue
        state.at += found[0].length
        break
      }
      return true
    }
  }
  if (char !== '(' || !text.startsWith('?#', state.at)) return false
  const end = text.indexOf(')', state.at + 1)
  if (end < 0) state.fail(18, text.length)
  state.at = end + 1
  return true
}

/** After `(?(`, an assertion must follow, possibly after a callout. */
const checkExpectedAssertion = (state: ParserState, char: string): void => {
  if (state.expectsAssertion <= 0) return
  const next = state.text.slice(state.at, state.at + 3)
  const assertion = state.expectsAssertion === 2 ? /^(\*[a-z]|\?[=!C]|\?<[=!])/ : /^(\*[a-z]|\?[=!]|\?<[=!])/
  if (char !== '(' || next.length < 3 || !assertion.test(next))
    state.fail(28, state.expectsAssertion === 2 ? state.at : state.at - 1)
}

const quantify = (state: ParserState, repeatable: boolean, min: number, max: number): void => {
  if (!repeatable) state.fail(9)
  state.repeat(min, max)
}

const WORD_BOUNDARIES = ['[:<:]]', '[:>:]]']

const readBracket = (state: ParserState): void => {
  const { text, at } = state
  const { ucp, utf } = state.start
  state.repeatable = true
  const boundary = WORD_BOUNDARIES.findIndex((each) => text.startsWith(each, at))
  if (boundary >= 0) {
    state.add({ type: 'assertion', kind: 'word boundary' })
    state.begin(newGroup(boundary === 0 ? 'ahead' : 'behind'))
    state.add({ type: 'set', set: escapedSet('w', ucp)!, size: 1 })
    state.close()
    state.at += WORD_BOUNDARIES[0]!.length
    return
  }
  const end = posixEnd(text, at)
  if (end !== undefined) state.fail(text[at] === ':' ? 12 : 13, end + 2)
  const { ignoreCase, extendedMore } = state.options
  const context = { groups: state.groups, ignoreCase, extendedMore, utf, ucp }
  const read = readClass(text, at, context, false)
  state.at = read.at
  state.add({ type: 'set', set: read.set, size: classSize(read.set) })
}

const readAlternative = (state: ParserState): void => {
  const saved = state.saved.at(-1)
  if (saved?.depth === state.depth && saved.reset) {
    saved.reset.highest = Math.max(saved.reset.highest, state.groups)
    state.groups = saved.reset.before
  }
  state.nextBranch()
}

const endGroup = (state: ParserState): void => {
  state.repeatable = true
  const saved = state.saved.at(-1)
  if (saved?.depth === state.depth) {
    state.options = saved.options
    if (saved.reset) state.groups = Math.max(saved.reset.highest, state.groups)
    if (saved.conditionAssertion) state.repeatable = false
    state.saved.pop()
  }
  if (state.depth === 0) state.fail(22)
  state.close()
}

const ASSERTIONS: Readonly<Record<string, SimpleAssertion>> = {
  A: 'start',
  z: 'end',
  Z: 'last line end',
  G: 'match start',
  b: 'word boundary',
  B: 'no word boundary',
}

/** Parses what follows a backslash. */
const readEscaped = (state: ParserState): void => {
  const { text } = state
  const { utf, ucp } = state.start
  const escape = readEscape(text, state.at, { groups: state.groups, inClass: false, utf })
  state.at = escape.at
  if (escape.type === 'byte') return state.addByte(escape.code, true)
  if (escape.type === 'reference') {
    state.repeatable = true
    const name = { group: escape.group, offset: state.referenceOffset(escape.group) }
    return state.add({ type: 'reference', name, ignoreCase: state.options.ignoreCase })
  }
  const { letter } = escape
  const assertion = ASSERTIONS[letter]
  if (assertion) return state.add({ type: 'assertion', kind: assertion })
  if (letter === 'K') return state.add({ type: 'keep' })
  if (letter === 'g' || letter === 'k') return readNamedEscape(state, letter)
  state.repeatable = true
  const set = escapedSet(letter, ucp)
  if (set) return state.add({ type: 'set', set, size: 1 })
  switch (letter) {
    case 'C':
      return state.add({ type: 'dot', all: true })
    case 'N':
      return state.add({ type: 'dot', all: false })
    case 'R':
      return state.add({ type: 'newline' })
    case 'X':
      return state.add({ type: 'cluster' })
  }
  const property = readProperty(text, state.at)
  state.at = property.at
  const { set: positive } = property
  state.add({ type: 'set', set: property.negated === (letter === 'p') ? complement(positive) : positive, size: 3 })
}

const CLOSING: Readonly<Record<string, string>> = { '<': '>', "'": "'", '{': '}' }

/** Parses `\k` with a name, and `\g` with a name or, as a call, a number. */
const readNamedEscape = (state: ParserState, letter: 'g' | 'k'): void => {
  const { text, at } = state
  const terminator = CLOSING[text[at] ?? ''] ?? state.fail(letter === 'g' ? 57 : 69)
  state.repeatable = true
  if (letter === 'g') {
    const number = readNumber(text, at + 1, state.groups, MAX_GROUP, 61, at)
    if (number) {
      if (text[number.at] !== terminator) state.fail(119, number.at)
      state.at = number.at + 1
      return state.add({ type: 'call', name: { group: number.value, offset: state.at }, keeps: [] })
    }
  }
  const { name, offset, at: end } = readName(text, at + 1, terminator)
  state.at = end
  const group = { group: name, offset }
  if (letter === 'g') state.add({ type: 'call', name: group, keeps: [] })
  else state.add({ type: 'reference', name: group, ignoreCase: state.options.ignoreCase })
}
