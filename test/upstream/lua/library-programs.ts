/** Programs about what functions of the libraries take: arguments that are missing or of other types, readers, dates, packed values. */

/** Calls with too few arguments, nil for some, and values of other types. */
export const ARGUMENTS = String.raw`
print(math.modf("10")) print(math.floor("10"), math.ceil("10"), math.abs("10"), math.abs("1.5"), math.floor("1e1"))
print(math.modf("1e1")) print(math.modf(3.7)) print(math.modf(-3.7)) print(math.modf(1/0)) print(math.modf(2^70)) print(math.modf(-0.0))
print(math.fmod("5", "3"), math.fmod(5, "3"), math.fmod(-5, 3), math.fmod(5, -3), math.fmod(-6, 2))
print(math.max("10", "9"), pcall(math.max, "10", 9))
print(math.sqrt("4"), math.ult("1", "2"), math.tointeger("3"), math.tointeger("3.0"), math.tointeger("x"), pcall(math.tointeger))
print(math.type("1"), pcall(math.type))
print(pcall(string.gsub, "x", "x", true, {}), pcall(string.gsub, "x", "x", true), pcall(string.gsub, "x", "x", "y", "1"), pcall(string.gsub, "x", "x", "y", 1.5))
print(pcall(string.gsub)) print(pcall(string.gsub, 1)) print(pcall(string.gsub, 1, 1))
print(pcall(table.concat, {1, 2}, nil, nil, nil)) print(pcall(table.concat, 1, {})) print(pcall(table.concat, {}, {}, {}, {}))
print(pcall(table.unpack)) print(pcall(table.unpack, 1)) print(pcall(table.unpack, "abc", 1, 2)) print(pcall(table.unpack, {}, {}, 1)) print(pcall(table.unpack, nil, 1, 0)) print(pcall(table.unpack, nil, 1, 1))
print(pcall(table.remove, {1,2}, nil)) print(pcall(table.insert, {1}, nil)) print(pcall(table.insert, {1})) print(pcall(table.insert, {1}, 1, 2, 3)) print(pcall(table.insert, {1}, 5, 2)) print(pcall(table.insert, {1}, "x", 2))
print(pcall(table.move)) print(pcall(table.move, {}, 1, 2)) print(pcall(table.move, 1, 1, 2, 3)) print(pcall(table.move, {}, 1, 2, 3, 4))
print(pcall(table.sort)) print(pcall(table.sort, {1,2}, 5)) print(pcall(table.sort, {1}, 5)) print(pcall(table.sort, {3, "x"}))  print(pcall(table.sort, {3, 2}, nil))
print(pcall(table.pack))
print(pcall(string.rep)) print(pcall(string.rep, "x")) print(pcall(string.rep, "x", 1, {})) print(pcall(string.rep, "x", -1, {})) print(pcall(string.rep, "x", 1 << 62)) print(pcall(string.rep, "", 0, "x"))
print(pcall(string.byte)) print(pcall(string.byte, "x", {})) print(pcall(string.byte, "abc", 2, nil)) print(pcall(string.byte, "abc", nil, 2)) print(pcall(string.char, 256)) print(pcall(string.char, "65")) print(pcall(string.char, 65.5))
print(pcall(string.sub)) print(pcall(string.sub, "x")) print(pcall(string.sub, "abc", nil)) print(pcall(string.sub, "abc", 2, nil)) print(pcall(string.sub, "abc", "2", "2"))
print(pcall(string.find)) print(pcall(string.find, "x")) print(pcall(string.find, "abc", "b", nil, true)) print(pcall(string.find, "abc", "b", {})) print(pcall(string.match, "abc", "b", 10)) print(pcall(string.gmatch, "x")) print(pcall(string.gmatch, "x", "x", {}))
print(pcall(string.format)) print(pcall(string.format, "%d")) print(pcall(string.format, "%d", nil)) print(pcall(string.format, "%d", "1.5")) print(pcall(string.format, "%d", "1.0")) print(pcall(string.format, "%s")) print(pcall(string.format, "%c", "x")) print(pcall(string.format, "%q")) print(pcall(string.format, "%i", 2^63)) print(pcall(string.format, "%x", -1)) print(pcall(string.format, "%5%"))
print(pcall(string.len)) print(pcall(string.upper, {})) print(pcall(string.reverse)) print(pcall(string.dump)) print(pcall(string.dump, print))
print(pcall(string.pack)) print(pcall(string.pack, "i")) print(pcall(string.pack, "ii", 1)) print(pcall(string.pack, "z")) print(pcall(string.pack, "d")) print(pcall(string.pack, "i", "x")) print(pcall(string.unpack)) print(pcall(string.unpack, "i")) print(pcall(string.unpack, "i", "")) print(pcall(string.packsize))
print(pcall(utf8.char, -1)) print(pcall(utf8.char, "x")) print(pcall(utf8.codepoint)) print(pcall(utf8.codepoint, "")) print(pcall(utf8.codepoint, "abc", 4)) print(pcall(utf8.len)) print(pcall(utf8.len, "abc", 5)) print(pcall(utf8.len, "abc", 1, 5)) print(pcall(utf8.offset)) print(pcall(utf8.offset, "abc")) print(pcall(utf8.offset, "abc", 1, 6)) print(pcall(utf8.codes)) print(pcall(utf8.codes, {}))
print(pcall(select)) print(pcall(select, 0)) print(pcall(select, -5, 1)) print(pcall(select, "x")) print(pcall(select, "#")) print(pcall(select, "#x", 1)) print(pcall(select, 1.5)) print(pcall(select, -1, 1, 2))
print(pcall(setmetatable)) print(pcall(setmetatable, {})) print(pcall(setmetatable, 1, {})) print(pcall(setmetatable, 1)) print(pcall(getmetatable)) print(pcall(rawget)) print(pcall(rawget, {})) print(pcall(rawset, {})) print(pcall(rawset, {}, 1)) print(pcall(rawset, {}, nil, 1)) print(pcall(rawset, {}, 0/0, 1)) print(pcall(rawlen)) print(pcall(rawlen, 1)) print(pcall(rawequal)) print(pcall(rawequal, 1))
print(pcall(tonumber)) print(pcall(tonumber, nil)) print(pcall(tonumber, 1, 10)) print(pcall(tonumber, "1", 1)) print(pcall(tonumber, {}, 10)) print(pcall(tonumber, "1", nil)) print(pcall(tonumber, "1", "x")) print(pcall(tonumber, "1", 2.5)) print(pcall(tostring)) print(pcall(type)) print(pcall(ipairs)) print(pcall(pairs)) print(pcall(pairs, nil)) print(pcall(next)) print(pcall(next, {}, 1)) print(pcall(next, 1))
print(pcall(assert)) print(pcall(assert, false)) print(pcall(assert, nil, nil)) print(pcall(assert, false, {} == 1)) print(pcall(error)) print(pcall(error, nil)) print(pcall(error, "x", "y")) print(pcall(error, "x", 1.5)) print(pcall(pcall)) print(pcall(xpcall)) print(pcall(xpcall, 1)) print(pcall(xpcall, 1, 2)) print(pcall(xpcall, print, nil)) print(pcall(load)) print(pcall(load, {})) print(pcall(load, "x", {})) print(pcall(load, "return 1", nil, {})) print(pcall(load, 5)) print(pcall(collectgarbage, "x")) print(pcall(collectgarbage, {}))
print(pcall(coroutine.create)) print(pcall(coroutine.wrap)) print(pcall(coroutine.wrap, 1)) print(pcall(coroutine.resume)) print(pcall(coroutine.resume, 1)) print(pcall(coroutine.status)) print(pcall(coroutine.status, {})) print(pcall(coroutine.close)) print(pcall(coroutine.close, 1)) print(pcall(coroutine.isyieldable, 1)) print(pcall(coroutine.isyieldable, nil)) print(pcall(coroutine.yield))
print(pcall(os.time, 1)) print(pcall(os.time, {})) print(pcall(os.time, {year = 2000, month = 1})) print(pcall(os.time, {year = 2000, month = 1, day = "x"})) print(pcall(os.time, {year = 2000, month = 1, day = 1.5})) print(pcall(os.date, 1)) print(pcall(os.date, "!%Y", "0")) print(pcall(os.date, "!%Y", {})) print(pcall(os.date, {})) print(pcall(os.difftime)) print(pcall(os.difftime, 1)) print(pcall(os.getenv)) print(pcall(os.setlocale, {})) print(pcall(os.setlocale, "C", "x")) print(pcall(os.tmpname, 1) ~= nil) print(pcall(os.rename)) print(pcall(os.remove))
print(pcall(debug.getinfo)) print(pcall(debug.getinfo, 1, {})) print(pcall(debug.getinfo, {})) print(pcall(debug.getinfo, 1, "X")) print(pcall(debug.getinfo, 1, ">S")) print(pcall(debug.traceback, {}) ) print(pcall(debug.traceback, nil)) print(pcall(debug.traceback, "x", {})) print(pcall(debug.getlocal)) print(pcall(debug.getlocal, 1)) print(pcall(debug.getlocal, 100, 1)) print(pcall(debug.getmetatable)) print(pcall(debug.setmetatable, 1)) print(pcall(debug.getupvalue, 1)) print(pcall(debug.getupvalue, print, 1)) print(pcall(debug.setupvalue, print, 1)) print(pcall(debug.upvalueid, 1)) print(pcall(debug.upvalueid, print)) print(pcall(debug.sethook, 1)) print(pcall(debug.getuservalue)) print(pcall(debug.setuservalue, 1, 2))
print(pcall(require)) print(pcall(require, {})) print(pcall(package.searchpath)) print(pcall(package.searchpath, "x")) print(pcall(package.searchpath, "x", "?;?")) print(pcall(dofile, {})) print(pcall(loadfile, {})) print(pcall(io.open)) print(pcall(io.open, "x", "y")) print(pcall(io.write, {})) print(pcall(io.read, "x")) print(pcall(io.lines, "absent")) print(pcall(io.type)) print(pcall(io.close, 1)) print(pcall(io.output, {}))
print(pcall(debug.setmetatable, 1)) print(pcall(debug.setmetatable)) print(pcall(debug.setmetatable, 1, nil)) print(pcall(debug.setmetatable, 1, 2))
print(pcall(string.dump, 1)) print(pcall(string.dump, {}, true))
print((debug.traceback("a\0b")))
print(pcall(next, { 4, 5, 6 }, 1.0), pcall(next, { [1.5] = 2 }, 1.5), pcall(next, { [2^53] = 2 }, 2^53))
`

