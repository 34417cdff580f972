/** Parses constructs that start with a parenthesis: groups, assertions, option settings, conditions, calls and callouts (`parse_regex`). */
import { classSize } from './size.js'
import { readClass } from './character-class.js'
import { readCall, readCallByName, readCaptureList } from './calls.js'
import { beginCondition } from './conditions.js'
import { newGroup, type Options, type ParserState } from './parser-state.js'
import { readName, readWord } from './reader.js'
import type { Group } from './tree.js'
import { readVerb } from './verbs.js'

/** Parses what follows a `(`. */
export const readGroup = (state: ParserState, expectedAssertion: number): void => {
  if (state.end) state.fail(14)
  const next = state.text[state.at]
  if (next === '?') return readSpecialGroup(state, expectedAssertion)
  if (next !== '*') {
    beginCapture(state, !state.options.noAutoCapture)
    return
  }
  const first = state.text[state.at + 1]
  // `(*` and `(*)`: the asterisk is a quantifier with nothing to repeat
  if (first === undefined || first === ')') return
  if (first >= 'a' && first <= 'z') readAlphabetic(state, expectedAssertion)
  else readVerb(state)
}

const beginCapture = (state: ParserState, captures: boolean): void => {
  if (!captures) return state.begin(newGroup('plain'))
  if (state.groups >= 65535) state.fail(97)
  state.begin(newGroup('capture', { number: ++state.groups }))
}

/** Look-around by name. */
const ALPHABETIC: Readonly<
  Record<string, { kind: Group['kind'] | 'script run'; nonAtomic?: boolean; atomic?: boolean }>
> = {
  pla: { kind: 'ahead' },
  plb: { kind: 'behind' },
  napla: { kind: 'ahead', nonAtomic: true },
  naplb: { kind: 'behind', nonAtomic: true },
  nla: { kind: 'not ahead' },
  nlb: { kind: 'not behind' },
  positive_lookahead: { kind: 'ahead' },
  positive_lookbehind: { kind: 'behind' },
  non_atomic_positive_lookahead: { kind: 'ahead', nonAtomic: true },
  non_atomic_positive_lookbehind: { kind: 'behind', nonAtomic: true },
  negative_lookahead: { kind: 'not ahead' },
  negative_lookbehind: { kind: 'not behind' },
  scs: { kind: 'substring' },
  scan_substring: { kind: 'substring' },
  atomic: { kind: 'atomic' },
  sr: { kind: 'script run' },
  asr: { kind: 'script run', atomic: true },
  script_run: { kind: 'script run' },
  atomic_script_run: { kind: 'script run', atomic: true },
}

/** `(*pla:…)`, `(*atomic:…)` and similar. */
const readAlphabetic = (state: ParserState, expectedAssertion: number): void => {
  const { name, at } = readWord(state.text, state.at + 1)
  state.at = at
  if (state.end) state.fail(14)
  if (state.text[at] !== ':') state.fail(95, at + 1)
  const found = Object.hasOwn(ALPHABETIC, name) ? ALPHABETIC[name]! : state.fail(95)
  const { kind, nonAtomic = false, atomic = false } = found
  if (expectedAssertion > 0 && (nonAtomic || !/ahead|behind/.test(kind))) state.fail(28)
  state.at++
  if (kind === 'script run') {
    // bytes have only one script: all letters of Latin-1 are Latin
    state.begin(newGroup(atomic ? 'atomic' : 'plain'))
  } else if (kind === 'atomic') state.begin(newGroup('atomic'))
  else if (kind === 'substring') {
    const { list, at: end } = readCaptureList(state, state.at)
    state.at = end
    beginAssertion(state, newGroup('substring', { substrings: list }), expectedAssertion)
  } else beginAssertion(state, newGroup(kind, { nonAtomic, offset: at - 3 }), expectedAssertion)
}

const beginAssertion = (state: ParserState, group: Group, expectedAssertion: number): void => {
  if (group.kind === 'behind' || group.kind === 'not behind') state.lookBehind = true
  state.begin(group)
  if (expectedAssertion > 0) state.save(undefined, true)
}

/** Parses a group from the `?` of `(?`. */
const readSpecialGroup = (state: ParserState, expectedAssertion: number): void => {
  state.at++
  if (state.end) state.fail(14)
  const { text, at } = state
  const next = text[at]!
  const assertion = (kind: Group['kind'], length: number, nonAtomic = false): void => {
    state.at += length
    beginAssertion(state, newGroup(kind, { nonAtomic, offset: at - 2 }), expectedAssertion)
  }
  switch (next) {
    case 'P':
      return readPython(state)
    case 'R':
      state.at++
      if (text[state.at] !== ')' && text[state.at] !== '(') state.fail(58)
      return readCall(state, { group: 0, offset: state.at })
    case '+':
      if (at + 1 >= text.length) state.fail(14, at + 1)
      if (!/\d/.test(text[at + 1]!)) state.fail(29, Math.min(at + 2, text.length))
      return readCall(state)
    case '&':
      return readCallByName(state)
    case 'C':
      return readCallout(state, expectedAssertion)
    case '(':
      return beginCondition(state)
    case '>':
      state.at++
      return state.begin(newGroup('atomic'))
    case '=':
      return assertion('ahead', 1)
    case '*':
      return assertion('ahead', 1, true)
    case '!':
      return assertion('not ahead', 1)
    case '<':
      if (text[at + 1] === '=') return assertion('behind', 2)
      if (text[at + 1] === '!') return assertion('not behind', 2)
      if (text[at + 1] === '*') return assertion('behind', 2, true)
      return beginNamed(state, '>')
    case "'":
      return beginNamed(state, "'")
    case '[': {
      const { ignoreCase, extendedMore } = state.options
      const { utf, ucp } = state.start
      const context = { groups: state.groups, ignoreCase, extendedMore, utf, ucp }
      const { set, at: end } = readClass(text, at + 1, context, true)
      state.at = end
      state.repeatable = true
      return state.add({ type: 'set', set, size: classSize(set) })
    }
  }
  if (/\d/.test(next) || (next === '-' && /\d/.test(text[at + 1] ?? ''))) return readCall(state)
  if (next === '|') {
    state.at++
    state.begin(newGroup('plain'))
    state.duplicateNumbers = true
    state.save({ before: state.groups, highest: state.groups })
    return
  }
  readOptions(state)
}

