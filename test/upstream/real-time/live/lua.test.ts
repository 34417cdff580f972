/** Scripts on real sockets and real time: in the real HAProxy and in `hapsim-haproxy`, `core.tcp()`, tasks and sleeps come to the same. */
import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { build } from '../../../support/build.js'
import { temporaryFolder } from '../../../support/temporary-folder.js'
import { OddServers } from '../../support/odd-servers.js'
import { OURS, REAL } from '../../support/programs.js'
import { RealHaproxy } from '../../support/real-haproxy.js'
import { describeUpstream } from '../../support/upstream.js'

/** Runs each of `begin` in a task; what they print has their name before it, and `done` comes last. */
const TASKS = `
local left = 0
local function begin(name, run)
  left = left + 1
  local function say(...) print(name, ...) end
  core.register_task(function()
    core.msleep(300) -- both processes serve by then
    local ok, message = pcall(run, say)
    if not ok then say("error", message) end
    left = left - 1
    if left == 0 then print("done") end
  end)
end
local function open(seconds, ...)
  local socket = core.tcp()
  socket:settimeout(seconds)
  return socket, socket:connect(...)
end
`

/** How an address is written, and what comes of it: the peer, the answer to a line, the end. */
const ADDRESSES = `
local function echo(name, ...)
  local args = table.pack(...)
  begin(name, function(say)
    local socket, ok, message = open(10, table.unpack(args, 1, args.n))
    say("connect", ok, message)
    say("peer", socket:getpeername())
    say("own", (tostring(socket:getsockname()):gsub(":%d+$", ":N")))
    say("send", socket:send("hello " .. name .. "\\n"))
    say("receive", socket:receive("*l"))
    say("close", socket:close())
  end)
end
echo("v4", "127.0.0.1", %echoes)
echo("v4 in one", "127.0.0.1:%echoes")
echo("v4 by name", "ipv4@127.0.0.1:%echoes")
echo("v4 as text", "127.0.0.1", "%echoes")
echo("v6", "::1", %v6)
echo("v6 in brackets", "[::1]:%v6")
echo("v6 without brackets", "::1:%v6")
echo("v6 by name", "ipv6@::1:%v6")
echo("v6 by name in brackets", "ipv6@[::1]:%v6")
echo("v6 brackets and port", "[::1]", %v6)
echo("v6 where v4 listens", "::1", %echoes)
echo("v6 of v4", "::ffff:127.0.0.1", %echoes)
echo("v4 said to be v6", "ipv6@127.0.0.1:%echoes")
echo("v6 said to be v4", "ipv4@[::1]:%v6")
echo("path", "unix@%path")
echo("path without prefix", "%path")
echo("path with a port", "unix@%path", 1)
echo("path of nobody", "unix@%path.none")
echo("path of a file", "unix@@DIR@/a.lua")
echo("path too long", "unix@/" .. ("x"):rep(200))
echo("abstract of nobody", "abns@hapsim-nobody")
echo("abstract too long", "abns@" .. ("x"):rep(200))
echo("no port", "127.0.0.1")
echo("port 0", "127.0.0.1", 0)
echo("port too high", "127.0.0.1", 70000)
echo("ports", "127.0.0.1:%echoes-%echoes")
echo("no address", "")
echo("nobody", "127.0.0.1", %nobody)
echo("abstract with its end of nobody", "abnsz@hapsim-nobody")
begin("other process", function(say)
  local socket, ok, message
  for _ = 1, 20 do -- the other one may take its time to start
    socket, ok, message = open(10, "abns@OTHER")
    if ok then break end
    core.msleep(300)
  end
  say(ok, message)
  say(socket:getpeername())
  say(socket:send("show backend\\n"))
  say(socket:receive("*a"))
end)
`

