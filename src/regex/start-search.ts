/**
 * Finds positions at which a match can start, without trying to match: most subjects do not match, and most patterns start with certain
 * bytes.
 */
import { members } from './byte-set.js'
import { newlineBefore } from './newlines.js'
import type { RegexProgram } from './program.js'

/** The first position from `from` on at which a match can start; -1 if there is none. */
export type StartSearch = (text: string, from: number) => number

export const startSearch = (program: RegexProgram): StartSearch => {
  const { anchor, prefix, newline } = program
  if (anchor === 'text') return (_, from) => (from === 0 ? 0 : -1)
  if (anchor === 'line')
    return (text, from) => {
      while (from > 0 && from <= text.length && !newlineBefore(text, from, newline)) from++
      return from <= text.length ? from : -1
    }
  const literal = prefix.map((set) => members(set))
  if (literal.length > 0 && literal.every((bytes) => bytes.length === 1)) {
    const wanted = String.fromCharCode(...literal.flat())
    return (text, from) => text.indexOf(wanted, from)
  }
  if (prefix.length === 0) return (text, from) => (from <= text.length ? from : -1)
  const [first] = prefix
  return (text, from) => {
    const last = text.length - prefix.length
    for (let at = from; at <= last; at++) {
      if (first![text.charCodeAt(at)] === 0) continue
      let i = 1
      while (i < prefix.length && prefix[i]![text.charCodeAt(at + i)] === 1) i++
      if (i === prefix.length) return at
    }
    return -1
  }
}
