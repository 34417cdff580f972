/** The child process of `hapsim test`. */
import { reportFile, type FileReport } from '../testkit/index.js'
import { serveTasks } from './job-process.js'
import { runExternalCommand } from './external-command.js'
import type { FileTask } from './test-jobs.js'

serveTasks<FileTask, never, FileReport>(({ turn, options, withCoverage }) =>
  reportFile(turn, { ...options, clock: () => performance.now(), exec: runExternalCommand }, withCoverage),
)
