/** Functions of scripts that fail, never end or need too much, in every context: what HAProxy answers and reports, and that it continues. */
import { expect, it } from 'vitest'
import { REAL } from '../support/programs.js'
import { describeUpstream } from '../support/upstream.js'
import { playLive, playSimulated, type Suite } from './contexts.js'

/** What fails or never ends, with something that works in between. */
const PIECES = String.raw`
error("broken")
error("broken", 0)
error({})
error()
error(setmetatable({}, { __tostring = function() return "an object" end }))
error(setmetatable({}, { __tostring = function() error("again") end }))
return "fine"
local t = nil return t.field
return ("x")()
return string.rep("x", 1 << 40)
return setmetatable({}, { __index = function(t, k) return t[k] end }).field
return coroutine.wrap(function() error("inside") end)()
return "fine"
while true do end
while true do pcall(error) end
string.gsub("a", "a", function() while true do end end)
return "fine"
`
  .trim()
  .split('\n')

const GREEDY = String.raw`
return #string.rep("a", 20000000)
local t = {} for i = 1, 1e9 do t[i] = { i } end
local s = "x" while true do s = s .. s end
return "fine"
`
  .trim()
  .split('\n')

const TIMEOUTS = `tune.lua.session-timeout 60ms
  tune.lua.service-timeout 60ms
  tune.lua.task-timeout 60ms`

const SUITES: Readonly<Record<string, Suite>> = {
  'fail or never end': {
    pieces: PIECES,
    unprotected: true,
    settings: TIMEOUTS,
  },
  // in an action or a service, the real one ends itself: `A bogus STREAM is spinning`
  'yield without an end': {
    pieces: ['while true do core.yield() end', 'return "fine"'],
    contexts: ['fetch', 'converter', 'filter', 'cli', 'task', 'event'],
    unprotected: true,
    settings: TIMEOUTS,
  },
  'need too much memory': { pieces: GREEDY, unprotected: true, settings: 'tune.lua.maxmem 6' },
}

describeUpstream('functions of scripts that', () => {
  it.each(Object.entries(SUITES))('%s', { timeout: 120_000 }, async (_, suite) => {
    const real = await playLive(suite, REAL)
    const ours = await playSimulated(suite)
    expect(real.alerts).not.toEqual([])
    expect(ours.results).toEqual(real.results)
    expect(ours.alerts).toEqual(real.alerts)
  })
})
