/**
 * The Lua test runner: a thousand small tests of each kind, on one core, including the start of the command. Each starts a process in a
 * simulation, and
 * - `events`: advances one second, in which a server goes down. Target: 3,000 ms
 * - `requests`: sends a request through an action to a server. Target: 4,000 ms
 * - `calls`: calls the action alone. Target: 4,000 ms
 *
 * node bench/testkit.mjs [--json] [--only KIND]
 */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { report, temporaryFolder, time } from './support.mjs'

const TESTS = 1000
const command = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url))

const DEFAULTS = `defaults
  mode http
  timeout connect 1s
  timeout client 1s
  timeout server 1s
`

const KINDS = {
  events: `
local config = [==[
global
  tune.lua.bool-sample-conversion normal
  lua-load handler.lua
${DEFAULTS}frontend web
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
`,
  requests: `
local config = [==[
global
  tune.lua.bool-sample-conversion normal
  lua-load action.lua
${DEFAULTS}frontend web
  bind :80
  http-request lua.name
  default_backend app
backend app
  server web1 10.0.0.1:80
]==]
local script = [==[
core.register_action('name', { 'http-req' }, function(txn)
  local host, agent = txn.sf:req_hdr('host'), txn.sf:req_hdr('user-agent')
  txn.http:req_set_header('x-name', agent .. '@' .. host)
end)
]==]
for i = 1, ${TESTS} do
  it('names the client ' .. i, function()
    local sim = hapsim.simulation()
    local web = sim:http('10.0.0.1:80')
    sim:haproxy{ config = config, files = { ['action.lua'] = script } }:start()
    local answer = sim:client():get('http://127.0.0.1/', { headers = { ['user-agent'] = 'a' .. i } })
    assert.equals(200, answer.status)
    assert.equals('a' .. i .. '@127.0.0.1', web.requests[1].headers['x-name'])
  end)
end
`,
}
KINDS.calls = KINDS.requests
  .replace("    local web = sim:http('10.0.0.1:80')\n", '')
  .replace('    sim:haproxy{', '    local haproxy = sim:haproxy{')
  .replace(/ {4}local answer = [^]*?\n {2}end\)/, () =>
    [
      "    local headers = { host = 'localhost', ['user-agent'] = 'a' .. i }",
      "    local result = haproxy:action('lua.name', { request = { headers = headers } })",
      "    assert.equals('a' .. i .. '@localhost', result.request.headers['x-name'])",
      '  end)',
    ].join('\n'),
  )

const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1] : undefined
const times = {}
for (const [kind, tests] of Object.entries(KINDS)) {
  if (only !== undefined && kind !== only) continue
  const folder = temporaryFolder(`bench-${kind}`)
  writeFileSync(join(folder, 'many_test.lua'), `local hapsim = require('hapsim')\n${tests}`)
  const run = () => {
    const { status, stdout } = spawnSync(process.execPath, [command, 'test', folder, '--reporter', 'dot'], {
      encoding: 'utf8',
    })
    if (status !== 0) throw new Error(stdout)
  }
  times[kind] = time(run, { rounds: 5, warmup: 1 })
}
report(`${TESTS} tests with a simulation each (ms)`, times)