/** `(?P<name>`, `(?P=name)` and `(?P>name)`, the syntax of Python. */
const readPython = (state: ParserState): void => {
  state.at++
  if (state.end) state.fail(14)
  const next = state.text[state.at]
  if (next === '<') return beginNamed(state, '>')
  if (next === '>') return readCallByName(state)
  if (next !== '=') state.fail(41, state.at + 1)
  const { name, offset, at } = readName(state.text, state.at + 1, ')')
  state.at = at
  state.repeatable = true
  state.add({ type: 'reference', name: { group: name, offset }, ignoreCase: state.options.ignoreCase })
}

/** Parses a named group, starting before the name. */
const beginNamed = (state: ParserState, terminator: string): void => {
  const { name, at } = readName(state.text, state.at + 1, terminator)
  state.at = at
  beginCapture(state, true)
  state.addName(name)
}

/** `(?i)`, `(?i-s:…)`, `(?^x)` and `(?:…)`. */
const readOptions = (state: ParserState): void => {
  let options = state.options
  let hyphenAllowed = true
  if (state.text[state.at] === '^') {
    options = {
      ...options,
      ...{
        ignoreCase: false,
        multiline: false,
        noAutoCapture: false,
        dotAll: false,
        extended: false,
        extendedMore: false,
      },
    }
    hyphenAllowed = false
    state.at++
  }
  const set: Partial<Record<keyof Options, boolean>> = {}
  const unset: Partial<Record<keyof Options, boolean>> = {}
  let target = set
  while (!state.end && state.text[state.at] !== ')' && state.text[state.at] !== ':') {
    const letter = state.text[state.at++]!
    if (letter === '-') {
      if (!hyphenAllowed) state.fail(94)
      target = unset
      hyphenAllowed = false
    } else if (letter === 'a') {
      // classes that have Unicode's meaning in UCP mode are those of ASCII
      if (/[DPSTW]/.test(state.text[state.at] ?? '')) state.at++
    } else if (letter === 'x') {
      target.extended = true
      if (state.text[state.at] === 'x') {
        target.extendedMore = true
        state.at++
      }
    } else if (letter !== 'r') target[OPTIONS[letter] ?? state.fail(11)] = true
  }
  if ((set.extended === true && set.extendedMore !== true) || unset.extended === true) unset.extendedMore = true
  options = { ...options, ...set }
  for (const name of Object.keys(unset)) options = { ...options, [name]: false }
  if (state.end) state.fail(14)
  if (state.text[state.at++] === ':') {
    state.begin(newGroup('plain'))
    state.save()
  } else if (state.saved.at(-1)?.depth !== state.depth) state.save()
  state.options = options
}

const OPTIONS: Readonly<Record<string, keyof Options>> = {
  i: 'ignoreCase',
  m: 'multiline',
  n: 'noAutoCapture',
  s: 'dotAll',
  J: 'duplicateNames',
  U: 'ungreedy',
}

/** Delimiters of the text of a callout, start and end. */
const DELIMITERS: Readonly<Record<string, string>> = {
  '`': '`',
  "'": "'",
  '"': '"',
  '^': '^',
  '%': '%',
  '#': '#',
  $: '$',
  '{': '}',
}

/** `(?C)`: HAProxy sets no callout function, so it has no effect. */
const readCallout = (state: ParserState, expectedAssertion: number): void => {
  const { text } = state
  state.at++
  if (state.end) state.fail(14)
  state.expectsAssertion = expectedAssertion - 1
  const first = text[state.at]!
  if (first !== ')' && !/\d/.test(first)) {
    const delimiter = Object.hasOwn(DELIMITERS, first) ? DELIMITERS[first]! : state.fail(82, state.at + 1)
    const start = state.at
    for (;;) {
      if (++state.at >= text.length) state.fail(81, start)
      if (text[state.at] === delimiter && text[++state.at] !== delimiter) break
    }
  } else {
    let number = 0
    while (/\d/.test(text[state.at] ?? '')) {
      number = number * 10 + Number(text[state.at++])
      if (number > 255) state.fail(38)
    }
  }
  if (text[state.at] !== ')') state.fail(39)
  state.at++
}
