/** Hashes of byte strings of all lengths that the algorithms distinguish, beside HAProxy's converters. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { avalanche, crc32, crc32c, djb2, sdbm, wt6 } from '../../../src/hash/checksums.js'
import { xxh3 } from '../../../src/hash/xxh3.js'
import { xxh32 } from '../../../src/hash/xxh32.js'
import { xxh64 } from '../../../src/hash/xxh64.js'
import { describeUpstream } from '../support/upstream.js'
import { realSamples } from './real-samples.js'

const hex = (bytes: string): string => [...bytes].map((c) => c.charCodeAt(0).toString(16).padStart(2, '0')).join('')
const signed = (value: bigint): string => String(BigInt.asIntN(64, value))

const LENGTHS = [...Array(40).keys(), 63, 64, 65, 127, 128, 129, 143, 144, 239, 240, 241, 255, 256, 257]
const LONG = [500, 900]
const SEEDS = [0n, 1n, 2147483647n, -1n, 9223372036854775807n, -9223372036854775808n]

const INPUTS = [...LENGTHS, ...LONG]
  .map(
    (length, i) =>
      fc.sample(fc.array(fc.nat(255), { minLength: length, maxLength: length }), { numRuns: 1, seed: i })[0]!,
  )
  .map((bytes) => String.fromCharCode(...bytes))

type Hash = readonly [call: string, ours: (bytes: string) => string]

const HASHES: readonly Hash[] = [
  ...(
    [
      ['sdbm', sdbm],
      ['djb2', djb2],
      ['wt6', wt6],
      ['crc32', crc32],
      ['crc32c', crc32c],
    ] as const
  ).flatMap(([name, hash]): Hash[] => [
    [name, (bytes) => String(hash(bytes))],
    [`${name}(1)`, (bytes) => String(avalanche(hash(bytes)))],
  ]),
  ...[0, 1, 7, 4294967295].map((seed): Hash => [
    `xxh32(${seed})`,
    (bytes) => String(xxh32(Buffer.from(bytes, 'latin1'), seed)),
  ]),
  ...SEEDS.map((seed): Hash => [`xxh64(${seed})`, (bytes) => signed(xxh64(bytes, seed))]),
  ...SEEDS.map((seed): Hash => [`xxh3(${seed})`, (bytes) => signed(xxh3(bytes, seed))]),
]

describeUpstream('hashes', () => {
  it.each(HASHES)('%s', (call, ours) => {
    const real = realSamples(INPUTS.map((bytes) => `${bytes === '' ? 'str()' : `bin(${hex(bytes)})`},${call}`))
    const text = (bytes: string): string => Buffer.from(bytes, 'hex').toString()
    expect(real.map((sample) => ('error' in sample ? sample.error : text(sample.bytes)))).toEqual(
      INPUTS.map((bytes) => ours(bytes)),
    )
  })

  it('xxh3 of more than a block, which a line of a configuration cannot hold', () => {
    const text = 'stripes and blocks '.repeat(50)
    const twice = 'var(proc.v1),concat(,proc.v1)'
    const [doubled, seeded] = realSamples([`${twice},xxh3`, `${twice},xxh3(5)`], { before: [`str("${text}")`] }) as {
      bytes: string
    }[]
    const result = (sample: { bytes: string } | undefined): string => Buffer.from(sample!.bytes, 'hex').toString()
    expect(result(doubled)).toBe(signed(xxh3(text + text, 0n)))
    expect(result(seeded)).toBe(signed(xxh3(text + text, 5n)))
  })
})
