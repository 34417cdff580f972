/** The seed of `math.random` is derived from that of the simulation rather than the host. */
import type { LibraryState } from './library-state.js'

/** Returns a 64-bit seed for the generator of a state. */
export const randomBits = ({ random }: LibraryState): bigint =>
  (BigInt(random!.uint32()) << 32n) | BigInt(random!.uint32())

/** Creates the generator of a state, seeded by the process. */
export const seedRandom = (state: LibraryState): void => {
  state.random = state.host.process.random.stream(`lua/${state.host.process.name}/${state.id}`)
}
