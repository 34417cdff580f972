/** The programs of bench/lua.mjs: chunks that can be run repeatedly. */

export const MD5 = `
local K, S = {}, { 7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21 }
for i = 1, 64 do K[i] = math.floor(math.abs(math.sin(i)) * 4294967296) & 0xffffffff end
local function md5(text)
  local bits = #text * 8
  text = text .. "\\128" .. ("\\0"):rep((55 - #text) % 64) .. string.pack("<I8", bits)
  local a0, b0, c0, d0 = 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476
  for at = 1, #text, 64 do
    local m = { string.unpack("<I4I4I4I4I4I4I4I4I4I4I4I4I4I4I4I4", text, at) }
    local a, b, c, d = a0, b0, c0, d0
    for i = 0, 63 do
      local f, g
      if i < 16 then f, g = (b & c) | (~b & d), i
      elseif i < 32 then f, g = (d & b) | (~d & c), (5 * i + 1) % 16
      elseif i < 48 then f, g = b ~ c ~ d, (3 * i + 5) % 16
      else f, g = c ~ (b | (~d & 0xffffffff)), (7 * i) % 16 end
      f = (f + a + K[i + 1] + m[g + 1]) & 0xffffffff
      a, d, c = d, c, b
      local s = S[(i // 16) * 4 + i % 4 + 1]
      b = (b + ((f << s) | (f >> (32 - s)))) & 0xffffffff
    end
    a0, b0, c0, d0 = (a0 + a) & 0xffffffff, (b0 + b) & 0xffffffff, (c0 + c) & 0xffffffff, (d0 + d) & 0xffffffff
  end
  return string.format("%08x%08x%08x%08x", a0, b0, c0, d0)
end
local s = md5(("hello "):rep(1500)) `

export const NBODY = `
local function body(x, y, z, vx, vy, vz, mass) return { x = x, y = y, z = z, vx = vx, vy = vy, vz = vz, mass = mass } end
local bodies = { body(0, 0, 0, 0, 0, 0, 39.47), body(4.84, -1.16, -0.10, 0.6, 2.8, -0.02, 0.037),
  body(8.34, 4.12, -0.4, -1.01, 1.82, 0.008, 0.011), body(12.89, -15.11, -0.22, 1.08, 0.86, -0.01, 0.0017),
  body(15.37, -25.9, 0.17, 0.97, 0.59, -0.03, 0.002) }
local function advance(bodies, nbody, dt)
  for i = 1, nbody do
    local bi = bodies[i]
    local bix, biy, biz, bimass = bi.x, bi.y, bi.z, bi.mass
    local bivx, bivy, bivz = bi.vx, bi.vy, bi.vz
    for j = i + 1, nbody do
      local bj = bodies[j]
      local dx, dy, dz = bix - bj.x, biy - bj.y, biz - bj.z
      local dist2 = dx * dx + dy * dy + dz * dz
      local mag = math.sqrt(dist2)
      mag = dt / (mag * dist2)
      local bm = bj.mass * mag
      bivx = bivx - (dx * bm)
      bivy = bivy - (dy * bm)
      bivz = bivz - (dz * bm)
      bm = bimass * mag
      bj.vx = bj.vx + (dx * bm)
      bj.vy = bj.vy + (dy * bm)
      bj.vz = bj.vz + (dz * bm)
    end
    bi.vx = bivx
    bi.vy = bivy
    bi.vz = bivz
    bi.x = bix + dt * bivx
    bi.y = biy + dt * bivy
    bi.z = biz + dt * bivz
  end
end
for i = 1, 8000 do advance(bodies, 5, 0.01) end`

/** A data file in Lua syntax of at least \`bytes\` bytes. */
export const DATA = (bytes) => `
local t = { "return {" }
local size, i = 9, 0
while size < ${bytes} do
  i = i + 1
  t[#t + 1] = ('  { id = %d, name = "item %d", price = %.2f, tags = { "a%d", "b%d" }, active = %s, ["key %d"] = nil },'):format(
    i, i, i * 1.25, i % 7, i % 11, tostring(i % 2 == 0), i)
  size = size + #t[#t] + 1
end
t[#t + 1] = "}"
TEXT = TEXT or table.concat(t, "\\n")
`

