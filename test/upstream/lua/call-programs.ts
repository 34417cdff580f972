/** Programs about calls: how many C calls there is room for, which functions are at which levels, and how they are named there. */

/**
 * Prints how many metamethods can be nested where natives, metamethods and iterators have called, once errors have been caught and
 * coroutines resumed. An error that `pcall` catches in a coroutine that may yield ends all C calls below it (`luaD_throw` returns to
 * `lua_resume`, which continues the calls that are left).
 */
export const C_CALLS = String.raw`
local function room()
  local n = 0
  local function f() n = n + 1 local x = setmetatable({}, { __index = f }).x return x end
  local ok, m = pcall(f)
  return n .. " " .. tostring(m)
end
local function nest(d, f) if d == 0 then return f() end local x = setmetatable({}, { __index = function() local v = nest(d - 1, f) return v end }).x return x end
local function gs(d, f) if d == 0 then return f() end local r string.gsub("x", "x", function() r = gs(d - 1, f) end) return r end
local function pc(d, f) if d == 0 then return f() end local _, r = pcall(pc, d - 1, f) return r end
local function show(name, f) print(name, f()) print(name .. " in a coroutine", coroutine.wrap(f)()) end
show("plain", room)
show("nest 100", function() return nest(100, room) end)
show("nest 100, error caught", function() return nest(100, function() pcall(error, "x") return room() end) end)
show("nest 100, error caught in function", function() return nest(100, function() pcall(function() error("x") end) return room() end) end)
show("nest 100, room twice", function() return nest(100, function() room() return room() end) end)
show("nest 50, caught, nest 50", function() return nest(50, function() pcall(function() error("x") end) return nest(50, room) end) end)
show("gs 100", function() return gs(100, room) end)
show("gs 100 caught", function() return gs(100, function() pcall(function() error("x") end) return room() end) end)
show("pc 100", function() return pc(100, room) end)
show("pc 100 caught", function() return pc(100, function() pcall(function() error("x") end) return room() end) end)
show("pc 100 caught plain", function() return pc(100, function() pcall(error) return room() end) end)
show("gs 50 pc 50 caught", function() return gs(50, function() return pc(50, function() pcall(function() error("x") end) return room() end) end) end)
show("pc 50 gs 50 caught", function() return pc(50, function() return gs(50, function() pcall(function() error("x") end) return room() end) end) end)
show("pc 50 caught gs 50 caught", function() return pc(50, function() pcall(function() error("x") end) return gs(50, function() pcall(function() error("x") end) return room() end) end) end)
show("caught and out", function() return (nest(20, function() return nest(30, function() pcall(function() error("x") end) return "a" end) end) or "") .. room() end)
show("caught within and out", function() return nest(20, function() nest(30, function() pcall(function() error("x") end) return "a" end) return room() end) end)
show("pcall error at depth", function() return nest(20, function() pcall(function() nest(30, function() error("x") end) end) return room() end) end)
show("xpcall error at depth", function() return nest(20, function() xpcall(function() nest(30, function() error("x") end) end, function() return 1 end) return room() end) end)
show("handler", function() return nest(20, function() local _, m = xpcall(function() nest(30, function() error("x") end) end, function() return room() end) return m end) end)
show("close", function() return nest(20, function() local m pcall(function() local x <close> = setmetatable({}, { __close = function() m = room() end}) nest(30, function() error("x") end) end) return m end) end)
show("close normal", function() return nest(20, function() local m pcall(function() local x <close> = setmetatable({}, { __close = function() m = room() end}) nest(30, function() end) end) return m end) end)
show("coroutine in", function() return nest(20, function() return coroutine.wrap(function() return nest(20, room) end)() end) end)
show("co caught", function() return nest(20, function() return coroutine.wrap(function() return nest(20, function() pcall(function() error"x" end) return room() end) end)() end) end)
show("co yield", function() return nest(20, function() local f = coroutine.wrap(function() return nest(20, function() coroutine.yield() return room() end) end) f() return f() end) end)
show("co died", function() return nest(20, function() local f = coroutine.create(function() return nest(20, function() error("x") end) end) coroutine.resume(f) return room() end) end)
show("for", function() for x in function() return room() end do return x end end)
show("sort", function() local r table.sort({1,2}, function() r = r or room() return false end) return r end)
show("tostring", function() local r = tostring(setmetatable({}, {__tostring = function() return room() end})) return r end)
show("format", function() local r = string.format("%s", setmetatable({}, {__tostring = function() return room() end})) return r end)
show("load", function() local r load(function() r = room() end) return r end)
show("concat", function() return setmetatable({}, {__concat = function() return room() end}) .. "" end)
show("lt", function() local r local x = setmetatable({}, {__lt = function() r = room() end}) x = x < x return r end)
show("le", function() local r local x = setmetatable({}, {__lt = function() r = room() end}) x = x <= x return r end)
show("call", function() return setmetatable({}, {__call = function() local x = room() return x end})() end)
show("tcall", function() local x = setmetatable({}, {__call = function() return room() end})() return x end)
show("pairs", function() local r pairs(setmetatable({}, {__pairs = function() r = room() end})) return r end)
show("ipairs", function() local r for _ in ipairs(setmetatable({}, {__index = function() r = room() end})) do end return r end)
show("max", function() local r local x = setmetatable({}, {__lt = function() r = room() end}) math.max(x and 1 or x, 2) pcall(math.max, x, x) return r end)
show("tconcat", function() return table.concat(setmetatable({}, {__index = function() return room() end, __len = function() return 1 end})) end)
show("len", function() local r table.unpack(setmetatable({}, {__len = function() r = room() return 0 end})) return r end)
show("xpcall", function() local _, r = xpcall(room, print) return r end)
show("wrap", function() return coroutine.wrap(room)() end)
show("wrapwrap", function() return coroutine.wrap(coroutine.wrap(room))() end)
show("require", function() package.preload.zz = function() return room() end package.loaded.zz = nil return (require "zz") end)
show("gsub table", function() return (string.gsub("x", "x", setmetatable({}, {__index = function() return room() end}))) end)
show("index chain", function() return setmetatable({}, {__index = setmetatable({}, {__index = function() return room() end})}).x end)
show("close coroutine", function() local r local co = coroutine.create(function() local x <close> = setmetatable({}, {__close = function() r = room() end}) coroutine.yield() end) coroutine.resume(co) coroutine.close(co) return r end)
show("wrap dead", function() local r local co = coroutine.wrap(function() local x <close> = setmetatable({}, {__close = function() r = room() end}) error("x") end) pcall(co) return r end)
show("co dead", function() local r local co = coroutine.create(function() local x <close> = setmetatable({}, {__close = function() r = room() end}) error("x") end) coroutine.resume(co) coroutine.close(co) return r end)
show("dofile", function() return nest(10, room) end)
show("assert handler", function() return (select(2, xpcall(assert, function() return room() end, false))) end)
show("handler of runtime error", function() return (select(2, xpcall(function() return nil + 1 end, function() return room() end, false))) end)
`

