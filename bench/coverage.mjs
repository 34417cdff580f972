/**
 * The cost of coverage: CPU-bound programs and many small tests, alternating with and without coverage so that other load affects both.
 * With coverage, runs should take at most twice as long.
 *
 * node bench/coverage.mjs [--json]
 */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { LuaCoverage } from '../dist/coverage/index.js'
import { Simulation } from '../dist/sim/index.js'
import { report, temporaryFolder } from './support.mjs'

const command = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url))

const PROGRAMS = {
  recursion: 'local function fib(n)\n if n < 2 then\n return n\n end\n return fib(n - 1) + fib(n - 2)\n end\n fib(27)',
  loops: 'local s = 0\n for i = 1, 1000000 do\n s = s + i % 7\n end',
  branches: `local a, b, s = 0, 0, 0
for i = 1, 500000 do
  if i % 3 == 0 then
    a = a + 1
  elseif i % 5 == 0 or i % 7 == 0 then
    b = b + 1
  end
  s = i > 100 and a or b
end`,
  'method calls': `local C = {}
C.__index = C
function C:add(n)
  self.x = self.x + n
end
local o = setmetatable({ x = 0 }, C)
for i = 1, 300000 do
  o:add(i)
end`,
  texts: `local t = {}
for i = 1, 30000 do
  t[#t + 1] = string.format("%d %s", i, "x")
end
local n = 0
for word in table.concat(t, " "):gmatch("%a+") do
  n = n + #word
end`,
}

const CONFIG = `global
  tune.lua.bool-sample-conversion normal
  lua-load x.lua
defaults
  timeout connect 1s
  timeout client 1s
  timeout server 1s
listen fe
  bind :80
`

/** The fastest of several runs in milliseconds, alternating with and without coverage. */
const compare = (run, rounds) => {
  const best = { off: Infinity, on: Infinity }
  for (let i = 0; i < rounds; i++)
    for (const which of ['off', 'on']) {
      const start = process.hrtime.bigint()
      run(which === 'on')
      best[which] = Math.min(best[which], Number(process.hrtime.bigint() - start) / 1e6)
    }
  return { 'without (ms)': best.off, 'with (ms)': best.on, times: best.on / best.off }
}

const inProcess = (script) => {
  const coverage = new LuaCoverage()
  const files = { 'x.lua': script }
  return (on) => void new Simulation(on ? { coverage } : {}).haproxy({ config: CONFIG, files }).start()
}

const TESTS = `
local hapsim = require('hapsim')
local config = [==[
${CONFIG.replace('x.lua', 'handler.lua')}
backend app
  server web1 10.0.0.1:80 check inter 100ms fall 1
]==]
local script = [==[
down = 0
core.event_sub({ 'SERVER_DOWN' }, function()
  down = down + 1
end)
]==]
for i = 1, 1000 do
  it('handles a DOWN ' .. i, function()
    local sim = hapsim.simulation()
    local web = sim:http('10.0.0.1:80')
    local haproxy = sim:haproxy{ config = config, files = { ['handler.lua'] = script } }
    haproxy:start()
    web:refuse()
    sim:advance('1s')
    assert.equals(1, haproxy:eval('down'))
  end)
end
`

const folder = temporaryFolder('bench')
writeFileSync(join(folder, 'many_test.lua'), TESTS)
const test = (on) => {
  const flags = on ? ['--coverage', '--coverage-directory', join(folder, 'coverage')] : []
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [command, 'test', folder, '--reporter', 'dot', ...flags],
    {
      encoding: 'utf8',
    },
  )
  if (status !== 0) throw new Error(stdout + stderr)
}
report('coverage', {
  ...Object.fromEntries(Object.entries(PROGRAMS).map(([name, script]) => [name, compare(inProcess(script), 12)])),
  'hapsim test, 1000 tests': compare(test, 3),
})
