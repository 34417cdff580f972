import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { simTest } from '../../src/vitest/index.js'
import { runSuite } from './child.js'

const seeds = new Set<number>()
simTest('has a new simulation', (sim) => {
  expect(sim.now).toBe(0)
  expect(sim.seed).toBe(1)
  sim.advance('1s')
})
simTest('has a new simulation with the given seed', (sim) => expect([sim.now, sim.seed]).toEqual([0, 7]), {
  seed: 7,
})
simTest('has a seed under exploration, too', (sim) => void seeds.add(sim.seed), { seed: 9, explore: { schedules: 3 } })
it('all of its simulations had that seed', () => expect([...seeds]).toEqual([9]))
let runs = 0
simTest(
  'respects the limit of schedules',
  (sim) => {
    runs++
    sim.haproxy({ config: { file: 'fixtures/startup-race/fixed.cfg' } }).start()
    sim.advance('2s')
  },
  { explore: { schedules: 1_000_000, depth: 5, time: 200 } },
)
it('it did not run all schedules', () => expect(runs).toBeLessThan(100_000))
simTest.fails('can be expected to fail', () => expect(1).toBe(2))

it('rejects options that cannot be combined with exploring', () => {
  expect(() => simTest('x', () => {}, { epoch: 5, explore: true })).toThrow(
    "simTest: 'epoch' cannot be combined with explore or replay",
  )
})

describe('in a separate vitest', () => {
  let first: ReturnType<typeof runSuite>
  beforeAll(() => {
    first = runSuite('sim-test')
  })
  const token = () => /HAPSIM_REPLAY=(hs1-[\w-]+) npx vitest run -t 'race \\\(found\\\)'/.exec(first.output)?.[1]

  it('only tests that fail in some order fail', () => {
    expect(Object.entries(first.tests).map(([name, { status }]) => [name, status])).toEqual([
      ['usual order', 'passed'],
      ['race (found)', 'failed'],
      ['no race', 'passed'],
      ['promise', 'failed'],
      ['skipped', 'skipped'],
    ])
  })

  it('the output of vitest has the assertion, the order, the token, and the line of the test', () => {
    expect(token()).toBeDefined()
    expect(first.output).toContain('expected a mail like "SERVER_DOWN be1/srv1" to be sent to 127.0.0.1:25')
    expect(first.output).toMatch(/Lua task task\.lua:24 was delayed/)
    expect(first.output).toMatch(/SimTestError[^]*?❯ test\/vitest\/fixtures\/sim-test\.fixture\.ts:11:\d+/)
  })

  it('the token reproduces the failure', () => {
    const again = runSuite('sim-test', { HAPSIM_REPLAY: token()! }, ['-t', 'race \\(found\\)'])
    expect(again.tests['race (found)']?.status).toBe('failed')
    expect(again.output).toContain('expected a mail like "SERVER_DOWN be1/srv1" to be sent to 127.0.0.1:25')
    expect(again.output).not.toContain('Found in schedule')
  })

  it('a promise is rejected', () => {
    expect(first.tests['promise']?.failure).toContain('simulations are synchronous')
  })
})

it('every export of the package is built', () => {
  const { exports } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    exports: Record<string, { default: string; types: string }>
  }
  const build = readFileSync('scripts/build.mjs', 'utf8')
  expect(Object.keys(exports)).toEqual(['.', './vitest', './coverage'])
  for (const { default: file, types } of Object.values(exports)) {
    expect(build).toContain(`'${file.replace('./dist', 'src').replace(/js$/, 'ts')}'`)
    expect(types).toBe(file.replace(/js$/, 'd.ts'))
  }
})
