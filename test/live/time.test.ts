/** Real time: the host's clocks, and scripts that give others no time. */
import { afterEach, expect, it, vi } from 'vitest'
import { RealClock } from '../../src/live/clock.js'
import { LiveHaproxy } from './live-haproxy.js'

afterEach(() => vi.restoreAllMocks())

it('is monotonic when the calendar of the host is changed, and dates follow the calendar', () => {
  const clock = new RealClock()
  clock.refresh()
  const [now, wall, host] = [clock.now, clock.wall, Date.now()]
  vi.spyOn(Date, 'now').mockReturnValue(host - 3_600_000)
  clock.refresh()
  expect(clock.now - now).toBeLessThan(1_000_000)
  expect(clock.now).toBeGreaterThanOrEqual(now)
  expect(Math.abs(clock.wall - wall + 3_600_000_000)).toBeLessThan(1_000_000)
})

it('is the time that a script sees: a sleep takes the requested time', async () => {
  const script = `core.register_task(function()
    local before = core.now()
    core.msleep(300)
    local after = core.now()
    print((after.sec - before.sec) * 1000 + (after.usec - before.usec) / 1000)
  end)`
  const live = await LiveHaproxy.start(config, { 'script.lua': script })
  try {
    const began = performance.now()
    await live.until(() => live.output.length > 0)
    expect(performance.now() - began).toBeGreaterThan(280)
    expect(Number(live.output[0])).toBeGreaterThanOrEqual(300)
    expect(Number(live.output[0])).toBeLessThan(500)
  } finally {
    await live.stop()
  }
})

it.each([
  ['only yields', 'while true do core.yield() end'],
  ['computes and yields', 'while true do for i = 1, 20000 do local x = i * i end core.yield() end'],
])('is left for others by a script that %s', async (_name, body) => {
  const live = await LiveHaproxy.start(config, {
    'script.lua': `core.register_task(function() print('runs') ${body} end)`,
  })
  try {
    await live.until(() => live.output.includes('runs'))
    const began = performance.now()
    expect(await live.cli('show info')).toContain('Name: HAProxy')
    expect(performance.now() - began).toBeLessThan(1000)
  } finally {
    await live.stop()
  }
})

const config = `
global
    stats socket unix@@DIR@/sock level admin
    tune.lua.bool-sample-conversion normal
    lua-load @DIR@/script.lua
defaults
    mode tcp
    timeout connect 1s
    timeout client 1s
    timeout server 1s
backend be1
    server s1 127.0.0.1:1
`
