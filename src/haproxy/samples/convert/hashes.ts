/** Converters that hash binary data to an integer. */
import { avalanche, crc32, crc32c, djb2, sdbm, wt6 } from '../../../hash/checksums.js'
import { xxh3 } from '../../../hash/xxh3.js'
import { xxh32 } from '../../../hash/xxh32.js'
import { xxh64 } from '../../../hash/xxh64.js'
import { integerArgument, type Converter } from '../keyword.js'
import { sint, type BytesSample } from '../sample.js'

/** A 32-bit hash, with an avalanche step if the argument is not 0. */
const short = (name: string, hash: (bytes: string) => number): Converter => ({
  name,
  bind: (args) => {
    const spread = integerArgument(args, 0) !== 0n
    return (sample) => {
      const value = hash((sample as BytesSample).bytes)
      return sint(spread ? avalanche(value) : value)
    }
  },
})

const seeded = (name: string, hash: (bytes: string, seed: bigint) => bigint | number): Converter => ({
  name,
  bind: (args) => {
    const seed = integerArgument(args, 0)
    return (sample) => sint(hash((sample as BytesSample).bytes, seed))
  },
})

export const HASH_CONVERTERS: readonly Converter[] = [
  short('sdbm', sdbm),
  short('djb2', djb2),
  short('wt6', wt6),
  short('crc32', crc32),
  short('crc32c', crc32c),
  seeded('xxh32', (bytes, seed) =>
    xxh32(
      Uint8Array.from(bytes, (c) => c.charCodeAt(0)),
      Number(BigInt.asUintN(32, seed)),
    ),
  ),
  seeded('xxh64', xxh64),
  seeded('xxh3', xxh3),
]
