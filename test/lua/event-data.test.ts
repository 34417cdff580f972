/** The arguments of an event's handlers: each handler gets new tables (`hlua_event_hdl_cb_push_args` runs per subscription). */
import { expect, it } from 'vitest'
import { Simulation } from '../../src/index.js'

it('gives each handler separate data and a separate server object', () => {
  const sim = new Simulation({ seed: 1 })
  const script = `
core.register_init(function()
  for i = 1, 2 do
    core.event_sub({"SERVER_DOWN"}, function(event, data)
      print(i, data.name, data.extra, data.reference.extra, data.reference:get_name())
      data.name, data.extra, data.reference.extra = "changed", true, true
      data.reference.get_name = nil
      print(i, data.reference.get_name, data.reference.extra, data.reference:get_puid())
    end)
  end
end)`
  const haproxy = sim
    .haproxy({
      files: { 's.lua': script },
      config: `global
    stats socket unix@/run/haproxy.sock level admin
    lua-load s.lua
backend be1
    server s1 10.0.0.1:80
`,
    })
    .start()
  sim.advance('10ms')
  haproxy.cli('set server be1/s1 health down')
  haproxy.cli('set server be1/s1 health up')
  haproxy.cli('set server be1/s1 health down')
  sim.advance('10ms')
  const given = ['1\ts1\tnil\tnil\ts1', '1\tnil\ttrue\t1', '2\ts1\tnil\tnil\ts1', '2\tnil\ttrue\t1']
  expect([...haproxy.output].sort()).toEqual([...given, ...given].sort())
})
