/**
 * Many checked servers: 60 virtual seconds of 1,000 and of 10,000 servers, each checked every two seconds, by TCP and by HTTP, and a
 * million state changes handled by one Lua subscriber. From 1,000 to 10,000 servers, time and memory may grow by a factor of 11 at most.
 *
 * node --expose-gc bench/servers.mjs [--json]
 */
import { Simulation } from '../dist/index.js'
import { report } from './support.mjs'

const SECONDS = 60
const SMALL = 1_000
const LARGE = 10_000

const address = (i) => `10.${(i >> 14) & 127}.${(i >> 7) & 127}.${(i & 127) + 1}:80`

const config = (count, option) => {
  const servers = Array.from({ length: count }, (_, i) => `    server s${i} ${address(i)} check inter 2s`)
  return `global
    stats socket unix@/run/haproxy.sock level admin
defaults
    mode http
    timeout connect 5s
    timeout client 5s
    timeout server 5s
backend be1
    ${option}
${servers.join('\n')}
`
}

const heap = () => {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed / 2 ** 20
}

/** Milliseconds to build, milliseconds to play, and mebibytes kept, for one world. */
const play = (count, option) => {
  const before = heap()
  const started = process.hrtime.bigint()
  const sim = new Simulation({ seed: 1 })
  for (let i = 0; i < count; i++) sim.http(address(i))
  const haproxy = sim.haproxy({ config: config(count, option), directory: false }).start()
  const built = process.hrtime.bigint()
  sim.advance(`${SECONDS}s`)
  const played = process.hrtime.bigint()
  const after = heap()
  const down = haproxy.process.proxies[0].servers.filter((server) => !server.check.up)
  if (down.length > 0) throw new Error(`${down.length} servers are down`)
  const ms = (from, to) => Number(to - from) / 1e6
  return { 'start (ms)': ms(started, built), 'play (ms)': ms(built, played), 'memory (MiB)': after - before }
}

/** The best of a few rounds, to exclude other load. */
const best = (count, option) => {
  const rounds = Array.from({ length: 3 }, () => play(count, option))
  return Object.fromEntries(Object.keys(rounds[0]).map((key) => [key, Math.min(...rounds.map((round) => round[key]))]))
}

const ratio = (small, large) => Object.fromEntries(Object.keys(small).map((key) => [key, large[key] / small[key]]))

const SUBSCRIBER = `
local count = 0
core.register_init(function()
  core.event_sub({"SERVER_STATE"}, function() count = count + 1 end)
end)
core.register_task(function() while true do core.msleep(1000) print(count) end end)
`

/** State changes of one server, handled by one Lua subscriber; in rounds, to limit its event queue. */
const stateChanges = (total) => {
  const sim = new Simulation({ seed: 1 })
  sim.http('10.0.0.1:80')
  const text = config(1, '').replace('global\n', 'global\n    lua-load s.lua\n').replaceAll(' check inter 2s', '')
  const haproxy = sim.haproxy({ config: text, files: { 's.lua': SUBSCRIBER }, directory: false }).start()
  sim.advance('10ms')
  const started = process.hrtime.bigint()
  for (let i = 0; i < total; i += 40) {
    for (let j = 0; j < 20; j++) {
      haproxy.cli('set server be1/s0 health down')
      haproxy.cli('set server be1/s0 health up')
    }
    sim.advance('1ms')
  }
  const took = Number(process.hrtime.bigint() - started) / 1e6
  sim.advance('2s')
  const handled = Number(haproxy.output.at(-1))
  if (handled !== total) throw new Error(`the subscriber handled ${handled} changes instead of ${total}`)
  return { 'time (ms)': took, 'changes per ms': total / took }
}

const figures = {}
for (const [name, option] of [
  ['TCP', ''],
  ['HTTP', 'option httpchk'],
]) {
  play(SMALL, option)
  const small = best(SMALL, option)
  const large = best(LARGE, option)
  figures[`${name}, 1,000 servers`] = small
  figures[`${name}, 10,000 servers`] = large
  figures[`${name}, growth`] = ratio(small, large)
}
report(`checked servers, ${SECONDS} virtual seconds`, figures)
report('state changes through one Lua subscriber', { 'a million': stateChanges(1_000_000) })
