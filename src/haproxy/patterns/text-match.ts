/** Matching of strings against one pattern at a time (`pat_match_sub`, `match_word` and others in src/pattern.c). Text is byte strings. */
import type { Matching } from '../../config/patterns/match-method.js'

/** Delimiters of words, around patterns of `dir` and of `dom`. */
const DIRECTORIES = '/?'
const DOMAINS = '/?.:'

/** Whether `pattern` occurs in `text` between delimiters or the ends; delimiters around the pattern are ignored. */
const hasWord = (text: string, pattern: string, delimiters: string): boolean => {
  let [from, to] = [0, pattern.length]
  while (from < to && delimiters.includes(pattern[from]!)) from++
  while (to > from && delimiters.includes(pattern[to - 1]!)) to--
  const word = pattern.slice(from, to)
  const last = text.length - word.length
  let mayBegin = true
  for (let at = 0; at <= last; at++) {
    const char = text[at] ?? '\0'
    if (delimiters.includes(char)) mayBegin = true
    else if (mayBegin) {
      // a pattern of delimiters only matches the NUL behind the text
      const begins = char === (word[0] ?? '\0') && text.startsWith(word, at)
      if (begins && (at === last || delimiters.includes(text[at + word.length]!))) return true
      mayBegin = false
    }
  }
  return false
}

/** Matching methods that try pattern after pattern. */
export const TEXT_TESTS: Readonly<Partial<Record<Matching, (text: string, pattern: string) => boolean>>> = {
  str: (text, pattern) => text === pattern,
  beg: (text, pattern) => text.startsWith(pattern),
  bin: (text, pattern) => text === pattern,
  group: (text, pattern) => text === pattern,
  sub: (text, pattern) => text.includes(pattern) && pattern !== '',
  dir: (text, pattern) => hasWord(text, pattern, DIRECTORIES),
  dom: (text, pattern) => hasWord(text, pattern, DOMAINS),
  end: (text, pattern) => text.endsWith(pattern),
}
