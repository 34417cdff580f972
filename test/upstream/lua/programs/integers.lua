-- Integer arguments: the C library truncates levels, indexes and counts to an int of 32 bits, and takes positions as they are.
local INTEGERS = {
  0, 1, 2, 3, -1, 0x7fffffff, 0x80000000, -0x80000000, 0x100000000, 0x100000001, 0x100000002, 0x200000003, -0x100000000, -0xffffffff,
  math.mininteger, math.mininteger | 1, math.mininteger | 2, math.maxinteger, "1", "4294967297", 1.0, 4294967297.0, 2^53, 1.5,
}
local function text(value)
  if type(value) ~= "table" then return tostring(value) end
  local fields = {}
  for k, v in pairs(value) do if type(v) ~= "function" then fields[#fields + 1] = tostring(k) .. "=" .. tostring(v) end end
  table.sort(fields)
  return "{" .. table.concat(fields, ",") .. "}"
end
local function try(name, f)
  for _, n in ipairs(INTEGERS) do
    local results = table.pack(pcall(f, n))
    for i = 1, results.n do results[i] = text(results[i]) end
    print(name, n, table.concat(results, " "))
  end
end
local function variables(a, b) local c = 7 local x, y, z = 1, 2, 3 return a, b, c, x, y, z end
local first, second = 10, 20
local function upvalues() return first, second end
local function suspended()
  local co = coroutine.create(function(x, y) coroutine.yield() end)
  coroutine.resume(co, 7, 8)
  return co
end

-- an int
try("getinfo", function(n) return debug.getinfo(n, "nSl") end)
try("getinfo of a coroutine", function(n) return debug.getinfo(suspended(), n, "Sl") end)
try("getlocal, variable", function(n) local a, b, c = 4, 5, 6 return debug.getlocal(1, n) end)
try("getlocal, level", function(n) return debug.getlocal(suspended(), n, 1) end)
try("getlocal of a function", function(n) return debug.getlocal(variables, n) end)
try("setlocal, variable", function(n) local a, b, c = 4, 5, 6 local name = debug.setlocal(1, n, 9) return name, a, b, c end)
try("setlocal, level", function(n) return (debug.setlocal(suspended(), n, 1, 2)) end)
try("getupvalue", function(n) return debug.getupvalue(upvalues, n) end)
try("setupvalue", function(n) return debug.setupvalue(upvalues, n, 5), first, second end)
try("upvalueid", function(n) return debug.upvalueid(upvalues, n) ~= nil end)
try("upvaluejoin, first", function(n) return debug.upvaluejoin(upvalues, n, upvalues, 1) end)
try("upvaluejoin, second", function(n) return debug.upvaluejoin(upvalues, 1, upvalues, n) end)
try("getuservalue", function(n) return debug.getuservalue(io.stdout, n) end)
try("setuservalue", function(n) return debug.setuservalue(io.stdout, 1, n) end)
try("traceback", function(n) return debug.traceback("m", n) end)
try("traceback of a coroutine", function(n) return debug.traceback(suspended(), "m", n) end)
try("sethook", function(n) debug.sethook(function() end, "", n) local _, mask, count = debug.gethook() debug.sethook() return mask, count end)
try("setcstacklimit", function(n) return debug.setcstacklimit(n) end)
try("error", function(n) error("e", n) end)
try("setpause", function(n) return collectgarbage("setpause", n), (collectgarbage("setpause", 200)) end)
try("setstepmul", function(n) return collectgarbage("setstepmul", n), (collectgarbage("setstepmul", 100)) end)
try("incremental", function(n) collectgarbage("incremental", n) return collectgarbage("setpause", 200) end)
try("format %c", function(n) return string.format("%c", n):byte() end)
try("ldexp", function(n) return math.ldexp(1, n) end)
try("date", function(n) return os.time{ year = 2000, month = 1, day = n } end)

-- as they are
try("select", function(n) return select(n, "a", "b", "c") end)
try("tonumber", function(n) return tonumber("10", n) end)
try("rep", function(n) return string.rep("ab", n > 3 and math.maxinteger or n) end)
try("byte", function(n) return string.byte("abc", n) end)
try("sub", function(n) return string.sub("abc", n), string.sub("abc", 1, n) end)
try("char", function(n) return string.char(n):byte() end)
try("format %d", function(n) return string.format("%d %x %5.3d", n, n, n) end)
try("find", function(n) return string.find("abcabc", "b", n) end)
try("gsub", function(n) return string.gsub("abcabc", "b", "x", n) end)
try("unpack", function(n) return string.unpack("b", "abc", n) end)
try("pack", function(n) return #string.pack("i4", n) end)
try("utf8.char", function(n) return #utf8.char(n) end)
try("utf8.codepoint", function(n) return utf8.codepoint("abc", n) end)
try("utf8.len", function(n) return utf8.len("abc", n) end)
try("utf8.offset", function(n) return utf8.offset("abc", n) end)
try("concat", function(n) return table.concat({ "a", "b" }, ",", n) end)
try("table.unpack", function(n) return table.unpack({ "a", "b" }, n, n) end)
try("table.unpack, end", function(n) return table.unpack({ "a", "b" }, 1, n) end)
try("table.insert", function(n) return table.insert({ 1, 2 }, n, 0) end)
try("table.sort", function(n) return table.sort(setmetatable({}, { __len = function() return n end }), function() error("x", 0) end) end)
try("length", function(n) return #setmetatable({}, { __len = function() return n end }) end)
try("ult", function(n) return math.ult(n, 5) end)
