/**
 * The Lua test runner: a thousand small tests, each of which starts a process in a simulation and advances one second. Target: 3,000 ms on
 * one core, including the start of the command.
 *
 * node bench/testkit.mjs [--json]
 */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { report, temporaryFolder, time } from './support.mjs'

const TESTS = 1000
const command = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url))

const SUITE = `
local hapsim = require('hapsim')
local config = [==[
global
  tune.lua.bool-sample-conversion normal
  lua-load handler.lua
defaults
  mode http
  timeout connect 1s
  timeout client 1s
  timeout server 1s
frontend web
  bind :80
  default_backend app
backend app
  server web1 10.0.0.1:80 check inter 100ms fall 1
]==]
local script = [==[
down = 0
core.event_sub({ 'SERVER_DOWN' }, function() down = down + 1 end)
]==]
for i = 1, ${TESTS} do
  it('handles a DOWN ' .. i, function()
    local sim = hapsim.simulation()
    local web = sim:http('10.0.0.1:80')
    local haproxy = sim:haproxy{ config = config, files = { ['handler.lua'] = script } }
    haproxy:start()
    web:refuse()
    sim:advance('1s')
    assert.equals('DOWN', haproxy:server('app/web1').status)
    assert.equals(1, haproxy:eval('down'))
  end)
end
`

const folder = temporaryFolder('bench')
writeFileSync(join(folder, 'many_test.lua'), SUITE)
const run = () => {
  const { status, stdout } = spawnSync(process.execPath, [command, 'test', folder, '--reporter', 'dot'], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(stdout)
}
report(`${TESTS} tests with a simulation each (ms)`, { 'hapsim test': time(run, { rounds: 5, warmup: 1 }) })
