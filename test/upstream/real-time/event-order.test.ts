/** The order in which HAProxy calls what several parts of a script wait for, beside the real one. */
import { expect, it } from 'vitest'
import { Simulation } from '../../../src/sim/index.js'
import { RealHaproxy, sleep } from '../support/real-haproxy.js'
import { describeUpstream } from '../support/upstream.js'

const config = (global: string, threads: number): string => `global
    stats socket unix@@DIR@/sock level admin
    nbthread ${threads}
    tune.lua.bool-sample-conversion normal
defaults
    mode tcp
    timeout connect 1s
    timeout client 5s
    timeout server 5s
frontend f2
    bind unix@@DIR@/f2a name two
    bind unix@@DIR@/f2b
    bind unix@@DIR@/f2c name one
    bind unix@@DIR@/f2d,unix@@DIR@/f2e
frontend f1
    id 30
    option socket-stats
    bind unix@@DIR@/f1a name z
    bind unix@@DIR@/f1b
    bind unix@@DIR@/f1c id 7
backend b2
    server s2 127.0.0.1:1
    server s1 127.0.0.1:1 backup
    server s3 127.0.0.1:1 id 1
    server s4 127.0.0.1:1 disabled
    server-template t 3 127.0.0.1:1
    server-template u 2 127.0.0.1:1 backup
backend off
    disabled
    server d2 127.0.0.1:1
    server d1 127.0.0.1:1 id 5
    server-template e 2 127.0.0.1:1 backup
global
${global}
listen l1
    bind unix@@DIR@/l1a,unix@@DIR@/l1b
    server z 127.0.0.1:1
    server y 127.0.0.1:1
backend b1
    server a 127.0.0.1:1
`

