/** The order in which a traversal visits string keys depends on a seed, as in PUC Lua on the seed of its hashes. */
import { RunningHash } from '../../engine/hash.js'

/** Returns the old place of the key at each place: string keys are permuted in an order derived from `seed`, the others stay in place. */
export const shuffledPlaces = (keys: readonly unknown[], seed: number): number[] => {
  const places = [...keys.keys()]
  const strings = places.filter((i) => typeof keys[i] === 'string')
  const text = (place: number): string => keys[place] as string
  const ranks = new Map(strings.map((i) => [i, new RunningHash().number(seed).string(text(i)).low]))
  const order = [...strings].sort((a, b) => ranks.get(a)! - ranks.get(b)! || (text(a) < text(b) ? -1 : 1))
  strings.forEach((place, i) => (places[place] = order[i]!))
  return places
}
