/** The Lua that generated programs call: printing without addresses, objects with metamethods, calls at depths, limits. */
import { shapes } from '../shapes.js'

export const PRELUDE = String.raw`
local TOP, lines, fuel
-- shows neither addresses nor the sign of NaN, which JavaScript does not tell
local function text(v)
  if v ~= v then return "nan" end
  local kind = math.type(v) or type(v)
  if kind == "integer" or kind == "float" or kind == "boolean" or kind == "nil" then return tostring(v) end
  if kind ~= "string" then return kind end
  v = v:gsub("0x%x%x%x%x%x%x+", "ADDRESS"):gsub(" *%-?nan", "nan")
  if #v > 300 then v = v:sub(1, 300) .. "..." .. #v end
  return '"' .. v:gsub("[^ -~]", function(c) return ("\\%03d"):format(c:byte()) end) .. '"'
end
local function show(...)
  local parts = {}
  for i = 1, select("#", ...) do parts[i] = text((select(i, ...))) end
  lines[#lines + 1] = table.concat(parts, " ")
  if #lines > 400 then fuel = -1 end
end
-- bounds what a program does: every loop and every function calls it
local function tick()
  fuel = fuel - 1
  if fuel < 0 then error("out of fuel", 0) end
end
local function yield(...)
  if coroutine.running() == TOP then return ... end
  return coroutine.yield(...)
end
local function pause(...)
  if coroutine.isyieldable() and coroutine.running() ~= TOP then show("back with", coroutine.yield(...)) end
end
local function works(n)
  local s = 0
  for i = 1, n do s = s + i % 3 end
  return s
end
local function small(v) return (math.tointeger(tonumber(v) or 3) or 3) % 8 end
local function masked(s) return type(s) == "string" and s:gsub("0x%x%x%x%x%x%x+", "ADDRESS") or s end
local function brief(v) v = masked(tostring(v)) return #v > 40 and v:sub(1, 40) or v end

-- what library functions go through, which may be very long where a metamethod says so
local function sized(t)
  if type(t) == "table" and getmetatable(t) then
    local n = tonumber((#t))
    if n and n > 20 then error("too long", 0) end
  end
  return t
end

local results = {
  __lt = function(a, b) return rawequal(a, b) end, __le = function() return true end, __eq = function() return 1 end,
  __len = function(a) return rawlen(a) end, __tostring = function(a) return "object " .. a.id end,
  __index = function(a, k) if k == 1 or k == 2 then return k * 10 end return type(k) == "string" and k .. "!" or nil end,
  __newindex = function(a, k, v) rawset(a, k, v) end,
  __concat = function(a, b) return "cat" end,
  __pairs = function(a) return function(_, k) k = (k or 0) + 1 if k < 3 then return k, k * k end end, a, nil end,
  __call = function(a, ...) return a.id, ... end,
}
local actions = {
  plain = function() end,
  works = function() works(20) end,
  pauses = function(name) pause(name) end,
  fails = function(name) error("error of " .. name, 0) end,
  throws = function() error(setmetatable({ id = 7 }, { __tostring = function() return "thrown" end })) end,
  nests = function() show((("ab"):gsub(".", function(c) pause(c) return c .. c end))) end,
  sorts = function() local t = { 3, 1, 2 } table.sort(t, function(a, b) works(3) return a < b end) show(table.concat(t)) end,
  runs = function(name) local co = coroutine.wrap(function() coroutine.yield(name) works(5) return 2 end) show(co(), co()) end,
  protects = function(name) show(pcall(function() pause(name) error("inner", 0) end)) end,
  closes = function(name) local x <close> = setmetatable({}, { __close = function(_, e) pause("closing") show("closed", e) end }) pause(name) end,
}
-- an object whose metamethods do what the action says, of which every third call is shown
local function object(id, action, names)
  local mt = { __name = "Object" }
  for name in names:gmatch("%S+") do
    local result = results[name] or function(a, b) return type(a) == "number" and a or type(b) == "number" and b or 1 end
    mt[name] = function(...)
      tick()
      show(name, select("#", ...), ...)
      actions[action](name)
      return result(...)
    end
  end
  return setmetatable({ id = id, 5, 6, 7 }, mt)
end
local function closable(id, action)
  return setmetatable({ id = id }, { __close = function(...)
    show("close", id, select("#", ...), (select(2, ...)))
    actions[action]("close")
  end })
end

${shapes('pause')}
function shapes.tail(d, f) if d == 0 then return f() end return shapes.tail(d - 1, f) end
function shapes.natives(d, f)
  if d == 0 then return f() end
  local v
  string.gsub("x", "x", function() v = shapes.natives(d - 1, f) end)
  return v
end
local function at(d, shape, f) return shapes[shape](d, f) end

-- resumes a coroutine some times, and closes it
local function drive(co, times)
  for i = 1, times do
    if coroutine.status(co) == "dead" then break end
    tick()
    show("resumed", coroutine.resume(co, i))
  end
  show(coroutine.status(co), coroutine.close(co))
end
-- for what is loaded
for name, f in pairs { text = text, show = show, tick = tick, yield = yield, pause = pause, works = works, small = small, brief = brief, masked = masked, sized = sized, object = object } do _G[name] = f end
local initial = {}
for name, v in pairs(_G) do initial[name] = v end
-- removes the globals of the programs before: the second run of each begins like the first
local function restore()
  for name in pairs(_G) do _G[name] = initial[name] end
end
local function run(i, program)
  restore()
  TOP, lines, fuel = coroutine.running(), {}, 130
  show("ends", pcall(program, 1, 2.5, "three"))
  return "program " .. i .. "\n" .. table.concat(lines, "\n")
end
`