const RANDOM_C_CALLS = String.raw`
local function room()
  local n = 0
  local function f() n = n + 1 local x = setmetatable({}, { __index = f }).x return x end
  pcall(f)
  return n
end
local out
local function note(tag) out[#out + 1] = tag .. coroutine.wrap(room)() end
local seed = 12345
local function rnd(n) seed = (seed * 1103515245 + 12345) % 2147483648 return (seed >> 8) % n end
local ops = {}
local function walk(list, i)
  local op = list[i]
  if not op then note("e") return i end
  note("<")
  local r = ops[op[1]](op[2], list, i + 1)
  note(">")
  return r
end
function ops.plain(k, list, i) if k == 0 then local x = walk(list, i) return x end local x = ops.plain(k - 1, list, i) if k % 40 == 0 then note("p") end return x end
function ops.meta(k, list, i) if k == 0 then local x = walk(list, i) return x end local x = setmetatable({}, { __index = function() local v = ops.meta(k - 1, list, i) return v end }).x if k % 7 == 0 then note("m") end return x end
function ops.metat(k, list, i) if k == 0 then return walk(list, i) end return setmetatable({}, { __index = function() return ops.metat(k - 1, list, i) end }).x end
function ops.gsub(k, list, i) if k == 0 then local x = walk(list, i) return x end local x string.gsub("x", "x", function() x = ops.gsub(k - 1, list, i) end) if k % 7 == 0 then note("g") end return x end
function ops.pcall(k, list, i) if k == 0 then local x = walk(list, i) return x end local _, x = pcall(ops.pcall, k - 1, list, i) if k % 7 == 0 then note("c") end return x end
function ops.pcallt(k, list, i) if k == 0 then return walk(list, i) end return select(2, pcall(ops.pcallt, k - 1, list, i)) end
function ops.catch(k, list, i) pcall(error, "x") local x = walk(list, i) return x end
function ops.catchl(k, list, i) pcall(function() error("x") end) local x = walk(list, i) return x end
function ops.catchr(k, list, i) local x = walk(list, i) pcall(function() error("x") end) return x end
function ops.xcatch(k, list, i) xpcall(function() error("x") end, function(e) note("h") return e end) local x = walk(list, i) return x end
function ops.catchd(k, list, i) pcall(function() ops.meta(k, {}, 1) error("x") end) local x = walk(list, i) return x end
function ops.catchdd(k, list, i) pcall(function() ops.meta(k, {}, 1) ops.plain(200, {}, 1) ops.meta(k, { { "catch" } }, 1) error("x") end) local x = walk(list, i) return x end
function ops.yield(k, list, i) if coroutine.isyieldable() then coroutine.yield() end local x = walk(list, i) return x end
function ops.co(k, list, i)
  local co = coroutine.create(function() local x = walk(list, i) return x end)
  local ok, x = coroutine.resume(co)
  while coroutine.status(co) == "suspended" do if k % 2 == 0 and coroutine.isyieldable() then coroutine.yield() end ok, x = coroutine.resume(co) end
  return x
end
function ops.close(k, list, i) local x <close> = setmetatable({}, { __close = function() note("k") end }) local x = walk(list, i) return x end
function ops.closex(k, list, i) pcall(function() local x <close> = setmetatable({}, { __close = function() note("x") end }) walk(list, i) error("x") end) note("X") return i end
function ops.fr(k, list, i) for _ in function(_, c) if not c then walk(list, i) return 1 end end do note("f") end return i end
function ops.sort(k, list, i) local d table.sort({ 1, 2 }, function() if not d then d = true walk(list, i) end end) return i end
local names = {}
for n in pairs(ops) do names[#names + 1] = n end
table.sort(names)
for p = 1, COUNT do
  if YIELD then core.yield() end
  out = {}
  local list, what = {}, {}
  local total = 0
  for i = 1, 1 + rnd(9) do
    local n = names[1 + rnd(#names)]
    local k = n == "plain" and rnd(4) * 60 or rnd(18)
    list[i] = { n, k }
    what[i] = n .. k
  end
  local f = coroutine.create(walk)
  local y = 0
  while coroutine.status(f) ~= "dead" do
    if y % 3 == 1 and p % 2 == 0 then
      out[#out + 1] = "R"
      local x = setmetatable({}, { __index = function() coroutine.resume(f) end }).x
    else
      local ok, e = coroutine.resume(f, list, 1)
      if not ok then out[#out + 1] = tostring(e) end
    end
    y = y + 1
  end
  print(p, table.concat(what, " "), table.concat(out, " "))
end
`

