/** Where `math.random` begins: the simulation's seed instead of the host. */
import type { LibraryState } from './library-state.js'

/** A 64-bit seed for a state's generator. */
export const randomBits = ({ random }: LibraryState): bigint =>
  (BigInt(random!.uint32()) << 32n) | BigInt(random!.uint32())

/** Creates the generator of a state, seeded by the process. */
export const seedRandom = (state: LibraryState): void => {
  state.random = state.host.process.random.stream(`lua/${state.host.process.name}/${state.id}`)
}
