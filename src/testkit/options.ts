/** What decides how tests are run. */
import type { CommandRunner } from '../haproxy/index.js'
import type { LuaCoverage } from '../lua/index.js'
import type { Inspector } from '../lua/vm/state.js'
import type { Simulation } from '../sim/index.js'
import type { Reporter } from './result.js'
import type { SnapshotMode } from './snapshot.js'

/** What decides how a file is run. It can be sent to another process. */
export interface FileOptions {
  /** from which names of files start (default: where the command runs) */
  readonly directory?: string
  readonly seed?: number
  /** environment variables that processes and tests see (default: none) */
  readonly environment?: Readonly<Record<string, string>>
  /** what processes and tests may do to the machine: run programs, write files under the directory (default: neither) */
  readonly allow?: { readonly exec?: boolean; readonly write?: boolean }
  /** how long bodies and init functions of scripts may run, in real time (default 30s) */
  readonly startLimit?: string
  /** milliseconds of the host that a test, with its hooks each, may take (default 10,000) */
  readonly timeout?: number
  /** only tests whose full name matches one of these */
  readonly filter?: readonly RegExp[]
  /** no tests whose full name, or that of a block around them, matches one of these */
  readonly filterOut?: readonly RegExp[]
  /** only tests with one of these tags, words with `#` in their names or those of blocks */
  readonly tags?: readonly string[]
  readonly excludeTags?: readonly string[]
  /** only tests with these full names */
  readonly focus?: readonly string[]
  /** whether tests and blocks are run in an order that is drawn from the seed */
  readonly shuffle?: boolean
  /** put before `package.path` and `package.cpath` of tests */
  readonly lpath?: string
  readonly cpath?: string
  /** Lua that is run in the state of each file before it */
  readonly statements?: readonly string[]
  /** a file (`*.lua`) or a module that is run then */
  readonly helper?: string
  /** stop after the first failure */
  readonly bail?: boolean
  /** schedules that every test is run under, not only those of `it.explore` */
  readonly explore?: number
  /** looks on while tests and scripts run */
  readonly inspector?: Inspector
  /** told of each simulation that tests make */
  readonly made?: (simulation: Simulation) => void
  /** run only the test that this token was printed for, in its schedule */
  readonly replay?: string
  /** what becomes of snapshots that are not there or differ (default `new`) */
  readonly snapshots?: SnapshotMode
}

export interface RunnerOptions extends FileOptions {
  readonly reporter: Reporter
  /** the host's clock, in milliseconds */
  readonly clock: () => number
  /** what is to be said when all files are through */
  readonly closing?: (() => readonly string[]) | undefined
  /** counts what runs of the scripts that tests load into processes */
  readonly coverage?: LuaCoverage | undefined
  /** runs the commands of external checks where programs may run */
  readonly exec?: CommandRunner
  /** told of every file that a test file and its simulations look for on the disk, by its whole path */
  readonly asked?: (test: string, file: string) => void
}
