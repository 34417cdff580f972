/** Programs of bench/lua.mjs that work for 0.1 to 0.2 s in lua5.4, as a script's body or a task with much to do would. */
import { DATA, MD5, NBODY } from './lua-programs.mjs'

const FANNKUCH = `
local function fannkuch(n)
  local p, q, s, sign, maxflips, sum = {}, {}, {}, 1, 0, 0
  for i = 1, n do p[i] = i; q[i] = i; s[i] = i end
  repeat
    local q0 = p[1]
    if q0 ~= 1 then
      for i = 2, n do q[i] = p[i] end
      local flips = 1
      while true do
        local qq = q[q0]
        if qq == 1 then
          sum = sum + sign * flips
          if flips > maxflips then maxflips = flips end
          break
        end
        q[q0] = q0
        if q0 >= 4 then
          local i, j = 2, q0 - 1
          repeat q[i], q[j] = q[j], q[i]; i = i + 1; j = j - 1 until i >= j
        end
        q0 = qq
        flips = flips + 1
      end
    end
    if sign == 1 then
      p[1], p[2] = p[2], p[1]
      sign = -1
    else
      p[2], p[3] = p[3], p[2]
      sign = 1
      for i = 3, n do
        local sx = s[i]
        if sx ~= 1 then s[i] = sx - 1 break end
        if i == n then return sum, maxflips end
        s[i] = i
        local t = p[1]
        for j = 1, i do p[j] = p[j + 1] end
        p[i + 1] = t
      end
    end
  until false
end
fannkuch(9)`

const JSON_LIBRARY = `
local escapes = { ['"'] = '\\\\"', ['\\\\'] = '\\\\\\\\', ['\\n'] = '\\\\n', ['\\t'] = '\\\\t' }
local function encode(value, out)
  local kind = type(value)
  if kind == "table" then
    if #value > 0 or next(value) == nil then
      out[#out + 1] = "["
      for i, each in ipairs(value) do
        if i > 1 then out[#out + 1] = "," end
        encode(each, out)
      end
      out[#out + 1] = "]"
    else
      out[#out + 1] = "{"
      local first = true
      for k, v in pairs(value) do
        if not first then out[#out + 1] = "," end
        first = false
        encode(k, out)
        out[#out + 1] = ":"
        encode(v, out)
      end
      out[#out + 1] = "}"
    end
  elseif kind == "string" then
    out[#out + 1] = '"' .. value:gsub('["\\\\%c]', escapes) .. '"'
  else
    out[#out + 1] = tostring(value)
  end
end
local decodeValue
local function skip(text, at) return text:find("[^ \\n\\t\\r]", at) or #text + 1 end
local function decodeString(text, at)
  local parts, from = {}, at + 1
  while true do
    local stop = text:find('["\\\\]', from)
    if not stop then error("unfinished string at " .. at) end
    parts[#parts + 1] = text:sub(from, stop - 1)
    if text:byte(stop) == 34 then return table.concat(parts), stop + 1 end
    local c = text:sub(stop + 1, stop + 1)
    parts[#parts + 1] = c == "n" and "\\n" or c == "t" and "\\t" or c
    from = stop + 2
  end
end
function decodeValue(text, at)
  at = skip(text, at)
  local c = text:sub(at, at)
  if c == "{" then
    local object = {}
    at = skip(text, at + 1)
    if text:sub(at, at) == "}" then return object, at + 1 end
    while true do
      local key, value
      key, at = decodeString(text, at)
      at = skip(text, at)
      value, at = decodeValue(text, at + 1)
      object[key] = value
      at = skip(text, at)
      if text:sub(at, at) == "}" then return object, at + 1 end
      at = skip(text, at + 1)
    end
  elseif c == "[" then
    local array = {}
    at = skip(text, at + 1)
    if text:sub(at, at) == "]" then return array, at + 1 end
    while true do
      array[#array + 1], at = decodeValue(text, at)
      at = skip(text, at)
      if text:sub(at, at) == "]" then return array, at + 1 end
      at = at + 1
    end
  elseif c == '"' then
    return decodeString(text, at)
  end
  local word = text:match("^[-+%w.]+", at)
  at = at + #word
  if word == "true" then return true, at elseif word == "false" then return false, at elseif word == "null" then return nil, at end
  return tonumber(word), at
end
local function document(n)
  local servers = {}
  for i = 1, n do
    servers[i] = { name = "srv" .. i, weight = i % 256, up = i % 3 ~= 0, load = i / 7, tags = { "a" .. i % 5, "say \\"b\\"" },
      check = { interval = 2000, path = "/health\\tz", codes = { 200, 204, 301 } } }
  end
  return { version = "1.0", servers = servers }
end
`

