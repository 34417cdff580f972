/**
 * The cost of state changes made by `set server … health` of the runtime API, with no, one and ten Lua subscribers whose handlers read the
 * event data or ignore it. Runs in a simulation, in rounds to limit event queues.
 *
 * node bench/events.mjs [--changes 200000] [--json]
 */
import { Simulation } from '../dist/index.js'
import { numberOption, report } from './support.mjs'

const CHANGES = numberOption('--changes', 200_000)
/** Changes between two runs of the handlers; a subscription is paused at 100. */
const ROUND = 40

const CONFIG = `global
    stats socket unix@/run/haproxy.sock level admin
    lua-load s.lua
backend be1
    server s0 10.0.0.1:80
`

const script = (subscribers, body) => `
local count = 0
core.register_init(function()
  for _ = 1, ${subscribers} do
    core.event_sub({"SERVER_STATE"}, function(event, data) ${body} count = count + 1 end)
  end
end)
core.register_task(function() while true do core.msleep(1000) print(count) end end)
`

const play = (subscribers, body) => {
  const sim = new Simulation({ seed: 1 })
  const haproxy = sim
    .haproxy({ config: CONFIG, files: { 's.lua': script(subscribers, body) }, directory: false })
    .start()
  sim.advance('10ms')
  const started = process.hrtime.bigint()
  for (let i = 0; i < CHANGES; i += ROUND) {
    for (let j = 0; j < ROUND; j += 2) {
      haproxy.cli('set server be1/s0 health down')
      haproxy.cli('set server be1/s0 health up')
    }
    sim.advance('1ms')
  }
  const took = Number(process.hrtime.bigint() - started) / 1e6
  sim.advance('2s')
  const handled = Number(haproxy.output.at(-1))
  if (handled !== CHANGES * subscribers)
    throw new Error(`${handled} calls of handlers instead of ${CHANGES * subscribers}`)
  return { 'time (ms)': took, 'a change (µs)': (took * 1000) / CHANGES }
}

const LOOK = 'local s = data.state.new_state .. data.name; if s == "" then return end'
report(`${CHANGES} state changes`, {
  'no subscriber': play(0, ''),
  'one subscriber': play(1, ''),
  'one that looks at the data': play(1, LOOK),
  'ten subscribers': play(10, ''),
})
