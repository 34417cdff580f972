/** Generated programs print in a task with forced yields, and in the body of a script, what they print in HAProxy: odd batches. */
import { comparePrograms } from './fuzz/programs.js'

comparePrograms(1)
