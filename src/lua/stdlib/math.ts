/** Where `math.random` begins: the simulation's seed instead of the host. */
import type { LibraryState } from './library-state.js'

/** 64 bits of a state's own chance. */
export const randomBits = ({ random }: LibraryState): bigint =>
  (BigInt(random!.uint32()) << 32n) | BigInt(random!.uint32())

/** Every state has chance of its own. */
export const seedRandom = (state: LibraryState): void => {
  state.random = state.host.process.random.stream(`lua/${state.host.process.name}/${state.id}`)
}
