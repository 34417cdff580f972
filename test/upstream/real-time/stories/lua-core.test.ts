/** Functions of core, the loading of scripts, tasks and events, with common and unexpected arguments. */
import { chapter, type Behaviour, type Story } from './story.js'

const TRY = 'local function try(name, f, ...) print(name, pcall(f, ...)) end\n'

const script = (code: string, steps: Story['steps'] = [200], servers: readonly Behaviour[] = ['accepts']): Story => ({
  config: `global
    lua-load x.lua
backend be
    server a 127.0.0.1:%1 weight 7 check inter 1h
    server b 127.0.0.1:1 backup
`,
  files: { 'x.lua': TRY + code },
  steps,
  servers,
})

chapter('core', {
  'functions of core with odd arguments while scripts initialise': script(
    `
core.register_init(function()
try("msleep init", core.msleep, 1)
try("yield init", core.yield)
try("sleep", core.sleep, 1)
try("log", core.log) try("log1", core.log, core.info) try("log2", core.log, 99, "x") try("log3", core.log, "1", 5) try("log4", core.log, -1, "neg") try("log nl", core.log, core.info, "a\\nb\\n")
try("Debug", core.Debug) try("Info", core.Info, nil) try("W", core.Warning, 12, 13) try("A", core.Alert, {})  try("Ab", core.Alert, true)
try("set_nice", core.set_nice, 99999) try("set_nice2", core.set_nice, "x")
try("get_info", core.get_info, 1)
try("now", core.now, 1)
try("parse", core.parse_addr) try("parse1", core.parse_addr, "1.2.3.4/33") try("parse2", core.parse_addr, "zork")
try("match", core.match_addr, "1.2.3.4", "1.2.3.0/24")
try("match2", core.match_addr, core.parse_addr("1.2.3.4"), core.parse_addr("1.2.3.0/24"))
try("tokenize", core.tokenize) try("t1", core.tokenize, "a,b", "") try("t2", core.tokenize, "a,b,,c", ",", true)
try("concat", core.concat, 1)
try("get_var", core.get_var) try("get_var2", core.get_var, "proc.x") try("gv3", core.get_var, "txn.x") try("gv4", core.get_var, "zork")
try("map", core.get_patref, "none")
try("del_map", core.del_map) try("del_map2", core.del_map, "x") try("del_map3", core.del_map, "x", "y") try("set_map", core.set_map, "x", "y") try("add_acl", core.add_acl, "x", "y") try("del_acl", core.del_acl, "x", "y")
try("done", core.done, 1) 
try("backends", function() return core.backends.zork end)
try("bset", function() core.backends.x = 1 return core.backends.x end)
try("event", core.event_sub) try("event1", core.event_sub, "SERVER") try("e2", core.event_sub, {}, print) try("e3", core.event_sub, {"ZORK"}, print) try("e4", core.event_sub, {"SERVER_UP"}) try("e5", core.event_sub, {"SERVER_UP"}, "x") try("e6", core.event_sub, {"SERVER_UP", "PAT_REF_ADD"}, print) try("e7", core.event_sub, {1}, print) try("e8", core.event_sub, {"SERVER_UP"}, print, 1)
try("ep", core.event_sub, {"PAT_REF"}, print)
end)
`,
  ),
  'functions of core with odd arguments in tasks, and tasks that fail': script(
    `
core.register_task(function(...)
print(select("#", ...))
try("msleep", core.msleep) try("msleep0", core.msleep, -5) try("ms1", core.msleep, "2") try("ms2", core.msleep, 1.5) try("sleep", core.sleep, 0) try("yield", core.yield, 1, 2)
try("init in task", core.register_init, print) 
try("fetch", core.register_fetches, "x", print) try("act", core.register_action, "x", {"tcp-req"}, print) try("svc", core.register_service, "x", "http", print) try("cli", core.register_cli, {"a"}, "b", print)
try("task", core.register_task) try("task2", core.register_task, 1) try("task3", core.register_task, print, 1, 2, 3, 4, 5)
try("task4", core.register_task, function(...) print("got", ...) end, "a", nil, "c")
try("core.thread", function() return core.thread end)
try("queue", core.queue, 1)
try("tcp", core.tcp, 1)
try("getinfo", function() return core.get_info().Nbthread end)
try("proxies", function() local n = {} for k, v in pairs(core.proxies) do n[#n+1]=k..tostring(v) end table.sort(n) return table.concat(n, ",") end)
end, 1, 2)
core.register_task(function(...) print("args", ...) end, "x", false)
core.register_task(function() error("fails") end)
core.register_task(function() error({}) end)
core.register_task(function() error() end)
core.register_task(function() error(setmetatable({}, {__tostring = function() return "obj" end})) end)
core.register_task(function() local x = nil; x.y = 1 end)
core.register_task(function() error("no position", 0) end)
core.register_task(function() error(12) end)
core.register_task(function() coroutine.yield(1) print("after own yield") end)
core.register_task(function() local co = coroutine.wrap(function() core.msleep(1) return 1 end) print(pcall(co)) end)
`,
  ),
  'what registers functions refuses odd arguments': script(
    `
try("init", core.register_init) try("init2", core.register_init, 1)
try("task", core.register_task) 
try("fetches", core.register_fetches) try("f1", core.register_fetches, "x") try("f2", core.register_fetches, 1, print) try("f3", core.register_fetches, "x", print) try("f4", core.register_fetches, "x", print)
try("conv", core.register_converters, "x", 1) 
try("act", core.register_action) try("act1", core.register_action, "a", "tcp-req", print) try("act2", core.register_action, "a", {"zork"}, print) try("act3", core.register_action, "a", {"tcp-req"}, print, 9) try("act3", core.register_action, "a", {"tcp-req"}, print, -1) try("act4", core.register_action, "a b", {"tcp-req"}, print, "x")
try("act5", core.register_action, "a", {"http-req"}, print)
try("svc", core.register_service, "s", "zork", print) try("svc1", core.register_service, "s") try("svc2", core.register_service, "s", "http", print) try("svc3", core.register_service, "s", "tcp", print)
try("cli", core.register_cli) try("cli1", core.register_cli, "a", "b", print) try("cli3", core.register_cli, {"a","b","c","d","e","f"}, "b", print) try("cli5", core.register_cli, {"aa", 1}, "b", print) try("cli6", core.register_cli, {"zz"}, nil, print) try("cli7", core.register_cli, {"zz"}, "usage of zz", print)
try("flt", core.register_filter) try("flt1", core.register_filter, "f", 1, print) try("flt2", core.register_filter, "f", {}, print)
try("msleep body", core.msleep, 1)
try("tcp body", core.tcp)
try("queue body", core.queue)
try("concat", core.concat)
try("get_info", function() return type(core.get_info()) end)
try("proxies", function() return type(core.proxies) end)
try("mailers", function() return core.get_patref end)
try("event", core.event_sub, {"SERVER"}, function() end)
try("set_nice", core.set_nice, 5)
try("log", core.log, core.info, "body") core.Alert("alert in body") core.Warning("warning in body") core.Info("info in body") core.Debug("debug")
`,
    ['zz', 'help zz', 'aa 1', 'a b c'],
  ),
  'a script does not compile': script(
    `
x = = 1
`,
  ),
  'a script fails with a text': script(
    `
error("boom")
`,
  ),
  'a script fails with a table': script(
    `
error({})
`,
  ),
  'a script fails with nil': script(
    `
error()
`,
  ),
  'an init function fails': script(
    `
core.register_init(function() print("one") end) core.register_init(function() error("boom") end) core.register_init(function() print("three") end)
`,
  ),
  'an init function calls nil': script(
    `
core.register_init(function() local t = nil; t() end)
`,
  ),
  'an init function calls core.yield': script(
    `
core.register_init(function() core.yield() print("on") end)
`,
  ),
  'a script calls core.yield': script(
    `
core.yield()
`,
  ),
  'an init function yields by itself': script(
    `
core.register_init(function() coroutine.yield() print("on") end)
`,
  ),
  'a script yields by itself': script(
    `
coroutine.yield()
`,
  ),
  'handlers fail, yield and unsubscribe, once and twice': script(
    `
local n = 0
local sub
sub = core.event_sub({"SERVER_STATE", "SERVER_DOWN"}, function(ev, data, s, when) n = n + 1 print(n, ev, data.name, s == sub, type(when)) if n == 2 then print(pcall(s.unsub, s)) print(pcall(s.unsub, s)) end end)
core.event_sub({"SERVER_UP"}, function(ev, data, s) print("up", data.name) error("handler fails") end)
core.event_sub({"SERVER_UP"}, function(ev, data, s) core.msleep(20) print("up2", data.name, data.reference and data.reference:get_name()) s:unsub() core.msleep(5) print("still") end)
core.register_init(function()
  local a = core.backends.be.servers.a
  try("1", a.event_sub, a) try("2", a.event_sub, a, {}) try("3", a.event_sub, a, {"X"}, print) try("4", a.event_sub, a, {"SERVER_DOWN"}, 1) try("5", a.event_sub, a, {"PAT_REF_ADD"}, print)
  a:event_sub({"SERVER_ADMIN"}, function(ev, data, s) print("admin", ev, data.name, data.in_event) local fields = {} for k, v in pairs(data.admin or {}) do fields[#fields + 1] = k .. "=" .. type(v) end table.sort(fields) print(table.concat(fields, " ")) end)
end)
`,
    [
      'set server be/a state maint',
      'set server be/a state ready',
      'set server be/b state maint',
      'set server be/a state drain',
      'set server be/a state ready',
      'disable server be/a',
      'enable server be/a',
    ],
  ),
})
