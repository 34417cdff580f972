/** The search itself, on small scenarios whose schedules can be counted by hand. */
import { describe, expect, it } from 'vitest'
import { Wake, type Task } from '../../src/engine/index.js'
import { explore, ExploreError, mergeReports, reportData, Search, type Scenario } from '../../src/explore/index.js'
import type { Simulation } from '../../src/sim/index.js'

/** Tasks that each run once; `judge` gets the order in which they ran. */
const racing =
  (names: readonly string[], judge: (order: string) => void) =>
  (sim: Simulation): void => {
    const threads = sim.scheduler.threads('p', 1)
    const order: string[] = []
    for (const name of names) threads.spawn({ name, run: () => void order.push(name) }).wake(Wake.INIT)
    sim.advance(1)
    judge(order.join(''))
  }

/** Two tasks read, wait for a moment, and write a counter: an update can be lost. */
const counter = (sim: Simulation): void => {
  const threads = sim.scheduler.threads('p', 2)
  let count = 0
  const spawn = (name: string) => {
    let read: number | undefined
    const run = (task: Task) => {
      if (read === undefined) {
        read = count
        task.wake(Wake.OTHER)
      } else count = read + 1
    }
    return threads.spawn({ name, run })
  }
  const [a, b] = [spawn('a'), spawn('b')]
  a.wake(Wake.INIT)
  sim.at(1, () => b.wake(Wake.INIT))
  sim.advance(10)
  if (count !== 2) throw new Error(`the counter is ${count}`)
}

const failing = (run: () => unknown): ExploreError => {
  try {
    run()
  } catch (error) {
    if (error instanceof ExploreError) return error
    throw error
  }
  throw new Error('nothing failed')
}

describe('delay bounding', () => {
  it('runs every order within the number of deviations, and reports completeness', () => {
    const orders = new Set<string>()
    const report = explore(
      racing(['a', 'b', 'c'], (order) => void orders.add(order)),
      { strategy: 'delay', depth: 2, vary: { stalls: false } },
    )
    // a reversal takes three: each deviation puts one task behind the others
    expect([...orders].sort()).toEqual(['abc', 'acb', 'bac', 'bca', 'cab'])
    expect(report).toMatchObject({ complete: true, covered: 2 })
  })

  it('finds nothing that needs more deviations', () => {
    const scenario = racing(['a', 'b', 'c'], (order) => {
      if (order === 'cba') throw new Error('reversed')
    })
    expect(explore(scenario, { depth: 2 })).toMatchObject({ complete: true, failures: [] })
    expect(failing(() => explore(scenario, { depth: 3 })).failure.schedule).toHaveLength(3)
  })

  it('finds a lost update, which needs one deviation', () => {
    const error = failing(() => explore(counter, { depth: 2 }))
    expect(error.failure).toMatchObject({ kind: 'assertion', message: 'the counter is 1' })
    expect(error.failure.schedule).toHaveLength(1)
    expect(error.message).toContain('a was delayed by')
    expect(error.message).toContain(error.token)
  })
})

describe.each(['random', 'pct'] as const)('%s', (strategy) => {
  it('finds the same, and shrinks it to the same size', () => {
    const error = failing(() => explore(counter, { strategy, schedules: 500 }))
    expect(error.failure.message).toBe('the counter is 1')
    expect(error.failure.schedule).toHaveLength(1)
    expect(error.failure.seeds).toEqual({})
  })

  it('finds the same again with the same seed', () => {
    const tokens = [1, 1, 2].map(
      (seed) => failing(() => explore(counter, { strategy, seed, schedules: 500 })).report.schedules,
    )
    expect(tokens[0]).toBe(tokens[1])
  })
})

describe('events that are due at one instant', () => {
  const scenario = (sim: Simulation) => {
    const order: string[] = []
    for (const name of ['a', 'b', 'c']) sim.at(5, () => void order.push(name))
    sim.advance(10)
    if (order.join('') === 'cab') throw new Error('c came first')
  }

  it('change places, unless disabled', () => {
    for (const strategy of ['delay', 'random', 'pct'] as const) {
      expect(failing(() => explore(scenario, { strategy })).failure.schedule).toEqual([
        { kind: 'due', decision: 0, index: 2 },
      ])
      expect(explore(scenario, { strategy, schedules: 50, vary: { deliveries: false } }).failures).toEqual([])
    }
  })
})

describe('a token', () => {
  it('reproduces exactly the same failure', () => {
    const { token } = failing(() => explore(counter, { name: 'counter' }))
    expect(() => explore(counter, { name: 'counter', replay: token })).toThrow('the counter is 1')
  })

  it('that no longer matches reports where the program has changed', () => {
    const { token } = failing(() =>
      explore(
        racing(['a', 'b', 'c'], (order) => {
          if (order === 'bac') throw new Error(order)
        }),
        { name: 'race' },
      ),
    )
    const changed = racing(['x', 'y', 'z'], () => {})
    expect(() => explore(changed, { name: 'race', replay: token })).toThrow(
      /at decision 0 the schedule expects another task than x/,
    )
    const shorter = racing(['a'], () => {})
    expect(() => explore(shorter, { name: 'race', replay: token })).toThrow('the run ended before the schedule')
  })
})

describe('a scenario', () => {
  it('that fails under every schedule is not a race', () => {
    const error = failing(() =>
      explore(
        racing(['a', 'b'], () => {
          throw new Error('always')
        }),
        { all: true },
      ),
    )
    expect(error.message).toContain('It fails under every schedule')
  })

  it('that is not deterministic is reported as such, with the first difference', () => {
    let runs = 0
    const scenario = (sim: Simulation) => racing(runs++ % 2 === 0 ? ['a', 'b', 'c'] : ['b', 'a', 'c'], () => {})(sim)
    expect(() => explore(scenario)).toThrow(
      /not deterministic: .*decision 0: first at 0 µs it was a's turn, then at 0 µs it was b's turn/,
    )
  })
})

describe('shards', () => {
  const scenario: Scenario = {
    name: 'race',
    play: racing(['a', 'b', 'c', 'd'], (order) => {
      if (order.startsWith('d')) throw new Error(order)
    }),
  }

  it.each(['delay', 'random', 'pct'] as const)('of %s find together the same as the whole search', (strategy) => {
    const options = { strategy, all: true, schedules: 300, vary: { latency: false, stalls: false } }
    const whole = new Search(scenario, options)
    const parts = [1, 2, 3].map((index) => {
      const search = new Search(scenario, { ...options, shard: { index, count: 3 } })
      return reportData(search.explore(), search.depth, `${index}/3`)
    })
    const expected = reportData(whole.explore(), whole.depth)
    const merged = mergeReports(parts)
    const messages = (report: typeof merged) => report.failures.map((failure) => failure.message).sort()
    expect(messages(merged)).toEqual(messages(expected))
    expect(merged.schedules).toBe(expected.schedules)
    expect(merged.complete).toBe(expected.complete)
  })

  it('of different searches are not merged', () => {
    const part = (shard: string) => {
      const search = new Search(scenario, { all: true })
      return reportData(search.explore(), search.depth, shard)
    }
    expect(() => mergeReports([])).toThrow('no report')
    expect(() => mergeReports([part('1/2'), part('1/2')])).toThrow('duplicate shard')
    expect(() => mergeReports([part('1/2'), part('2/3')])).toThrow('different searches')
    expect(mergeReports([part('1/2')]).complete).toBe(false)
  })
})
