/** Test files in child processes: who is free takes the next one. They are shown in their order all the same. */
import type { LuaCoverage } from '../lua/index.js'
import {
  brokenFile,
  Tally,
  type FileOptions,
  type FileReport,
  type FileTurn,
  type RunSummary,
  type TallyOptions,
} from '../testkit/index.js'
import { Enough, Job, JobDied } from './jobs.js'

/** What a job is told. It must be cloneable. */
export interface FileTask {
  readonly turn: FileTurn
  readonly options: FileOptions
  /** whether coverage is counted */
  readonly covered: boolean
}

export interface TestWork {
  readonly optionsOf: (file: string) => FileOptions
  /** how many processes */
  readonly jobs: number
  /** takes in what all of them counted */
  readonly coverage: LuaCoverage | undefined
}

/**
 * Runs the files in so many processes. One that ends by itself is a failure of its file, and another takes its place.
 * With `bail`, what comes after the first failure in the order of files is neither shown nor counted.
 */
export const testInJobs = async (
  turns: readonly FileTurn[],
  { optionsOf, jobs: count, coverage }: TestWork,
  shown: TallyOptions,
): Promise<RunSummary> => {
  const tally = new Tally(shown)
  const jobs: Job<FileTask, never, FileReport>[] = []
  const reports: FileReport[] = []
  let begun = 0
  let told = 0
  const run = async (number: number): Promise<void> => {
    let job: Job<FileTask, never, FileReport> | undefined
    while (begun < turns.length) {
      const place = begun++
      const turn = turns[place]!
      job ??= jobs[number] = new Job('test-worker', count)
      try {
        reports[place] = await job.run({ turn, options: optionsOf(turn.file), covered: coverage !== undefined })
      } catch (error) {
        if (!(error instanceof JobDied)) throw error
        job = undefined
        reports[place] = brokenFile(turn, error.message)
      }
      for (; reports[told] !== undefined; told++) {
        tally.add(reports[told]!)
        coverage?.add(reports[told]!.coverage ?? [])
        if (tally.stopped) throw new Enough()
      }
    }
  }
  try {
    await Promise.all(Array.from({ length: count }, (_, number) => run(number)))
  } catch (error) {
    if (!(error instanceof Enough)) throw error
  } finally {
    for (const job of jobs) job.stop()
  }
  return tally.end()
}
