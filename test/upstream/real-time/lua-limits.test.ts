/** HAProxy's limits of Lua: what the real one says when a script goes beyond, and what is said here. */
import { expect, it } from 'vitest'
import { runScript } from '../../lua/world.js'
import { RealHaproxy } from '../support/real-haproxy.js'
import { describeUpstream } from '../support/upstream.js'

const CONFIG = (limit: string) => `global
    nbthread 1
    tune.lua.bool-sample-conversion normal
    ${limit}
    lua-load x.lua
defaults
    timeout connect 1s
    timeout client 1s
    timeout server 1s
frontend fe
    bind unix@@DIR@/fe
`

const task = (body: string) => `core.register_task(function() ${body} end)`
const GROWS = 'local t = {} while true do t[#t + 1] = {} end'

/** What was said, less the line of the configuration. */
const plain = (messages: readonly string[]): string[] =>
  messages
    .filter((each) => /Lua /.test(each))
    .map((each) => each.replace(/^ALERT /, '').replace(/parsing \[haproxy.cfg:\d+\]/, 'parsing [PLACE]'))

describeUpstream('limits of Lua', () => {
  it.each([
    ['tune.lua.maxmem 8', 'in a task', task(GROWS)],
    ['tune.lua.maxmem 8', 'by one text', task('local s = ("x"):rep(1e8)')],
    ['tune.lua.maxmem 8', 'in the body', `big = {} for i = 1, 1e6 do big[i] = {} end`],
    [
      'tune.lua.maxmem 8',
      'in an init function',
      `core.register_init(function() big = {} for i = 1, 1e6 do big[i] = {} end end)`,
    ],
    ['tune.lua.task-timeout 50ms', 'by a loop', task('while true do end')],
    [
      'tune.lua.burst-timeout 50ms',
      'where nothing can yield',
      task('table.sort({ 3, 2, 1 }, function() while true do end end)'),
    ],
  ])('%s %s', async (limit, _, script) => {
    const program = `${script}\ncore.register_task(function() core.sleep(1) print("others go on") end)`
    const real = new RealHaproxy(CONFIG(limit), { 'x.lua': program })
    const world = runScript(program, { global: `nbthread 1\n    ${limit}` })
    try {
      const done = () => real.output.includes('others go on')
      if (world.started) await real.until(done)
      else await real.ended()
      expect(plain(world.messages)).toEqual(plain(real.messages))
      expect(world.printed).toEqual(real.output)
    } finally {
      await real.stop()
    }
  })
})
