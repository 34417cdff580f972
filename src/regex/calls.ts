/** Subroutine calls: `(?1)`, `(?-1)`, `(?&name)`, with the captures that are kept: `(?1(2,<name>))` (`parse_capture_list`). */
import type { ParserState } from './parser-state.js'
import { MAX_GROUP, readName, readNumber } from './reader.js'
import type { GroupName } from './tree.js'

/** Parses a call by number, starting at the number or its sign, or creates a call of `group`. */
export const readCall = (state: ParserState, group?: GroupName): void => {
  if (!group) {
    const signed = /[+-]/.test(state.text[state.at]!)
    const number = readNumber(state.text, state.at, signed ? state.groups : undefined, MAX_GROUP, 61)!
    state.at = number.at
    group = { group: number.value, offset: number.at }
  }
  readArguments(state, group)
}

/** Parses a call by name, starting before the name. */
export const readCallByName = (state: ParserState): void => {
  const { name, offset, at } = readName(state.text, state.at + 1, '')
  state.at = at
  readArguments(state, { group: name, offset })
}

const readArguments = (state: ParserState, name: GroupName): void => {
  let keeps: GroupName[] = []
  if (state.text[state.at] === '(') {
    const list = readCaptureList(state, state.at)
    keeps = list.list
    state.at = list.at
  }
  if (state.text[state.at] !== ')') state.fail(14)
  state.at++
  state.repeatable = true
  state.add({ type: 'call', name, keeps })
}

/** Parses a list of groups in parentheses. */
export const readCaptureList = (
  { text, groups, fail }: ParserState,
  at: number,
): { readonly list: GroupName[]; readonly at: number } => {
  const list: GroupName[] = []
  if (text[at] !== '(') fail(118, at)
  for (;;) {
    at++
    if (at >= text.length) fail(117, at)
    const offset = at
    const number = readNumber(text, at, groups, MAX_GROUP, 61)
    if (number) {
      if (number.value <= 0) fail(15, number.at)
      list.push({ group: number.value, offset })
      at = number.at
    } else {
      const terminator = text[at] === '<' ? '>' : text[at] === "'" ? "'" : fail(117, at)
      const name = readName(text, at + 1, terminator)
      list.push({ group: name.name, offset: name.offset })
      at = name.at
    }
    if (at >= text.length) fail(14, at)
    if (text[at] === ')') return { list, at: at + 1 }
    if (text[at] !== ',') fail(24, at)
  }
}
