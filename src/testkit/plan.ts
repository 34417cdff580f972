/** Which files are run, in which order, and with which seeds. */
import { Random } from '../engine/random.js'

/** One run of a file. */
export interface FileTurn {
  readonly file: string
  readonly seed: number
}

export interface PlanOptions {
  readonly seed: number
  /** how often all of them are run, each time with the next seed (default: once) */
  readonly repeat?: number
  /** whether their order is drawn from the seed (default: it stays) */
  readonly shuffle?: boolean
}

export const planTurns = (files: readonly string[], { seed, repeat = 1, shuffle = false }: PlanOptions): FileTurn[] =>
  Array.from({ length: repeat }, (_, i) => seed + i).flatMap((own) =>
    (shuffle ? shuffled(files, new Random(own).stream('files')) : files).map((file) => ({ file, seed: own })),
  )

/** In an order of chance (Fisher and Yates). */
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
