/** When the watchdog warns of a thread that one task blocks, and when it kills the process; the times are those of HAProxy after its start. */
import { expect, it } from 'vitest'
import { runScript } from './world.js'

const LOOP = 'core.register_task(function() coroutine.wrap(function() while true do end end)() end)'

it.each([
  ['100 ms, the default', '', [200, 300, 400, 500, 600, 700, 800, 900, 1000, 1100]],
  ['200ms', '\n    warn-blocked-traffic-after 200', [400, 600, 800, 1000, 1200]],
  ['300ms', '\n    warn-blocked-traffic-after 300ms', [600, 900, 1200, 1500]],
])('warn-blocked-traffic-after %s', (_, setting, times) => {
  const { haproxy, messages } = runScript(LOOP, { global: `nbthread 1${setting}` }, 1)
  const warnings = messages.flatMap((each) => /stopped processing traffic for (\d+) milliseconds/.exec(each)?.[1] ?? [])
  expect(warnings.map(Number)).toEqual(times)
  expect(messages).toHaveLength(times.length + 1)
  expect(messages.at(-1)).toContain('Thread 1 is about to kill the process')
  expect(haproxy.process.crashed).toBe(true)
})

it('counts its warnings, which are not warnings of HAProxy', () => {
  const script = 'core.register_task(function() coroutine.wrap(function() for i = 1, 35000000 do end end)() end)'
  const { haproxy, messages } = runScript(script, { global: 'nbthread 1' }, 1)
  expect(messages.filter((each) => each.includes('stopped processing traffic'))).toHaveLength(2)
  const info = haproxy.cli('show info')
  expect(info).toContain('BlockedTrafficWarnings: 2\n')
  expect(info).toContain('Tainted: 0x2000\n')
  expect(info).toContain('TotalWarnings: 0\n')
})
