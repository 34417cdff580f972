/** Sockets of scripts (`core.tcp`) in every context, and scripts that connect to the process in which they run. */
import { beforeAll, expect, it } from 'vitest'
import { build } from '../../support/build.js'
import { OURS, REAL } from '../support/programs.js'
import { describeUpstream } from '../support/upstream.js'
import { CONTEXTS, playLive, playSimulated, type Outcome, type Suite } from './contexts.js'

/** Listeners of the process itself: its runtime API on TCP, an echo of lines, a server that says nothing, one that sends much. */
const SECTIONS = `
frontend echo
  mode tcp
  bind $host:8003
  tcp-request content use-service lua.echo
frontend silent
  mode tcp
  bind $host:8004
  tcp-request content use-service lua.silent
frontend large
  mode tcp
  bind $host:8005
  tcp-request content use-service lua.large
frontend count
  mode tcp
  bind $host:8006
  tcp-request content use-service lua.count
`

const BEFORE = String.raw`
core.register_service("echo", "tcp", function(applet)
  while true do
    local line = applet:getline()
    if not line or line == "" then return end
    applet:send(line)
    if line == "end\n" then return end
  end
end)
core.register_service("silent", "tcp", function(applet) applet:getline() core.msleep(100) end)
core.register_service("large", "tcp", function(applet)
  local size = tonumber(applet:getline())
  applet:send(("x"):rep(size))
end)
core.register_service("count", "tcp", function(applet)
  local size = tonumber(applet:getline())
  applet:send(#applet:receive(size) .. "\n")
end)
local function open(port, seconds)
  local socket = core.tcp()
  if seconds then socket:settimeout(seconds) end
  return socket, socket:connect(host, port)
end
local function port_masked(name) return (name:gsub(":%d+$", ":PORT")) end
`

const CONVERSATIONS = String.raw`
local s, ok, message = open(8003) return ok, message, s:send("hello\n"), s:receive("*l"), s:send("abcdef\n"), s:receive(3), s:receive("4"), s:close()
local s = open(8003) s:send("one\ntwo\nend\n") return s:receive(), s:receive("*l", "and "), s:receive("*a"), s:receive("*a")
local s = core.tcp() return s:connect("unix@sock"), s:send("get var proc.nope\n"), s:receive("*a")
local s = core.tcp() return s:connect("sock"), s:send("prompt\nget weight be/s1\n"), s:receive("*l"), s:receive("*l"), s:receive("*l"), s:send("quit\n"), s:receive("*a")
local s, ok = open(8007) return ok, s:send("set weight be/s1 50%; get weight be/s1\n"), s:receive("*a"), core.backends.be.servers.s1:get_weight()
local s, ok = open(8001) return ok, s:send("GET / HTTP/1.0\r\n\r\n"), s:receive("*l"), #s:receive("*a")
local s = open(8001) local head = "GET / HTTP/1.1\r\nHost: a\r\n" s:send(head .. "\r\n") local first = s:receive("*l") repeat until s:receive("*l") == "" return first, s:receive(5), s:send(head .. "Connection: close\r\n\r\n"), s:receive("*l")
local s, ok, message = open(8099, 0.03) return ok, message, s:getpeername(), s:send("x"), s:receive()
local s = core.tcp() return s:connect("unix@/nowhere/at/all")
local s = open(8003) return s:getpeername(), port_masked(s:getsockname()), s:setoption("x", 1), s:settimeout(2)
local s = open(8004, 0.05) s:send("quiet\n") return s:receive("*l"), s:send("more"), s:receive(1, "prefix")
local s = open(8004) s:send("later\n") return s:receive("*a"), s:receive("*l")
local s = open(8005) s:send("100000\n") return #s:receive("*a")
local s = open(8005) s:send("100000\n") return #s:receive(60000), #s:receive(100), #s:receive("*a")
local s = open(8006) s:send("100000\n") return s:send(("y"):rep(100000)), s:receive("*l")
local a, b = open(8003), open(8003) return a:send("a\n"), b:send("b\n"), b:receive(), a:receive()
local n = 0 for i = 1, 20 do local s = open(8003) s:send("x\n") if s:receive() == "x" then n = n + 1 end s:close() end return n
`
  .trim()
  .split('\n')

const CALLS = String.raw`
local s = open(8003) s:close() return s:receive(), s:send("x"), s:getpeername(), s:getsockname(), s:close()
local s = open(8003) s:close() return s:connect(host, 8003)
local s = open(8003) s:close() return s:settimeout(1)
local s = open(8003) return s:connect(host, 8003)
local s = core.tcp() return s:receive(), s:send("x"), s:getpeername()
local s = core.tcp() return s:connect()
local s = core.tcp() return s:connect(host)
local s = core.tcp() return s:connect("no@such@address", 1)
local s = core.tcp() return s:connect(host, "port")
local s = core.tcp() return s.connect(nil, host, 1)
local s = core.tcp() return s:connect_ssl(host)
local s = core.tcp() return s:settimeout(-1)
local s = core.tcp() return s:settimeout(2147484)
local s = core.tcp() return s:settimeout()
local s = core.tcp() return s:settimeout("x")
local s = core.tcp() return s:close(1)
local s = open(8003) return s:receive("*x")
local s = open(8003) return s:receive(-1)
local s = open(8003) return s:receive(1, 2)
local s = open(8003) return s:receive(1, "a", 3)
local s = open(8003) return s:send()
local s = open(8003) return s:send({})
local s = open(8003) s:send("0123456789\n", 3, -4) s:send("!\n") return s:receive()
return type(core.tcp()), type(core.tcp(1)), (tostring(core.tcp()):gsub("0x%x+", "ADDRESS"))
`
  .trim()
  .split('\n')

const suite = (pieces: readonly string[]): Suite => ({
  pieces,
  before: BEFORE,
  sections: SECTIONS,
  settings: 'stats socket ipv4@$host:8007 level admin',
})

describeUpstream('sockets of scripts', () => {
  const all = suite([...CONVERSATIONS, ...CALLS])
  let real: Outcome

  beforeAll(async () => {
    real = await playLive(all, REAL)
  }, 60_000)

  it('are called everywhere', () => {
    expect(real.results.size).toBe(all.pieces.length * CONTEXTS.length)
  })

  it('do and return the same in a simulation', async () => {
    const { results, alerts } = await playSimulated(all)
    expect(results).toEqual(real.results)
    expect(alerts).toEqual(real.alerts)
  })

  it('do the same live', { timeout: 60_000 }, async () => {
    await build()
    for (const [name, result] of (await playLive(suite(CONVERSATIONS), OURS)).results)
      expect(`${name} -> ${result}`).toBe(`${name} -> ${real.results.get(name)}`)
  })
})
