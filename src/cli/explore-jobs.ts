/**
 * Searches in workers: each takes a part of the schedules, and what they report is joined. Even a single one runs in a
 * worker, whose heap is set up for worlds that are made and forgotten by the thousand.
 */
import { MessageChannel } from 'node:worker_threads'
import { Piscina } from 'piscina'
import { mergeReports, type ExploreOptions, type Progress, type ReportData } from '../explore/index.js'
import type { WorldOptions } from './world.js'

/** What a worker is told. It must be cloneable. */
export interface SearchTask {
  readonly file: string
  readonly world: WorldOptions
  readonly options: Omit<ExploreOptions, 'clock' | 'onProgress'>
}

/** A worker says how far it is after so many schedules. */
export const PROGRESS_STEP = 50

/** Enough for the worlds of some hundred schedules: what is dead by then costs nothing to clear away. */
const YOUNG_GENERATION_MB = 128

/** @param onProgress told of the sum over all workers */
export const searchInWorkers = async (
  task: SearchTask,
  jobs: number,
  onProgress: (progress: Progress) => void,
): Promise<ReportData> => {
  const pool = new Piscina({
    // from src/cli as from dist/chunks
    filename: new URL('../cli/explore-worker.js', import.meta.url).href,
    minThreads: jobs,
    maxThreads: jobs,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
  })
  const parts: (Progress | undefined)[] = new Array<Progress | undefined>(jobs).fill(undefined)
  const shard = task.options.shard ?? { index: 1, count: 1 }
  const abort = new AbortController()
  const search = async (part: number): Promise<ReportData | undefined> => {
    const { port1, port2 } = new MessageChannel()
    port1.on('message', (progress: Progress) => {
      parts[part] = progress
      onProgress(sum(parts))
    })
    port1.unref()
    const options = {
      ...task.options,
      ...(jobs * shard.count > 1 && {
        shard: { index: shard.index + shard.count * part, count: shard.count * jobs },
      }),
    }
    try {
      const report = (await pool.run(
        { ...task, options, port: port2 },
        { transferList: [port2], signal: abort.signal },
      )) as ReportData
      if (report.failures.length > 0 && task.options.all !== true) abort.abort()
      return report
    } catch (error) {
      if (abort.signal.aborted) return undefined
      throw error
    } finally {
      port1.close()
    }
  }
  try {
    const reports = await Promise.all(Array.from({ length: jobs }, (_, part) => search(part)))
    const finished = reports.filter((each) => each !== undefined)
    return finished.length === 1 && jobs === 1 ? finished[0]! : mergeReports(finished)
  } finally {
    await pool.destroy()
  }
}

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