/** Names of chunks and messages with zero bytes; tables of os.time that it cannot represent. */
export const ZERO_BYTES_AND_DATES = String.raw`
print(load("x = = 1", "=a\0b")) print(load("x = = 1", "@a\0b")) print(load("x = = 1", "a\0b")) print(load("x\0y")) print(load("return 1 \0")) print(load("return '\0'")())
print(debug.getinfo(load("return 1 --\0x"), "S").source) print(debug.getinfo(load("return 1", "=a\0b"), "S").source)
print(load("x = '\0")) print(load("goto a\0")) print(load("return \1")) print(load("return 'a\\\0b'")) print(load("return a\200b")) print(load("return ~\0"))
local t = {year = 1 << 31, month = 1, day = 1} print(pcall(os.time, t)) print(t.hour, t.min, t.sec, t.month)
t = {year = 1969, month = 12, day = 31, hour = 23, min = 59, sec = 59} print(pcall(os.time, t)) print(t.hour, t.min, t.sec, t.month, t.wday, t.yday)
t = {year = "2000", month = "13", day = " 1 "} print(pcall(os.time, t)) print(t.hour, t.min, t.sec, t.month, t.year, t.wday, t.yday)
`

/** How many parts load() reads of a text that comes in parts of different sizes, and which error it returns if a later part has one. */
export const READERS = String.raw`
local function parts(size, text, at_end, mode)
  local n, i = 0, 0
  local function read()
    n = n + 1
    if i >= #text then if type(at_end) == "function" then return at_end() end return at_end end
    local p = text:sub(i + 1, i + size)
    i = i + size
    return p
  end
  local f, m = load(read, "=parts", mode)
  local r = f and table.pack(pcall(f))
  print(size, n, m, r and r.n, r and (math.type(r[2]) or tostring(r[2])))
end
local texts = { "return 1", "return 12345 + abc", "local abc_def, b = 'hello\\n' .. \"x\", [[long\nstring]] return abc_def .. b", "x = = 1 y = 2 z = 3", "return 0x1F + 1.5e3 .. '' -- comment\n", "return '\\u{7FFFFFFF}'", "--[[ long comment ]] return ...", "return 'unfinished", "goto x", "for i = 1, 10 do local y = i end return 5 // 2 ~= 3, 1 <= 2, 1 << 2, ...", "return 1 }", "local x <const> = 1; return x", "return function() return \"abc\", 'def' end", "return 1..2", "return a.b.c:d 'e' { f = 1 }", "#!shebang\nreturn 1", "local function f(a, b) return a + b end return f(1, 2)", "return 'a\\z   \n  b'", "break", "::a:: ::a::", "return 1\r\n,2\n\r,3\r" }
for _, text in ipairs(texts) do
  for _, size in ipairs { 1, 2, 3, 7, 1000 } do
    parts(size, text)
    parts(size, text, function() error("reader failed", 0) end)
    parts(size, text, {})
    parts(size, text, false)
    parts(size, text, "", "b")
    parts(size, text, "", "t")
  end
end
`