/** What is played: a script, and the commands that follow its start. */
interface Scenario {
  readonly scripts: Readonly<Record<string, string>>
  /** what is loaded once for each of two threads; without it there is one thread */
  readonly perThread?: Readonly<Record<string, string>>
  readonly commands?: readonly string[]
}

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'the subscription made last gets an event first, and those of the server before those of all': {
    scripts: {
      'main.lua': `
local function show(name)
  return function(event, data) print(name, event, data.name) end
end
core.register_init(function()
  local server = core.backends.b1.servers.a
  core.event_sub({ "SERVER_DOWN", "SERVER_UP" }, show("all 1"))
  server:event_sub({ "SERVER" }, show("own 1"))
  core.event_sub({ "SERVER_STATE", "SERVER_DOWN" }, show("all 2"))
  local between = core.event_sub({ "SERVER" }, show("between"))
  server:event_sub({ "SERVER_DOWN" }, show("own 2"))
  core.event_sub({ "SERVER_DOWN" }, function(event, data, sub) print("once", event) sub:unsub() end)
  core.event_sub({ "SERVER_UP" }, function(event, data)
    print("subscribes", event)
    core.event_sub({ "SERVER" }, show("late"))
    between:unsub()
  end)
end)
core.register_task(function()
  core.event_sub({ "SERVER_DOWN" }, show("task"))
end)
`,
    },
    commands: [
      'set server b1/a state maint',
      'set server b1/a state ready',
      'set server b1/a state maint',
      'set server l1/y state maint',
    ],
  },
  'handlers that yield let the others in': {
    scripts: {
      'main.lua': `
for i = 1, 3 do
  core.event_sub({ "SERVER_DOWN" }, function(event, data)
    print(i, "begins", data.name)
    core.yield()
    print(i, "continues", data.name)
    core.msleep(5)
    print(i, "ends", data.name)
  end)
end
`,
    },
    commands: ['set server b1/a state maint;set server l1/y state maint'],
  },
  'events of patterns follow the same rule': {
    scripts: {
      'main.lua': `
local ref
core.register_init(function()
  ref = core.get_patref("list.map")
  ref:event_sub({ "PAT_REF_ADD" }, function(event) print("first", event) end)
  ref:event_sub({ "PAT_REF" }, function(event) print("second", event) end)
  ref:event_sub({ "PAT_REF_ADD", "PAT_REF_DEL" }, function(event) print("third", event) end)
end)
core.register_task(function()
  core.msleep(100)
  ref:add("a", "b")
  ref:set("a", "c")
  ref:del("a")
end)
core.register_fetches("x", function() return "" end)
Map.new("list.map", Map._str)
`,
      'list.map': '',
    },
  },
  'trackers follow the last one that tracks first': {
    scripts: {
      'main.lua': `
core.register_init(function()
  core.event_sub({ "SERVER" }, function(event, data) print(event, data.name) end)
end)
`,
    },
    commands: [
      'add server b1/t1 127.0.0.1:1 track tracked/s',
      'add server b1/t2 127.0.0.1:1 track tracked/s',
      'enable server b1/t1',
      'enable server b1/t2',
      'disable server tracked/s',
      'enable server tracked/s',
    ],
  },
  'init functions are called in the order in which they were registered': {
    scripts: {
      'main.lua': `
core.register_init(function()
  print("init 1")
  core.register_init(function() print("registered by an init function") end)
end)
core.register_init(function() print("init 2") end)
core.register_task(function() print("task 1") end)
`,
      'second.lua': `
core.register_init(function() print("second file: init") end)
core.register_task(function() print("second file: task") end)
`,
    },
  },
  'init functions of the shared state come first, then those of each thread': {
    scripts: {
      'main.lua': `
core.register_init(function() print("shared", core.thread) end)
`,
      'second.lua': `
core.register_init(function() print("shared, second file", core.thread) end)
`,
    },
    perThread: {
      'each.lua': `
core.register_init(function() print("each", core.thread) end)
core.register_init(function() print("each again", core.thread) end)
`,
      'other.lua': `
core.register_init(function() print("other", core.thread) end)
`,
    },
  },
  'tasks that wait for the same moment, and for the same queue': {
    scripts: {
      'main.lua': `
for i = 1, 4 do
  core.register_task(function()
    print("task", i)
    core.msleep(5) print("after 5", i)
    core.msleep(10) print("after 10", i)
    core.yield() print("after yield", i)
    core.sleep(0) print("after 0", i)
  end)
end
local queue = core.queue()
for i = 1, 4 do
  core.register_task(function()
    for _ = 1, 2 do print("popped", i, queue:pop_wait()) end
  end)
end
core.register_task(function() core.msleep(200) for i = 1, 8 do queue:push(i) end end)
core.register_task(function() core.set_nice(1000) core.msleep(300) print("nice 1000") end)
core.register_task(function() core.set_nice(-1000) core.msleep(300) print("nice -1000") end)
core.register_task(function() core.msleep(300) print("nice 0") end)
core.register_task(function()
  core.msleep(400)
  for i = 1, 3 do core.register_task(function() print("registered later", i) end) end
  print("registers")
  core.yield()
  print("has yielded")
end)
`,
    },
  },
  'lists of proxies and servers, while the script is loaded and afterwards': {
    scripts: {
      'main.lua': `
local function names(list)
  local all = {}
  for name in pairs(list) do all[#all + 1] = name end
  return all
end
local function sorted(list) local all = names(list) table.sort(all) return table.concat(all, " ") end
local function show(when)
  for _, list in ipairs({ "proxies", "frontends", "backends" }) do
    print(when, list, table.concat(names(core[list]), " "))
  end
  for name, proxy in pairs(core.proxies) do
    print(when, name, proxy:get_uuid(), proxy:get_srv_act(), proxy:get_srv_bck(), sorted(proxy.listeners))
    for id, server in pairs(proxy.servers) do print(when, name, id, server:get_puid()) end
  end
end
show("body")
core.register_init(function() show("init") end)
core.register_cli({ "lists" }, "lists : shows them", function(applet)
  show("cli")
  applet:send("shown\\n")
end)
`,
    },
    commands: ['add server b2/new 127.0.0.1:1', 'add server b1/new 127.0.0.1:1', 'lists', 'del server b2/new', 'lists'],
  },
}

describeUpstream('the order of events:', () => {
  it.each(Object.entries(SCENARIOS))('%s', async (_, { scripts, perThread = {}, commands = [] }) => {
    const files = { ...perThread, ...scripts }
    const loads = Object.keys(files)
      .filter((name) => name.endsWith('.lua'))
      .map((name) => `    lua-load${name in perThread ? '-per-thread' : ''} ${name}\n`)
    const threads = Object.keys(perThread).length > 0 ? 2 : 1
    const text = config(loads.join(''), threads) + 'backend tracked\n    server s 127.0.0.1:1 check inter 1h\n'
    const real = await RealHaproxy.start(text, files)
    try {
      const simulation = new Simulation()
      const ours = simulation.haproxy({ config: text.replaceAll('@DIR@', '/run'), files, directory: false })
      ours.start()
      simulation.advance('150ms')
      await sleep(150)
      for (const command of commands) {
        const answer = ours.cli(command)
        simulation.advance('50ms')
        expect(answer).toBe(await real.cli(command))
        await sleep(50)
      }
      simulation.advance('500ms')
      await real.until(() => real.output.length >= ours.output.length, 5000).catch(() => undefined)
      await sleep(100)
      expect(ours.output).toEqual(real.output)
      expect(real.output.length).toBeGreaterThan(0)
    } finally {
      await real.stop()
    }
  })
})
