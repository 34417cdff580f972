/** The child process of a search. */
import { reportData, Search, type SearchProgress, type ReportData } from '../explore/index.js'
import { PROGRESS_STEP, type SearchTask } from './explore-jobs.js'
import { serveTasks } from './job-process.js'
import { readScenario } from './scenario.js'

serveTasks<SearchTask, SearchProgress, ReportData>(({ world, options }, note) => {
  const scenario = readScenario(world)
  const search = new Search(scenario, {
    ...options,
    clock: () => performance.now(),
    onProgress: (progress) => {
      if (progress.schedules % PROGRESS_STEP === 1) note(progress)
    },
  })
  const { shard } = options
  return reportData(search.explore(), search.depth, shard && `${shard.index}/${shard.count}`)
})