/** NaN and other floats in packed values. */
export const PACKED_FLOATS = String.raw`
for _, f in ipairs { "d", "f", "<d", ">d", ">f", "n" } do
  for _, v in ipairs { 0/0, -(0/0), 1/0, -0.0, math.abs(0/0), 5 } do print(f, (string.pack(f, v):gsub(".", function(c) return ("%02x"):format(c:byte()) end)), string.unpack(f, string.pack(f, v))) end
end
print(string.unpack("d", "\0\0\0\0\0\0\xf8\x7f"), string.unpack("d", "\0\0\0\0\0\0\xf8\xff"), string.unpack("<f", "\0\0\xc0\x7f"), string.unpack(">f", "\xff\xc0\0\0"), string.unpack(">f", "\xff\x80\0\1"))
`

/** Labels that a function has twice: which of them is reported, in which line. */
export const REPEATED_LABELS = String.raw`
print(load("::a::\n::a::"))
print(load("::a::\nlocal x\n::a::"))
print(load("::a::\n;\n::a::\n"))
print(load("::a::\n;\n::b\n::a::"))
print(load("::a::\n::b::\n::a::\n\nx = 1"))
print(load("::a:: ::a:: = "))
print(load("::a:: x = 1\n ::a:: = "))
print(load("::a:: do ::a:: end"))
print(load("do ::a:: end ::a:: do ::a:: end"))
print(load("::a:: function f() ::a:: end"))
print(load("::a::\n::b::\n::b::\n::a::"))
print(load("goto a ::a:: ::a::"))
print(load("::a::\n;;;\n\n::b::\n\n\n::a::\nx=1"))
`

