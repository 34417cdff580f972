/** Scripts that rely on the order of `pairs`, which real Lua makes anew in every process. */
import { describe, expect, it } from 'vitest'
import { explore, ExploreError } from '../../src/explore/index.js'
import { Simulation } from '../../src/sim/index.js'

const CONFIG = `
global
    stats socket unix@/run/haproxy.sock
    tune.lua.bool-sample-conversion normal
    lua-load script.lua
`

const SCRIPT = `
core.register_task(function()
  local t, keys = { alpha = 1, beta = 2, gamma = 3, 10, 20 }, {}
  t.delta = 4
  for k in pairs(t) do keys[#keys + 1] = tostring(k) end
  local again = {}
  for k in next, t do again[#again + 1] = tostring(k) end
  print(table.concat(keys, " "))
  print(table.concat(again, " "))
  for k in pairs(t) do t[k] = nil end
  print(next(t))
end)
`

const run = (sim: Simulation): string[] => {
  const haproxy = sim.haproxy({ config: CONFIG, files: { 'script.lua': SCRIPT }, directory: false }).start()
  sim.advance(10)
  return haproxy.output
}

describe('pairs', () => {
  it('visits keys in the order of insertion', () => {
    expect(run(new Simulation())).toEqual(['1 2 alpha beta gamma delta', '1 2 alpha beta gamma delta', 'nil'])
  })

  it('visits all string keys in an order derived from the seed', () => {
    const orders = new Set<string>()
    for (let pairsSeed = 0; pairsSeed < 40; pairsSeed++) {
      const [first, second, left] = run(new Simulation({ pairsSeed }))
      expect(second).toBe(first)
      expect(left).toBe('nil')
      expect(first!.split(' ').sort()).toEqual(['1', '2', 'alpha', 'beta', 'delta', 'gamma'])
      expect(first).toMatch(/^1 2 /)
      expect(run(new Simulation({ pairsSeed }))[0]).toBe(first)
      orders.add(first!)
    }
    expect(orders.size).toBeGreaterThan(10)
  })

  it('is varied by random strategies, which finds scripts that rely on it', () => {
    const scenario = (sim: Simulation) => {
      if (!run(sim)[0]!.startsWith('1 2 alpha')) throw new Error('alpha is not first')
    }
    const find = () => explore(scenario, { strategy: 'random', schedules: 100 })
    expect(find).toThrow(ExploreError)
    try {
      find()
    } catch (error) {
      const { failure } = error as ExploreError
      expect(failure.schedule).toEqual([])
      expect(Object.keys(failure.seeds)).toEqual(['pairsSeed'])
    }
    expect(explore(scenario, { strategy: 'random', schedules: 100, vary: { pairs: false } }).failures).toEqual([])
  })
})
