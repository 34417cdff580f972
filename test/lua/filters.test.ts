/** Filters of scripts in a simulation: their start, their states, their costs. What they do is compared with HAProxy in test/upstream/traffic. */
import { describe, expect, it } from 'vitest'
import { Simulation } from '../../src/sim/index.js'

const config = (load: string): string => `global
 nbthread 2
 tune.lua.bool-sample-conversion normal
 tune.lua.burst-timeout 20
 ${load} x.lua
defaults
 mode http
 timeout client 5s
 timeout server 5s
 timeout connect 1s
frontend fe
 bind :80
 filter lua.mark one two
 default_backend be
backend be
 server s1 10.0.0.1:80
`

/** @param parse body of the function that gets the class and the arguments @param payload body of `http_payload` */
const script = (parse: string, payload = ''): string => `
local Filter = { flags = filter.FLT_CFG_FL_HTX }
Filter.__index = Filter
function Filter.new(class) return setmetatable({ mark = class.mark }, Filter) end
function Filter:start_analyze(txn, chn) filter.register_data_filter(self, chn) return filter.CONTINUE end
function Filter:http_headers(txn, msg)
  if msg:is_resp() then msg:add_header("x-mark", self.mark .. core.thread) end
  return filter.CONTINUE
end
function Filter:http_payload(txn, msg) ${payload} end
core.register_filter("mark", Filter, function(class, args) ${parse} end)
`

const GOOD = 'class.mark = table.concat(args, "-") return class'

const create = (text: string, load = 'lua-load') => {
  const sim = new Simulation()
  sim.http('10.0.0.1:80').respond(() => ({ status: 200, body: 'hello' }))
  return { sim, haproxy: sim.haproxy({ config: config(load), files: { 'x.lua': text }, directory: false }) }
}

describe('filters of scripts', () => {
  it.each([
    ['lua-load', 'one-two0'],
    ['lua-load-per-thread', 'one-two1'],
  ])('work in the states of %s', (load, mark) => {
    const { sim, haproxy } = create(script(GOOD), load)
    haproxy.start()
    const answer = sim.client().get('http://127.0.0.1/')
    expect([answer.headers.get('x-mark'), answer.text()]).toEqual([mark, 'hello'])
  })

  it('change bodies', () => {
    const { sim, haproxy } = create(
      script(GOOD, 'if msg:is_resp() and msg:body() then msg:set(msg:body():upper()) end'),
    )
    haproxy.start()
    expect(sim.client().get('http://127.0.0.1/').text()).toBe('HELLO')
  })

  it.each([
    ['lua-load', "proxy 'fe'."],
    ['lua-load-per-thread', "proxy 'fe' for thread 0."],
  ])('prevent the start if their function fails, with %s', (load, where) => {
    const { haproxy } = create(script('error("bad arguments", 0)'), load)
    const pid = haproxy.process.machine.pid
    expect(() => haproxy.start()).toThrow(
      `Lua filter 'mark' : runtime error : bad arguments[ALERT]    (${pid}) : Failed to initialize filters for ${where}`,
    )
  })

  it('that loop are interrupted, and the data pass', () => {
    const { sim, haproxy } = create(script(GOOD, 'while msg:is_resp() do end'))
    haproxy.start()
    const answer = sim.client().get('http://127.0.0.1/')
    expect(answer.text()).toBe('hello')
    expect(haproxy.messages.map(({ text }) => text)).toContainEqual(
      expect.stringContaining("Lua filter 'mark' : 'http_payload' callback burst timeout."),
    )
  })

  it('give the same run again', () => {
    const hash = () => {
      const { sim, haproxy } = create(script(GOOD, 'if msg:body() then msg:set(msg:body():reverse()) end'))
      haproxy.start()
      sim.client().get('http://127.0.0.1/')
      return sim.trace.hash
    }
    expect(hash()).toBe(hash())
  })
})