/** table.sort with orders that are inconsistent or fail, with metamethods, and with an order that looks at the table. */
export const SORTS = String.raw`
local seed = 1
local function rnd(n) seed = (seed * 1103515245 + 12345) % 2147483648 return (seed >> 8) % n end
local orders = {
  lt = function(a, b) return a < b end, gt = function(a, b) return a > b end, le = function(a, b) return a <= b end, yes = function() return true end,
  no = function() return false end, mod = function(a, b) return a % 3 < b % 3 end, random = function() return rnd(2) == 0 end,
}
local names = {} for n in pairs(orders) do names[#names + 1] = n end table.sort(names)
local function show(...) print(...) end
for _, n in ipairs(names) do
  for size = 2, 60, 3 do
    local t = {}
    for i = 1, size do t[i] = rnd(size) end
    local calls, fail = 0, rnd(4) == 0 and 5 + rnd(40)
    local snaps = {}
    print(n, size, fail, pcall(table.sort, t, function(a, b) calls = calls + 1 if calls == fail then error("enough", 0) end if calls % 10 == 0 then snaps[#snaps + 1] = table.concat(t, " ", 1, 5 < size and 5 or size) end return orders[n](a, b) end))
    print(calls, table.concat(t, " "), table.concat(snaps, ";"))
  end
end
for size = 0, 12 do
  local log, store = {}, {}
  for i = 1, size do store[i] = rnd(size) end
  local o = setmetatable({}, { __index = function(_, i) log[#log + 1] = "r" .. i return store[i] end, __newindex = function(_, i, v) log[#log + 1] = "w" .. i store[i] = v end, __len = function() return size end })
  print(pcall(table.sort, o)) print(table.concat(store, " "), table.concat(log, " "))
end
local function try(t, f) print(pcall(table.sort, t, f)) for i = 0, 6 do io.write(tostring(t[i]), " ") end print() end
try { 3, "x", 1 } try { 1, 2, "x", 3 } try { [0] = 9, 3, 2, 1, 5 } try { 3, 0/0, 1, 0/0, 2 } try { "b", "a", "c" } try { 3, 1.5, 2, -0.0, 1 << 62, 2^62 }
try({ [0] = 7, 5, 4, 3, 2, 1, 9 }, function() return true end)
try({ 5, 4, 3, 2, 1, 9 }, function() return true end)
try({ 5, nil, 3, 2 })
print(pcall(table.sort, setmetatable({}, { __len = function() return 1 << 31 end }))) print(pcall(table.sort, setmetatable({}, { __len = function() return 1 << 30 end }))) print(pcall(table.sort, setmetatable({}, { __len = function() return -5 end })))
local t = {} for i = 1, 500 do t[i] = (i * 7919) % 503 end table.sort(t) print(table.concat(t, " "))
local c = 0 for i = 1, 500 do t[i] = (i * 7919) % 503 end table.sort(t, function(a, b) c = c + 1 return a < b end) print(c)
local t = { 5, 3, 1, 4, 2 } print(pcall(table.sort, t, function(a, b) t[1] = 100 return a < b end), table.concat(t, " "))
local t = { 5, 3, 1, 4, 2 } print(pcall(table.sort, t, function(a, b) t[6] = 100 t[3] = nil return (a or 0) < (b or 0) end))
`

