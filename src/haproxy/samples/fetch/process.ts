/** Fetches about the process and its host (src/sample.c). */
import { SECOND } from '../../../engine/clock.js'
import type { SampleProcess } from '../context.js'
import { dateUnitProblem, integerArgument, textArgument, unitsPerSecond, type Fetch } from '../keyword.js'
import { sint, str } from '../sample.js'

/** A number between 0 and 2^32 - 1. */
const random32 = ({ checkRandom }: SampleProcess): number => Math.floor(checkRandom.float() * 2 ** 32)

export const PROCESS_FETCHES: readonly Fetch[] = [
  {
    name: 'env',
    bind: (args) => {
      const name = textArgument(args, 0)
      return ({ process }) => {
        const value = process.environment.get(name)
        return value === undefined ? undefined : str(value)
      }
    },
  },
  {
    name: 'date',
    check: dateUnitProblem,
    bind: (args) => {
      const offset = integerArgument(args, 0)
      const scale = SECOND / Number(unitsPerSecond(args))
      return ({ process }) => sint(BigInt(Math.floor(process.clock.wall / scale)) + offset)
    },
  },
  {
    name: 'date_us',
    bind:
      () =>
      ({ process }) =>
        sint(process.clock.wall % SECOND),
  },
  {
    name: 'hostname',
    bind:
      () =>
      ({ process }) =>
        str(process.machine.hostname),
  },
  {
    name: 'pid',
    bind:
      () =>
      ({ process }) =>
        sint(process.machine.pid),
  },
  { name: 'nbproc', bind: () => () => sint(1) },
  { name: 'proc', bind: () => () => sint(1) },
  {
    name: 'rand',
    bind: (args) => {
      if (args.length === 0) return ({ process }) => sint(random32(process))
      const range = BigInt.asUintN(64, integerArgument(args, 0))
      // reduced by a multiplication, so that all bits count
      return ({ process }) => sint(BigInt.asUintN(64, BigInt(random32(process)) * range) >> 32n)
    },
  },
]
