/**
 * Runs a search in child processes, each with a part of the schedules, and merges their reports. A single job, too, runs in a child
 * process, whose heap is tuned for thousands of short-lived worlds.
 */
import { mergeReports, type ExploreOptions, type SearchProgress, type ReportData } from '../explore/index.js'
import { JobCancelled, JobProcess } from './jobs.js'
import type { WorldSpec } from './world.js'

/** The task of a job. It must be cloneable. */
export interface SearchTask {
  readonly world: WorldSpec
  readonly options: Omit<ExploreOptions, 'clock' | 'onProgress'>
}

/** A job reports its progress each time it has run this many schedules. */
export const PROGRESS_STEP = 50

type SearchJob = JobProcess<SearchTask, SearchProgress, ReportData>

/** Starts `count` child processes, which load in the background. */
export const startSearchJobs = (count: number): SearchJob[] =>
  Array.from({ length: count }, () => new JobProcess<SearchTask, SearchProgress, ReportData>('explore-worker', count))

/**
 * Runs the search, then ends the jobs. The first failure ends all of them, unless `all` is set.
 *
 * @param onProgress called with the sum over all jobs
 */
export const searchInJobs = async (
  task: SearchTask,
  jobs: readonly SearchJob[],
  onProgress: (progress: SearchProgress) => void,
): Promise<ReportData> => {
  const progress = new Array<SearchProgress | undefined>(jobs.length).fill(undefined)
  const reports: ReportData[] = []
  const search = async (job: SearchJob, part: number): Promise<void> => {
    const own = { ...task, options: { ...task.options, ...subShard(task.options.shard, part, jobs.length) } }
    const report = await job.run(own, (latest) => {
      progress[part] = latest
      onProgress(sum(progress))
    })
    reports[part] = report
    if (report.failures.length > 0 && task.options.all !== true) throw new JobCancelled()
  }
  try {
    await Promise.all(jobs.map(search))
  } catch (error) {
    if (!(error instanceof JobCancelled)) throw error
  } finally {
    for (const job of jobs) job.stop()
  }
  const finished = reports.filter((each) => each !== undefined)
  return jobs.length === 1 ? finished[0]! : mergeReports(finished)
}

/** The shard run by one of `count` jobs. */
const subShard = (
  shard: ExploreOptions['shard'] = { index: 1, count: 1 },
  part: number,
  count: number,
): Pick<ExploreOptions, 'shard'> =>
  count * shard.count === 1 ? {} : { shard: { index: shard.index + shard.count * part, count: shard.count * count } }

const sum = (parts: readonly (SearchProgress | undefined)[]): SearchProgress => {
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
