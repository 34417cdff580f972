/** Two requests at a time fail under some schedules only: how such a scenario is played, and what exploring it must find. */
import { describe, expect, it } from 'vitest'
import {
  explain,
  explore,
  ExploreError,
  Search,
  type ExploreCall,
  type ExploreOptions,
  type Scenario,
} from '../../src/explore/index.js'
import type { Haproxy, HttpAnswer, HttpServer, Simulation } from '../../src/sim/index.js'

/** What a request of each of two clients has led to, and then one more of each at nearly the same time. */
export interface Requests {
  readonly haproxy: Haproxy
  readonly server: HttpServer
  /** to the last request of each client */
  readonly answers: readonly [HttpAnswer, HttpAnswer]
}

export interface RequestRace {
  /** of the file that has the race, and of the one that does not */
  readonly files: { readonly racy: string; readonly fixed: string }
  /** time between the last requests, in ms */
  readonly gap: number
  /** how many deviations it takes */
  readonly depth: number
  /** of the failure */
  readonly message: string
  /** a task that is delayed */
  readonly delayed: string
  /** a process of a file that is not started yet */
  create(sim: Simulation, file: string): Haproxy
  /** throws an error if something has gone wrong */
  check(requests: Requests): void
}

const playOf =
  (name: string, { gap, create, check }: RequestRace) =>
  (sim: Simulation): void => {
    const server = sim.http('127.0.0.1:9000')
    const haproxy = create(sim, name).start()
    const clients = [sim.client(), sim.client()]
    // connections are open from here on
    for (const client of clients) client.get('http://127.0.0.1:8080/')
    const first = clients[0]!.send('GET', 'http://127.0.0.1:8080/1')
    sim.advance(gap)
    const second = clients[1]!.send('GET', 'http://127.0.0.1:8080/2')
    const answers = [first.wait(), second.wait()] as const
    sim.settle()
    check({ haproxy, server, answers })
  }

const errorOf = (action: () => void): unknown => {
  try {
    action()
  } catch (error) {
    return error
  }
  return undefined
}

export const describeRequestRace = (name: string, race: RequestRace): void => {
  describe(name, () => {
    const { depth, files, message } = race
    const scenario = (file: string): Scenario => ({ name: file, play: playOf(file, race) })
    const search = (file: string, options: ExploreOptions) => new Search(scenario(file), options).explore()

    it(`does not happen in the schedule without deviations, and is found within ${depth}`, () => {
      const report = search(files.racy, { strategy: 'delay', depth })
      expect(report.baseline.failure).toBeUndefined()
      expect(report.failures).toHaveLength(1)
      const failure = report.failures[0]!
      expect(failure).toMatchObject({ kind: 'assertion', message })
      expect(failure.schedule.length).toBeGreaterThan(0)
      expect(failure.schedule.length).toBeLessThanOrEqual(depth)
      const { deviations } = explain(scenario(files.racy), failure.schedule, { ...report, seeds: failure.seeds })
      expect(deviations.join('\n')).toContain(race.delayed)
    })

    it('is replayed by its token', () => {
      const play = playOf(files.racy, race)
      const search = (options: ExploreCall) => () => explore(play, options)
      const found = errorOf(search({ strategy: 'delay', depth }))
      expect(found).toBeInstanceOf(ExploreError)
      expect(search({ replay: (found as ExploreError).token })).toThrow(message)
    })

    it('does not exist within the same bound where it is one step', () => {
      expect(search(files.fixed, { strategy: 'delay', depth, schedules: 3000 }).failures).toEqual([])
    })

    it.each(['random', 'pct'] as const)('is found by %s', (strategy) => {
      const { failures } = search(files.racy, { strategy, schedules: 1000 })
      expect(failures.map((failure) => failure.message)).toEqual([message])
    })
  })
}