export const PROGRAMS = {
  recursion: 'local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end fib(22)',
  loops: 'local s = 0 for i = 1, 300000 do s = s + i % 7 end',
  floats: 'local s = 0.0 for i = 1, 200000 do s = s + i * 0.5 end',
  'string building': 'local t = {} for i = 1, 20000 do t[#t + 1] = "x" .. i end local s = table.concat(t)',
  'string.format': 'for i = 1, 10000 do local s = string.format("%d %s %5.2f %x", i, "abc", i / 3, i) end',
  gmatch: 'local s = ("hello world "):rep(2000) local n = 0 for w in s:gmatch("%a+") do n = n + 1 end',
  gsub: 'local s = ("hello world "):rep(1000) for i = 1, 3 do s:gsub("%a+", string.upper) end',
  'table.insert': 'local t = {} for i = 1, 50000 do table.insert(t, i) end',
  'table.sort':
    'local t, x = {}, 42 for i = 1, 5000 do x = (x * 16807) % 30011 t[i] = x end table.sort(t) table.sort(t, function(a, b) return a > b end)',
  'coroutine switches':
    'local c = coroutine.wrap(function() for i = 1, 20000 do coroutine.yield(i) end end) for i = 1, 20000 do c() end',
  'method calls':
    'local C = {} C.__index = C function C:add(n) self.x = self.x + n end local o = setmetatable({ x = 0 }, C) for i = 1, 100000 do o:add(i) end',
  objects: 'for i = 1, 30000 do local o = { x = i, y = 2 } local s = o.x + o.y end',
  pairs: 'local t = {} for i = 1, 1000 do t["k" .. i] = i end for j = 1, 20 do for k, v in pairs(t) do end end',
  pcall: 'for i = 1, 20000 do pcall(function() end) end',
  'pcall(error, "x")': 'for i = 1, 20000 do pcall(error, "x") end',
  'pcall of a function that errs': 'for i = 1, 20000 do pcall(function() error("x") end) end',
  nbody: NBODY,
  'sieve from 2':
    'local s, n = {}, 200000 for i = 2, n do s[i] = true end for i = 2, 447 do if s[i] then for j = i * i, n, i do s[j] = false end end end',
  'sieve from 0':
    'local s, n = {}, 200000 for i = 0, n do s[i] = true end for i = 2, 447 do if s[i] then for j = i * i, n, i do s[j] = false end end end',
  'array from 0': 'local t = {} for i = 0, 100000 do t[i] = i end local s = 0 for i = 0, 100000 do s = s + t[i] end',
  'array filled backwards':
    'local t = {} for i = 100000, 1, -1 do t[i] = i end local s = 0 for i = 1, 100000 do s = s + t[i] end',
  'array with holes':
    'local t = {} for i = 1, 100000 do if i % 10 ~= 0 then t[i] = i end end local s = 0 for i = 1, 100000 do s = s + (t[i] or 0) end',
  queue:
    'local q, first, last = {}, 1, 0 for i = 1, 100000 do last = last + 1 q[last] = i if i % 3 ~= 0 then q[first] = nil first = first + 1 end end',
  'sparse integers':
    'local t = {} for i = 1, 20000 do t[i * 7919] = i end local s = 0 for k, v in pairs(t) do s = s + v end',
  matrix:
    'local n, a, b, c = 60, {}, {}, {} for i = 1, n do a[i], b[i], c[i] = {}, {}, {} for j = 1, n do a[i][j], b[i][j] = i + j, i - j end end for i = 1, n do for j = 1, n do local s = 0 for k = 1, n do s = s + a[i][k] * b[k][j] end c[i][j] = s end end',
  xorshift32:
    'local x = 2463534242 for i = 1, 100000 do x = x ~ (x << 13) & 0xffffffff x = x ~ (x >> 17) x = x ~ (x << 5) & 0xffffffff end',
  crc32:
    'local T = {} for i = 0, 255 do local c = i for _ = 1, 8 do c = c & 1 == 1 and 0xedb88320 ~ (c >> 1) or c >> 1 end T[i] = c end local s = ("hello "):rep(10000) local c = 0xffffffff for i = 1, #s do c = T[(c ~ s:byte(i)) & 255] ~ (c >> 8) end c = c ~ 0xffffffff',
  md5: MD5,
  'FNV-1a 64':
    'local s, h = ("hello "):rep(10000), 0xcbf29ce484222325 for i = 1, #s do h = (h ~ s:byte(i)) * 0x100000001b3 end',
  splitmix64:
    'local x, s = 42, 0 for i = 1, 50000 do x = x + 0x9e3779b97f4a7c15 local z = x z = (z ~ (z >> 30)) * 0xbf58476d1ce4e5b9 z = (z ~ (z >> 27)) * 0x94d049bb133111eb s = s ~ z ~ (z >> 31) end',
  xorshift64:
    'local x = 88172645463325252 for i = 1, 50000 do x = x ~ (x << 13) x = x ~ (x >> 7) x = x ~ (x << 17) end',
  'load of small chunks': 'local s = 0 for i = 1, 3000 do s = s + load("return " .. i .. " + 1")() end',
  'load of small functions':
    'for i = 1, 1000 do local f = load("local a, b = ... local t = { x = a, y = b + " .. i .. " } if t.x > t.y then return t.x end return t.y")  f(1, 2) f(3, 4) end',
  'load of data (1.65 MB)': `${DATA(1_650_000)} load(TEXT, "=data")()`,
  'load of many functions': `local s = {} for i = 1, 2000 do s[i] = 'function f'..i..'(a) local t={x=a} for i=1,10 do t[i]=a*i end return t.x+'..i..' end' end load(table.concat(s, "\\n"))()`,
  'word count':
    'local text = ("the quick brown fox jumps over the lazy dog "):rep(500) local n = {} for w in text:gmatch("%a+") do n[w] = (n[w] or 0) + 1 end local keys = {} for k in pairs(n) do keys[#keys + 1] = k end table.sort(keys)',
}
