/** The case to win: a script that subscribes to events from a task can miss the first health checks. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../src/config/index.js'
import { explain, Search, type ExploreOptions, type Scenario } from '../../src/explore/index.js'

const scenario = (file: string): Scenario => {
  const config = parseConfig(
    [{ name: file, text: readFileSync(new URL(`../../fixtures/startup-race/${file}`, import.meta.url), 'utf8') }],
    {},
  )
  return {
    name: file,
    play(sim) {
      const smtp = sim.smtp('127.0.0.1:25')
      sim.http('127.0.0.1:8080').refuse()
      sim.haproxy({ config }).start()
      sim.advance('300ms')
      sim.settle()
      if (smtp.mails.length !== 1) throw new Error(`${smtp.mails.length} mails instead of 1`)
    },
  }
}

const explore = (file: string, options: ExploreOptions) => new Search(scenario(file), options).explore()

describe('the startup race', () => {
  it('is found by delay bounding within two deviations, and explained', () => {
    const report = explore('haproxy.cfg', { strategy: 'delay', depth: 2 })
    expect(report.failures).toHaveLength(1)
    const failure = report.failures[0]!
    expect(failure).toMatchObject({ kind: 'assertion', message: '0 mails instead of 1' })
    expect(failure.schedule.length).toBeLessThanOrEqual(2)
    const { deviations } = explain(scenario('haproxy.cfg'), failure.schedule, {
      ...report,
      seeds: failure.seeds,
    })
    expect(deviations.join('\n')).toContain('Lua task task.lua:24 was delayed')
    expect(deviations.join('\n')).toContain('check be1/srv1')
  })

  it('does not exist if the script subscribes in an init function: all schedules within the bound were run', () => {
    const report = explore('fixed.cfg', { strategy: 'delay', depth: 2 })
    expect(report).toMatchObject({ failures: [], complete: true, covered: 2 })
    expect(report.outcomes).toHaveLength(1)
  })

  it.each(['random', 'pct'] as const)('is found by %s within 1,000 schedules for each of 20 seeds', (strategy) => {
    for (let seed = 1; seed <= 20; seed++) {
      const { failures } = explore('haproxy.cfg', { strategy, seed, schedules: 1000 })
      expect(failures.map((failure) => failure.message)).toEqual(['0 mails instead of 1'])
      expect(failures[0]!.schedule.length).toBeLessThanOrEqual(2)
    }
  })

  it.each(['random', 'pct'] as const)(
    'is not found by %s in the script that subscribes from an init function',
    (strategy) => {
      for (let seed = 1; seed <= 3; seed++)
        expect(explore('fixed.cfg', { strategy, seed, schedules: 300 }).failures).toEqual([])
    },
  )
})