/**
 * The same for calls nested at random: of plain calls, metamethods, `pcall`, `string.gsub`, coroutines, `<close>` …, with errors and
 * yields between them. Where calls return, it is measured again.
 *
 * @param options.yields whether to yield to HAProxy before each of the `count` programs
 */
export const randomCCalls = (count: number, { yields }: { readonly yields: boolean }): string =>
  `local COUNT, YIELD = ${count}, ${yields}\n${RANDOM_C_CALLS}`

/** Prints what is at each level, and tracebacks, where functions are called in all ways that there are. */
export const LEVELS = String.raw`
local function info(...)
  local out = {}
  for l = 0, 12 do
    local i = debug.getinfo(l + 1, "nSltu")
    if not i then break end
    out[#out + 1] = l .. ":" .. i.what .. ":" .. tostring(i.currentline) .. ":" .. tostring(i.name) .. ":" .. i.namewhat .. ":" .. tostring(i.istailcall) .. ":" .. i.short_src .. ":" .. i.linedefined
  end
  print("  " .. table.concat(out, "\n  "))
  print(debug.traceback("tb"))
  print(debug.traceback("tb1", 0))
  print(debug.traceback("tb2", 2))
  for l = 0, 9 do print(l, select(2, pcall(error, "e", l)), select(2, pcall(function() error("e", l) end)), select(2, pcall(function() return error("e", l) end))) end
  print(pcall(string.rep))
  print(pcall(function() return string.rep() end))
  print(pcall(function() string.rep() end))
  return ...
end
local function show(name, f) print("== " .. name) f() print("== co " .. name) print(pcall(coroutine.wrap(f))) end
show("call", function() info() end)
show("tail", function() return info() end)
show("tail twice", function() local function t() return info() end return t() end)
show("pcall", function() pcall(info) end)
show("tail pcall", function() return pcall(info) end)
show("tail pcall pcall", function() return pcall(pcall, info) end)
show("pcall fn", function() return pcall(function() info() end) end)
show("pcall fn tail", function() return pcall(function() return info() end) end)
show("xpcall", function() return xpcall(info, print) end)
show("handler", function() return xpcall(error, info) end)
show("handler 2", function() return xpcall(function() error("x") end, function(m) info() return m end) end)
show("handler 3", function() return xpcall(function() local x = nil + 1 end, function(m) info() return m end) end)
show("handler 4", function() return xpcall(string.rep, function(m) info() return m end) end)
show("handler 5", function() return xpcall(function() return string.rep() end, function(m) info() return m end) end)
show("handler 6", function() return xpcall(function() return error("x") end, function(m) info() return m end) end)
show("gsub", function() string.gsub("x", "x", info) end)
show("gsub tail", function() return string.gsub("x", "x", function() return info() end) end)
show("sort", function() local d table.sort({1,2}, function() if not d then d = true info() end end) end)
show("tostring", function() return tostring(setmetatable({}, {__tostring = function() info() return "" end})) end)
show("tostring tail", function() return tostring(setmetatable({}, {__tostring = function() return info("") end})) end)
show("format", function() return string.format("%s", setmetatable({}, {__tostring = function() info() return "" end})) end)
show("index", function() local x = setmetatable({}, {__index = function() info() end}).x end)
show("index t", function() local x = setmetatable({}, {__index = function() return info() end}).x end)
show("index native", function() local x = setmetatable({}, {__index = info}).x end)
show("newindex", function() setmetatable({}, {__newindex = function() info() end}).x = 1 end)
show("add", function() local x = setmetatable({}, {__add = function() info() end}) + 1 end)
show("add k", function() local x = 1 + setmetatable({}, {__add = function() info() end}) end)
show("sub", function() local x = setmetatable({}, {__sub = function() info() end}) - 1.5 end)
show("shl", function() local x = setmetatable({}, {__shl = function() info() end}) << 1 end)
show("shr", function() local x = 2 >> setmetatable({}, {__shr = function() info() end}) end)
show("bnot", function() local x = ~setmetatable({}, {__bnot = function() info() end}) end)
show("unm", function() local x = -setmetatable({}, {__unm = function() info() end}) end)
show("len", function() local x = #setmetatable({}, {__len = function() info() end}) end)
show("concat", function() local x = setmetatable({}, {__concat = function() info() return "" end}) .. "a" .. "b" end)
show("eq", function() local x = setmetatable({}, {__eq = function() info() end}) x = x == setmetatable({}, {}) end)
show("lt", function() local x = setmetatable({}, {__lt = function() info() end}) if x < x then end end)
show("lt k", function() local x = setmetatable({}, {__lt = function() info() end}) if x < 1 then end end)
show("gt k", function() local x = setmetatable({}, {__lt = function() info() end}) if x > 1 then end end)
show("le", function() local x = setmetatable({}, {__le = function() info() end}) if x <= x then end end)
show("le lt", function() local x = setmetatable({}, {__lt = function() info() end}) if x <= x then end end)
show("call meta", function() setmetatable({}, {__call = function() info() end})() end)
show("call meta t", function() return setmetatable({}, {__call = function() return info() end})() end)
show("call meta c", function() return pcall(setmetatable({}, {__call = function() return info() end})) end)
show("for", function() for i in function() info() end do end end)
show("for t", function() for i in function() return info() end do end end)
show("close", function() local x <close> = setmetatable({}, {__close = function() info() end}) end)
show("close ret", function() local x <close> = setmetatable({}, {__close = function() info() end}) return 1 end)
show("close ret call", function() local x <close> = setmetatable({}, {__close = function() info() end}) return tostring(1) end)
show("close block", function() do local x <close> = setmetatable({}, {__close = function() info() end}) end print "x" end)
show("close err", function() pcall(function() local x <close> = setmetatable({}, {__close = function() info() end}) error("e") end) end)
show("close break", function() while true do local x <close> = setmetatable({}, {__close = function() info() end}) break end end)
show("close for", function() for i in next, {1}, nil, setmetatable({}, {__close = function() info() end}) do end end)
show("close goto", function() do do local x <close> = setmetatable({}, {__close = function() info() end}) goto e end ::e:: end print"y" end)
show("co close", function() local co = coroutine.create(function() local x <close> = setmetatable({}, {__close = function() info() end}) coroutine.yield() end) coroutine.resume(co) coroutine.close(co) end)
show("co", function() coroutine.wrap(info)() end)
show("co t", function() return coroutine.wrap(info)() end)
show("co co", function() return coroutine.wrap(coroutine.wrap(info))() end)
show("after yield", function() local f = coroutine.wrap(function() coroutine.yield() info() end) f() f() end)
show("after yield in pcall", function() local f = coroutine.wrap(function() pcall(function() coroutine.yield() info() end) end) f() f() end)
show("after yield in meta", function() local f = coroutine.wrap(function() return setmetatable({}, {__index = function() coroutine.yield() info() end}).x end) f() f() end)
show("load", function() load(function() info() end) end)
show("loaded", function() local f = load("local i = ... i() return 1", "=chunk") f(info) end)
show("loaded t", function() local f = load("local i = ... return i()", "@chunk") return f(info) end)
show("loaded s", function() local f = load("local i = ... return i()") return f(info) end)
show("method", function() local o = { m = function() info() end } o:m() o.m() end)
show("global", function() function GG() info() end GG() end)
show("upvalue", function() local function u() info() end local function v() u() end v() end)
show("field", function() local t = { a = { b = info } } t.a.b() t.a["b"]() t[1] = info t[1]() end)
show("select", function() return select(1, info()) end)
show("require", function() package.preload.zz = function() info() end package.loaded.zz = nil require "zz" end)
show("pairs", function() pairs(setmetatable({}, {__pairs = function() info() end})) end)
show("ipairs", function() for _ in ipairs(setmetatable({}, {__index = function() info() end})) do end end)
show("next", function() local x <const> = info x() end)
show("deep tail", function() local function t(n) if n == 0 then return info() end return t(n - 1) end return t(5) end)
show("error in co", function() local co = coroutine.create(function() local function g() error("x") end g() end) coroutine.resume(co) print(debug.traceback(co)) print(debug.traceback(co, "m")) print(debug.traceback(co, nil, 1))  end)
show("yield tb", function() local co = coroutine.create(function() local function g() coroutine.yield("x") end g() end) coroutine.resume(co) print(debug.traceback(co)) print(debug.traceback(co, "m", 1)) print(debug.traceback(co, "m", 5)) print(debug.getinfo(co, 0, "n").name, debug.getinfo(co, 1, "n").name, debug.getinfo(co, 1, "l").currentline) end)
show("deep", function() local function d(n) if n == 0 then print(debug.traceback("deep")) return end d(n - 1) end d(30) end)
local t = setmetatable({}, {__call = function(self, n) if n == 0 then return "end" end return self(n - 1) end})
print(t(100000))
local t2 = setmetatable({}, {__call = setmetatable({}, {__call = function(a, b, n) if n == 0 then return "end" end return b(n - 1) end})})
print(t2(1000))
print(pcall(function() local x = 5 return x() end))
print(pcall(function() local x = setmetatable({}, {__call = 5}) return x() end))
print(pcall(function() return setmetatable({}, {__call = rawlen})(1) end))
print(pcall(function() return setmetatable({}, {__call = select})(1) end))
for d = 18, 24 do local function f(n) if n == 0 then print(debug.traceback(d)) print((debug.traceback("x", 2))) return end f(n - 1) end f(d) end
-- marks of tail calls that failed do not remain
do
  local function calls(d, f) if d == 0 then return f() end local v = calls(d - 1, f) return v end
  local function at(d, f) return calls(d, f) end
  print(pcall(at, 1, function() error("x", 0) end))
  print(pcall(calls, 1, function() print(debug.traceback("m")) end))
  local co = coroutine.wrap(function() print(pcall(at, 1, function() coroutine.yield(1) error("x", 0) end)) print(pcall(calls, 1, function() coroutine.yield(2) print(debug.traceback("m")) end)) end)
  print(co()) print(co()) co()
  print(pcall(calls, 1, function() print(debug.getinfo(2, "t").istailcall, debug.getinfo(3, "t").istailcall) end))
end
`

