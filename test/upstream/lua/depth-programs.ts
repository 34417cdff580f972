/**
 * A program that has every native function and every operator that may call Lua do so, at depths 0 to 420: of plain calls, of protected
 * calls, of coroutines and of metamethods. What is called returns, works and calls on, fails or yields.
 */
import { shapes } from './shapes.js'

/** Functions of the libraries that call no function; each of the others must be among the cases below. */
const CALL_NOTHING = `
assert error getmetatable next rawequal rawget rawlen rawset select setmetatable tonumber type collectgarbage warn loadfile
coroutine.create coroutine.isyieldable coroutine.running coroutine.status coroutine.yield
table.pack
string.byte string.char string.dump string.find string.gmatch string.len string.lower string.match string.pack string.packsize
string.rep string.reverse string.sub string.unpack string.upper
math.abs math.acos math.asin math.atan math.atan2 math.ceil math.cos math.cosh math.deg math.exp math.floor math.fmod math.frexp math.ldexp
math.log math.log10 math.modf math.pow math.rad math.random math.randomseed math.sin math.sinh math.sqrt math.tan math.tanh
math.tointeger math.type math.ult
utf8.char utf8.codepoint utf8.codes utf8.len utf8.offset`

const PRELUDE = String.raw`
local called = function() end
local depth = 0
local function deep(n) if n == 0 then return 0 end return 1 + deep(n - 1) end
local variants = {
  returns = function() end,
  works = function() local s = 0 for i = 1, 20 do s = s + i % 3 end return deep(25) + s end,
  fails = function() error("failed", 2) end,
  yields = function() if coroutine.isyieldable() then coroutine.yield("y") else coroutine.yield() end end,
}

local cases, order = {}, {}
local function case(name, f) cases[name] = f order[#order + 1] = name end

local function meta(t, methods)
  local made = {}
  for name, f in pairs(methods) do made[name] = function(...) called() return f(...) end end
  return setmetatable(t, made)
end
local function squares() return meta({}, { __index = function(_, i) if i <= 3 then return i * i end end, __len = function() return 3 end }) end
local function store()
  local to = {}
  return meta({}, { __index = function(_, i) return to[i] end, __newindex = function(_, i, v) to[i] = v end, __len = function() return #to end }), to
end
local V = {}
for _, name in ipairs { "__lt", "__le", "__eq" } do
  local compare = name == "__lt" and function(a, b) return a.v < b.v end or name == "__le" and function(a, b) return a.v <= b.v end or function(a, b) return a.v == b.v end
  V[name] = function(a, b) called() return compare(a, b) end
end
local function n(v) return setmetatable({ v = v }, V) end
local W = { __lt = V.__lt }
local function w(v) return setmetatable({ v = v }, W) end
local function joined(t) local s = {} for i = 1, #t do s[i] = tostring(t[i]) end return table.concat(s, " ") end

case("table.concat", function() return table.concat(squares(), "-") end)
case("table.unpack", function() return joined { table.unpack(squares()) } end)
case("table.insert", function() local t, to = store() table.insert(t, "a") table.insert(t, 1, "b") return joined(to) end)
case("table.remove", function() local t, to = store() to[1], to[2], to[3] = "a", "b", "c" return table.remove(t, 1) .. joined(to) end)
case("table.move", function() return joined(table.move(squares(), 1, 3, 2, { 0 })) end)
case("table.move to", function() local t, to = store() table.move({ 7, 8 }, 1, 2, 1, t) return joined(to) end)
case("table.sort", function() local t = { n(3), n(1), n(2) } table.sort(t) return t[1].v .. t[2].v .. t[3].v end)
case("table.sort by", function() local t = { 3, 1, 2 } table.sort(t, function(a, b) called() return a > b end) return joined(t) end)
case("table.sort of", function() local t, to = store() to[1], to[2], to[3] = 3, 1, 2 table.sort(t) return joined(to) end)
case("ipairs", function() local s = 0 for _, v in ipairs(squares()) do s = s + v end return s end)
case("pairs", function() local s = 0 for _, v in pairs(meta({}, { __pairs = function(t) return next, { 1, 2, 3 } end })) do s = s + v end return s end)
case("string.gsub by table", function() return (string.gsub("1-2", "%d", meta({}, { __index = function(_, k) return k .. k end }))) end)
case("string.gsub by function", function() return (string.gsub("1-2", "%d", function(k) called() return k + 1 end)) end)
case("string.format", function() return string.format("%s|%5.2s", meta({}, { __tostring = function() return "text" end }), "abc") end)
case("tostring", function() return tostring(meta({}, { __tostring = function() return "text" end })) end)
case("math.max", function() return math.max(n(1), n(9), n(3)).v end)
case("math.min", function() return math.min(n(4), n(2), n(3)).v end)
case("load", function()
  local parts = { "return ", "1 + ", "2" }
  local f, message = load(function() called() return table.remove(parts, 1) end)
  return f and f() or message
end)
case("pcall", function() local ok, v = pcall(function() called() return 5 end) return ok and v or error(v, 0) end)
case("xpcall", function() local ok, v = xpcall(function() called() return 5 end, function(m) return m .. "!" end) return ok and v or error(v, 0) end)
case("xpcall's handler", function() local _, v = xpcall(error, function(m) called() return m .. "!" end, "m") return v end)
case("coroutine.resume", function() local _, v = coroutine.resume(coroutine.create(function() called() return 5 end)) return v end)
case("coroutine.wrap", function() return coroutine.wrap(function() called() return 5 end)() end)
case("coroutine.close", function()
  local co = coroutine.create(function() local x <close> = meta({}, { __close = function() end }) coroutine.yield() end)
  coroutine.resume(co)
  return joined { coroutine.close(co) }
end)
case("dofile", function() return (select(2, pcall(dofile, "absent.lua"))) end)
case("require", function()
  package.preload.x = function() called() return 5 end
  package.loaded.x = nil
  return (require("x"))
end)
case("print", function() print(meta({}, { __tostring = function() return "text" end })) return "printed" end)

local operators = { add = "+", sub = "-", mul = "*", mod = "%", pow = "^", div = "/", idiv = "//", band = "&", bor = "|", bxor = "~", shl = "<<", shr = ">>", concat = ".." }
local names = {}
for name in pairs(operators) do names[#names + 1] = name end
table.sort(names)
for _, name in ipairs(names) do
  local f = load("local a, b = ... return a " .. operators[name] .. " b")
  local o = meta({}, { ["__" .. name] = function(a, b) return name end })
  case(operators[name], function() return f(o, 1) .. f(o, o) .. f(2, o) end)
  case(operators[name] .. " with a string", function() return f("10", o) end)
end
for name, sign in pairs { unm = "-", bnot = "~", len = "#" } do
  local f = load("local a = ... return " .. sign .. " a")
  local o = meta({}, { ["__" .. name] = function(a, b) return name end })
  operators[name] = function() return f(o) end
end
case("unm", operators.unm)
case("bnot", operators.bnot)
case("len", operators.len)
case("<", function() return n(1) < n(2) and not (n(2) < n(1)) and "yes" or "no" end)
case("<=", function() return n(1) <= n(1) and not (n(2) <= n(1)) and "yes" or "no" end)
case("<= by __lt", function() return w(1) <= w(1) and not (w(2) <= w(1)) and "yes" or "no" end)
case(">= by __lt", function() local r = w(1) >= w(2) return r and "yes" or "no" end)
case("==", function() return n(1) == n(1) and n(1) ~= n(2) and "yes" or "no" end)
case("index", function() return meta({}, { __index = function(_, k) return k .. 1 end }).x end)
case("self", function() return meta({}, { __index = function(_, k) return function() return k end end }):x() end)
case("global", function() local _ENV = meta({}, { __index = function(_, k) return k end }) return x end)
case("newindex", function() local t, to = store() t.x = 5 return to.x end)
case("call", function() return meta({}, { __call = function(_, a, b) return a + b end })(2, 3) end)
case("call through calls", function()
  local inner = meta({}, { __call = function(_, a, b) return tostring(a ~= nil) .. b end })
  return setmetatable({}, { __call = inner })(3)
end)
case("for", function()
  local s = 0
  for v in function(_, i) called() i = (i or 0) + 1 if i <= 3 then return i end end do s = s + v end
  return s
end)
case("for by a native", function()
  local s = 0
  for v in coroutine.wrap(function() for i = 1, 3 do called() coroutine.yield(i) end end) do s = s + (tonumber(v) or 0) end
  return s
end)
case("close", function()
  local s = ""
  do
    local a <close> = meta({}, { __close = function() s = s .. "a" end })
    local b <close> = meta({}, { __close = function() s = s .. "b" end })
  end
  return s
end)
case("close at an error", function()
  local s = ""
  local _, m = pcall(function()
    local a <close> = meta({}, { __close = function(_, e) s = s .. e end })
    error("e", 0)
  end)
  return s .. m
end)
case("close of a loop", function()
  local s = ""
  for i in next, { 1 }, nil, meta({}, { __close = function() s = s .. "c" end }) do s = s .. i end
  return s
end)
case("index by a native", function() return setmetatable({}, { __index = function(t, k) called() return rawget({ 5 }, k) end })[1] end)
case("tail call of a metamethod", function()
  local function last(_, k) called() return k .. "!" end
  return setmetatable({}, { __index = function(t, k) return last(t, k) end }).x
end)

${shapes('coroutine.yield')}

local function run(f, shape, d)
  local co = coroutine.create(shapes[shape])
  local yields = 0
  local ok, v = coroutine.resume(co, d, f)
  while ok and coroutine.status(co) == "suspended" and yields < 100 do
    yields = yields + 1
    ok, v = coroutine.resume(co)
  end
  return (ok and "" or "error: ") .. tostring(v) .. (yields > 0 and " after " .. yields .. " yields" or "")
end

function ALL()
  local missing = {}
  local known = {}
  for name in CALL_NOTHING:gmatch("%S+") do known[name] = true end
  for _, name in ipairs(order) do known[name:match("^%S+"):gsub("'s$", "")] = true end
  for library, t in pairs { [""] = _G, ["coroutine."] = coroutine, ["table."] = table, ["string."] = string, ["math."] = math, ["utf8."] = utf8 } do
    for name, f in pairs(t) do
      if type(f) == "function" and not known[library .. name] and not name:match("^%u") then missing[#missing + 1] = library .. name end
    end
  end
  table.sort(missing)
  return table.concat(missing, " ")
end

function SWEEP(variant, shape, depths)
  for _, name in ipairs(order) do
    called = variants[variant]
    local parts, last, from, to = {}, nil, nil, nil
    local function note() if last then parts[#parts + 1] = from .. "-" .. to .. ": " .. last end end
    for _, d in ipairs(depths) do
      local result = run(cases[name], shape, d)
      if result ~= last then note() last, from = result, d end
      to = d
    end
    note()
    core.yield()
    print(shape .. ", " .. variant .. ", " .. name .. ": " .. table.concat(parts, "; "))
  end
end

function RANGE(...)
  local depths = {}
  for i = 1, select("#", ...), 3 do
    local from, to, step = select(i, ...)
    for d = from, to, step do depths[#depths + 1] = d end
  end
  return depths
end
`

