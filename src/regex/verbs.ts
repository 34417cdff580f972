/** Backtracking verbs: `(*FAIL)`, `(*COMMIT)`, `(*SKIP:name)` … (`parse_regex`). */
import type { ParserState } from './parser-state.js'
import { readWord } from './reader.js'
import type { VerbNode } from './tree.js'

const VERBS: Readonly<Record<string, VerbNode['verb']>> = {
  '': 'MARK',
  MARK: 'MARK',
  ACCEPT: 'ACCEPT',
  F: 'FAIL',
  FAIL: 'FAIL',
  COMMIT: 'COMMIT',
  PRUNE: 'PRUNE',
  SKIP: 'SKIP',
  THEN: 'THEN',
}
const LONGEST_NAME = 255

/** Parses a verb or assertion from the asterisk of `(*`. */
export const readVerb = (state: ParserState): void => {
  const { text } = state
  const { name: word, at } = readWord(text, state.at + 1)
  state.at = at
  if (text[at] !== ':' && text[at] !== ')') state.fail(60)
  const verb = Object.hasOwn(VERBS, word) ? VERBS[word]! : state.fail(60)
  if (text.startsWith(':)', at)) state.at++
  if (verb === 'MARK' && text[state.at] !== ':') state.fail(66)
  state.repeatable = verb === 'ACCEPT'
  let name: string | undefined
  if (text[state.at++] === ':') {
    const end = text.indexOf(')', state.at)
    if (end < 0) state.fail(60, text.length)
    if (end - state.at > LONGEST_NAME) state.fail(76, end)
    name = text.slice(state.at, end)
    state.at = end + 1
  }
  state.add({ type: 'verb', verb, name })
}