/** Prints the lines in which `__close` is called where a block is left in all ways that there are. */
export const CLOSING_LINES = String.raw`
local function at(name) return setmetatable({}, { __close = function() print(name, debug.getinfo(2, "l").currentline, debug.getinfo(1, "n").name, (pcall(error, "x", 2))) end }) end
local function f()
  for i = 1, 2 do
    local x <close> = at("break")
    if i == 1 then
      break
    end
  end

  do
    local x <close> = at("goto")
    do
      goto out
    end
  end
  print(1)
  ::out::
  ;

  print(2)
  local n = 0
  repeat
    local x <close> = at("until")
    n = n + 1
    if n == 2 then break end
  until n >
    5
  while true do
    local x <close> = at("while")
    do local y <close> = at("while in") break end
  end
  do
    ::top::
    local x <close> = at("back")
    n = n + 1
    if n < 5 then
      goto top
    end
  end
  for k in next, { 1 }, nil, at("for") do
    local y <close> = at("for in")
    break

  end
  for k in next, { 1 }, nil, at("for 2") do
    if k then
      goto
        continue
    end
    print(3)
    ::continue::

  end
  for k in next, { 1 }, nil, at("for 3") do
    for j in next, { 1 }, nil, at("for 4") do
      goto done
    end
  end
  ::
  done
  ::
  do
    local x <close> = at("end")
  end
  local z <close> = at("return")
  if n then
    return n,
      1
  end
end
print(f())
local function g()
  local function h() local v <close> = at("h") do return end end
  while true do
    local c <close> = at("c")
    local function u() return c end
    h()
    if u() then break end
  end
  local x <close> = at("g")
end
g()
-- jumps of conditions in several lines, forwards and backwards, and of those that are never true
do
  for i = 1, 3 do
    local x <close> = at("x")
    if false then goto continue end
    if i == 2 and nil then goto continue end
    if nil then break end
    if i == 1 or
      i == 2 then
      goto continue
    end
    if i == 3
      and i > 2 or i == 5
      or i == 6 then break end
    print("end")
    ::continue::
  end
  local n = 0
  ::again::
  do
    local y <close> = at("y")
    n = n + 1
    if n == 1 or
      n == 2 then goto again end
    if false then goto again end
  end
  while n < 5 do
    local z <close> = at("z")
    if n == 3 or
       n == 4
    then
      n = n + 1
      goto next
    end
    ::next::
    if not n then goto again end
  end
end
`

