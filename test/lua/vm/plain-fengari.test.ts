/**
 * Fengari's own interpreter and the VM that replaces it return the same: an oracle that is available without an installed Lua
 * it. Its integers have 32 bits and its version is 5.3, so numbers are small and nothing newer is used; `tonumber(s, 16)` takes
 * digits there that are none.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { LuaFloat } from '../../../src/lua/vm/value.js'
import { Lua } from './lua.js'

const PLAIN = fileURLToPath(new URL('plain-fengari.mjs', import.meta.url))

/** Functions of two small integers and a text. */
const FUNCTIONS: readonly string[] = [
  'function(a, b, s) return a + b, a - b, a * b, a / (b + 0.5), a // 7, a % 7, -a, a & b, a | b, a ~ b, ~a end',
  'function(a, b, s) return a < b, a <= b, a == b, a ~= b, s < "m", s <= s, #s, s .. a .. b end',
  'function(a, b, s) return s:upper(), s:rep(3, ","), s:sub(a, b), s:reverse(), s:byte(1, -1) end',
  'function(a, b, s) return s:gsub("%w+", "<%0>"), s:find("a", 1, true), s:match("^(.-)%s*$"), s:gsub("(.)(.)", "%2%1") end',
  'function(a, b, s) return ("%5d|%-6s|%x|%q|%3.2f"):format(a, s, a & 255, s, b / 4) end',
  'function(a, b, s) local t = {} for c in s:gmatch(".") do t[#t + 1] = c end table.sort(t) return table.concat(t, "-") end',
  'function(a, b, s) local t = {a, b, s} table.insert(t, 2, "x") return table.remove(t), #t, table.unpack(t) end',
  'function(a, b, s) local n = 0 for i = a, b, 3 do n = n + i if n > 500 then break end end return n end',
  'function(a, b, s) local function f(n) return n <= 1 and n or f(n - 1) + f(n - 2) end return f(a % 12) end',
  'function(a, b, s) local up = 0 local function add(n) up = up + n return up end add(a) add(b) return up, add(1) end',
  'function(a, b, s) return pcall(function() error(s .. a, 0) end) end',
  'function(a, b, s) return select("#", pcall(function() return a .. nil end)), (pcall(error)) end',
  'function(a, b, s) local c = coroutine.wrap(function(x) while true do x = coroutine.yield(x * 2) end end) return c(a), c(b), c(1) end',
  'function(a, b, s) local t = setmetatable({}, {__index = function(_, k) return k .. s end, __call = function(_, x) return x + a end}) return t.key, t(b) end',
  'function(a, b, s) local m = {__add = function(x, y) return "+" end, __eq = function() return true end, __lt = function() return a < b end} local x, y = setmetatable({}, m), setmetatable({}, m) return x + 1, 1 + x, x == y, x < y end',
  'function(a, b, s) goto past do return 1 end ::past:: local i = 0 repeat i = i + 1 local done = i >= a % 9 until done return i end',
  'function(a, b, s) return tostring(a), tonumber(s), tonumber("ff", 16), tonumber("0x1p3"), math.type(a), math.type(a / 1), math.max(a, b), math.tointeger(a + 0.0) end',
  'function(a, b, s) return string.unpack("<i2z", string.pack("<i2z", a, s)) end',
]

const small = fc.integer({ min: -1000, max: 1000 })
const text = fc.string({ unit: fc.constantFrom(...'abcxyzAM 09.%-'), maxLength: 12 })
const calls = fc
  .tuple(fc.constantFrom(...FUNCTIONS), small, small, text)
  .map(([source, a, b, s]) => `return (${source})(${a}, ${b}, "${s}")`)

/** As JSON has it. */
const plain = (value: unknown): unknown => (value instanceof LuaFloat ? value.n : (value ?? null))

it('return the same from functions of numbers and texts', () => {
  const cases = fc.sample(calls, { numRuns: 600, seed: 53 })
  const input = JSON.stringify(cases.map((body) => `function() ${body} end`))
  const { stdout, stderr } = spawnSync(process.execPath, [PLAIN], { input, encoding: 'utf8' })
  expect(stderr).toBe('')
  const theirs = JSON.parse(stdout) as unknown[][]
  const lua = new Lua('5.3')
  const ours = cases.map((body) => lua.run(body).map(plain))
  const shown = (results: readonly unknown[][]) => cases.map((body, i) => ({ body, returned: results[i] }))
  expect(shown(ours)).toEqual(shown(theirs))
})
