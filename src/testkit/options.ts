/** Options of test runs. */
import type { CommandRunner } from '../haproxy/index.js'
import type { LuaCoverage } from '../lua/index.js'
import type { Inspector } from '../lua/vm/state.js'
import type { Simulation } from '../sim/index.js'
import type { Reporter } from './result.js'
import type { SnapshotMode } from './snapshot.js'

/** Options for running a file. They can be sent to another process. */
export interface FileOptions {
  /** base directory of relative file names (default: the working directory) */
  readonly directory?: string
  readonly seed?: number
  /** environment of processes and tests (default: empty) */
  readonly environment?: Readonly<Record<string, string>>
  /** whether processes and tests find stand-ins for C modules (default: no) */
  readonly modules?: boolean
  /** whether processes and tests may run programs and write files under the directory (default: no) */
  readonly allow?: { readonly exec?: boolean; readonly write?: boolean }
  /** time limit of the bodies and init functions of scripts, in real time (default: 30s) */
  readonly startLimit?: string
  /** time limit of a test and of each hook, in milliseconds of real time (default: 10,000) */
  readonly timeout?: number
  /** run only tests whose full names match one of these */
  readonly filter?: readonly RegExp[]
  /** skip tests and blocks whose full names match one of these */
  readonly filterOut?: readonly RegExp[]
  /** run only tests with one of these tags (`#tag` in the names of tests or blocks) */
  readonly tags?: readonly string[]
  readonly excludeTags?: readonly string[]
  /** run only tests with these full names */
  readonly focus?: readonly string[]
  /** run tests and blocks in an order derived from the seed */
  readonly shuffle?: boolean
  /** prepended to `package.path` and `package.cpath` of tests */
  readonly lpath?: string
  readonly cpath?: string
  /** Lua statements run before each file */
  readonly statements?: readonly string[]
  /** a file (`*.lua`) or a module run after the statements */
  readonly helper?: string
  /** stop after the first failure */
  readonly bail?: boolean
  /** run every test under this many schedules, not only those of `it.explore` */
  readonly explore?: number
  /** observes the Lua of tests and scripts */
  readonly inspector?: Inspector
  /** called with each simulation created by tests */
  readonly onSimulation?: (simulation: Simulation) => void
  /** run only the test of this token, under its schedule */
  readonly replay?: string
  /** what to do with missing and changed snapshots (default: `new`) */
  readonly snapshots?: SnapshotMode
}

export interface RunnerOptions extends FileOptions {
  readonly reporter: Reporter
  /** the host's clock in milliseconds */
  readonly clock: () => number
  /** lines to print after all files */
  readonly closingLines?: (() => readonly string[]) | undefined
  /** collects coverage of the scripts loaded into processes */
  readonly coverage?: LuaCoverage | undefined
  /** runs the commands of external checks, if allowed */
  readonly exec?: CommandRunner
  /** called with the absolute path of every file that a test file and its simulations try to open */
  readonly onFileAccess?: (test: string, file: string) => void
}