/** What servers do to a socket, and what a script does with one. */
const BEHAVIORS = `
begin("greets", function(say)
  local socket = open(10, "127.0.0.1", %greets)
  say(socket:receive("*l"))
  say(socket:receive(2))
  say(socket:receive(0))
  say(socket:receive("*l", "prefix "))
  say(socket:receive("*l"))
  say(socket:receive("*l"))
  say(socket:receive("*a"))
  say(socket:send("late\\n"))
end)
begin("greets, all", function(say)
  local socket = open(10, "127.0.0.1", %greets)
  say(socket:receive("*a"))
  say(socket:receive("*a"))
end)
begin("greets, too many", function(say)
  local socket = open(10, "127.0.0.1", %greets)
  say(socket:receive(1000))
end)
begin("closes", function(say)
  local socket, ok, message = open(10, "127.0.0.1", %closes)
  say(ok, message)
  say(socket:receive("*l"))
  say(socket:receive("*l"))
end)
begin("resets", function(say)
  local socket = open(10, "127.0.0.1", %resets)
  say(socket:send("x\\n"))
  say(socket:receive("*l"))
  say(socket:receive("*l"))
end)
begin("hangs", function(say)
  local socket = open(1, "127.0.0.1", %hangs)
  say(socket:send("x\\n"))
  say(socket:receive("*l"))
  say(socket:receive("*l"))
  say(socket:send("y\\n"))
  say(socket:close())
end)
begin("slow", function(say)
  local socket = open(10, "127.0.0.1", %slow)
  say(socket:send("x\\n"))
  say(socket:receive("*l"))
  say(socket:receive("*l"))
end)
begin("trickles", function(say)
  local socket = open(10, "127.0.0.1", %trickles)
  say(socket:receive(5))
  say(socket:receive("*l"))
  say(socket:receive("*a"))
end)
begin("never reads", function(say)
  local socket = open(1, "127.0.0.1", %neverReads)
  local sent, message = socket:send(("x"):rep(20 * 1024 * 1024))
  say(math.type(sent), message)
  say(socket:send("y"))
end)
begin("counts", function(say)
  local socket = open(20, "127.0.0.1", %counts)
  say(socket:send(("x"):rep(300000)))
  say(socket:send("abcdef", 3))
  say(socket:send("abcdef", 2, 4))
  say(socket:send("abcdef", -2, -1))
  say(socket:send("abcdef", 5, 4))
  say(socket:send("end\\n"))
  say(socket:receive("*l"))
end)
begin("again", function(say)
  local socket = open(10, "127.0.0.1", %echoes)
  say(socket:connect("127.0.0.1", %echoes))
  say(socket:send("still\\n"))
  say(socket:receive("*l"))
end)
begin("closed", function(say)
  local socket = open(10, "127.0.0.1", %echoes)
  socket:close()
  for _, use in ipairs({"send", "receive", "getpeername", "getsockname", "close"}) do
    say(use, pcall(socket[use], socket, use == "send" and "x" or nil))
  end
end)
begin("unconnected", function(say)
  for _, use in ipairs({"send", "receive", "getpeername", "getsockname"}) do
    local socket = core.tcp()
    socket:settimeout(1)
    say(use, pcall(socket[use], socket, use == "send" and "x" or nil))
  end
end)
begin("wrong calls", function(say)
  local socket = core.tcp()
  say(pcall(socket.connect, socket))
  say(pcall(socket.connect, socket, {}))
  say(pcall(socket.settimeout, socket, -1))
  say(pcall(socket.settimeout, socket, "x"))
  say(pcall(socket.receive, socket, "*x"))
  say(pcall(socket.receive, socket, -1))
end)
`

