/** The class StickTable. test/upstream/lua-traffic compares it with the real one. */
import { expect, it } from 'vitest'
import { Simulation } from '../../src/sim/index.js'

const CONFIG = `global
  lua-load x.lua
defaults
  timeout client 1s
  timeout connect 1s
  timeout server 1s
frontend fe
  bind :80
backend limits
  stick-table type ip size 1m expire 30s store gpc0,http_req_rate(10s)
`

/** What a script prints when it is started. */
const printed = (script: string): readonly string[] =>
  new Simulation().haproxy({ config: CONFIG, files: { 'x.lua': script } }).start().output

it('says how the table is configured', () => {
  const script = `core.register_init(function()
  local info = core.backends.limits.stktable:info()
  print(info.type, info.length, info.size, info.used, info.expire, info.nopurge)
  print(info.data.gpc0, info.data.http_req_rate)
end)`
  expect(printed(script)).toEqual(['ip\t4\t1048576\t0\t30000\tfalse', '-1\t10000'])
})

it('has no entries, and checks filters nevertheless', () => {
  const script = `core.register_init(function()
  local t = core.backends.limits.stktable
  print(t:lookup("192.0.2.1"), next(t:dump()), next(t:dump({ { "gpc0", "gt", 5 } })))
  print(t:dump({ { "gpc1", "gt", 5 } }))
end)`
  expect(printed(script)).toEqual([
    'nil\tnil\tnil',
    'nil\tFilter table data column not present in stick table (entry #1)',
  ])
})
