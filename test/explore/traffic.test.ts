/** Requests are explored as tasks are: two at a time lose an update of a variable under some schedules only. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../src/config/index.js'
import { explain, Search, type ExploreOptions, type Scenario } from '../../src/explore/index.js'

/** Time between two requests, in ms: the answer to the first one arrives a little before the second one is sent. */
const GAP = 0.1

/** The second client sends its request when the answer to the first one is on its way. */
const scenario = (file: string): Scenario => {
  const text = readFileSync(new URL(`../../fixtures/lost-request/${file}`, import.meta.url), 'utf8')
  const config = parseConfig([{ name: file, text }], {})
  return {
    name: file,
    play(sim) {
      sim.http('127.0.0.1:9000')
      const haproxy = sim.haproxy({ config }).start()
      const clients = [sim.client(), sim.client()]
      for (const client of clients) client.get('http://127.0.0.1:8080/')
      const first = clients[0]!.send('GET', 'http://127.0.0.1:8080/1')
      sim.advance(GAP)
      const second = clients[1]!.send('GET', 'http://127.0.0.1:8080/2')
      first.wait()
      second.wait()
      sim.settle()
      const counted = /value=<(\d+)>/.exec(haproxy.cli('get var proc.answered'))?.[1]
      if (counted !== '4') throw new Error(`counted ${counted} of 4 requests`)
    },
  }
}

const explore = (file: string, options: ExploreOptions) => new Search(scenario(file), options).explore()

describe('a lost update of two requests', () => {
  it('does not happen in the schedule without deviations, and is found within two of them', () => {
    const report = explore('haproxy.cfg', { strategy: 'delay', depth: 2 })
    expect(report.baseline.failure).toBeUndefined()
    expect(report.failures).toHaveLength(1)
    const failure = report.failures[0]!
    expect(failure).toMatchObject({ kind: 'assertion', message: 'counted 3 of 4 requests' })
    expect(failure.schedule.length).toBeLessThanOrEqual(2)
    const { deviations } = explain(scenario('haproxy.cfg'), failure.schedule, { ...report, seeds: failure.seeds })
    expect(deviations.join('\n')).toContain('stream')
  })

  it('does not exist where the variable is read and written in one step', () => {
    expect(explore('fixed.cfg', { strategy: 'delay', depth: 2, schedules: 3000 }).failures).toEqual([])
  })

  it.each(['random', 'pct'] as const)('is found by %s', (strategy) => {
    const { failures } = explore('haproxy.cfg', { strategy, schedules: 1000 })
    expect(failures.map(({ message }) => message)).toEqual(['counted 3 of 4 requests'])
  })
})
