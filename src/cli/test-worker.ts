/** A job of `hapsim test`. */
import { reportFile, type FileReport } from '../testkit/index.js'
import { work } from './job-process.js'
import { runCommand } from './run-command.js'
import type { FileTask } from './test-jobs.js'

work<FileTask, never, FileReport>(({ turn, options, covered }) =>
  reportFile(turn, { ...options, clock: () => performance.now(), exec: runCommand }, covered),
)