export const SCRIPTS = {
  'fannkuch(9)': FANNKUCH,
  'nbody, 80,000 steps': NBODY.replace('for i = 1, 8000 do', 'for i = 1, 80000 do'),
  'spectral norm of 280': `
local function A(i, j) local ij = i + j - 1 return 1.0 / (ij * (ij - 1) * 0.5 + i) end
local function times(x, y, n) for i = 1, n do local a = 0 for j = 1, n do a = a + x[j] * A(i, j) end y[i] = a end end
local function transposed(x, y, n) for i = 1, n do local a = 0 for j = 1, n do a = a + x[j] * A(j, i) end y[i] = a end end
local n, u, v, t = 280, {}, {}, {}
for i = 1, n do u[i] = 1 end
for i = 1, 10 do times(u, t, n) transposed(t, v, n) times(v, t, n) transposed(t, u, n) end
local uv, vv = 0, 0
for i = 1, n do uv = uv + u[i] * v[i] vv = vv + v[i] * v[i] end
assert(string.format("%.5f", math.sqrt(uv / vv)) == "1.27422")`,
  mandelbrot: `
local n, inside = 250, 0
for y = 0, n - 1 do
  local ci = 2.0 * y / n - 1.0
  for x = 0, n - 1 do
    local cr = 2.0 * x / n - 1.5
    local zr, zi, out = 0.0, 0.0, false
    for _ = 1, 200 do
      local a, b = zr * zr, zi * zi
      if a + b > 4.0 then out = true break end
      zr, zi = a - b + cr, 2.0 * zr * zi + ci
    end
    if not out then inside = inside + 1 end
  end
end`,
  'binary trees of 14': `
local function tree(d) if d == 0 then return {} end return { tree(d - 1), tree(d - 1) } end
local function count(t) if not t[1] then return 1 end return 1 + count(t[1]) + count(t[2]) end
local long, n = tree(14), 0
for depth = 4, 14, 2 do for i = 1, 2 ^ (14 - depth + 2) // 1 | 0 do n = n + count(tree(depth)) end end
n = n + count(long)`,
  'sieve of 3,000,000': `
local s, n = {}, 3000000
for i = 2, n do s[i] = true end
for i = 2, 1732 do if s[i] then for j = i * i, n, i do s[j] = false end end end
local count = 0
for i = 2, n do if s[i] then count = count + 1 end end
assert(count == 216816)`,
  'queens of 8': `
local n, count = 8, 0
local rows, up, down = {}, {}, {}
local function place(c)
  for r = 1, n do
    if not rows[r] and not up[r + c] and not down[r - c] then
      rows[r], up[r + c], down[r - c] = true, true, true
      if c == n then count = count + 1 else place(c + 1) end
      rows[r], up[r + c], down[r - c] = nil, nil, nil
    end
  end
end
for i = 1, 150 do place(1) end
assert(count == 13800)`,
  'JSON in Lua': `${JSON_LIBRARY}
local out = {}
encode(document(2000), out)
local text = table.concat(out)
local copy = decodeValue(text, 1)
assert(#copy.servers == 2000 and copy.servers[3].check.path == "/health\\tz")
for i = 1, 2 do decodeValue(text, 1) end`,
  'log lines': `
local lines = {}
for i = 1, 45000 do
  lines[i] = ('192.168.%d.%d - - [10/Oct/2025:13:%02d:%02d +0000] "GET /static/%d/page.html?id=%d HTTP/1.1" %d %d'):format(
    i % 7, i % 251, i // 60 % 60, i % 60, i % 13, i, i % 17 == 0 and 404 or 200, i * 37 % 5000)
end
local hits, bytes, status, total = {}, {}, {}, 0
for _, line in ipairs(lines) do
  local ip, path, query, code, size = line:match('^(%S+) %S+ %S+ %[[^]]*%] "%u+ ([^ ?]+)%??(%S*) HTTP/[%d.]+" (%d+) (%d+)$')
  local n = tonumber(size)
  hits[path] = (hits[path] or 0) + 1
  bytes[ip] = (bytes[ip] or 0) + n
  status[code] = (status[code] or 0) + 1
  total = total + n
  for key, value in query:gmatch("(%w+)=(%w+)") do if key == "id" then total = total + #value end end
end
local report = {}
for path, n in pairs(hits) do report[#report + 1] = ("%-20s %6d"):format(path, n) end
table.sort(report)`,
  templates: `
local template = ("Hello {{name}}, your order {{order}} of {{count}} items costs {{price}} EUR.\\n"):rep(20)
for i = 1, 2500 do
  local values = { name = "n" .. i, order = i, count = i % 9, price = ("%.2f"):format(i * 1.19) }
  local text = template:gsub("{{(%w+)}}", function(key) return tostring(values[key]) end)
  text = text:gsub("[&<>]", { ["&"] = "&amp;" }):upper():lower()
end`,
  'classes and closures': `
local Shape = {} Shape.__index = Shape
function Shape.new(x, y) return setmetatable({ x = x, y = y, listeners = {} }, Shape) end
function Shape:on(f) self.listeners[#self.listeners + 1] = f end
function Shape:move(dx, dy) self.x, self.y = self.x + dx, self.y + dy for i = 1, #self.listeners do self.listeners[i](self, dx, dy) end end
local Square = setmetatable({}, { __index = Shape }) Square.__index = Square
function Square.new(x, y, side) local s = Shape.new(x, y) s.side = side return setmetatable(s, Square) end
function Square:area() return self.side * self.side end
local all, moved, area = {}, 0, 0
for i = 1, 2000 do
  local s = Square.new(i, -i, i % 10)
  s:on(function(self, dx) moved = moved + dx end)
  s:on(function(self, _, dy) if self.y > 0 then moved = moved - dy end end)
  all[i] = s
end
for round = 1, 300 do for i = 1, #all do local s = all[i] s:move(round % 3, 1) area = area + s:area() end end`,
  'producers and consumers': `
local function producer(n) return coroutine.wrap(function() for i = 1, n do coroutine.yield({ id = i, text = "m" .. i }) end end) end
local function filter(source) return coroutine.wrap(function() for m in source do if m.id % 3 ~= 0 then coroutine.yield(m) end end end) end
local size = 0
for i = 1, 4 do for m in filter(producer(60000)) do size = size + #m.text end end`,
  'sorting records': `
local x, list = 42, {}
for i = 1, 45000 do x = (x * 16807) % 2147483647 list[i] = { key = x % 1000, name = "n" .. x % 5000, at = i } end
table.sort(list, function(a, b) if a.key ~= b.key then return a.key < b.key end return a.at < b.at end)
table.sort(list, function(a, b) return a.name < b.name or a.name == b.name and a.at < b.at end)`,
  'guarded calls': `
local log = {}
local function risky(i) if i % 3 == 0 then error({ code = i }) elseif i % 3 == 1 then error("failed at " .. i) end return i end
local good, bad = 0, 0
for i = 1, 400000 do
  local ok, problem = pcall(risky, i)
  if ok then good = good + problem elseif type(problem) == "table" then bad = bad + problem.code else log[i % 10] = problem end
end`,
  'MD5 of 1.2 MB': `${MD5.replace('rep(1500)', 'rep(200000)')}`,
  'data of 3 MB': `${DATA(3_000_000)} load(TEXT, "=data")()`,
}
