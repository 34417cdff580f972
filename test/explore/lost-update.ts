/** Two requests at a time lose an update under some schedules only: how such a scenario is played, and what exploring it must find. */
import { describe, expect, it } from 'vitest'
import { explain, Search, type ExploreOptions, type Scenario } from '../../src/explore/index.js'
import type { Haproxy, HttpServer, Simulation } from '../../src/sim/index.js'

export interface LostUpdate {
  /** of the file in which an update can be lost, and of the one in which it cannot */
  readonly files: { readonly lost: string; readonly fixed: string }
  /** time between two requests, in ms */
  readonly gap: number
  /** how many deviations it takes */
  readonly depth: number
  /** of the failure */
  readonly message: string
  /** a process of a file that is not started yet */
  create(sim: Simulation, file: string): Haproxy
  /** throws an error if a request was not counted */
  check(haproxy: Haproxy, server: HttpServer): void
}

const scenarioOf = (name: string, { gap, create, check }: LostUpdate): Scenario => ({
  name,
  play(sim) {
    const server = sim.http('127.0.0.1:9000')
    const haproxy = create(sim, name).start()
    const clients = [sim.client(), sim.client()]
    // connections are open from here on
    for (const client of clients) client.get('http://127.0.0.1:8080/')
    const first = clients[0]!.send('GET', 'http://127.0.0.1:8080/1')
    sim.advance(gap)
    const second = clients[1]!.send('GET', 'http://127.0.0.1:8080/2')
    first.wait()
    second.wait()
    sim.settle()
    check(haproxy, server)
  },
})

export const describeLostUpdate = (name: string, update: LostUpdate): void => {
  describe(name, () => {
    const { depth, files, message } = update
    const explore = (file: string, options: ExploreOptions) => new Search(scenarioOf(file, update), options).explore()

    it(`does not happen in the schedule without deviations, and is found within ${depth}`, () => {
      const report = explore(files.lost, { strategy: 'delay', depth })
      expect(report.baseline.failure).toBeUndefined()
      expect(report.failures).toHaveLength(1)
      const failure = report.failures[0]!
      expect(failure).toMatchObject({ kind: 'assertion', message })
      expect(failure.schedule.length).toBeGreaterThan(0)
      expect(failure.schedule.length).toBeLessThanOrEqual(depth)
      const { deviations } = explain(scenarioOf(files.lost, update), failure.schedule, {
        ...report,
        seeds: failure.seeds,
      })
      expect(deviations.join('\n')).toContain('stream')
    })

    it('does not exist where it is one step', () => {
      expect(explore(files.fixed, { strategy: 'delay', depth: 2, schedules: 3000 }).failures).toEqual([])
    })

    it.each(['random', 'pct'] as const)('is found by %s', (strategy) => {
      const { failures } = explore(files.lost, { strategy, schedules: 1000 })
      expect(failures.map((failure) => failure.message)).toEqual([message])
    })
  })
}
