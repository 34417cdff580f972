/** Conditional groups: `(?(1)…|…)`, `(?(<name>)…)`, `(?(R)…)`, `(?(DEFINE)…)`, `(?(?=…)…)` (`parse_regex`). */
import { newGroup, type ParserState } from './parser-state.js'
import { MAX_GROUP, readName, readNumber } from './reader.js'
import type { GroupCondition } from './tree.js'

/** The version of PCRE2 that is emulated, for `(?(VERSION>=10.4)…)`. */
const VERSION = [10, 49] as const

/** Parses a condition from the second parenthesis of `(?(`. */
export const beginCondition = (state: ParserState): void => {
  const { text } = state
  state.at++
  if (state.end) state.fail(14)
  if (text[state.at] === '?' || text[state.at] === '*') {
    state.begin(newGroup('condition', { condition: { type: 'assertion' } }))
    state.at--
    state.expectsAssertion = 2
    return
  }
  const { condition, offset } = readCondition(state)
  if (text[state.at] !== ')') state.fail(24)
  state.at++
  state.begin(newGroup('condition', { condition, offset }))
}

const readCondition = (state: ParserState): { readonly condition: GroupCondition; readonly offset: number } => {
  const number = readNumber(state.text, state.at, state.groups, MAX_GROUP, 61)
  if (number) {
    state.at = number.at
    if (number.value <= 0) state.fail(15)
    const offset = state.at - 2
    return { condition: { type: 'group', name: { group: number.value, offset } }, offset }
  }
  if (state.text.length - state.at >= 10 && /^VERSION[^)]/.test(state.text.slice(state.at, state.at + 8)))
    return { condition: readVersion(state), offset: 0 }
  return readNamed(state)
}

const readVersion = (state: ParserState): GroupCondition => {
  const { text } = state
  const digit = (): boolean => /\d/.test(text[state.at] ?? '')
  state.at += 'VERSION'.length
  const least = text[state.at] === '>'
  if (least) state.at++
  if (text[state.at] !== '=') state.fail(79, least ? state.at : state.at + 1)
  state.at++
  if (!digit()) state.fail(79, least ? state.at : state.at + 1)
  const read = (): number => {
    const { value, at } = readNumber(text, state.at, undefined, 1000, 79)!
    state.at = at
    return value
  }
  const major = read()
  let minor = 0
  if (text[state.at] === '.') {
    state.at++
    if (!digit()) state.fail(79, Math.min(state.at + 1, text.length))
    minor = read()
  }
  if (text[state.at] !== ')') state.fail(79, Math.min(state.at + 1, text.length))
  const [ourMajor, ourMinor] = VERSION
  const value = least
    ? ourMajor > major || (ourMajor === major && ourMinor >= minor)
    : ourMajor === major && ourMinor === minor
  return { type: 'constant', value, define: false }
}

const readNamed = (state: ParserState): { readonly condition: GroupCondition; readonly offset: number } => {
  const { text } = state
  let before = state.at
  let terminator = ')'
  const recursion = text.startsWith('R&', before)
  if (recursion) before++
  else if (text[before] === '<') terminator = '>'
  else if (text[before] === "'") terminator = "'"
  else before--
  const { name, offset, at } = readName(text, before + 1, terminator)
  state.at = terminator === ')' ? at - 1 : at
  const group = { group: name, offset }
  if (recursion) return { condition: { type: 'recursion', name: group }, offset }
  if (terminator === ')' && name === 'DEFINE')
    return { condition: { type: 'constant', value: false, define: true }, offset }
  if (terminator === ')' && /^R\d*$/.test(name))
    return { condition: { type: 'recursion or group', name: group }, offset }
  return { condition: { type: 'group', name: group }, offset }
}
