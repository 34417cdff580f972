/**
 * Which known word somebody may have meant: HAProxy's fingerprints of words (word_fingerprint_distance in src/tools.c).
 * A fingerprint counts the pairs of neighbouring characters and notes which characters occur.
 */

const BORDER = 28
const SIZE = 32 * 32

const classOf = (code: number): number => {
  if (code >= 97 && code <= 122) return code - 96
  if (code >= 65 && code <= 90) return code - 64
  if (code >= 48 && code <= 57) return 27
  return BORDER
}

/** The fingerprint of several words together. */
export const fingerprint = (...words: readonly string[]): Uint8Array => {
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

/** How much two fingerprints differ. */
export const distance = (a: Uint8Array, b: Uint8Array): number => {
  let sum = 0
  for (let i = 0; i < SIZE; i++) sum += Math.abs(a[i]! - b[i]!)
  return sum
}

/** The word of `known` nearest to `word`, the first of equals, unless all are too far away. */
export const findBestMatch = (word: string, known: Iterable<string>): string | undefined => {
  const own = fingerprint(word)
  let best: string | undefined
  let least = Infinity
  for (const each of known) {
    const far = distance(own, fingerprint(each))
    if (far < least) {
      least = far
      best = each
    }
  }
  if (best === undefined || least > 2 * word.length || least > 2 * best.length) return undefined
  return best
}