/** Texts that are too long, and tables that are moved onto themselves. */
export const LIMITS_AND_MOVES = String.raw`
for _, n in ipairs { 1 << 31, (1 << 31) - 1, 1 << 40, math.maxinteger, 1 << 62 } do for _, s in ipairs { "x", "ab" } do if n * #s > (1 << 31) - 1 or n > 1 << 31 then print(n, pcall(string.rep, s, n)) print(n, pcall(string.rep, s, n, ",")) end end end
print(pcall(string.rep, "x", (1 << 30), ",,"))
print(pcall(string.rep, "ab", (1 << 30), ""))
local log = {}
local function o(n) return setmetatable({ 1, 2, 3 }, { __eq = function(a, b) log[#log + 1] = "eq" return n end }) end
for _, c in ipairs { { 1, 3, 2 }, { 1, 3, 1 }, { 1, 3, 4 }, { 2, 3, 1 }, { 3, 1, 1 } } do
  for _, n in ipairs { true, false } do
    local a, b = o(n), o(n)
    print(table.concat(c, " "), n, pcall(function() table.move(a, c[1], c[2], c[3], b) return table.concat(b, ",") end)) print(table.concat(log, " ")) log = {}
    print(pcall(function() table.move(a, c[1], c[2], c[3], a) return table.concat(a, ",") end)) print(table.concat(log, " ")) log = {}
    print(pcall(function() table.move(a, c[1], c[2], c[3]) return table.concat(a, ",") end)) print(table.concat(log, " ")) log = {}
  end
end
`

/** Functions of the library table with lengths and positions that are negative or very large. */
export const LENGTHS = String.raw`
for _, n in ipairs { -1, -2, 0, 1, -(1 << 31), math.mininteger, math.maxinteger, math.maxinteger - 1, 1 << 53, -(1 << 53) } do
  for _, p in ipairs { 0, 1, -1, 2, -2, 3, n, n + 1, n - 1, math.mininteger, math.maxinteger } do
    local function o() local c = 0 local function f() c = c + 1 if c > 20 then error("many", 0) end end return setmetatable({}, { __len = function() return n end, __index = function(_, k) f() return "v" .. k end, __newindex = function(t, k, v) f() rawset(t, k, v) end }) end
    local a, b = o(), o()
    print(n, p, pcall(table.remove, a, p)) print(rawget(a, 1), rawget(a, n))
    print(n, p, pcall(table.insert, b, p, "x")) print(rawget(b, 1), rawget(b, n))
    print(n, p, pcall(table.unpack, o(), p, n)) print(pcall(table.concat, o(), ",", p, n))
  end
  local c = setmetatable({}, { __len = function() return n end }) print(pcall(table.remove, c)) print(pcall(table.insert, c, "y")) print(rawget(c, n + 1))
end
`