/** Prints the names of variables with `<const>` in error messages: those whose value is known to the compiler have none. */
export const CONSTANT_NAMES = String.raw`
local function try(f) print(select(2, pcall(f))) end
local s <const>, n <const>, b <const>, i <const>, fl <const> = "str", nil, true, 5, 1.5
local s1 <const> = "str"
local n1 <const> = nil
local b1 <const> = true
local i1 <const> = 5
local f1 <const> = 1.5
local big <const> = 1 << 40
local t1 <const> = {}
local m1 <const> = -5
local e1 <const> = 2 + 3
local u1 <const>
local c1 <const> = s1
local d1 <const> = "a" .. "b"
local nan <const> = 0/0
local neg0 <const> = -0.0
try(function() return s1 & 0 end) try(function() return s1 + {} end) try(function() return s1() end) try(function() return s1.y.z end) try(function() return -s1 end) try(function() return s1 .. {} end) try(function() return {} .. s1 end) try(function() return s1 < 1 end)
try(function() return n1 & 0 end) try(function() return n1 + {} end) try(function() return n1() end) try(function() return n1.y.z end) try(function() return -n1 end) try(function() return n1 .. {} end) try(function() return #n1 end) try(function() n1.x = 1 end) try(function() n1:m() end) try(function() return n1[1] end)
try(function() return b1 & 0 end) try(function() return b1 + 1 end) try(function() return b1() end) try(function() return b1.y.z end) try(function() b1.x = 1 end) try(function() b1:m() end)
try(function() return i1() end) try(function() return i1.y end) try(function() return #i1 end) try(function() return f1 & 1 end) try(function() return big.x end) try(function() return m1.x end) try(function() return e1.x end) try(function() return u1.x end) try(function() return c1.x.y end) try(function() return d1.x.y end)
try(function() return t1.x.y end) try(function() return t1() end) try(function() return s.x.y end) try(function() return n.x end) try(function() return b.x end) try(function() return i.x end) try(function() return fl.x end) try(function() return nan.x end) try(function() return neg0.x end)
do
  local s1 <const> = "str" local n1 <const> = nil local b1 <const> = true local i1 <const> = 5 local f1 <const> = 1.5 local u1 <const> local big <const> = 1 << 40
  local function e(f) end
  print(select(2, pcall(load [[local s1 <const> = "str" return s1 & 0]])))
  print(select(2, pcall(load [[local s1 <const> = "str" return s1.x.y]])))
  print(select(2, pcall(load [[local s1 <const> = "str" s1()]])))
  print(select(2, pcall(load [[local s1 <const> = "str" return {} .. s1]])))
  print(select(2, pcall(load [[local s1 <const> = "str" return 1 + s1]])))
  print(select(2, pcall(load [[local s1 <const> = "str" return s1 + {}]])))
  print(select(2, pcall(load [[local n1 <const> = nil return n1.x]])))
  print(select(2, pcall(load [[local n1 <const> = nil return n1 + 1]])))
  print(select(2, pcall(load [[local n1 <const> = nil n1.x = 1]])))
  print(select(2, pcall(load [[local n1 <const> = nil n1()]])))
  print(select(2, pcall(load [[local n1 <const> = nil return n1 .. "x"]])))
  print(select(2, pcall(load [[local n1 <const> = nil return #n1]])))
  print(select(2, pcall(load [[local b1 <const> = true return b1 + 1]])))
  print(select(2, pcall(load [[local b1 <const> = true return b1.x]])))
  print(select(2, pcall(load [[local i1 <const> = 5 return i1.x]])))
  print(select(2, pcall(load [[local i1 <const> = 5 i1()]])))
  print(select(2, pcall(load [[local f1 <const> = 1.5 return f1 & 1]])))
  print(select(2, pcall(load [[local f1 <const> = 1.5 return 1 | f1]])))
  print(select(2, pcall(load [[local f1 <const> = 1e100 return f1.x]])))
  print(select(2, pcall(load [[local u1 <const> return u1.x]])))
  print(select(2, pcall(load [[local k <const> = "key" local t = {} return t[k].x]])))
  print(select(2, pcall(load [[local k <const> = "key" local t = {} t[k].x = 1]])))
  print(select(2, pcall(load [[local k <const> = "key" local t = {} t[k]()]])))
  print(select(2, pcall(load [[local k <const> = "key" return X[k].y]])))
  print(select(2, pcall(load [[local k <const> = 5 local t = {} return t[k].x]])))
  print(select(2, pcall(load [[local k <const> = 500 local t = {} return t[k].x]])))
  print(select(2, pcall(load [[local k <const> = true local t = {} return t[k].x]])))
  print(select(2, pcall(load [[local k <const> = nil local t = {} t[k] = 1]])))
  print(select(2, pcall(load [[local k <const> = "m" local t = {} return t:k()]])))
  print(select(2, pcall(load [[local a <const>, b <const> = "x", "y" return b.x.y]])))
  print(select(2, pcall(load [[local a, b <const> = "x", "y" return b.x.y]])))
  print(select(2, pcall(load [[local b <const>, a = "x", "y" return b.x.y]])))
  print(select(2, pcall((load [[local k <const> = "key" return function() return k.x.y end]])())))
  print(select(2, pcall((load [[local k <const> = nil return function() return k.x.y end]])())))
  print(select(2, pcall((load [[local k <const> = nil return function() return function() return k.x.y end end]])()())))
  print(select(2, pcall((load [[local k <const> = {} return function() return k.x.y end]])())))
  print(select(2, pcall((load [[local k <const> = "q" local t = {} return function() return t[k].y end]])())))
end
`

/** Prints the variables that functions of debug list: constants of the compiler are not among them. */
export const CONSTANT_VARIABLES = String.raw`
local a <const>, b, c <const>, d <const> = {}, 2, 3, "s"
local n <const> = nil
local t <const> = {}
local function f(x)
  local l <const> = 5
  local m <const>, o = 1, l + 1
  local p <const> = "p"
  local i = 1
  while true do
    local name, value = debug.getlocal(1, i)
    if not name then break end
    print(i, name, type(value))
    i = i + 1
  end
  print(debug.setlocal(1, 2, "new"), m, o)
  return a, b, c, d, n, t, l, function() return l, m, o, p, d, t end
end
for i = 1, 7 do print(i, (debug.getupvalue(f, i))) end
print(debug.getinfo(f, "u").nups, debug.setupvalue(f, 3, 9), b)
local g = select(8, f(1))
for i = 1, 7 do print(i, (debug.getupvalue(g, i))) end
print(debug.getinfo(g, "u").nups, debug.upvalueid(f, 6) == nil, debug.getlocal(f, 1), debug.getlocal(f, 2))
print(pcall(debug.upvaluejoin, g, 1, f, 2)) print(type((select(2, g()))))
`
