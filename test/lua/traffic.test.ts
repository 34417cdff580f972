/** Functions of scripts in traffic, and what becomes of requests and of the rest of the process when they go wrong. */
import { describe, expect, it } from 'vitest'
import { Simulation, type Haproxy } from '../../src/sim/index.js'

const URL = 'http://127.0.0.1:8080/'

const start = (script: string, rules: string): { sim: Simulation; haproxy: Haproxy } => {
  const sim = new Simulation()
  sim.http('10.0.0.1:80')
  const haproxy = sim.haproxy({
    config: `global
  tune.lua.bool-sample-conversion normal
  lua-load x.lua
defaults
  mode http
  timeout client 30s
  timeout connect 1s
  timeout server 30s
frontend web
  bind 127.0.0.1:8080
  ${rules}
  default_backend app
backend app
  server s1 10.0.0.1:80
`,
    files: { 'x.lua': script },
  })
  haproxy.start()
  return { sim, haproxy }
}

const alerts = (haproxy: Haproxy): string[] =>
  haproxy.messages.filter(({ severity }) => severity === 'alert').map(({ text }) => text)

const action = (body: string): string =>
  `core.register_action("a", { "http-req", "http-res", "tcp-req" }, function(txn) ${body} end)`

describe('an action', () => {
  it.each(['core.sleep(0)', 'core.msleep(0)', 'core.yield()', 'core.wait(0)'])('continues after %s', (wait) => {
    const { sim, haproxy } = start(action(wait), 'http-request lua.a')
    expect(sim.client().get(URL).status).toBe(200)
    expect(alerts(haproxy)).toEqual([])
  })

  it.each([
    ['a time', 'core.msleep(500)'],
    ['a server', 'local s = core.tcp() s:connect("10.0.0.2", 80) s:receive()'],
  ])('waits for %s without holding up other requests', (_, wait) => {
    const { sim } = start(action(wait), 'http-request lua.a if { path /slow }')
    sim.tcp('10.0.0.2:80').closeAfter(500)
    const slow = sim.client().send('GET', `${URL}slow`)
    const before = sim.now
    expect(sim.client().get(URL).status).toBe(200)
    expect(sim.now - before).toBeLessThan(100)
    expect(slow.wait().status).toBe(200)
    expect(sim.now - before).toBeGreaterThanOrEqual(500)
  })

  it('computes for long, and other requests wait for a forced yield only', () => {
    const { sim } = start(action('for i = 1, 3000000 do end'), 'http-request lua.a if { path /slow }')
    const slow = [1, 2, 3].map(() => sim.client().send('GET', `${URL}slow`))
    sim.advance('5ms')
    const before = sim.now
    expect(sim.client().get(URL).status).toBe(200)
    expect(sim.now - before).toBeLessThan(5)
    for (const exchange of slow) expect(exchange.wait().status).toBe(200)
    expect(sim.now - before).toBeGreaterThan(40)
  })

  it('is called again after act.YIELD, when act.wake_time is over', () => {
    const script = `local calls = 0
      ${action('calls = calls + 1 if calls < 4 then act.wake_time(100) return act.YIELD end txn:set_var("txn.calls", calls) return act.CONTINUE')}`
    const { sim } = start(script, 'http-request lua.a\n http-request return status 200 hdr calls %[var(txn.calls)]')
    const before = sim.now
    expect(sim.client().get(URL).headers.get('calls')).toBe('4')
    expect(sim.now - before).toBeGreaterThanOrEqual(300)
  })

  it.each([
    ['while true do end', /^Lua function 'a': execution timeout\.$/],
    ['while true do core.yield() end', /^Lua function 'a': execution timeout\.$/],
    ['error("broken")', /^Lua function 'a': \[state-id 0\] runtime error: x\.lua:1: broken from /],
    ['error({})', /^Lua function 'a': \[state-id 0\] unknown runtime error from /],
  ])('that fails by %s lets the request continue', (body, message) => {
    const { sim, haproxy } = start(action(body), 'http-request lua.a')
    expect(sim.client().get(URL).status).toBe(200)
    expect(alerts(haproxy)).toEqual([expect.stringMatching(message)])
  })

  it('that never ends does not keep the process from stopping', () => {
    const { sim, haproxy } = start(action('while true do core.msleep(1000) end'), 'http-request lua.a')
    sim.client().send('GET', URL)
    sim.advance('10s')
    haproxy.stop()
    sim.advance('1s')
    expect(haproxy.process.traffic.streams.size).toBe(0)
  })

  it('is forgotten with its stream, when the client leaves', () => {
    const { sim, haproxy } = start(action('core.sleep(5)'), 'http-request lua.a')
    const exchange = sim.client().send('GET', URL)
    sim.advance('1s')
    exchange.reset()
    sim.advance('10s')
    expect(haproxy.process.traffic.streams.size).toBe(0)
    expect(alerts(haproxy)).toEqual([])
  })
})

