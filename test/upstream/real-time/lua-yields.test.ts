/**
 * Calls of the Lua API that let other tasks run by themselves, beside the real HAProxy: how often they do, what others see in
 * between, and what is different where nothing can wait.
 */
import { expect, it } from 'vitest'
import { Simulation } from '../../../src/sim/index.js'
import { RealHaproxy, sleep } from '../support/real-haproxy.js'
import { RealServer } from '../support/real-servers.js'
import { describeUpstream } from '../support/upstream.js'

const config = `
global
    stats socket unix@@DIR@/sock level admin
    nbthread 1
    tune.lua.bool-sample-conversion normal
    lua-load main.lua
defaults
    mode http
    timeout connect 1s
    timeout client 5s
    timeout server 5s
frontend f
    bind unix@@DIR@/fe.sock
    http-request set-header X %[src,map(virt@m)]
    http-request deny if { src -f virt@acl }
backend be
    server s 127.0.0.1:1
`

/** Counts how often another task has run while a function did. */
const HEAD = `
local turns, spinning = 0, false
local function spin()
  spinning = true
  core.register_task(function()
    while spinning do
      turns = turns + 1
      core.yield()
    end
  end)
  core.yield()
end
local function measure(what, f, ...)
  spin()
  local before = turns
  local result = table.pack(pcall(f, ...))
  local count = turns - before
  spinning = false
  core.yield()
  return what, count, table.unpack(result, 1, result.n)
end
local function map(n)
  local t = {}
  for i = 1, n do t["k" .. i] = "v" .. i end
  return t
end
local function list(n)
  local t = {}
  for i = 1, n do t[i] = "10.0." .. i // 256 .. "." .. i % 256 end
  return t
end
local function count(ref)
  local n = 0
  for _ in pairs(ref) do n = n + 1 end
  return n
end
`

const SIZES = '{ 1, 100, 101, 102, 150, 200, 201, 202, 203, 350 }'

