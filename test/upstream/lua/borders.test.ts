/**
 * What `#` gives for tables with holes is what lua5.4 gives: tables are built in many ways, changed at random, and measured on the way.
 * Where texts are keys, too, Lua places them by a seed of the process: such tables have no removed ones.
 */
import { expect, it } from 'vitest'
import { differences, withLua } from './real-lua.js'

const TABLES = 250

const program = (seed: number): string => `
local seed = ${seed}
local function random(n)
  seed = (seed * 1103515245 + 12345) % 2147483648
  return (seed // 65536) % n
end
local new = {
  function() return {} end,
  function() return { 1, 2, 3, nil, 5 } end,
  function() return { nil, nil, 3 } end,
  function() return { 1, 2, 3, [4] = 4, [6] = 6 } end,
  function() return { [1] = 1, [2] = 2, [7] = 7, [-1] = 1 } end,
  function() local t = table.pack(1, nil, 3, 4) t.n = nil return t end,
  function() return { table.unpack({ 1, 2, nil, 4 }, 1, 4) } end,
  function() return table.move({ 1, 2, 3, 4, 5 }, 2, 5, 1, { 9, [0] = 0 }) end,
}
local mixed = {
  function() return { [1] = 1, [2] = 2, [7] = 7, x = 1 } end,
  function() return { 1, 2, n = 2, x = 1, y = 2 } end,
  function() return { x = 1, [3] = 3 } end,
  function() return table.pack(1, nil, 3) end,
}
local add = {
  function(t, k, v) t[k] = v end,
  function(t, k, v) t["k" .. k] = v end,
  function(t, _, v) t[#t + 1] = v end,
  function(t, k) for i = 1, k do t[i] = i end end,
}
local change = {
  function(t, k, v) t[k] = v end,
  function(t, k, v) t[k] = v end,
  function(t, k, v) t[k] = v end,
  function(t, k) t[k] = nil end,
  function(t, k) t[k] = nil end,
  function(t, _, v) t[#t + 1] = v end,
  function(t) t[#t] = nil end,
  function(t, _, v) local n = #t if n > 0 then table.insert(t, random(n) + 1, v) end end,
  function(t) local n = #t if n > 0 then table.remove(t, random(n) + 1) end end,
  function(t, k) local x = t[k] end,
  function(t, k) for i = k, 1, -1 do if random(3) > 0 then t[i] = i end end end,
  function(t, k) for i = 1, k do if random(3) > 0 then t[i] = i end end end,
  function(t, k) for i = 1, k do if random(4) == 0 then t[i] = nil end end end,
}
for i = 1, ${TABLES} do
  local new, change = new, change
  if random(4) == 0 then new, change = mixed, add end
  local t = new[random(#new) + 1]()
  local range = ({ 4, 9, 20, 70, 300 })[random(5) + 1]
  local borders = {}
  for step = 1, 5 + random(60) do
    change[random(#change) + 1](t, random(range) + (random(8) == 0 and -3 or 1), step)
    if random(2) == 0 then borders[#borders + 1] = #t end
  end
  print(table.concat(borders, " "))
end`

withLua('5.4', 'borders', () => {
  it(`${20 * TABLES} tables with holes`, () => {
    const programs = Array.from({ length: 20 }, (_, i) => program(i + 1))
    expect(differences('5.4', programs)).toEqual([])
  })
})
