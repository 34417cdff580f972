/**
 * `hapsim-haproxy -c` agrees with the real `haproxy -c` about the configurations of HAProxy's regression tests, tests and examples, and
 * about mutations of them. With HAPSIM_LINTER_REPORT=FILE all differences are written to FILE;
 * HAPSIM_LINTER_SEED=N makes other mutations.
 */
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { availableParallelism } from 'node:os'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { describeUpstream } from '../support/upstream.js'
import { checkOurs, checkReal, type CheckSettings } from './check.js'
import { copyFolders, linterCases, type LinterCase } from './corpus.js'
import { knownDifference } from './known-differences.js'
import { renderReport, sameTexts, type Comparison } from './report.js'

/** Minimum share of equal exit codes, those with a known reason included. Never lower it; the goal is 1. */
const EXIT_CODES_AGREE = 0.998

/** Minimum share of configurations with equal alerts and warnings. Never lower it; the goal is 0.98. */
const TEXTS_AGREE = 0.99

/** Maximum share of exit codes that may differ for a known reason. */
const KNOWN_DIFFERENCES = 0.01

const MUTATIONS = 700
const SEED = Number(process.env.HAPSIM_LINTER_SEED ?? 16)

const LIMIT_MS = 300_000

describeUpstream('the linter', () => {
  const startDirectory = process.cwd()
  const server = createServer()
  let comparisons: readonly Comparison[] = []

  beforeAll(async () => {
    const root = temporaryFolder('linter')
    copyFolders(root)
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    const { fd } = (server as unknown as { _handle: { fd: number } })._handle
    comparisons = await compareAll(linterCases(MUTATIONS, SEED), { root, descriptor: fd })
    const report = process.env.HAPSIM_LINTER_REPORT
    if (report !== undefined) writeFileSync(report, renderReport(comparisons))
  }, LIMIT_MS)

  afterAll(() => {
    process.chdir(startDirectory)
    server.close()
  })

  it('compares all configurations of HAProxy and at least 600 mutations', () => {
    expect(comparisons.length).toBeGreaterThan(850)
    expect(MUTATIONS).toBeGreaterThanOrEqual(600)
  })

  it('exits with the codes of the real HAProxy', () => {
    const differing = comparisons.filter(({ real, ours }) => real.code !== ours.code)
    const known = differing.filter(({ each, real, ours }) => knownDifference(each, real, ours) !== undefined)
    expect(known.length / comparisons.length).toBeLessThanOrEqual(KNOWN_DIFFERENCES)
    const unknown = differing.filter((each) => !known.includes(each))
    expect(1 - unknown.length / comparisons.length, names(unknown)).toBeGreaterThanOrEqual(EXIT_CODES_AGREE)
  })

  it('reports the alerts and warnings of the real HAProxy', () => {
    const differing = comparisons.filter(({ real, ours }) => !sameTexts(real, ours))
    expect(1 - differing.length / comparisons.length, names(differing)).toBeGreaterThanOrEqual(TEXTS_AGREE)
  })
})

const names = (comparisons: readonly Comparison[]): string => comparisons.map(({ each }) => each.name).join('\n')

/** Compares all cases; our checks run while the real HAProxy does. */
const compareAll = async (
  cases: readonly LinterCase[],
  settings: Pick<CheckSettings, 'root' | 'descriptor'>,
): Promise<Comparison[]> => {
  const results: Comparison[] = []
  const queue = cases.entries()
  const work = async (): Promise<void> => {
    for (const [index, each] of queue) {
      const files = { ...settings, file: `case${index}.cfg` }
      const real = checkReal(each, files)
      const ours = checkOurs(each, files)
      results[index] = { each, real: await real, ours }
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, work))
  return results
}