/** Arguments with zero bytes: which functions read them as C strings, which end there. */
export const C_STRINGS = String.raw`
local function try(f, ...)
  local r = table.pack(pcall(f, ...))
  for i = 1, r.n do r[i] = tostring(r[i]):gsub("\0", "<0>") end
  print(table.concat(r, " "))
end
for _, mode in ipairs { "r\0zz", "rb\0", "rbbb", "r+bb", "\0", "", "rb+", "b" } do try(io.open, "absent", mode) end
try(io.open, "absent\0x") try(io.open, "x.lua/") try(io.open, "x.lua/absent") try(io.lines, "x.lua/a/b") try(loadfile, "x.lua/a") try(io.popen, "x", "q\0") try(io.lines, "absent\0x") try(io.input, "absent\0x")
try(os.setlocale, "C\0x") try(os.setlocale, "C", "all\0x") try(os.setlocale, "C", "\0") try(os.getenv, "ABSENT\0x")
try(collectgarbage, "isrunning\0x") try(collectgarbage, "\0") try(collectgarbage, "x\0y")
for _, mode in ipairs { "t\0b", "\0t", "zt", "", "b\0t" } do try(function() return load("return 1", "=x", mode) and 1 end) try(load, "return 1", "=x", mode == "" and "b" or mode:gsub("t", "b")) end
try(dofile, "absent\0x") try(loadfile, "absent\0x") try(require, "absent\0x")
try(package.searchpath, "a;b.c", "?.x;y/?") try(package.searchpath, "a\0b", "?.x\0;y") try(package.searchpath, "a.b\0b", "?.x;y", ".\0q", "/")
try(function() return debug.getinfo(1, "S\0X").what end) try(debug.getinfo, 1, "\0X") try(debug.getinfo, 1, "X\0")
debug.sethook(print, "\0l") print(debug.gethook()) debug.sethook()
try(function() local f <close> = io.open("x.lua") return f:seek("set\0x"), f:setvbuf("no\0x"), f:read("n\0"), f:read("lx\0") end)
for _, format in ipairs { "\0", "", "*", "*\0l" } do try(function() local f <close> = io.open("x.lua") return f:read(format) end) end
try(os.date, "!%Y\0%m", 0) try(os.date, "!*tx", 0) try(os.date, "!%E\0", 0) try(os.date, "!%\0", 0) try(os.date, "!%Q\0", 0)
try(function() return os.date("!*t\0x", 0).year end)
try(string.pack, "i\0i", 1) try(string.packsize, "i\0q") try(string.unpack, "b\0q", "a") try(string.pack, "c5", "a\0b") try(string.pack, "z", "a\0b")
local named = setmetatable({}, { __name = "a\0b" })
try(string.rep, named) try(function() return (tostring(named):gsub("0x%x+", "ADDRESS")) end) try(function() return #named + named end) try(function() return named < named end) try(function() return named < 1 end)
try(core.http_date, "Sun, 06 Nov 1994 08:49:37 GMT\0") try(core.http_date, "Sun, 06 Nov\0 1994 08:49:37 GMT") try(core.asctime_date, "Sun Nov  6 08:49:37 1994\0x")
try(function() return core.match_addr(core.parse_addr("1.2.3.4\0x"), core.parse_addr("1.2.3.4")) end) try(core.parse_addr, "1.2.\0003.4")
try(function() local c = core.concat() c:add("a\0b") c:add("c") return c:dump() end) try(function() return table.concat(core.tokenize("a,b\0c", ",\0x"), "|") end)
try(function() local ok, r = Regex.new("a\0b", true) return ok, r:exec("a"), r:exec("xa\0"), (r:match("\0a\0")) end)
try(core.get_var, "proc.x\0y") try(core.get_var, "\0") try(Map.new, "absent\0x", Map._str)
`

/** Patterns whose items are matched by functions that call themselves: how many of them are too complex. */
export const PATTERN_DEPTHS = String.raw`
for _, item in ipairs { "a?", "a*", "a-", "b?", "b*", "b-", "b+", "()", "(a)", "(a?)", "a", ".", "[ab]?", "%a-", "%f[a]", "%b()", "(" } do
  for _, n in ipairs { 1, 2, 31, 32, 33, 99, 100, 198, 199, 200, 201, 250 } do
    local pattern = item:rep(n)
    -- what follows many optional items would take long to be found not to match
    local tails = item:find("[?*+-]", 2) and { "" } or { "", "b", "$", "(b)" }
    for _, tail in ipairs(tails) do
      for _, text in ipairs { "", "a", "xDx", ("a"):rep(n), ("a"):rep(n) .. "b" } do
        print(item, n, tail, #text, pcall(string.find, text, pattern .. tail))
        print(pcall(string.gsub, text, pattern .. tail, "<"))
      end
    end
  end
end
`

