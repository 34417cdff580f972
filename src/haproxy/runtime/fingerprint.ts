/**
 * How alike words look: a fingerprint counts which letters follow which, and the distance of two fingerprints is how many
 * of these counts differ, by how much (`update_word_fingerprint`, `word_fingerprint_distance` in src/tools.c).
 */

const EDGE = 28
const DIGIT = 27

const classOf = (character: number): number => {
  const lower = character | 0x20
  if (lower >= 0x61 && lower <= 0x7a) return lower - 0x60
  if (character >= 0x30 && character <= 0x39) return DIGIT
  return EDGE
}

/** The fingerprint of several words together. */
export const fingerprint = (words: readonly string[]): Uint8Array => {
  const counts = new Uint8Array(1024)
  for (const word of words) {
    let from = EDGE
    for (let i = 0; i < word.length; i++) {
      const to = classOf(word.charCodeAt(i))
      counts[to] = 1
      counts[32 * from + to]!++
      from = to
    }
    counts[32 * from + EDGE]!++
  }
  return counts
}

export const fingerprintDistance = (a: Uint8Array, b: Uint8Array): number => {
  let distance = 0
  for (let i = 0; i < a.length; i++) distance += Math.abs(a[i]! - b[i]!)
  return distance
}