describe('a fetch', () => {
  it.each([
    ['while true do end', "Lua sample-fetch 'f': burst timeout."],
    ['core.msleep(1)', "Lua sample-fetch 'f': yield not allowed."],
    ['core.tcp():connect("127.0.0.1", 1)', "Lua sample-fetch 'f': yield not allowed."],
  ])('that runs %s has no value', (body, message) => {
    const script = `core.register_fetches("f", function(txn) ${body} return "x" end)`
    const { sim, haproxy } = start(script, 'http-request return status 200 hdr value <%[lua.f]>')
    expect(sim.client().get(URL).headers.get('value')).toBe('<>')
    expect(alerts(haproxy)).toEqual([message])
  })
})

it('a converter that waits has no value', () => {
  const script = 'core.register_converters("c", function(value) core.msleep(1) return value end)'
  const { sim, haproxy } = start(script, 'http-request return status 200 hdr value <%[str(x),lua.c]>')
  expect(sim.client().get(URL).headers.get('value')).toBe('<>')
  expect(alerts(haproxy)).toEqual([
    "Lua converter 'c': yield functions like core.tcp() or core.sleep() are not allowed.",
  ])
})

it('scripts of threads are called in the state of the thread of the stream', () => {
  const sim = new Simulation()
  const haproxy = sim.haproxy({
    config: `global
  nbthread 3
  tune.lua.bool-sample-conversion normal
  lua-load-per-thread x.lua
defaults
  mode http
  timeout client 30s
frontend web
  bind 127.0.0.1:8080
  http-request lua.a
  http-request return status 200 hdr thread "%[var(txn.thread)]"
`,
    files: {
      'x.lua': action(
        'local before = core.thread core.msleep(10) txn:set_var("txn.thread", before .. " " .. core.thread)',
      ),
    },
  })
  haproxy.start()
  const exchanges = Array.from({ length: 20 }, () => sim.client().send('GET', URL))
  const threads = exchanges.map((exchange) => exchange.wait().headers.get('thread'))
  for (const thread of threads) expect(thread).toMatch(/^([123]) \1$/)
  expect(new Set(threads).size).toBeGreaterThan(1)
})

it.each([
  ['http', 'c,f,http,req,res,sc,sf'],
  ['tcp', 'c,f,req,res,sc,sf'],
])('a transaction in mode %s has the fields %s', (mode, fields) => {
  const script = `core.register_action("fields", { "tcp-req" }, function(txn)
  local names = {}
  for name in pairs(txn) do if name ~= 0 then names[#names + 1] = name end end
  table.sort(names)
  error(table.concat(names, ","), 0)
end)`
  const sim = new Simulation()
  const haproxy = sim.haproxy({
    config: `global
  tune.lua.bool-sample-conversion normal
  lua-load x.lua
defaults
  mode ${mode}
  timeout client 30s
frontend web
  bind 127.0.0.1:8080
  tcp-request content lua.fields
`,
    files: { 'x.lua': script },
  })
  haproxy.start()
  sim.client().connect('127.0.0.1:8080').send('GET / HTTP/1.0\r\n\r\n')
  sim.advance('1s')
  expect(alerts(haproxy)).toEqual([expect.stringContaining(`error: ${fields} from`)])
})
