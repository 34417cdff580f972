/** `core.httpclient` in a simulation. What it answers is compared with HAProxy in test/upstream/real-time/http-client. */
import { describe, expect, it } from 'vitest'
import { Simulation, type SimulationOptions } from '../../src/sim/index.js'

interface World {
  /** Lua of a function `f(client)` whose result is logged, or of a whole script */
  readonly task?: string
  readonly script?: string
  readonly global?: string
  readonly sections?: string
  readonly options?: SimulationOptions
}

const LIBRARY = `
local function text(r)
  if type(r) ~= "table" then return tostring(r) end
  return r.status .. " " .. r.reason .. " " .. #r.body .. " " .. r.body:sub(1, 20)
end
function ask(method, request)
  local ok, r = pcall(function() local c = core.httpclient() return c[method](c, request) end)
  return text(r)
end
function report(t) core.Info("report: " .. tostring(t)) end
`

const start = ({ task, script = '', global = '', sections = '', options = {} }: World) => {
  const sim = new Simulation(options)
  const web = sim.http('10.0.0.1:80')
  const haproxy = sim.haproxy({
    config: `global
 nbthread 1
 stats socket /run/cli level admin
 log 127.0.0.1:514 local0
 tune.lua.bool-sample-conversion normal
 ${global}
 lua-load x.lua
defaults
 mode http
 timeout client 5s
 timeout server 5s
 timeout connect 1s
${sections}
`,
    files: {
      'x.lua': `${LIBRARY}${script}\n${task === undefined ? '' : `core.register_task(function() ${task} end)`}`,
    },
    directory: false,
  })
  const isStarted = haproxy.start()
  const reported = () =>
    haproxy.logs.flatMap(({ message }) => (message.startsWith('report: ') ? [message.slice(8)] : []))
  const lines = () => haproxy.logs.map(({ message }) => message).filter((line) => line.includes('<HTTPCLIENT>'))
  return { sim, web, haproxy, reported, lines, isStarted }
}

/** What a task says of a response within a minute. */
const answer = (request: string, prepare: (world: ReturnType<typeof start>) => void = () => {}, world: World = {}) => {
  const started = start({ task: `report(ask("get", ${request}))`, ...world })
  prepare(started)
  started.sim.advance('1m')
  return started.reported()[0]
}

const URL = '{ url = "http://10.0.0.1/a?b=c" }'

