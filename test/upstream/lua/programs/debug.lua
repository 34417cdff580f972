-- The debug library: what it says of functions, variables, upvalues and coroutines, hooks and tracebacks.
-- debug
local function fields(t, names) local s = {} for n in names:gmatch("%S+") do s[#s+1] = n .. "=" .. tostring(t[n]) end return table.concat(s, " ") end
local N = "name namewhat what currentline linedefined lastlinedefined nups nparams isvararg istailcall short_src"
local function here(...) return fields(debug.getinfo(2, ...), N) end
local o = setmetatable({}, {__index = function() return here() end, __add = function() return here() end, __call = function() return here() end, __lt = function() print(here()) return true end, __le = function() print(here()) return true end, __eq = function() print(here()) return true end, __concat = function() return here() end, __len = function() return here() end, __unm = function() return here() end, __newindex = function() print(here()) end, __close = function() print(here()) end, __tostring = function() return here() end, __idiv = function() return here() end, __bnot = function() return here() end, __shl = function() return here() end, __mod = function() return here() end})
print(o.x) print(o[1]) print(o + 1) print(1 + o) print(o()) print(o < o) print(o <= 1) print(o == setmetatable({}, getmetatable(o))) print(o .. "x") print("x" .. o) print(#o) print(-o) o.x = 1 o[1] = 2 print(tostring(o)) print(o // 1) print(~o) print(1 << o) print(o % 2) print(pcall(function() return o:m() end)) print(o > 1) print(o >= 2)
do local c <close> = o end
for i in function(_, i) if not i then return here() end end do print(i) end
local t = {f = function() return here() end} print(t.f()) print(t:f()) print(t["f"]()) local k = "f" print(t[k]()) print((t.f)())
function glob() local r = here() return r end print(glob()) print((glob()))
local function loc() local r = here() return r end print(loc())
local function tail() return loc() end print(tail())
local function up() local r = loc() return r end print(up())
print(pcall(loc)) print(select(2, pcall(loc)))
print(coroutine.wrap(loc)())
table.sort({1, 2}, function() print(here()) return false end)
string.gsub("x", "x", function() print(here()) end)
print(select(2, xpcall(error, function(m) return here() end)))
local function multi(
  a,
  b)
  local r = here()
  return r
end print(multi())
print(fields(debug.getinfo(multi), N)) print(fields(debug.getinfo(print), N)) print(fields(debug.getinfo(1), N))
print(fields(debug.getinfo(coroutine.create(multi), 0, "S") or {}, N))
local co = coroutine.create(function(a) local x = 5 coroutine.yield(a) return x end) coroutine.resume(co, 1)
print(fields(debug.getinfo(co, 0), N)) print(fields(debug.getinfo(co, 1), N)) print(debug.getinfo(co, 2)) print(debug.traceback(co)) print(debug.traceback(co, "msg")) print(debug.traceback(co, nil, 1)) print(debug.traceback("hi", 1):match("^hi\nstack traceback:\n"))
print(debug.getlocal(co, 1, 1)) print(debug.getlocal(co, 1, 2)) print(debug.getlocal(co, 1, 3)) print(debug.setlocal(co, 1, 2, 7)) print(coroutine.resume(co))
print(debug.traceback(co)) print(pcall(debug.getlocal, co, 5, 1))
local dead = coroutine.create(function() local x = nil; x() end) coroutine.resume(dead) print(debug.traceback(dead))
-- getlocal
local function locals(a, b, ...) local c = 3 do local d = 4 end local e = 5 local r = {} local i = 1 while true do local n, v = debug.getlocal(1, i) if not n then break end r[#r+1] = n .. "=" .. tostring(v):sub(1,5) i = i + 1 end i = -1 while true do local n, v = debug.getlocal(1, i) if not n then break end r[#r+1] = n .. "=" .. tostring(v) i = i - 1 end return table.concat(r, " ") end
print(locals(1, 2, 30, 40)) print(debug.getlocal(locals, 1), debug.getlocal(locals, 2), debug.getlocal(locals, 3), debug.getlocal(locals, -1), debug.getlocal(print, 1))
local function sets(...) local a = 1 print(debug.setlocal(1, 1, 9), debug.setlocal(1, -1, 8), debug.setlocal(1, -2, 7), debug.setlocal(1, 50, 1)) return a, ... end print(sets(1)) 
print(pcall(debug.getlocal, 100, 1), pcall(debug.setlocal, 100, 1, 1))
-- upvalues
local a, b = 1, 2 local function u1() return a, b end local function u2() return b end local function u3() a = a + 1 return a end
print(debug.getupvalue(u1, 1)) print(debug.getupvalue(u1, 2)) print(debug.getupvalue(u1, 3)) print(debug.getupvalue(u1, 0)) print(debug.setupvalue(u1, 1, 10)) print(a, u3()) print(debug.upvalueid(u1, 1) == debug.upvalueid(u3, 1), debug.upvalueid(u1, 2) == debug.upvalueid(u2, 1))
debug.upvaluejoin(u2, 1, u1, 1) print(u2()) print(pcall(debug.upvaluejoin, u2, 5, u1, 1)) print(pcall(debug.upvaluejoin, u2, 1, u1, 5)) print(debug.setupvalue(u1, 9, 1)) print(debug.getupvalue(print, 1)) print(pcall(debug.getupvalue, 1)) print(pcall(debug.upvalueid, u1, 9))
print(debug.getmetatable("").__index == string, debug.getmetatable(1), debug.setmetatable(10, {__index = function(n, k) return k .. n end})) print((5).x) debug.setmetatable(10, nil)
debug.setmetatable(nil, {__index = function() return "nil!" end}) print((nil).foo) debug.setmetatable(nil, nil)
debug.setmetatable(print, {__add = function() return "f+" end, __index = {x = 1}}) print(print + 1, print.x) debug.setmetatable(print, nil)
debug.setmetatable(true, {__call = function(b, x) return b, x end, __len = function() return 7 end}) print((true)(5), #false) debug.setmetatable(true, nil)
print(debug.getuservalue(1), debug.getuservalue({}, 1), pcall(debug.setuservalue, {}, 1)) print(debug.getuservalue(io.stdout, 1)) print(debug.getuservalue(io.stdout, 2))
-- hooks
local function hooked(mask, f, count) local log = {} debug.sethook(function(e, l) log[#log+1] = e .. (l and (":" .. l) or "") end, mask, count) f() debug.sethook() return table.concat(log, " ") end
print(hooked("l", function()
  local x = 1
  for i = 1, 2 do
    x = x + i
  end
  if x > 1 then
    x = 0
  else
    x = 1
  end
  while x < 2 do x = x + 1 end
  repeat x = x - 1
  until x < 0
  local t = {
    1,
    2,
  }
  return x
end))
print(hooked("c", function() local function f() end f() f() math.abs(1) pcall(f) end))
print(hooked("r", function() local function f() return 1 end f() math.abs(1) end))
print(hooked("crl", function() local f = function() return tostring(1) end
 f() end))
print(debug.gethook()) debug.sethook(function() end, "", 0) print(debug.gethook()) debug.sethook()
print(pcall(debug.sethook, 1)) print(pcall(debug.sethook, print)) print(pcall(debug.sethook, print, "l", "x"))
local n = 0 debug.sethook(function() n = n + 1 if n > 3 then debug.sethook() error("stop") end end, "l") local ok, m = pcall(function()
 local a = 1
 local b = 2
 local c = 3
 local d = 4
 local e = 5
end) debug.sethook() print(ok, m)
-- tracebacks
local function err() error("deep") end local function mid() err() end print(select(2, xpcall(mid, debug.traceback)))
print(select(2, xpcall(function() local t = setmetatable({}, {__index = function(t, k) error("in " .. k) end}) return t.foo end, debug.traceback)))
print(select(2, xpcall(function() table.sort({1,2,3}, function(a, b) error("cmp") end) end, debug.traceback)))
print(select(2, xpcall(function() for x in function() error("it") end do end end, debug.traceback)))
print(select(2, xpcall(function() return tostring(setmetatable({}, {__tostring = function() error("ts") end})) end, debug.traceback)))
function globalf() error("g") end print(select(2, xpcall(function() globalf() end, debug.traceback)))
local obj = {} function obj:meth() error("m") end function obj.fld() self:x() end print(select(2, xpcall(function() obj:meth() end, debug.traceback))) print(select(2, xpcall(function() obj.fld() end, debug.traceback)))
print(debug.traceback("level 0", 0):gsub("\n.*", "")) print(pcall(debug.traceback, {}, 1)) print(debug.traceback(print) == print)
print(hooked("crl", function() local f = function() return tostring(1) end
 f() end))
print(hooked("r", function() local f = function() return select(2, 1, 2, 3) end print(f()) end))
debug.sethook(function() end, "", 0) print(debug.gethook()) debug.sethook()
do
local function f(a, b) local t = debug.getinfo(1, "r") return t.ftransfer, t.ntransfer end
print(f(1,2))
print(pcall(debug.getinfo, 1, ">"))
print(pcall(debug.getinfo, 1, ">S"))
print(pcall(debug.getinfo, print, ">S"))
print(pcall(debug.getinfo, 1, "X"))
print(pcall(debug.getinfo, 1, "Sz"))
print(pcall(debug.getinfo, {}, "S"))
print(pcall(debug.getinfo, 1, {}))
print(pcall(debug.getinfo))
print(debug.getinfo(100))
print(debug.getinfo(-1))
print(pcall(debug.getinfo, "x"))
print(pcall(debug.getinfo, 1.5))
local t = debug.getinfo(print) for _, k in ipairs{"what","currentline","linedefined","lastlinedefined","nups","nparams","isvararg","name","namewhat","istailcall","ftransfer","ntransfer"} do print(k, t[k]) end
local t = debug.getinfo(1) for _, k in ipairs{"what","currentline","linedefined","lastlinedefined","nups","nparams","isvararg","name","namewhat","istailcall","ftransfer","ntransfer"} do print(k, t[k]) end
local t = debug.getinfo(f, "LS") local l = {} for k in pairs(t.activelines) do l[#l+1] = k end table.sort(l) print(table.concat(l, " "))
local function g(...) return ... end
local function calls() 
  local log = {}
  debug.sethook(function(e, l) local i = debug.getinfo(2, "nSr") log[#log + 1] = e .. ":" .. tostring(i.name) .. ":" .. i.namewhat .. ":" .. tostring(i.ftransfer) .. ":" .. tostring(i.ntransfer) end, "cr")
  local function inner(a, b) return a end
  local function tail(a) return inner(a, 2) end
  tail(1)
  g(1, 2, 3)
  math.abs(-1)
  debug.sethook()
  print(table.concat(log, "\n"))
end
calls()
end
