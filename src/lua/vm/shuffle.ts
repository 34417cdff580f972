/** Orders in which a traversal may come upon string keys: they depend on a seed, as those of PUC Lua do on that of its hashes. */
import { RunningHash } from '../../engine/hash.js'

/** From which place each key comes: strings among one another, in an order that `seed` decides, the others stay where they are. */
export const shuffledPlaces = (keys: readonly unknown[], seed: number): number[] => {
  const places = [...keys.keys()]
  const strings = places.filter((i) => typeof keys[i] === 'string')
  const text = (place: number): string => keys[place] as string
  const ranks = new Map(strings.map((i) => [i, new RunningHash().number(seed).string(text(i)).low]))
  const order = [...strings].sort((a, b) => ranks.get(a)! - ranks.get(b)! || (text(a) < text(b) ? -1 : 1))
  strings.forEach((place, i) => (places[place] = order[i]!))
  return places
}
