/** `vtc`: plays a test from TypeScript. */
import { strerror, type Errno } from '../../bytes/errno.js'
import { fromBytes } from '../../bytes/latin1.js'
import { toByteString } from '../../bytes/text.js'
import { LayeredFiles } from '../../sim/files.js'
import { Simulation, toMicros, type Duration } from '../../sim/index.js'
import { logLines, reportOf, resultText, type TestReport } from '../report.js'
import { DEFAULT_DURATION } from '../test.js'
import { playTest } from './play.js'

/** Options of {@link vtc}. */
export interface VtcOptions {
  /** where it is played: a simulation that is used for nothing else (default: a new one) */
  readonly simulation?: Simulation
  /** seeds a new simulation (default 1) */
  readonly seed?: number
  /** how long the test may take, in virtual time (default 60 s) */
  readonly duration?: Duration
  /** macros, `${name}` */
  readonly macros?: Readonly<Record<string, string>>
  /** environment of HAProxy (default: empty) */
  readonly environment?: Readonly<Record<string, string>>
  /** base directory of relative paths, `${testdir}` for a text; `false`: the disk is not read (default: the working directory) */
  readonly directory?: string | false
}

/** How a test has ended. */
export interface VtcResult extends TestReport {
  /** the log, as varnishtest writes it */
  readonly log: readonly string[]
  readonly simulation: Simulation
  /** Throws an Error that describes the failure, if it has failed. */
  check(): this
}

/**
 * Plays a regression test in varnishtest's language, as HAProxy's are, in virtual time. Throws an Error if the file cannot be read.
 * @param test its text, or its file
 */
export const vtc = (test: string | { readonly file: string }, options: VtcOptions = {}): VtcResult => {
  const { simulation = new Simulation({ seed: options.seed ?? 1 }), directory = '.' } = options
  const files = new LayeredFiles(
    {},
    { directory: directory === false ? undefined : directory, writes: 'none', onAccess: simulation.onFileAccess },
  )
  const file = typeof test === 'string' ? 'test.vtc' : test.file
  const played = playTest(simulation, {
    text: typeof test === 'string' ? toByteString(test) : readTest(file, files),
    file: toByteString(file),
    folder: toByteString(directory === false ? '/' : folderOf(files.resolvePath(file))),
    directory,
    duration: options.duration === undefined ? DEFAULT_DURATION : toMicros(options.duration),
    macros: bytesOf(options.macros),
    environment: bytesOf(options.environment),
  })
  return {
    ...reportOf(played),
    get log() {
      return logLines(played)
    },
    simulation,
    check() {
      if (played.verdict?.result === 'failed') throw new Error(resultText(played))
      return this
    },
  }
}

const readTest = (file: string, files: LayeredFiles): string => {
  const content = files.readNamed(file)
  if (typeof content === 'string') throw new Error(`cannot read ${file}: ${strerror(content as Errno)}`)
  return fromBytes(content)
}

const folderOf = (path: string): string => path.slice(0, Math.max(1, path.lastIndexOf('/')))

const bytesOf = (values: Readonly<Record<string, string>> = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, toByteString(value)]))