describe('a request of a script', () => {
  it('gets the response of a simulated server', () => {
    const asked = answer(URL, ({ web }) => web.respond({ status: 201, body: 'hello' }))
    expect(asked).toBe('201 Created 5 hello')
  })

  it('has the fields of every request of the HTTP client, and an address in place of the URL', () => {
    const { sim, web } = start({
      task: `ask("post", { url = "http://10.0.0.1/a?b=c", body = "text", headers = { ["x-user"] = { "a", "b" } } })`,
    })
    sim.advance('1s')
    const [request] = web.requests
    expect([request!.method, request!.target, request!.text]).toEqual(['POST', '/a?b=c', 'text'])
    expect([...request!.rawHeaders]).toEqual([
      ['x-user', 'a'],
      ['x-user', 'b'],
      ['host', '10.0.0.1'],
      ['accept', '*/*'],
      ['user-agent', 'HAProxy'],
      ['transfer-encoding', 'chunked'],
    ])
  })

  it('writes a log line to the targets of the process, and counts as a stream', () => {
    const { sim, lines, haproxy } = start({ task: `ask("get", ${URL})` })
    sim.advance('1s')
    expect(lines()).toHaveLength(1)
    expect(lines()[0]).toMatch(
      /^-:- \[.*\] <HTTPCLIENT> -\/- 2\/0\/0\/1\/1 200 \d+ - - ---- .* "GET http:\/\/10\.0\.0\.1\/a\?b=c HTTP\/1\.1"$/,
    )
    expect(haproxy.cli('show stat')).not.toContain('HTTPCLIENT')
    expect(haproxy.cli('show info')).toContain('\nCurrStreams: 1\n')
  })

  it('is in show sess while it waits, without a client', () => {
    const { sim, web, haproxy } = start({ task: `ask("get", ${URL})` })
    web.hang()
    sim.advance('1s')
    expect(haproxy.cli('show sess')).toMatch(/^0x\w+: proto=\? ts=/)
    expect(haproxy.cli('show sess all')).toContain('frontend=<HTTPCLIENT> (id=4294967295 mode=http), listener=? (id=0)')
    expect(haproxy.cli('show sess all')).toContain('server=<HTTPCLIENT> (id=1) addr=10.0.0.1:80')
  })

  it('reaches a frontend of its own process', () => {
    const sections = 'frontend own\n bind :80\n http-request return status 200 content-type text/plain string own'
    expect(answer('{ url = "http://127.0.0.1/" }', undefined, { sections })).toBe('200 OK 3 own')
  })

  it('finds servers by the names of the simulated network', () => {
    const asked = answer('{ url = "http://api.example:8080/" }', ({ sim }) => sim.http('api.example:8080'))
    expect(asked).toMatch(/^200 OK/)
  })

  it('is answered 503 if the name is unknown, and the log shows the reason', () => {
    const { sim, reported, lines } = start({ task: 'report(ask("get", { url = "http://other.example/" }))' })
    sim.advance('1m')
    expect(reported()).toEqual(['503 Service Unavailable 0 '])
    expect(lines()[0]).toContain(' 503 66 - - LR-- ')
  })

  it('resolves names by the section resolvers default, if there is one', () => {
    const sections = 'resolvers default\n nameserver n 10.0.0.53:53'
    const asked = answer(
      '{ url = "http://app.example/" }',
      ({ sim }) => sim.dns('10.0.0.53:53').set('app.example', '10.0.0.1'),
      { sections },
    )
    expect(asked).toMatch(/^200 OK/)
  })

  it('speaks TLS to https, for the name of the URL', () => {
    const tls = (names: string[]) =>
      answer('{ url = "https://api.example/" }', ({ sim }) => sim.http('api.example:443', { tls: { names } }))
    expect(tls(['api.example'])).toMatch(/^200 OK/)
    expect(tls(['other.example'])).toMatch(/^503 /)
  })

  it('does not verify certificates with httpclient.ssl.verify none', () => {
    const asked = answer(
      '{ url = "https://api.example/" }',
      ({ sim }) => sim.http('api.example:443', { tls: { names: ['other.example'] } }),
      { global: 'httpclient.ssl.verify none' },
    )
    expect(asked).toMatch(/^200 OK/)
  })

  it('waits in actions, services, commands and event handlers', () => {
    const { sim, haproxy, reported } = start({
      script: `
core.register_action("ask", { "http-req" }, function(txn) txn:set_var("txn.answer", ask("get", ${URL})) end)
core.register_service("ask", "http", function(applet)
  local body = ask("get", ${URL})
  applet:set_status(200) applet:start_response() applet:send(body)
end)
core.register_cli({ "ask" }, "ask", function(applet) applet:send(ask("get", ${URL}) .. "\\n") end)
core.event_sub({ "SERVER_ADMIN" }, function() report(ask("get", ${URL})) end)`,
      sections: `frontend f
 bind :80
 http-request use-service lua.ask if { path /service }
 http-request lua.ask
 http-request return status 200 content-type text/plain lf-string %[var(txn.answer)]
backend b
 server s 10.0.0.9:80`,
    })
    const hello = '200 OK 0 '
    expect(sim.client().get('http://127.0.0.1/').text()).toBe(hello)
    expect(sim.client().get('http://127.0.0.1/service').text()).toBe(hello)
    expect(haproxy.cli('ask')).toContain(hello)
    haproxy.cli('set server b/s state drain')
    sim.advance('1s')
    expect(reported()).toEqual([hello])
  })

  it('waits in functions that a test calls directly', () => {
    const { haproxy, web } = start({
      script: `core.register_service("ask", "http", function(applet)
  local body = ask("get", ${URL})
  applet:set_status(200) applet:start_response() applet:send(body)
end)`,
    })
    web.respond({ body: 'hello', delay: '100ms' })
    expect(haproxy.service('lua.ask').text()).toBe('200 OK 5 hello')
  })

  it('ends a fetch or a converter, which may not wait', () => {
    const { sim, haproxy } = start({
      script: `core.register_fetches("ask", function() return ask("get", ${URL}) end)`,
      sections: 'frontend f\n bind :80\n http-request return status 200 content-type text/plain lf-string <%[lua.ask]>',
    })
    expect(sim.client().get('http://127.0.0.1/').text()).toBe('<>')
    expect(haproxy.messages.map(({ text }) => text)).toContain("Lua sample-fetch 'ask': yield not allowed.")
  })

  it('is not possible before the process runs', () => {
    const { reported } = start({
      script: 'report(core.httpclient())\ncore.register_init(function() report(core.httpclient()) end)',
    })
    expect(reported()).toEqual(['nil'])
  })
})

