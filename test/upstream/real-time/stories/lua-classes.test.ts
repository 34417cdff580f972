/** Methods of Lua's classes, with common and unexpected arguments. */
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

chapter('classes of Lua', {
  'a Queue takes and gives all kinds of values': script(
    `
local q = core.queue()
print(tostring(q):gsub("0x%x+",""), q:size(), q:pop())
try("push", q.push, q) try("push nil", q.push, q, nil) try("p", q.push, q, 1, 2) try("p2", q.push, q, {}) print(q:size(), q:pop(), type(q:pop()), q:pop())
try("pop_wait body", q.pop_wait, q)
try("alarm", q.alarm, q)
try("wrong", q.push, {}, 1) try("wrong2", q.size)
core.register_init(function() try("pop_wait init", q.pop_wait, q) end)
core.register_task(function() q:push(false) q:push("x") print("wait", q:pop_wait()) print("wait", q:pop_wait()) print("wait", q:pop_wait()) end)
core.register_task(function() core.msleep(50) q:push(1.5) print(#q == nil) end)
core.register_task(function() print(getmetatable(q)) print(pcall(function() q.x = 1 return q.x end)) print(q == q, core.queue() == q) end)
`,
  ),
  'a Concat adds and shows strings': script(
    `
local c = core.concat()
try("add", c.add, c) try("add1", c.add, c, 1) try("add2", c.add, c, "x", "y") try("add3", c.add, c, nil) try("add4", c.add, c, {}) try("add5", c.add, c, true)
print(c:dump(), #c:dump()) try("ret", function() return c:add("z") end) print(c:dump(1)) try("wrong", c.dump, {}) try("add big", function() c:add(("x"):rep(10000)) return #c:dump() end)
try("cc", core.concat, 1) print(pcall(function() return c .. "x" end)) c:add("a\\0b") print(#c:dump()) print(tostring(c):gsub("0x%x+","")) print(getmetatable(c))
`,
  ),
  'a Socket connects, sends and ends with odd arguments': script(
    `
core.register_task(function()
 local function c(name, ...) local s = core.tcp() print(name, pcall(s.connect, s, ...)) return s end
 c("none") c("nil", nil) c("bad", "zork zork") c("host only", "127.0.0.1") c("refused", "127.0.0.1", 1) c("refused2", "127.0.0.1:1") c("port string", "127.0.0.1", "%1") c("port 0", "127.0.0.1", 0) c("port big", "127.0.0.1", 70000) c("port x", "127.0.0.1", "x") c("table", {}) c("three", "127.0.0.1", %1, 1) c("unix", "/nonexistent.sock") c("unix2", "unix@/nonexistent.sock") c("abns", "abns@zork") c("v6", "::1", 1)
 local s = c("ok", "127.0.0.1", %1)
 try("timeout", s.settimeout, s) try("t1", s.settimeout, s, "x") try("t2", s.settimeout, s, -1) try("t3", s.settimeout, s, 0.0005) try("t4", s.settimeout, s, 0) try("t5", s.settimeout, s, 1e10) try("t6", s.settimeout, s, 0.05) try("t7", s.settimeout, s, nil) try("t8", s.settimeout, s, 1, "b") try("t9", s.settimeout, s, "0.05")
 try("r zork", s.receive, s, "*x") try("r neg", s.receive, s, -1) try("r table", s.receive, s, {}) try("r 0", s.receive, s, 0) try("r timeout", s.receive, s, "*l") try("r true", s.receive, s, true)
 try("send", s.send, s) try("send2", s.send, s, {}) try("send3", s.send, s, 12) try("send4", s.send, s, "abcdef", 2, 3) try("send5", s.send, s, "abcdef", 4) try("send6", s.send, s, "abc", 10) try("send7", s.send, s, "abcdef", -3, -2) try("send8", s.send, s, "") try("send9", s.send, s, "abc", 0) try("send10", s.send, s, "abc", 2, 1) try("send11", s.send, s, "abc", 1.5)
 try("getpeer", function() local p = s:getpeername() return p == "127.0.0.1:%1", p and (p:gsub("%d+$", "")) end) try("getsock", function() return (s:getsockname():gsub(":%d+", "")) end)
 try("setoption", s.setoption, s, "keepalive", true) try("bind", function() return s.bind end) try("dirty", function() return s.dirty end) try("keys", function() for k in pairs(getmetatable(s).__index) do io.write(k, " ") end print() end)
 try("connect twice", s.connect, s, "127.0.0.1", %1)
 try("close", s.close, s) try("close2", s.close, s) try("send closed", s.send, s, "x") try("recv closed", s.receive, s) try("timeout closed", s.settimeout, s, 1) try("getpeer closed", s.getpeername, s)
 local n = core.tcp() try("send unconnected", n.send, n, "x") try("recv unconn", n.receive, n) try("getpeer unconn", n.getpeername, n) try("sock unconn", n.getsockname, n) try("close unconn", n.close, n) try("ssl", n.connect_ssl, n, "127.0.0.1:1")
end)
`,
    [1500],
  ),
  'a Socket receives by line, by number and to the end': script(
    `
core.register_task(function()
 local function con() local s = core.tcp() s:settimeout(1) s:connect("127.0.0.1", %1) return s end
 local s = con() print(s:receive("*l")) print(s:receive(3)) print(s:receive("*a")) print(s:receive("*l")) print(s:receive(1)) s:close()
 s = con() print(s:receive("*a", ">> ")) print(s:receive("*a")) s:close()
 s = con() print(s:receive("*l", "pre:")) print(s:receive(2, "p")) print(s:receive("*l", "longer than two")) print(s:receive(2, "ppp")) print(s:receive(100)) s:close()
 s = con() print(s:receive()) print(s:receive("l")) print(s:receive("*L")) s:close()
 s = con() print(pcall(s.receive, s, "*line")) print(pcall(s.receive, s, "*all")) print(s:receive(0)) print(s:receive(4.0)) print(pcall(s.receive, s, 1.5)) print(pcall(s.receive, s, "5")) s:close()
end)
`,
    [900],
    [{ greets: 'first line\r\nsecond\n\nmore\r\r\nlast without end' }],
  ),
  'methods of servers and proxies with odd arguments': script(
    `
core.register_task(function()
 core.msleep(150)
 local a = core.backends.be.servers.a
 for _, n in ipairs{"is_draining","get_addr","get_name","get_puid","get_rid","get_weight","get_maxconn","is_backup","is_dynamic","get_cur_sess","get_pend_conn","get_proxy","tracking","get_trackers","check_enable","is_zork"} do try(n, function() local r = a[n](a) return type(r) == "table" and "table" or tostring(r):gsub("127.0.0.1:%d+", "X") end) end
 for _, w in ipairs{"5", "50%", "x", "-1", "300", "", " 5", "0%"} do try("weight " .. w, a.set_weight, a, w) print(a:get_weight()) end
 try("weight num", a.set_weight, a, 5) try("weight none", a.set_weight, a)
 for _, w in ipairs{"5", "x", "-1", "", 7} do try("maxconn", a.set_maxconn, a, w) print(a:get_maxconn()) end
 try("addr", a.set_addr, a, "zork") try("addr1", a.set_addr, a, "127.0.0.2") try("addr2", a.set_addr, a, "127.0.0.2", "99") try("addr3", a.set_addr, a, "127.0.0.2", 99) try("addr4", a.set_addr, a, "1.2.3.4", "x") try("addr5", a.set_addr, a)
 print(a:get_addr())
 for _, n in ipairs{"set_drain","set_maint","set_ready","check_disable","check_enable","check_force_up","check_force_nolb","check_force_down","agent_disable","agent_enable","agent_force_up","agent_force_down","shut_sess"} do core.msleep(2) try(n, a[n], a) try(n .. " x", a[n], a, 1) end
 local stats = a:get_stats() print(stats.svname, stats.status, stats.check_status, stats.weight)
 try("wrong", a.get_name, {}) try("wrong2", a.get_name) try("foreign", a.get_name, core.backends.be)
 local p = core.backends.be
 for _, n in ipairs{"get_name","get_uuid","get_cap","get_mode","get_srv_act","get_srv_bck","get_mailers","pause","resume","stop","shut_bcksess"} do core.msleep(2) try(n, function() return tostring(p[n](p)) end) end
 try("pause wrong", p.pause) try("cap", function() return p.name, p.uuid, p.zork end)
 for _, k in ipairs{"servers", "listeners", "name", "uuid"} do print(k, type(p[k])) end
 print(core.frontends.be, core.backends.zork, #core.backends, core.proxies.be == core.backends.be)
 print(pcall(function() for k, s in pairs(p.servers) do print(k, s:get_name()) end end)) print(p.servers.zork)
end)
`,
    [500, 'show servers state', 'show servers conn'],
  ),
  'the names of all globals, functions and constants': script(
    `
local function keys(name, t) local n = {} for k, v in pairs(t) do local tv = type(v) n[#n+1] = tostring(k) .. ((tv == "number" or tv == "string") and "=" .. tostring(v) or ":" .. tv) end table.sort(n) for i = 1, #n, 8 do print(name, table.concat(n, " ", i, math.min(i + 7, #n))) end end
core.register_init(function()
 local c = {} for k, v in pairs(core) do if k ~= "httpclient" and k ~= "use_native_mailers_config" then c[k] = v end end
 keys("core", c) keys("act", act) keys("filter", filter) keys("Map", Map)
 keys("_G", _G)
 for _, name in ipairs{"Map", "Concat", "Queue"} do print(name, type(_G[name])) end
 print(_VERSION, type(package), package.path, package.cpath)
end)
`,
    [100],
  ),
})