export const VARIANTS = ['returns', 'works', 'fails', 'yields'] as const
export const SHAPES = ['calls', 'protected', 'coroutines', 'metamethods'] as const

/** All depths of what can nest so deep; where C calls nest, up to where they overflow, or, as a yield changes that, to shortly before. */
const DEPTHS = {
  calls: { returns: '0, 420, 1', others: '0, 20, 5, 60, 200, 3, 340, 420, 7' },
  protected: { returns: '0, 200, 1', others: '0, 20, 5, 60, 110, 3, 170, 190, 3' },
  coroutines: { returns: '0, 200, 1', others: '0, 40, 3, 60, 110, 7, 170, 190, 3' },
  metamethods: { returns: '0, 200, 1', others: '0, 20, 5, 60, 110, 3, 170, 190, 3' },
}

const prelude = `local CALL_NOTHING = [[${CALL_NOTHING}]]\n${PRELUDE}`

export const sweepProgram = (shape: (typeof SHAPES)[number], variant: (typeof VARIANTS)[number]): string => {
  const depths = DEPTHS[shape][variant === 'returns' ? 'returns' : 'others']
  return `${prelude}\nSWEEP("${variant}", "${shape}", RANGE(${depths}))`
}

/** Prints the names of functions that no case calls and that are not known to call nothing. */
export const completenessProgram = `${prelude}\nprint(ALL())`
