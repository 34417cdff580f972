/** Services of scripts in a simulation. What they answer is compared with HAProxy in test/upstream/traffic. */
import { describe, expect, it } from 'vitest'
import { Simulation } from '../../src/sim/index.js'

const config = (load = 'lua-load'): string => `global
 nbthread 2
 stats socket /run/cli level admin
 tune.lua.bool-sample-conversion normal
 ${load} x.lua
defaults
 mode http
 timeout client 5s
 timeout server 5s
 timeout connect 1s
frontend fe
 bind :80
 http-request use-service lua.web
frontend tcp
 mode tcp
 bind :81
 tcp-request content use-service lua.lines
`

const start = (web: string, lines = 'applet:send(applet:getline())', load?: string) => {
  const sim = new Simulation()
  const script = `core.register_service("web", "http", function(applet) ${web} end)
core.register_service("lines", "tcp", function(applet) ${lines} end)
core.register_cli({"members"}, "", function(applet)
  local ok, text = pcall(applet.f.path, applet.f)
  applet:send(applet.sc:upper("abc") .. " " .. tostring(ok) .. "\\n" .. text .. "\\n")
end)`
  const haproxy = sim.haproxy({ config: config(load), files: { 'x.lua': script }, directory: false }).start()
  return { sim, haproxy }
}

const HELLO = 'applet:start_response() applet:send("hello")'
const LATER = `core.sleep(2) ${HELLO}`

describe('services of scripts', () => {
  it('answer requests', () => {
    const { sim } = start(HELLO)
    const answer = sim.client().get('http://127.0.0.1/')
    expect([answer.status, answer.text()]).toEqual([200, 'hello'])
  })

  it('answer lines', () => {
    const { sim } = start(HELLO)
    const client = sim.client().connect('127.0.0.1:81')
    client.send('one\ntwo\n')
    sim.advance('1s')
    expect([client.received, client.ended]).toEqual(['one\n', true])
  })

  it('take the time that they wait for', () => {
    const { sim } = start(LATER)
    sim.client().get('http://127.0.0.1/')
    expect(Math.floor(sim.now)).toBe(2000)
  })

  it.each([
    ['a time', 'core.sleep(2)'],
    ['a server', 'local s = core.tcp() s:connect("10.0.0.2", 80) s:receive()'],
  ])('wait for %s without keeping others from running', (_, wait) => {
    const { sim } = start(`if applet.path == "/slow" then ${wait} end ${HELLO}`)
    sim.tcp('10.0.0.2:80').closeAfter('2s')
    const slow = sim.client().connect('127.0.0.1:80')
    slow.send('GET /slow HTTP/1.0\r\n\r\n')
    sim.advance('100ms')
    expect(sim.client().get('http://127.0.0.1/').text()).toBe('hello')
    expect(sim.now).toBeLessThan(1000)
    sim.advance('2s')
    expect(slow.received).toContain('hello')
  })

  it('compute for long, and others wait for a forced yield only', () => {
    const { sim } = start(`if applet.path == "/slow" then for i = 1, 3000000 do end end ${HELLO}`)
    // more of them than threads
    const slow = [1, 2, 3].map(() => sim.client().send('GET', 'http://127.0.0.1/slow'))
    sim.advance('5ms')
    const before = sim.now
    expect(sim.client().get('http://127.0.0.1/').text()).toBe('hello')
    expect(sim.now - before).toBeLessThan(5)
    for (const exchange of slow) expect(exchange.wait().text()).toBe('hello')
    expect(sim.now - before).toBeGreaterThan(40)
  })

  it('leave no coroutines behind', () => {
    const { sim, haproxy } = start(HELLO, 'core.sleep(100)')
    sim.client().get('http://127.0.0.1/')
    const client = sim.client().connect('127.0.0.1:81')
    sim.advance('1s')
    const { coroutines } = haproxy.lua.state(0)
    expect(coroutines.size).toBe(1)
    client.reset()
    sim.advance('1s')
    expect(coroutines.size).toBe(0)
  })

  it('end with the process', () => {
    const { sim, haproxy } = start(LATER)
    const client = sim.client().connect('127.0.0.1:80')
    client.send('GET / HTTP/1.0\r\n\r\n')
    sim.advance('1s')
    haproxy.stop()
    sim.advance('10s')
    expect(client.received).toBe('')
    expect(haproxy.lua.state(0).coroutines.size).toBe(0)
  })

  it('are not stuck while they wait for the client', () => {
    const { sim, haproxy } = start(HELLO)
    sim.client().connect('127.0.0.1:81')
    sim.advance('1s')
    expect(haproxy.lua.stuckTasks).toEqual([])
  })

  it('run in the state of the thread of their stream', () => {
    const { sim } = start(
      'calls = (calls or 0) + 1 applet:start_response() applet:send(core.thread .. " " .. calls)',
      undefined,
      'lua-load-per-thread',
    )
    const answers = [1, 2, 3, 4].map(() => sim.client().get('http://127.0.0.1/').text())
    for (const thread of ['1', '2']) {
      const own = answers.filter((text) => text.startsWith(thread))
      expect(own).toEqual(own.map((_, i) => `${thread} ${i + 1}`))
    }
    expect(answers.every((text) => /^[12] [1-4]$/.test(text))).toBe(true)
  })

  it('fail alone', () => {
    const { sim, haproxy } = start(`if applet.path == "/bad" then error("failed") end ${HELLO}`)
    expect(sim.client().get('http://127.0.0.1/bad').status).toBe(500)
    expect(sim.client().get('http://127.0.0.1/').status).toBe(200)
    expect(haproxy.messages.map(({ text }) => text)).toContainEqual(
      expect.stringMatching(/^Lua applet http '<lua\.web>': \[state-id 0\] runtime error: x\.lua:1: failed from /),
    )
  })

  it('give the same run for the same seed', () => {
    const run = (): string => {
      const { sim } = start(`core.msleep(math.random(100)) ${HELLO}`)
      for (let i = 0; i < 3; i++) sim.client().get('http://127.0.0.1/')
      return sim.trace.hash
    }
    expect(run()).toBe(run())
  })
})

describe('commands of scripts', () => {
  it('have converters, and no fetches of requests', () => {
    expect(start(HELLO).haproxy.cli('members')).toBe(
      "ABC false\nthe sample-fetch 'path' needs to access data from channel's buffer which is not available in Lua services\n\n",
    )
  })
})
