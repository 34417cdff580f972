/**
 * Searches in child processes: each takes a part of the schedules, and what they report is joined. Even a single one runs in a
 * process of its own, whose heap is set up for worlds that are made and forgotten by the thousand.
 */
import { mergeReports, type ExploreOptions, type Progress, type ReportData } from '../explore/index.js'
import { Enough, Job } from './jobs.js'
import type { World } from './world.js'

/** What a job is told. It must be cloneable. */
export interface SearchTask {
  readonly world: World
  readonly options: Omit<ExploreOptions, 'clock' | 'onProgress'>
}

/** A job says how far it is after so many schedules. */
export const PROGRESS_STEP = 50

type SearchJob = Job<SearchTask, Progress, ReportData>

/** Starts so many processes; they load while the caller does something else. */
export const startSearchJobs = (count: number): SearchJob[] =>
  Array.from({ length: count }, () => new Job<SearchTask, Progress, ReportData>('explore-worker', count))

/**
 * Searches, and ends the jobs: all of them with the first failure, unless the search is to go on.
 *
 * @param onProgress told of the sum over all jobs
 */
export const searchInJobs = async (
  task: SearchTask,
  jobs: readonly SearchJob[],
  onProgress: (progress: Progress) => void,
): Promise<ReportData> => {
  const progress = new Array<Progress | undefined>(jobs.length).fill(undefined)
  const reports: ReportData[] = []
  const search = async (job: SearchJob, part: number): Promise<void> => {
    const own = { ...task, options: { ...task.options, ...partOf(task.options.shard, part, jobs.length) } }
    const report = await job.run(own, (note) => {
      progress[part] = note
      onProgress(sum(progress))
    })
    reports[part] = report
    if (report.failures.length > 0 && task.options.all !== true) throw new Enough()
  }
  try {
    await Promise.all(jobs.map(search))
  } catch (error) {
    if (!(error instanceof Enough)) throw error
  } finally {
    for (const job of jobs) job.stop()
  }
  const finished = reports.filter((each) => each !== undefined)
  return jobs.length === 1 ? finished[0]! : mergeReports(finished)
}

/** The part of the schedules that one of `count` jobs runs. */
const partOf = (
  shard: ExploreOptions['shard'] = { index: 1, count: 1 },
  part: number,
  count: number,
): Pick<ExploreOptions, 'shard'> =>
  count * shard.count === 1 ? {} : { shard: { index: shard.index + shard.count * part, count: shard.count * count } }

const sum = (parts: readonly (Progress | undefined)[]): Progress => {
  const add = (key: 'schedules' | 'failures') => parts.reduce((total, part) => total + (part?.[key] ?? 0), 0)
  return {
    schedules: add('schedules'),
    failures: add('failures'),
    outcomes: Math.max(...parts.map((part) => part?.outcomes ?? 0)),
    level: parts.reduce<number | undefined>(
      (least, part) => Math.min(least ?? Infinity, part?.level ?? Infinity),
      undefined,
    ),
  }
}
