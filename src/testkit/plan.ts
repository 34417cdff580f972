/** The order and the seeds of test files. */
import { Random } from '../engine/random.js'

/** One run of a file. */
export interface FileTurn {
  readonly file: string
  readonly seed: number
}

export interface PlanOptions {
  readonly seed: number
  /** number of runs of all files, incrementing the seed each time (default: 1) */
  readonly repeat?: number
  /** whether to derive the order from the seed (default: no) */
  readonly shuffle?: boolean
}

/** Plans the runs of all files. */
export const planTurns = (files: readonly string[], { seed, repeat = 1, shuffle = false }: PlanOptions): FileTurn[] =>
  Array.from({ length: repeat }, (_, i) => seed + i).flatMap((own) =>
    (shuffle ? shuffled(files, new Random(own).stream('files')) : files).map((file) => ({ file, seed: own })),
  )

/** Returns a random permutation (Fisher–Yates). */
export const shuffled = <T>(list: readonly T[], random: Random): T[] => {
  const result = [...list]
  for (let last = result.length - 1; last > 0; last--) {
    const other = random.integer(0, last)
    const item = result[last]!
    result[last] = result[other]!
    result[other] = item
  }
  return result
}
