/** Actions of scripts are explored as tasks are: one that reads a counter, waits, and writes it loses counts under some schedules only. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { explain, Search, type ExploreOptions, type Scenario } from '../../src/explore/index.js'

const FOLDER = new URL('../../fixtures/lost-count/', import.meta.url)

const read = (name: string): string => readFileSync(new URL(name, FOLDER), 'utf8')

/** Time between two requests, in ms: the action has just waited in the first one when the second one arrives. */
const GAP = 10.02

const scenario = (script: string): Scenario => ({
  name: script,
  play(sim) {
    const server = sim.http('127.0.0.1:9000')
    const config = read('haproxy.cfg').replace('fixtures/lost-count/${SCRIPT}', script)
    sim.haproxy({ config, files: { [script]: read(script) } }).start()
    const clients = [sim.client(), sim.client()]
    // connections are open from here on
    for (const client of clients) client.get('http://127.0.0.1:8080/')
    const first = clients[0]!.send('GET', 'http://127.0.0.1:8080/1')
    sim.advance(GAP)
    const second = clients[1]!.send('GET', 'http://127.0.0.1:8080/2')
    first.wait()
    second.wait()
    const counts = server.requests.map(({ headers }) => headers['x-count'])
    if (!counts.includes('4')) throw new Error(`counted ${counts.join(', ')}`)
  },
})

const explore = (script: string, options: ExploreOptions) => new Search(scenario(script), options).explore()

describe('a lost count of an action', () => {
  it('does not happen in the schedule without deviations, and is found with one of them', () => {
    const report = explore('lost.lua', { strategy: 'delay', depth: 1 })
    expect(report.baseline.failure).toBeUndefined()
    expect(report.failures).toHaveLength(1)
    const failure = report.failures[0]!
    expect(failure).toMatchObject({ kind: 'assertion', message: 'counted 1, 2, 3, 3' })
    expect(failure.schedule).toHaveLength(1)
    const { deviations } = explain(scenario('lost.lua'), failure.schedule, { ...report, seeds: failure.seeds })
    expect(deviations.join('\n')).toContain('stream')
  })

  it('does not exist where the count is read and written in one step', () => {
    expect(explore('fixed.lua', { strategy: 'delay', depth: 2, schedules: 3000 }).failures).toEqual([])
  })

  it.each(['random', 'pct'] as const)('is found by %s', (strategy) => {
    const { failures } = explore('lost.lua', { strategy, schedules: 1000 })
    expect(failures.map(({ message }) => message)).toEqual(['counted 1, 2, 3, 3'])
  })
})
