/** One worker of a search. */
import type { MessagePort } from 'node:worker_threads'
import { reportData, Search, type ReportData } from '../explore/index.js'
import { PROGRESS_STEP, type SearchTask } from './explore-jobs.js'
import { readScenario } from './world.js'

export default ({ file, world, options, port }: SearchTask & { readonly port: MessagePort }): ReportData => {
  const scenario = readScenario(file, world)
  const search = new Search(scenario, {
    ...options,
    clock: () => performance.now(),
    onProgress: (progress) => {
      if (progress.schedules % PROGRESS_STEP === 0) port.postMessage(progress)
    },
  })
  const { shard } = options
  return reportData(search.explore(), search.depth, shard && `${shard.index}/${shard.count}`)
}