describe('a server of the HTTP client', () => {
  it('that never answers is given up after timeout, once for each attempt', () => {
    const { sim, web, reported, lines } = start({
      task: 'report(ask("get", { url = "http://10.0.0.1/", timeout = 1000 }))',
      global: 'httpclient.retries 2',
    })
    web.hang()
    sim.advance('1m')
    expect(reported()[0]).toMatch(/^504 Gateway Time-out/)
    expect(lines()[0]).toMatch(/ sH-- \d+\/\d+\/\d+\/\d+\/2 /)
  })

  it('without timeout is waited for as long as the script runs', () => {
    const { sim, web, reported } = start({ task: `report(ask("get", ${URL}))` })
    web.hang()
    sim.advance('1h')
    expect(reported()).toEqual([])
  })

  it('that refuses is tried again', () => {
    const refused = start({ task: `report(ask("get", ${URL}))`, global: 'httpclient.retries 1' })
    refused.web.refuse()
    refused.sim.advance('1m')
    expect(refused.reported()[0]).toMatch(/^503 /)
    expect(refused.lines()[0]).toContain(' SC-- ')
    const later = start({ task: `report(ask("get", ${URL}))` })
    later.web.refuse()
    later.sim.at('1500ms', () => later.web.accept())
    later.sim.advance('1m')
    expect(later.reported()[0]).toMatch(/^200 /)
  })

  it('that cannot be reached is given up after httpclient.timeout.connect', () => {
    const { sim, web, lines } = start({
      task: `ask("get", ${URL})`,
      global: 'httpclient.retries 0\n httpclient.timeout.connect 300ms',
    })
    web.hang('connect')
    sim.advance('299ms')
    expect(lines()).toEqual([])
    sim.advance('100ms')
    expect(lines()[0]).toContain(' sC-- ')
  })

  it.each([
    ['resets', 'reset', '502 Bad Gateway'],
    ['closes', 'close', '502 Bad Gateway'],
    ['answers nonsense', { raw: 'nonsense\r\n\r\n' }, '502 Bad Gateway'],
    ['ends its headers never', { raw: `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(100_000)}` }, '502 Bad Gateway'],
    ['stops within the body', { body: 'x'.repeat(100), stop: { after: 10, how: 'close' } }, '200 OK 10 xxxxxxxxxx'],
    ['resets within the body', { body: 'x'.repeat(100), stop: { after: 10, how: 'reset' } }, '200 OK 10 xxxxxxxxxx'],
    ['answers in chunks', { pieces: ['ab', 'cd', 'ef'], chunked: true, trailers: [['t', '1']] }, '200 OK 6 abcdef'],
    ['ends its body with the connection', { body: 'abc', untilClose: true }, '200 OK 3 abc'],
    ['answers 103 first', { body: 'abc', interim: [103] }, '200 OK 3 abc'],
    ['has no reason', { raw: 'HTTP/1.1 299 \r\ncontent-length: 0\r\n\r\n' }, '299  0 '],
  ] as const)('that %s', (_, reply, expected) => {
    const asked = answer(URL, ({ web }) => web.respond(reply as never), { global: 'httpclient.retries 0' })
    expect(asked).toContain(expected)
  })

  it('may answer more than a buffer holds, and be sent more', () => {
    const { sim, web, reported } = start({
      task: 'report(ask("post", { url = "http://10.0.0.1/", body = ("z"):rep(300000) }))',
    })
    web.respond((request) => ({ body: 'x'.repeat(request.body.length * 2) }))
    sim.advance('1m')
    expect(reported()[0]).toMatch(/^200 OK 600000 xxxx/)
  })

  it('that answers more than the memory of Lua holds ends the request', () => {
    const { sim, web, reported, haproxy } = start({
      task: `report(ask("get", ${URL}))`,
      global: 'tune.lua.maxmem 8',
    })
    web.respond({ pieces: Array.from({ length: 400 }, () => 'x'.repeat(100_000)) })
    sim.advance('1m')
    expect(reported()).toEqual(['not enough memory'])
    expect(haproxy.cli('show info')).toContain('\nCurrStreams: 1\n')
  })

  it('keeps the order of values with one name', () => {
    const { sim, web, reported } = start({
      task: `local r = core.httpclient():get(${URL}) report(r.headers["set-cookie"][0] .. r.headers["set-cookie"][1])`,
    })
    web.respond({
      headers: [
        ['Set-Cookie', 'a'],
        ['Set-Cookie', 'b'],
      ],
    })
    sim.advance('1s')
    expect(reported()).toEqual(['ab'])
  })
})

describe('many requests of scripts', () => {
  it('run at the same time', () => {
    const { sim, web, reported, haproxy } = start({
      script: `local left = 1000
for i = 1, 1000 do core.register_task(function()
  local r = core.httpclient():get({ url = "http://10.0.0.1/" .. i })
  if r.body == "/" .. i then left = left - 1 end
  if left == 0 then report("all") end
end) end`,
    })
    web.respond((request) => ({ body: request.path, delay: '1s' }))
    sim.advance('5s')
    expect(reported()).toEqual(['all'])
    expect(haproxy.cli('show info')).toContain('\nCurrStreams: 1\n')
  })

  it('need an object each', () => {
    const { sim, reported } = start({
      task: `local c = core.httpclient() c:get(${URL})
local ok, e = pcall(c.get, c, ${URL}) report(e)`,
    })
    sim.advance('1s')
    expect(reported()[0]).toMatch(/httpclient instance cannot be reused\. It must process at most one request$/)
  })

  it('end with the stream whose action waits for them', () => {
    const { sim, web, haproxy } = start({
      script: `core.register_action("ask", { "http-req" }, function() ask("get", ${URL}) end)`,
      sections: 'frontend f\n bind :80\n http-request lua.ask',
    })
    web.hang()
    sim.client().send('GET', 'http://127.0.0.1/')
    sim.advance('1s')
    const [stream = '', request = ''] = haproxy.cli('show sess').split('\n')
    expect(request).toContain('proto=?')
    haproxy.cli(`shutdown session ${stream.split(':')[0]}`)
    sim.advance('1s')
    expect(haproxy.cli('show sess')).not.toContain('proto=?')
    expect(web.openConnections).toBe(0)
  })
})
