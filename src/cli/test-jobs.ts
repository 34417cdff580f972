/** Runs test files in child processes: an idle process takes the next file. Results are shown in the order of files. */
import type { LuaCoverage } from '../lua/index.js'
import {
  crashedFileReport,
  Tally,
  type FileOptions,
  type FileReport,
  type FileTurn,
  type TestRunSummary,
  type TallyOptions,
} from '../testkit/index.js'
import { JobCancelled, JobProcess, JobDied } from './jobs.js'

/** The task of a job. It must be cloneable. */
export interface FileTask {
  readonly turn: FileTurn
  readonly options: FileOptions
  /** whether coverage is measured */
  readonly withCoverage: boolean
}

export interface TestJobOptions {
  readonly optionsOf: (file: string) => FileOptions
  /** number of child processes */
  readonly jobs: number
  /** collects the counters of all processes */
  readonly coverage: LuaCoverage | undefined
}

/**
 * Runs the files in child processes. A process that dies is a failure of its file and is replaced. With `bail`, results after the first
 * failure in the order of files are neither shown nor counted.
 */
export const runTestsInJobs = async (
  turns: readonly FileTurn[],
  { optionsOf, jobs: count, coverage }: TestJobOptions,
  tallyOptions: TallyOptions,
): Promise<TestRunSummary> => {
  const tally = new Tally(tallyOptions)
  const jobs: JobProcess<FileTask, never, FileReport>[] = []
  const reports: FileReport[] = []
  let nextTurn = 0
  let nextReport = 0
  const run = async (number: number): Promise<void> => {
    let job: JobProcess<FileTask, never, FileReport> | undefined
    while (nextTurn < turns.length) {
      const place = nextTurn++
      const turn = turns[place]!
      job ??= jobs[number] = new JobProcess('test-worker', count)
      try {
        reports[place] = await job.run({ turn, options: optionsOf(turn.file), withCoverage: coverage !== undefined })
      } catch (error) {
        if (!(error instanceof JobDied)) throw error
        job = undefined
        reports[place] = crashedFileReport(turn, error.message)
      }
      for (; reports[nextReport] !== undefined; nextReport++) {
        tally.addReport(reports[nextReport]!)
        coverage?.add(reports[nextReport]!.coverage ?? [])
        if (tally.stopped) throw new JobCancelled()
      }
    }
  }
  try {
    await Promise.all(Array.from({ length: count }, (_, number) => run(number)))
  } catch (error) {
    if (!(error instanceof JobCancelled)) throw error
  } finally {
    for (const job of jobs) job.stop()
  }
  return tally.end()
}