const TIME = `
local queue = core.queue()
begin("sleeps", function(say)
  for i = 1, 3 do core.msleep(200) say(i) end
  core.sleep(1)
  say("after a second")
end)
begin("between", function(say)
  core.msleep(100)
  for i = 1, 3 do queue:push(i) say("pushed", i) core.msleep(200) end
end)
begin("waits", function(say)
  for _ = 1, 3 do say("popped", queue:pop_wait()) end
  say(queue:pop(), queue:size())
end)
begin("clocks", function(say)
  local from, day = core.now(), os.time()
  core.msleep(1500)
  local to = core.now()
  local took = (to.sec - from.sec) * 1000000 + to.usec - from.usec
  say(took >= 1500000, os.time() - day >= 1, math.abs(to.sec - os.time()) <= 1, to.usec >= 0 and to.usec < 1000000)
end)
begin("no time at all", function(say)
  core.msleep(50)
  core.msleep(0)
  for _ = 1, 3 do core.yield() end
  for _, never in ipairs({-1, 1 << 31, math.mininteger}) do
    say(pcall(core.msleep, never))
    say(pcall(core.wait, never))
  end
  say(pcall(core.sleep, -1))
  say(pcall(core.sleep, 4294968))
  say(pcall(core.msleep, "x"))
  say(pcall(core.sleep))
end)
`

const configuration = (own: string) => `
global
    log stdout format raw local0
    stats socket unix@@DIR@/sock level admin
    stats socket abns@${own} level admin
    nbthread 1
    tune.lua.bool-sample-conversion normal
    lua-load @DIR@/a.lua
backend be1
`

const isRunning = new Set<RealHaproxy>()

/** Plays a script in both at once, each of which can reach the other's sockets. Returns the lines that both have said, by task. */
const play = async (script: string) => {
  const names = [0, 1].map(() => `hapsim-${randomUUID().slice(0, 8)}`)
  const runs = await Promise.all(
    [REAL, OURS].map(async (program, i) => {
      const files = { 'a.lua': TASKS + script.replaceAll('OTHER', names[1 - i]!) }
      const process = await RealHaproxy.start(configuration(names[i]!), files, program)
      isRunning.add(process)
      await process.until(() => process.output.includes('done'))
      const neutral = (line: string) =>
        line.replaceAll(process.folder, 'FOLDER').replaceAll(names[0]!, 'NAME').replaceAll(names[1]!, 'NAME')
      return { output: process.output.map(neutral), messages: process.warnings.map(neutral) }
    }),
  )
  return { theirs: runs[0]!, ours: runs[1]! }
}

let folder = ''
const servers = new OddServers()

beforeAll(async () => {
  build()
  folder = temporaryFolder('lua')
  writeFileSync(join(folder, 'file'), '')
  await servers.open(folder)
}, 60_000)

afterAll(async () => {
  await Promise.all([...isRunning].map((process) => process.stop()))
  await servers.close()
})

const sorted = (run: { readonly output: readonly string[]; readonly messages: readonly string[] }) => ({
  output: run.output.toSorted(),
  messages: run.messages.toSorted(),
})

/** The output of each task, in order: tasks that wait at the same time continue in no particular order. */
const byTask = (output: readonly string[]): Readonly<Record<string, readonly string[]>> => {
  const names = output.map((line) => line.split('\t')[0]!)
  return Object.fromEntries(names.map((name) => [name, output.filter((_, i) => names[i] === name)]))
}

describeUpstream('a script on real sockets', () => {
  it('connects to every kind of address as in the real HAProxy', async () => {
    const { theirs, ours } = await play(servers.fill(ADDRESSES))
    expect(sorted(ours)).toEqual(sorted(theirs))
  })

  it('handles servers as in the real HAProxy', async () => {
    const { theirs, ours } = await play(servers.fill(BEHAVIORS))
    expect(sorted(ours)).toEqual(sorted(theirs))
  })

  it('sleeps, waits and reads the clock as in the real HAProxy', async () => {
    const { theirs, ours } = await play(TIME)
    expect(byTask(ours.output)).toEqual(byTask(theirs.output))
    expect(ours.messages).toEqual(theirs.messages)
    expect(theirs.output).toContain('sleeps\tafter a second')
  })
})
