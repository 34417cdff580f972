/** A job of `hapsim test`. */
import { reportFile, type FileReport } from '../testkit/index.js'
import { work } from './job-process.js'
import type { FileTask } from './test-jobs.js'

work<FileTask, never, FileReport>(({ file, options, covered }) =>
  reportFile(file, options, () => performance.now(), covered),
)