const SCENARIOS: Readonly<Record<string, string>> = {
  'entries are added and deleted by the hundred': `
core.register_task(function()
  core.msleep(50)
  local ref = core.get_patref("virt@m")
  for _, n in ipairs(${SIZES}) do
    print(measure("add_bulk " .. n, ref.add_bulk, ref, map(n)))
    print(count(ref))
    print(measure("purge", ref.purge, ref))
    print(count(ref))
  end
  local acl = core.get_patref("virt@acl")
  print(measure("list", acl.add_bulk, acl, list(250)))
  print(count(acl), acl["10.0.0.7"], acl["10.0.1.0"])
end)
`,
  'versions are given up and replaced by the hundred': `
core.register_task(function()
  core.msleep(50)
  local ref = core.get_patref("virt@m")
  for _, n in ipairs(${SIZES}) do
    ref:prepare()
    print(measure("add_bulk " .. n, ref.add_bulk, ref, map(n)))
    print(measure("giveup", ref.giveup, ref))
    ref:prepare()
    ref:add_bulk(map(n))
    print(measure("commit", ref.commit, ref))
    print(count(ref))
    ref:prepare()
    print(measure("commit of nothing", ref.commit, ref))
    print(count(ref))
  end
end)
`,
  'a version that was given up can be committed': `
core.register_task(function()
  core.msleep(50)
  local ref = core.get_patref("virt@m")
  ref:add("old", "1")
  ref:prepare()
  ref:add("given up", "2")
  ref:prepare()
  ref:add("new", "3")
  ref:giveup()
  print(count(ref), ref["old"])
  print(ref:commit())
  print(count(ref))
  print(ref:commit())
  print(ref:giveup())
end)
`,
  'a subscriber sees the batches, and misses what is too much': `
core.register_init(function()
  local ref = core.get_patref("virt@m")
  local seen = 0
  ref:event_sub({ "PAT_REF" }, function(event)
    seen = seen + 1
    if event ~= "PAT_REF_ADD" then print(event, seen) end
  end)
  core.register_task(function()
    core.msleep(50)
    print(ref:add_bulk(map(150)))
    core.msleep(200)
    print("seen", seen)
    print(ref:add_bulk(map(99)))
    core.msleep(200)
    print("seen", seen)
    print(ref:purge())
  end)
end)
`,
  'another task sees what is there so far': `
core.register_task(function()
  core.msleep(50)
  local ref = core.get_patref("virt@m")
  local working = true
  core.register_task(function()
    while working do
      print("sees", count(ref))
      core.yield()
    end
  end)
  core.yield()
  ref:add_bulk(map(250))
  print("added")
  ref:purge()
  print("purged")
  working = false
end)
`,
  'nothing waits in the body, in init functions, and in coroutines of the script': `
print("body", pcall(core.get_patref, "virt@m"))
core.register_init(function()
  local ref = core.get_patref("virt@m")
  print("init", ref:add_bulk(map(250)))
  print(count(ref), ref:purge())
end)
core.register_task(function()
  core.msleep(50)
  local ref = core.get_patref("virt@m")
  print(measure("wrapped", coroutine.wrap(function() return ref:add_bulk(map(250)), "returned" end)))
  print(count(ref), measure("purge", coroutine.wrap(function() return ref:purge() end)))
  print("sort", pcall(table.sort, { 1, 2 }, function() return ref:add_bulk(map(250)) end))
  print(count(ref))
end)
`,
  'an iteration sees what changes meanwhile': `
core.register_task(function()
  core.msleep(50)
  local ref, other = core.get_patref("virt@m"), core.get_patref("virt@m")
  local function fill(n) ref:purge() for i = 1, n do ref:add("x" .. i, "y") end end
  local function go(at, change)
    local seen = {}
    for key in pairs(ref) do
      seen[#seen + 1] = key
      if key == at then change() end
      if #seen > 9 then break end
    end
    print(table.concat(seen, " "))
  end
  fill(5)
  go("x2", function() ref:del("x2") ref:del("x4") ref:add("x6", "y") end)
  fill(5)
  go("x3", function() ref:purge() ref:add("z", "1") end)
  fill(3)
  go("x1", function() other:prepare() other:add("n1", "1") other:add("n2", "1") other:commit() end)
  local next = pairs(ref)
  print(next())
  print(next())
  print(next())
  print(next())
end)
`,
  'many entries of other versions make an iteration wait': `
core.register_task(function()
  core.msleep(50)
  local ref, other = core.get_patref("virt@m"), core.get_patref("virt@m")
  ref:prepare()
  for _ = 1, 4 do ref:add_bulk(map(3000)) end
  other:add("last", "1")
  print(measure("pairs", function() for key, value in pairs(other) do print(key, value) end end))
end)
`,
  'sockets wait only where they must': `
core.register_task(function()
  core.msleep(50)
  local function waits(what, f, ...)
    local result = table.pack(measure(what, f, ...))
    print(what, result[2] > 0, table.unpack(result, 3, result.n))
  end
  local socket = core.tcp()
  waits("settimeout", socket.settimeout, socket, 2)
  waits("connect", socket.connect, socket, "127.0.0.1", @PORT@)
  waits("send", socket.send, socket, "hello\\nworld\\nrest")
  core.msleep(300)
  waits("receive a line", socket.receive, socket, "*l")
  waits("receive bytes", socket.receive, socket, 3)
  waits("receive nothing", socket.receive, socket, 0)
  waits("receive the rest of a line", socket.receive, socket, "*l")
  waits("send nothing", socket.send, socket, "")
  waits("close", socket.close, socket)
  socket = core.tcp()
  waits("connect again", socket.connect, socket, "127.0.0.1:@PORT@")
  waits("send again", socket.send, socket, "x\\n")
  waits("receive what is to come", socket.receive, socket, "*l")
end)
`,
  'other calls': `
core.register_task(function()
  core.msleep(50)
  local function waits(what, f, ...)
    local result = table.pack(measure(what, f, ...))
    print(what, result[2] > 0, table.unpack(result, 3, result.n))
  end
  local queue, server = core.queue(), core.backends.be.servers.s
  waits("sleep 0", core.sleep, 0)
  waits("msleep 0", core.msleep, 0)
  waits("yield", core.yield)
  waits("wait 0", core.wait, 0)
  waits("push", queue.push, queue, 1)
  waits("pop_wait", queue.pop_wait, queue)
  waits("pop", queue.pop, queue)
  waits("set_maint", server.set_maint, server)
  waits("set_ready", server.set_ready, server)
  waits("set_weight", server.set_weight, server, "10")
  waits("set_map", core.set_map, "virt@m", "a", "b")
  waits("register_task", core.register_task, function() end)
  waits("event_sub", function() core.event_sub({ "SERVER" }, function() end) end)
end)
`,
}

/** Lines of tracebacks name the file and what runs; nothing else depends on the program. */
const printed = (lines: readonly string[]): string[] => lines.map((line) => line.replace(/0x[\da-f]+/g, '0xN'))

describeUpstream('functions of the Lua API that yield', () => {
  it.each(Object.entries(SCENARIOS))('%s', async (_, script) => {
    const server = await new RealServer((socket) => socket.pipe(socket)).up()
    const files = { 'main.lua': HEAD + script.replaceAll('@PORT@', String(server.port)) }
    const real = await RealHaproxy.start(config, files)
    try {
      const simulation = new Simulation()
      simulation.tcp(`127.0.0.1:${server.port}`).respond((received) => received)
      const ours = simulation.haproxy({ config: config.replaceAll('@DIR@', '/run'), files, directory: false }).start()
      simulation.advance('2s')
      await real.until(() => real.output.length >= ours.output.length, 5000).catch(() => undefined)
      await sleep(100)
      expect(printed(ours.output)).toEqual(printed(real.output))
      expect(real.output.length).toBeGreaterThan(1)
      const pausing = (lines: readonly string[]) =>
        lines.flatMap((line) => /pausing the subscription .*? \(\d+ unconsumed events\)/.exec(line)?.[0] ?? [])
      expect(pausing(ours.messages.map(({ text }) => text))).toEqual(pausing(real.messages))
    } finally {
      await Promise.all([real.stop(), server.down()])
    }
  })
})
