/** What is counted of scripts. Programs that the real Lua counts itself are in test/upstream/lua/coverage.test.ts. */
import { describe, expect, it } from 'vitest'
import { LuaCoverage, type IstanbulData } from '../../src/lua/index.js'
import { explore } from '../../src/explore/index.js'
import { Simulation, type HaproxyOptions } from '../../src/sim/index.js'

const CONFIG = `global
    tune.lua.bool-sample-conversion normal
    nbthread 2
    lua-load x.lua
defaults
    timeout connect 1s
    timeout client 1s
    timeout server 1s
listen fe
    bind :80
`

type Files = NonNullable<HaproxyOptions['files']>

const start = (sim: Simulation, files: Files, config = CONFIG) => {
  const haproxy = sim.haproxy({ config, files, directory: false }).start()
  sim.advance('2s')
  return haproxy
}

const run = (script: string, coverage = new LuaCoverage(), more: Files = {}): IstanbulData => {
  start(new Simulation({ coverage }), { 'x.lua': script, ...more })
  return coverage.scripts.find(({ path }) => path === 'x.lua')!.data
}

/** Counts of statements, by their text in the source. */
const statements = (script: string, data: IstanbulData): Record<string, number> => {
  const lines = script.split('\n')
  return Object.fromEntries(
    Object.entries(data.statementMap).map(([id, { start, end }]) => {
      const first = lines[start.line - 1]!
      const text = start.line === end.line ? first.slice(start.column, end.column) : `${first.slice(start.column)} …`
      return [text, data.s[id]!]
    }),
  )
}

const branches = (data: IstanbulData): [string, number[]][] =>
  Object.entries(data.branchMap).map(([id, { type, line }]) => [`${type} ${line}`, data.b[id]!])

const functions = (data: IstanbulData): Record<string, number> =>
  Object.fromEntries(Object.entries(data.fnMap).map(([id, { name }]) => [name, data.f[id]!]))

