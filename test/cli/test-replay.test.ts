/** `hapsim test --replay` shows of a failure what the search that found it has shown. */
import { expect, it } from 'vitest'
import { hapsim } from '../support/hapsim.js'
import { temporaryFolder } from '../support/temporary-folder.js'

/** The script subscribes in a task: a check may be faster. @param late what another task does then @param assertion what the test says */
const race = (late: string, assertion: string) => `
local hapsim = require("hapsim")
it.explore("race", { schedules = 300 }, function()
  local sim = hapsim.simulation()
  local script = [[
    core.register_task(function() core.event_sub({"SERVER_CHECK"}, function() seen = true end) end)
    core.register_task(function() core.msleep(100) if not seen then ${late} end end)
  ]]
  sim:http("10.0.0.1:80")
  local config = "global\\n stats socket unix@/s\\n lua-load l.lua\\nbackend app\\n server web1 10.0.0.1:80 check\\n"
  local haproxy = sim:haproxy{ config = config, files = { ["l.lua"] = script } }:start()
  sim:advance("500ms")
  ${assertion}
end)
`

it.each([
  ['an assertion', race('', 'assert.is_true(haproxy:eval("return seen"))'), /1\) Failure race\n.*Expected objects/],
  ['an error of a script alone', race('error("too late")', ''), /1\) Failure race\n.*lua: Lua task: .*too late/],
])('the schedule in words and the command for %s', async (_, test, message) => {
  const folder = temporaryFolder('replay')
  const files = { 'race_spec.lua': test }
  const found = await hapsim(['test', '@'], files, folder)
  expect(found.code).toBe(1)
  expect(found.out).toMatch(message)
  expect(found.out).toMatch(/Under this schedule:\n +at 0\.000 ms, Lua task .* was delayed by/)
  const token = /--replay (hs1-\S+)/.exec(found.out)![1]!
  const replayed = await hapsim(['test', '@', '--replay', token], files, folder)
  const withoutTimes = (text: string) => text.replace(/ \([\d.]+ s\)/g, '')
  expect(withoutTimes(replayed.out)).toBe(withoutTimes(found.out))
})
