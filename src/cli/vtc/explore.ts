/** `hapsim vtc --explore N`: explores one test after the other, as `hapsim explore` does. */
import { explore, TEST_FAILURES } from '../explore.js'
import type { Terminal } from '../terminal.js'
import { makeWorldSpec } from '../world.js'
import { findTests } from './files.js'
import type { Definition } from './flags.js'

export interface ExploreTestsFlags {
  /** schedules of each test */
  readonly explore: number
  readonly define: readonly Definition[]
  readonly duration: number
  readonly jobs: number
  readonly seed: number
  readonly quiet?: true
  readonly keepGoing?: true
}

/** What commander would set. */
const DEFAULTS = { at: [], http: [], tcp: [], env: {}, lua: '5.4', mailAccount: {} } as const

/**
 * Returns the exit code: 1 if a test fails in any order, else 0, or 77 if all are skipped.
 *
 * @param paths of tests, or of directories
 */
export const exploreTests = async (
  paths: readonly string[],
  flags: ExploreTestsFlags,
  terminal: Terminal,
): Promise<number> => {
  const codes: number[] = []
  const files = findTests(paths)
  for (const file of files) {
    if (files.length > 1) terminal.write(`${codes.length === 0 ? '' : '\n'}${file}`)
    const { seed, define, duration } = flags
    const world = makeWorldSpec([file], { ...DEFAULTS, seed, define, duration }, '')
    const code = await explore(
      world,
      {
        ...world,
        ...{ strategy: 'delay', schedules: flags.explore, maxStall: 10, fail: TEST_FAILURES, jobs: flags.jobs },
        ...{ stalls: true, latency: true, deliveries: true, pairs: true },
        ...(flags.quiet && { quiet: true }),
      },
      terminal,
    )
    codes.push(code)
    if (code === 1 && !flags.keepGoing) return 1
  }
  return codes.includes(1) ? 1 : Math.min(...codes)
}
