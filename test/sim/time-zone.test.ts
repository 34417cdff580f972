/** `machine.timezone` in the API. */
import { expect, it } from 'vitest'
import { Simulation, type HaproxyOptions } from '../../src/sim/index.js'

const SCRIPT = 'print(os.date("%H %Z")) core.register_init(function() core.Info("hello") end)'

const start = (machine: HaproxyOptions['machine']) => {
  const haproxy = new Simulation().haproxy({
    config: 'global\n tune.lua.log.stderr on\n lua-load x.lua\n stats socket /run/sock\n',
    files: { 'x.lua': SCRIPT },
    directory: false,
    machine: machine!,
  })
  return haproxy.start()
}

it('the machine has a time zone', () => {
  const haproxy = start({ timezone: 'America/New_York' })
  expect(haproxy.output).toEqual(['19 EST', '[info] 364/190000 (1) : hello'])
  expect(haproxy.cli('show errors')).toContain('[31/Dec/2023:19:00:00.000]')
})

it('the time zone of the machine is UTC by default', () => {
  expect(start({}).output).toEqual(['00 UTC', '[info] 000/000000 (1) : hello'])
})

it('TZ of the environment takes precedence over that of the machine', () => {
  const haproxy = start({ timezone: 'America/New_York', environment: { TZ: 'Asia/Tokyo' } })
  expect(haproxy.output[0]).toBe('09 JST')
})

it('an unknown time zone is an error', () => {
  expect(() => start({ timezone: 'Mars/Olympus' })).toThrow(new RangeError("there is no time zone 'Mars/Olympus'"))
})
