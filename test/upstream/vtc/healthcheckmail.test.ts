/**
 * HAProxy's reg-tests/mailers/healthcheckmail.vtc with the mailers.lua of its release, and with a script that subscribes from a task, as
 * HAProxy's own did before it was corrected: the mail of the first event was lost about once in some hundred runs.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { testScenario } from '../../../src/cli/vtc/scenario.js'
import { Follow } from '../../../src/engine/index.js'
import { decodeToken, explain, runOnce, Search, type FailureKind, type Scenario } from '../../../src/explore/index.js'
import { describeUpstream, upstream } from '../support/upstream.js'

const FOLDER = 'source/reg-tests/mailers'
const FAILURES: readonly FailureKind[] = ['assertion']

/** How many deviations all schedules may have: two take minutes. */
const DEPTH = Number(process.env.HAPSIM_VTC_DEPTH ?? 1)

const scenario = (name: string, folder: string): Scenario => ({
  name,
  ...testScenario({ files: [join(folder, 'healthcheckmail.vtc')], env: {} }),
})

const search = (it: Scenario, depth: number) =>
  new Search(it, { clock: () => performance.now(), schedules: 1_000_000, depth, failures: FAILURES }).explore()

describeUpstream('healthcheckmail.vtc in virtual time', () => {
  let folder = ''

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'hapsim-'))
    cpSync(upstream(FOLDER), folder, { recursive: true, dereference: true })
    const script = readFileSync(join(folder, 'mailers.lua'), 'utf8')
    const changed = script.replace('core.register_init(function()', 'core.register_task(function()')
    expect(changed).not.toBe(script)
    writeFileSync(join(folder, 'mailers.lua'), changed)
  })

  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('passes in every order', { timeout: 900_000 }, () => {
    const report = search(scenario('shipped', upstream(FOLDER)), DEPTH)
    expect(report).toMatchObject({ failures: [], complete: true, nondeterminism: undefined })
    expect(report.schedules).toBeGreaterThan(100)
  })

  it(
    'fails with one deviation if the script subscribes from a task, and the token replays it',
    { timeout: 60_000 },
    () => {
      const race = scenario('race', folder)
      const report = search(race, 1)
      const [failure] = report.failures
      expect(failure?.schedule).toHaveLength(1)
      expect(failure?.message).toMatch(/S1 \(.*healthcheckmail\.vtc:9\) waits for a log line of level info/)

      const found = decodeToken(race.name, failure!.token)
      const { deviations } = explain(race, found.schedule, found)
      expect(deviations).toEqual([
        expect.stringMatching(/Lua task mailers\.lua:\d+ was delayed by .*, past .*check be1\/srv1/),
      ])
      const replayed = runOnce(race, (now) => new Follow(found.schedule, now), {
        ...found,
        failures: new Set(FAILURES),
      })
      expect(replayed.failure?.message).toBe(failure?.message)
    },
  )
})