describe('coverage of scripts', () => {
  it('distinguishes statements of one line', () => {
    const script = 'local n = 1 if n > 1 then n = 2 else n = 3 end'
    expect(statements(script, run(script))).toEqual({
      'local n = 1': 1,
      'if n > 1 then n = 2 else n = 3 end': 1,
      'n = 2': 0,
      'n = 3': 1,
    })
  })

  it('counts a statement of several lines at its first line', () => {
    const script = 'local t = {\n  a = 1,\n  b = (2\n    + 3),\n}\nlocal u = t'
    expect(statements(script, run(script))).toEqual({ 'local t = { …': 1, 'local u = t': 1 })
  })

  it('names functions after the variables they are assigned to, and counts those never called as 0', () => {
    const script = `local function a() end
function b() end
local t = { c = function() end }
function t.d() end
function t:e() end
t.f = function() end
local g = function() end
a() a() t:e()
pcall(function() end)`
    expect(functions(run(script))).toEqual({
      a: 2,
      b: 0,
      c: 0,
      't.d': 0,
      't:e': 1,
      't.f': 0,
      g: 0,
      '(anonymous_7)': 1,
    })
  })

  it('counts a missing else', () => {
    expect(branches(run('for i = 1, 5 do\n  if i > 3 then i = 0 end\nend'))).toEqual([
      ['for 1', [5, 1]],
      ['if 2', [2, 3]],
    ])
  })

  it('counts each elseif as a separate if', () => {
    const script = 'for i = 1, 6 do\n  if i == 1 then\n  elseif i < 4 then\n    i = 0\n  else\n    i = 1\n  end\nend'
    expect(branches(run(script)).slice(1)).toEqual([
      ['if 2', [1, 5]],
      ['if 3', [2, 3]],
    ])
  })

  it('counts operands that were evaluated', () => {
    const script = 'local function f(a, b)\n  b = a or b\n  return a and b or 3\nend\nf(1) f(nil, 2) f()'
    expect(branches(run(script))).toEqual([
      ['binary-expr 2', [3, 2]],
      ['binary-expr 3', [3, 1, 2]],
    ])
  })

  it('counts whether loops were entered and whether they ended normally', () => {
    const script = `for _ in pairs({}) do end
for i = 1, 3 do if i == 2 then break end end
local n = 0
while n < 4 do n = n + 1 end
repeat n = n - 1 until n == 0`
    expect(branches(run(script))).toEqual([
      ['for 1', [0, 1]],
      ['for 2', [2, 0]],
      ['if 2', [1, 1]],
      ['while 4', [4, 1]],
      ['repeat 5', [3, 1]],
    ])
  })

  it('counts break and goto as the only statement of an if', () => {
    const script = `for i = 1, 4 do
  if i == 2 then
    goto continue
  end
  if i == 4 then break end
  ::continue::
end`
    const counts = statements(script, run(script))
    expect([counts['goto continue'], counts['break']]).toEqual([1, 1])
  })

  it('does not count labels, blocks and semicolons as statements', () => {
    expect(Object.keys(run('do ; ::a:: end\n').statementMap)).toEqual([])
  })

  it('continues to count after an interruption', () => {
    const script = `local n = 0
core.register_task(function()
  for i = 1, 30000 do
    n = n + 1
  end
  core.sleep(1)
  n = 0
end)`
    const counts = statements(script, run(script))
    expect([counts['n = n + 1'], counts['core.sleep(1)'], counts['n = 0']]).toEqual([30000, 1, 1])
  })

  it('counts up to an error', () => {
    const script = 'pcall(function()\n  local t\n  t.x = 1\n  t = 2\nend)'
    expect(statements(script, run(script))).toMatchObject({ 't.x = 1': 1, 't = 2': 0 })
  })

  it('adds up threads, processes and simulations', () => {
    const coverage = new LuaCoverage()
    const config = CONFIG.replace('lua-load ', 'lua-load-per-thread ')
    for (let i = 0; i < 3; i++) start(new Simulation({ coverage }), { 'x.lua': 'local n = 1' }, config)
    expect(coverage.scripts.map(({ data }) => data.s)).toEqual([{ 0: 6 }])
  })

  it('keeps the counts of all schedules of a search', () => {
    const coverage = new LuaCoverage()
    let runs = 0
    explore(
      (sim) => {
        sim.coverage = coverage
        runs++
        start(sim, { 'x.lua': 'local n = 1' })
      },
      { schedules: 20 },
    )
    expect(coverage.scripts[0]!.data.s).toEqual({ 0: runs })
  })

  it('distinguishes different contents of one name', () => {
    const coverage = new LuaCoverage()
    run('local a = 1', coverage)
    run('local a = 1\nlocal b = 2', coverage)
    expect(coverage.scripts.map(({ path, source }) => [path, source])).toEqual([
      ['x.lua', 'local a = 1'],
      ['x.lua', 'local a = 1\nlocal b = 2'],
    ])
  })

  it('counts modules and files loaded by load(), but not texts', () => {
    const coverage = new LuaCoverage()
    const script = `package.path = '?.lua'
local m = require('m')
load('local a = 1')()
load('local a = 1', '=text')()
load('local a = 1', '@made.lua')()`
    run(script, coverage, { 'm.lua': 'return {}' })
    expect(coverage.scripts.map(({ path, data }) => [path, Object.values(data.s)])).toEqual([
      ['m.lua', [1]],
      ['made.lua', [1]],
      ['x.lua', [1, 1, 1, 1, 1]],
    ])
  })

  it('has columns in characters, not bytes', () => {
    expect(run('local a = "äöü" local b = 1').statementMap).toMatchObject({ 1: { start: { line: 1, column: 16 } } })
  })

  it('does not change a run', () => {
    const script = `local n, queue = 0, core.queue and core.queue()
core.register_task(function()
  for round = 1, 5 do
    for i = 1, 9000 do n = n + (i % 3 == 0 and 2 or 1) end
    while n > 100 do n = n - 7 if n == 50 then break end end
    core.msleep(10)
  end
end)
core.register_task(function()
  repeat core.yield() n = n + 1 until n > 400 or core.now().sec < 0
end)`
    const [without, counted] = [undefined, new LuaCoverage()].map((coverage) => {
      const sim = new Simulation(coverage ? { coverage } : {})
      start(sim, { 'x.lua': script })
      return sim.trace.hash
    })
    expect(counted).toBe(without)
  })

  it('counts functions that inspect their own variables', () => {
    const script = 'local a = debug.getlocal(1, 1)\nfor i = 1, 3 do a = i end'
    expect(statements(script, run(script))).toMatchObject({ 'a = i': 3 })
  })
})