/** Fields that are found and set through as many objects as Lua follows, and through one more. */
export const CHAINS = String.raw`
for _, n in ipairs { 1, 1997, 1998, 1999, 2000, 2001 } do
  for _, last in ipairs { { x = 1 }, "text", setmetatable({}, { __index = { x = 2 }, __newindex = {} }), setmetatable({}, { __index = function(_, k) return k .. "!" end, __newindex = function(t, k, v) rawset(t, k, v) end }), 5 } do
    local o, p = last, last
    for i = 1, n do o, p = setmetatable({}, { __index = o }), setmetatable({}, { __newindex = p }) end
    print(n, type(last), pcall(function() return o.x end)) print(pcall(function() return o[1] end)) print(pcall(function() return o.len == string.len end)) print(pcall(function() return o:len() end))
    print(pcall(function() p.x = 3 return type(last) == "table" and rawget(last, "x") end)) print(pcall(function() p[1] = 4 return rawget(p, 1) end)) print(pcall(rawget, o, "x"))
  end
end
local loop = {} setmetatable(loop, { __index = loop, __newindex = loop })
print(pcall(function() return loop.x end)) print(pcall(function() loop.x = 1 end)) loop = setmetatable({ x = 1 }, getmetatable(loop)) print(loop.x, pcall(function() loop.x = 2 return loop.x end))
`

/** How many results functions give to `select`, `return`, a table and a call, where they are called with one to three arguments. */
export const RESULT_COUNTS = String.raw`
local calls = {
  "table.insert(t, 1)", "table.insert(t, 1, 1)", "table.remove(t)", "table.remove({})", "table.sort(t)", "table.unpack(t)", "table.concat(t)", "table.move(t, 1, 1, 2)",
  "rawset(t, 1, 2)", "rawget(t, 9)", "rawlen(t)", "rawequal(t, 1)", "setmetatable({}, nil)", "getmetatable(t)", "next({})", "next(t)", "type(nil)", "tostring(nil)", "tonumber('x')", "tonumber(1)", "assert(1)", "assert(1, 2)", "assert(1, 2, 3)", "select('#')", "select(1)", "select(2, 1)",
  "string.byte('')", "string.byte('a')", "string.byte('a', 2)", "string.byte('abc', 1, 3)", "string.char()", "string.char(65)", "string.sub('a', 2)", "string.sub('a', 1, 1)", "string.find('a', 'b')", "string.find('a', 'a')", "string.find('a', '(a)')", "string.match('a', 'b')", "string.match('a', 'a')", "string.match('ab', '(a)(b)')", "string.gsub('a', 'a', 'b')", "string.len('a')", "string.upper('a')", "string.lower('a')", "string.rep('a', 2)", "string.reverse('a')", "string.format('a')",
  "('').byte('')", "(''):byte()", "('a'):byte()", "('a'):sub(1)", "('a'):len()", "math.floor(1)", "math.floor(1.5)", "math.abs(1)", "math.max(1, 2)", "math.min(1, 2)", "math.sqrt(4)", "math.type(1)", "math.type('x')", "math.tointeger(1.5)", "math.randomseed(1) and nil", "math.ult(1, 2)", "math.modf(1.5)", "math.fmod(1, 2)",
  "print()", "collectgarbage('count')", "collectgarbage('step')", "coroutine.running()", "coroutine.isyieldable()", "coroutine.status(coroutine.running())", "pcall(type)", "pcall(type, 1)", "pcall(table.insert, t, 1)", "pcall(function() return table.insert(t, 1) end)", "xpcall(table.insert, print, t, 1)", "coroutine.wrap(table.insert)(t, 1)", "debug.sethook()", "debug.gethook()", "os.time()", "os.clock() and nil", "utf8.len('a')", "utf8.char(65)", "utf8.codepoint('')", "utf8.offset('a', 1)",
}
for _, text in ipairs(calls) do
  local env = setmetatable({ t = { 3, 2, 1 } }, { __index = _G })
  local function run(form) return load(form:gsub("CALL", function() return text end), "=x", "t", env)() end
  print(text, run("return select('#', CALL)"), select("#", run("return CALL")), run("local r = { CALL } return #r"), select("#", run("return 0, CALL")), select("#", run("local a = CALL return a")), select("#", run("return (CALL)")))
end
`
