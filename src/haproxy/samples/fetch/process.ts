/** Fetches about the process and its host (src/sample.c). */
import { MILLISECOND, SECOND } from '../../../engine/clock.js'
import type { SampleProcess } from '../context.js'
import { dateUnitProblem, integerArgument, textArgument, unitsPerSecond, type Fetch } from '../keyword.js'
import { bool, optionalStr, sint, str, type Sample } from '../sample.js'

/** A number between 0 and 2^32 - 1. */
const random32 = ({ checkRandom }: SampleProcess): number => Math.floor(checkRandom.float() * 2 ** 32)

/** A fetch without arguments. */
const ofProcess = (name: string, value: (process: SampleProcess) => Sample | undefined): Fetch => ({
  name,
  bind:
    () =>
    ({ process }) =>
      value(process),
})

const hex = (value: number | bigint, digits: number): string => value.toString(16).padStart(digits, '0')

/** The last parts of a UUID: random bits and two bits of the variant. */
const randomParts = (process: SampleProcess): string => {
  const [low, high] = [random32(process), random32(process)]
  const node = (BigInt(low >>> 14) | (BigInt(high) << 18n)) & 0xffffffffffffn
  return `${hex((low & 0x3fff) | 0x8000, 4)}-${hex(node, 12)}`
}

/** `ha_generate_uuid_v4` and `ha_generate_uuid_v7` (src/tools.c) */
const UUIDS: ReadonlyMap<bigint, (process: SampleProcess) => string> = new Map([
  [
    4n,
    (process) => {
      const [first, second] = [random32(process), random32(process)]
      const version = ((second >>> 16) & 0xfff) | 0x4000
      return `${hex(first, 8)}-${hex(second & 0xffff, 4)}-${hex(version, 4)}-${randomParts(process)}`
    },
  ],
  [
    7n,
    (process) => {
      const time = hex(Math.floor(process.clock.wall / MILLISECOND), 12)
      const version = (random32(process) & 0xfff) | 0x7000
      return `${time.slice(0, 8)}-${time.slice(8)}-${hex(version, 4)}-${randomParts(process)}`
    },
  ],
])

export const PROCESS_FETCHES: readonly Fetch[] = [
  {
    name: 'env',
    bind: (args) => {
      const name = textArgument(args, 0)
      return ({ process }) => {
        return optionalStr(process.environment.get(name))
      }
    },
  },
  {
    name: 'date',
    check: (args) => dateUnitProblem(args, 1),
    bind: (args) => {
      const offset = integerArgument(args, 0)
      const scale = SECOND / Number(unitsPerSecond(args, 1))
      return ({ process }) => sint(BigInt(Math.floor(process.clock.wall / scale)) + offset)
    },
  },
  {
    name: 'rand',
    bind: (args) => {
      if (args.length === 0) return ({ process }) => sint(random32(process))
      const range = BigInt.asUintN(64, integerArgument(args, 0))
      // scaled by multiplication, so that all bits matter
      return ({ process }) => sint(BigInt.asUintN(64, BigInt(random32(process)) * range) >> 32n)
    },
  },
  {
    name: 'uuid',
    check: (args) =>
      args.length === 0 || UUIDS.has(integerArgument(args, 0))
        ? undefined
        : `Unsupported UUID version: '${integerArgument(args, 0)}'`,
    bind: (args) => {
      const generate = UUIDS.get(integerArgument(args, 0, 4n))!
      return ({ process }) => str(generate(process))
    },
  },
  ofProcess('act_conn', ({ counters }) => sint(counters.connections)),
  ofProcess('date_us', ({ clock }) => sint(clock.wall % SECOND)),
  ofProcess('hostname', ({ machine }) => str(machine.hostname)),
  ofProcess('nbproc', () => sint(1)),
  ofProcess('pid', ({ machine }) => sint(machine.pid)),
  ofProcess('proc', () => sint(1)),
  ofProcess('quic_enabled', ({ configuration }) => bool(!configuration.global.noQuic)),
  ofProcess('stopping', ({ isStopping }) => bool(isStopping)),
  // threads are numbered from 0 here
  ofProcess('thread', ({ scheduler }) => sint((scheduler.current?.thread ?? 1) - 1)),
  ofProcess('uptime', ({ clock, startedAt }) => sint(Math.floor((clock.now - startedAt) / SECOND))),
]
