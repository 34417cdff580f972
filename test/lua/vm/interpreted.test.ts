/** A function without loops is interpreted when it is first called and translated later: it does the same each time. */
import { describe, expect, it } from 'vitest'
import { printed } from './lua.js'

/** Runs the body often enough to have it both ways, each time in a coroutine that counts how often it yields. */
const rounds = (body: string): readonly string[] =>
  printed(`
local function through(value)
  coroutine.yield()
  return value
end
local meta = {
  __index = function(t, k) return through(k .. "!") end,
  __newindex = function(t, k, v) through() rawset(t, k, v) end,
  __add = function(a, b) return through("sum") end,
  __unm = function() return through("negative") end,
  __concat = function(a, b)
    return through((type(a) == "table" and "T" or a) .. (type(b) == "table" and "T" or b))
  end,
  __eq = function() return through(true) end,
  __lt = function() return through(false) end,
  __le = function() return through(true) end,
  __len = function() return through(7) end,
  __call = function(_, ...) return through(1), ... end,
}
local function new() return setmetatable({}, meta) end
local function body(...) ${body} end
for round = 1, 5 do
  local yields = 0
  local thread = coroutine.create(body)
  local results = table.pack(coroutine.resume(thread, new(), new(), "x"))
  while coroutine.status(thread) == "suspended" do
    yields = yields + 1
    results = table.pack(coroutine.resume(thread))
  end
  for i = 1, results.n do results[i] = tostring(results[i]) end
  print(yields .. ": " .. table.concat(results, " "))
end`)

describe('a function that is called repeatedly', () => {
  it.each([
    ['fields', 'local t = ... t.x = 1 return t.x, t.y, t["z"]', '3: true 1 y! z!'],
    ['operators', 'local a, b = ... return a + b, -a, #a', '3: true sum negative 7'],
    ['concatenation', 'local a, b, c = ... return "<" .. a .. c .. b .. ">"', '2: true <TxT>'],
    ['plain concatenation', 'local _, _, c = ... return c .. 1 .. "y"', '0: true x1y'],
    ['comparisons', 'local a, b = ... return a == b, a < b, a <= b, a ~= b', '4: true true false true false'],
    [
      'branches',
      'local a, b = ... local r if a < b then r = 1 elseif a <= b and a == b then r = 2 end return r',
      '3: true 2',
    ],
    [
      'and and or',
      'local a, _, c = ... local x = nil or c local y = a and false return x, y, c and a.k',
      '1: true x false k!',
    ],
    ['calls', 'local a = ... local x, y, z = a(2, 3) return x, y, z, a(9)', '2: true 1 2 3 1 9'],
    ['tail calls', 'local a = ... return a(4, 5, 6, 7, 8)', '1: true 1 4 5 6 7 8'],
    [
      'variable arguments',
      'local n = select("#", ...) local t = { n, (select(3, ...)), select(3, ...) } return #t, t[1], t[2]',
      '0: true 3 3 x',
    ],
    [
      'variables of closures',
      'local n = 0 local function f() n = n + 1 return n end local a = ... f() local k = a.k return f(), n, k',
      '1: true 2 2 k!',
    ],
    ['errors', 'local a, b = ... local k = a.k error({} == k and 1 or "E", 0)', '1: false E'],
    ['methods', 'local t = { v = 5, get = function(self, x) return self.v, x end } return t:get(6)', '0: true 5 6'],
    [
      'integers',
      'local a = 0xffffffff return (a << 13 ~ a) & 0xffffffff, a * a, ~a, a // 2, a % 7',
      '0: true 8191 -8589934591 -4294967296 2147483647 3',
    ],
  ])('has the same results: %s', (_, body, expected) => {
    expect(rounds(body)).toEqual(Array.from({ length: 5 }, () => expected))
  })

  it('raises an error with the same message', () => {
    const lines = printed(
      'local function f(t) local x = 1\nreturn t.a.b end for i = 1, 5 do print(select(2, pcall(f, {}))) end',
    )
    expect(lines).toEqual(Array.from({ length: 5 }, () => "test:2: attempt to index a nil value (field 'a')"))
  })
})
