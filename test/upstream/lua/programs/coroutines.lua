-- Coroutines, variables to be closed, metamethods and the arithmetic of strings.
local function try(f, ...) print(pcall(f, ...)) end
local co = coroutine.wrap(function() error({code = 1}) end) local ok, e = pcall(co) print(ok, type(e), e.code) print(pcall(co))
local co = coroutine.wrap(function() error("msg") end) print(pcall(co)) print(pcall(co))
local co = coroutine.wrap(function() error("msg", 0) end) print(pcall(co))
local co = coroutine.wrap(function() local x <close> = setmetatable({}, {__close = function(_, e) print("closing", e) error("in close", 0) end}) error("first", 0) end) print(pcall(co))
local co = coroutine.create(function() local x <close> = setmetatable({}, {__close = function(_, e) print("closing", e) error("in close", 0) end}) coroutine.yield(1) end) print(coroutine.resume(co)) print(coroutine.close(co)) print(coroutine.status(co)) print(coroutine.close(co)) print(coroutine.resume(co))
local co = coroutine.create(function() error("x", 0) end) print(coroutine.resume(co)) print(coroutine.close(co)) print(coroutine.close(co))
print(coroutine.close(coroutine.create(print)))
print(pcall(coroutine.close, coroutine.running()))
local co co = coroutine.create(function() return pcall(coroutine.close, co) end) print(coroutine.resume(co))
local outer outer = coroutine.create(function() local inner = coroutine.create(function() return pcall(coroutine.close, outer) end) return coroutine.resume(inner) end) print(coroutine.resume(outer))
local co co = coroutine.wrap(function() return pcall(co) end) print(co())
local co = coroutine.create(function(...) print(...) print(coroutine.yield(1, 2)) print(coroutine.yield()) return 3, 4 end) print(coroutine.resume(co, "a", "b")) print(coroutine.resume(co, "c")) print(coroutine.resume(co, nil, nil)) print(coroutine.resume(co))
print(coroutine.wrap(function() return coroutine.isyieldable(), coroutine.running() end)())
print(coroutine.resume(coroutine.create(function() return coroutine.yield(pcall(coroutine.yield, 1)) end)))
local co = coroutine.create(function() local ok, v = pcall(function() local y = coroutine.yield("in pcall") error("got " .. y, 0) end) coroutine.yield(ok, v) local ok, v = xpcall(function() coroutine.yield("in xpcall") error("oops", 0) end, function(m) return m .. "!" end) return ok, v end) for i = 1, 5 do print(coroutine.resume(co, i)) end
local co = coroutine.create(function() for k, v in function(_, i) i = coroutine.yield("iter") return i end do print("body", k) end return "done" end) for i = 1, 4 do print(coroutine.resume(co, i < 3 and i or nil)) end
local mt = {} for _, n in ipairs{"__add", "__index", "__lt", "__le", "__eq", "__concat", "__len", "__unm", "__call", "__idiv", "__bnot"} do mt[n] = function(a, b) return coroutine.yield(n) end end mt.__newindex = function(t, k, v) coroutine.yield("__newindex") rawset(t, k, v) end
local o, p = setmetatable({}, mt), setmetatable({}, mt)
local co = coroutine.wrap(function() print(o + 1, o.x, o < p, o <= p, o == p, o .. "x", #o, -o, o(), o // 1, ~o, "a" .. "b" .. o .. "c") o.y = 5 print(rawget(o, "y")) if o < p then print("lt") end if not (o == p) then print("ne") end return "end" end)
local r = co() while r ~= "end" do io.write(r, " ") r = co(r ~= "__eq" and r or false) end print(r)
try(function() coroutine.wrap(function() table.sort({3,2,1}, function(a, b) coroutine.yield() end) end)() end)
try(function() coroutine.wrap(function() string.gsub("abc", ".", function(a, b) coroutine.yield() end) end)() end)
try(function() coroutine.wrap(function() tostring(setmetatable({}, {__tostring = function() coroutine.yield() end})) end)() end)
try(function() coroutine.wrap(function() load(function() coroutine.yield() end) end)() end)
try(function() coroutine.wrap(function() for _ in pairs(setmetatable({}, {__pairs = function(t) coroutine.yield() return next, t end})) do end return "pairs yields" end)() end)
try(function() coroutine.wrap(function() require("nosuch.module.x") end)() end)
try(function() coroutine.yield() end)
try(coroutine.yield)
print(select("#", coroutine.resume(coroutine.create(function() end))))
print(coroutine.status(coroutine.create(print))) print(coroutine.isyieldable()) print(select(2, coroutine.running()))
local gen = coroutine.wrap(function(n) for i = 1, n do n = coroutine.yield(i) or n end end) print(gen(3), gen(), gen(), gen(), pcall(gen))
local function perms(a, n) n = n or #a if n <= 1 then coroutine.yield(table.concat(a)) else for i = 1, n do a[n], a[i] = a[i], a[n] perms(a, n - 1) a[n], a[i] = a[i], a[n] end end end for p in coroutine.wrap(function() perms{"a", "b", "c"} end) do io.write(p, " ") end print()
-- close order and values
do local log = {} local function c(n, f) return setmetatable({}, {__close = function(_, e) log[#log+1] = n .. ":" .. tostring(e) if f then f() end end}) end
local function f() local a <close> = c("a") local b <close> = c("b", function() error("eb", 0) end) local d <close> = c("d", function() error("ed", 0) end) error("e", 0) end print(pcall(f)) print(table.concat(log, " ")) log = {}
local function g() local a <close> = c("a") return (function() local b <close> = c("b") return "r1", "r2" end)() end print(g()) print(table.concat(log, " ")) log = {}
for i = 1, 3 do local x <close> = c("x" .. i) if i == 2 then goto continue end if i == 3 then break end ::continue:: end print(table.concat(log, " ")) log = {}
local co = coroutine.wrap(function() local x <close> = c("co") coroutine.yield(1) local y <close> = c("y") coroutine.yield(2) end) print(co(), co()) print(co()) print(table.concat(log, " ")) log = {}
for k, v in (function() return next, {10}, nil, c("it") end)() do print(k, v) end print(table.concat(log, " ")) log = {}
print(pcall(function() local x <close> = 1 end)) print(pcall(function() local x <close> = {} end)) print(pcall(function() local y <close> = c("y") local x <close> = "s" end)) print(table.concat(log, " ")) log = {}
print(pcall(function() for k in next, {}, nil, 5 do end end)) print(pcall(function() local nm <close> = setmetatable({}, {__close = true}) end)) end
-- events
local t = setmetatable({}, {__index = function(t, k) return k * 2 end, __newindex = function(t, k, v) rawset(t, k, v + 1) end}) t[1] = 1 print(t[1], t[2], rawget(t, 2))
local base = {x = 1} local d = setmetatable({}, {__index = setmetatable({y = 2}, {__index = base})}) print(d.x, d.y, d.z)
local log = {} local p = setmetatable({}, {__newindex = log}) p.a = 5 print(rawget(p, "a"), log.a)
try(function() local a = setmetatable({}, {}) getmetatable(a).__index = a return a.x end) try(function() local a = setmetatable({}, {}) getmetatable(a).__newindex = a a.x = 1 end)
print(setmetatable({}, {__lt = function() return nil end}) < 1, setmetatable({}, {__le = function() return 5 end}) <= 1, 1 > setmetatable({}, {__lt = function(a, b) return type(a) .. type(b) end}))
try(function() return setmetatable({}, {__lt = function() return true end}) <= setmetatable({}, {}) end)
print(rawequal(setmetatable({}, {__eq = function() return true end}), {}), setmetatable({}, {__eq = function() return true end}) == {}, {} == setmetatable({}, {__eq = function() return true end}), setmetatable({}, {__eq = function() return true end}) == 1, setmetatable({}, {__eq = function() return true end}) ~= {})
print(#setmetatable({1, 2}, {__len = function() return "len" end}), pcall(function() return #setmetatable({}, {__len = function() error("e", 0) end}) end))
local cc = setmetatable({}, {__concat = function(a, b) return (type(a) == "table" and "T" or a) .. "|" .. (type(b) == "table" and "T" or b) end}) print(cc .. "a", "a" .. cc, cc .. cc, "a" .. "b" .. cc .. "c" .. "d", 1 .. cc, cc .. 2.0)
local un = setmetatable({}, {__unm = function(a, b) return rawequal(a, b) end, __bnot = function(a, b) return rawequal(a, b) end, __len = function(a, b) return rawequal(a, b) end}) print(-un, ~un, #un)
local mm = setmetatable({}, {__mode = "k", __metatable = "locked", __name = "My"}) print(getmetatable(mm), pcall(setmetatable, mm, {})) print((tostring(setmetatable({}, {__name = "My"})):gsub("0x%x+", "P"))) try(function() return setmetatable({}, {__name = "My"}) + 1 end) try(function() return setmetatable({}, {__name = "My"}).x.y end) try(string.rep, setmetatable({}, {__name = "My"})) try(function() return #5, setmetatable({}, {__name = 5}) < 1 end) print(pcall(tostring, setmetatable({}, {__tostring = function() return 5 end}))) print(pcall(tostring, setmetatable({}, {__tostring = 5})))
print(("x").len, ("abc"):len(), #"abc", ("x").y, pcall(function() return ("x").y.z end)) print("10" + 5, "0x10" * 2, "3" // 2, -"2", "1e1" + 0, "10" % 3, 10 .. 20) try(function() return "abc" + 1 end) try(function() return {} + "1" end) print(pcall(function() return "10" & 3, "0x7" | 8, "3.0" ~ 1 end)) try(function() return "3.5" & 1 end) print(1 < 2, "a" < "b", "a" < "B", "" < "a", "a\0b" < "a\0c", "Z" < "a", "10" < "9") print(math.type("10" + 0), math.type("10.0" + 0), math.type("0x10" + 0))
