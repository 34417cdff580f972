/** Scripts that run long: forced yields, and what happens where nothing can yield. */
import { describe, expect, it } from 'vitest'
import { runScript } from './world.js'

describe('a task that runs long', () => {
  it('yields to others without a change of its result', () => {
    const world = runScript(`
      core.register_task(function()
        local sum, t = 0, {}
        for i = 1, 20000 do
          t[i % 7] = (t[i % 7] or 0) + i
          sum = sum + (function(a, ...) return a + select("#", ...) end)(i % 3, 1, 2)
        end
        local parts = {}
        for i = 0, 6 do parts[#parts + 1] = t[i] end
        print("long", sum, table.concat(parts, " "))
      end)
      core.register_task(function() print("short") end)
    `)
    expect(world.messages).toEqual([])
    // by hand: the sum of i % 3 for i = 1 … 20000 is 6667 + 2 * 6667, and 2 more for each
    const buckets = Array.from({ length: 7 }, () => 0)
    for (let i = 1; i <= 20000; i++) buckets[i % 7]! += i
    expect(world.printed).toEqual(['short', `long\t${20001 + 40000}\t${buckets.join(' ')}`])
  })

  it('ends when nothing else happens in the process, however short its steps are', () => {
    const world = runScript(
      `core.register_task(function() for i = 1, 5000 do core.yield() end print("yielded") end)
      core.register_task(function() local o for i = 1, 5000 do o = i end print("was interrupted", o) end)`,
      { global: 'nbthread 1\n    tune.lua.forced-yield 3' },
      1,
    )
    expect([...world.printed].sort()).toEqual(['was interrupted\t5000', 'yielded'])
  })

  it('in an infinite loop does not stop the simulation', () => {
    const world = runScript(
      'core.register_task(function() while true do end end)',
      { global: 'tune.lua.forced-yield 100' },
      1,
    )
    expect(world.sim.now).toBe(1000)
    expect(world.messages).toEqual([])
  })

  it('ends with the burst timeout if it cannot yield', () => {
    const world = runScript(
      `core.register_task(function()
        table.sort({ 1, 2, 3 }, function() while true do end end)
      end)
      core.register_task(function() core.sleep(1) print("others go on") end)`,
      { global: 'nbthread 1\n    tune.lua.burst-timeout 20ms' },
    )
    expect(world.messages).toEqual([
      // the words of the real one
      "Lua task: [state-id 0] runtime error: burst timeout from x.lua:2: in function line 2, [C]: in field 'sort', x.lua:2: in function line 1.",
    ])
    expect(world.printed).toEqual(['others go on'])
  })

  it('yields even if it has caught errors before', () => {
    const world = runScript(
      'core.register_task(function() pcall(error, "x") while true do pcall(error) end end)',
      { global: 'tune.lua.forced-yield 100' },
      1,
    )
    expect(world.sim.now).toBe(1000)
  })

  it('ends with the execution timeout of tasks', () => {
    const world = runScript(
      'core.register_task(function() while true do end end)',
      { global: 'tune.lua.task-timeout 50ms' },
      5,
    )
    expect(world.messages).toEqual(['Lua task: execution timeout.'])
  })
})

it('infinite recursion is an error of the script', () => {
  const world = runScript('core.register_task(function() local function f() return 1 + f() end f() end)')
  expect(world.messages).toEqual([expect.stringContaining('stack overflow')])
})
