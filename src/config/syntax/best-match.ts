/**
 * Suggestions for misspelled keywords with HAProxy's word fingerprints (word_fingerprint_distance in src/tools.c). A fingerprint
 * counts pairs of adjacent characters and records which characters occur.
 */

const BORDER = 28
const SIZE = 32 * 32

const classOf = (code: number): number => {
  if (code >= 97 && code <= 122) return code - 96
  if (code >= 65 && code <= 90) return code - 64
  if (code >= 48 && code <= 57) return 27
  return BORDER
}

/** The combined fingerprint of several words. */
export const wordFingerprint = (...words: readonly string[]): Uint8Array => {
  const print = new Uint8Array(SIZE)
  for (const word of words) addWord(print, word)
  return print
}

const addWord = (print: Uint8Array, word: string): void => {
  let from = BORDER
  for (let i = 0; i < word.length; i++) {
    const to = classOf(word.charCodeAt(i))
    print[to] = 1
    print[32 * from + to]!++
    from = to
  }
  print[32 * from + BORDER]!++
}

/** The distance between two fingerprints. */
export const distance = (a: Uint8Array, b: Uint8Array): number => {
  let sum = 0
  for (let i = 0; i < SIZE; i++) sum += Math.abs(a[i]! - b[i]!)
  return sum
}

/** The first of the known words closest to `word`; undefined if none is close enough. */
export const findBestMatch = (word: string, known: Iterable<string>): string | undefined => {
  const target = wordFingerprint(word)
  let best: string | undefined
  let min = Infinity
  for (const each of known) {
    const current = distance(target, wordFingerprint(each))
    if (current < min) {
      min = current
      best = each
    }
  }
  if (best === undefined || min > 2 * word.length || min > 2 * best.length) return undefined
  return best
}
