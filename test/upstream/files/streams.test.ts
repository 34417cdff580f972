/**
 * Streams beside those of the C library: programs of random calls on several handles of two files, which are looked at from
 * outside now and then, so that it shows when what was written arrives.
 */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { describeWithLua, here, withRealLua } from './side-by-side.js'

const HANDLES = 3
const PROGRAMS_A_RUN = 40

const fromSome = (values: readonly number[], most: number): fc.Arbitrary<number> =>
  fc.oneof(fc.constantFrom(...values), fc.nat(most))

const length = fromSome([0, 1, 10, 1000, 4095, 4096, 4097, 5000, 8191, 8192, 8193, 12345], 9000)
const offset = fromSome([0, 1, -1, 5, -5, 100, 4096, -4096, 4095, -3000], 9000)

const call: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: length.map((n) => `:write(text(${n}))`) },
  { weight: 1, arbitrary: fc.constant(':write("ab\\n", "7", "\\n", "x")') },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom('', '0', '1', '5', '"a"', '"n"', '4096', '4097', '3, 4096', '10000', '"l", 5', '"L"')
      .map((formats) => `:read(${formats})`),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.constantFrom('set', 'cur', 'end'), offset).map(([from, by]) => `:seek("${from}", ${by})`),
  },
  { weight: 3, arbitrary: fc.constantFrom(':seek()', ':flush()', ':close()', ':lines(7)()') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('"no"', '"full"', '"line"', '"full", 10').map((mode) => `:setvbuf(${mode})`),
  },
)

const opening = fc
  .tuple(
    fc.integer({ min: 1, max: HANDLES }),
    fc.constantFrom(1, 1, 1, 2),
    fc.constantFrom('w', 'r', 'a', 'r+', 'w+', 'a+'),
  )
  .map(([handle, file, mode]) => `open(${handle}, ${file}, "${mode}")`)

const step = fc.oneof(
  { weight: 1, arbitrary: opening },
  { weight: 1, arbitrary: fc.constant('look()') },
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.integer({ min: 1, max: HANDLES }), call)
      .map(([handle, text]) => `with(${handle}, function(h) return h${text} end)`),
  },
)

const program = fc.tuple(opening, opening, fc.array(step, { minLength: 5, maxLength: 25 })).map((parts) => parts.flat())

/** Files stay open to the end: when Lua's collector closes an unreferenced one is not deterministic. */
const PREAMBLE = `
local function sum(s) local a, b = 1, 0 for i = 1, #s do a = (a + s:byte(i)) % 65521 b = (b + a) % 65521 end return #s .. ":" .. b end
local function shown(v) return type(v) == "string" and #v > 20 and sum(v) or io.type(v) or (tostring(v):gsub("\\n", "|")) end
local function show(...) local t = {} for i = 1, select("#", ...) do t[i] = shown((select(i, ...))) end print(table.concat(t, " ")) end
local base, at = ("0123456789 abcdefgh\\n12.5 "):rep(1000), 0
local function text(n) at = (at + 7) % 50 return base:sub(at + 1, at + n) end
local kept, files, handles = {}, {}, {}
local function open(k, file, mode) kept[#kept + 1] = io.open(files[file], mode) or false handles[k] = kept[#kept] end
local function with(k, f) if handles[k] and io.type(handles[k]) == "file" then show(pcall(f, handles[k])) end end
local function look() for _, name in ipairs(files) do local f = io.open(name) print(f and sum(f:read("a"))) if f then f:close() end end end
local function case(n, f) print("case " .. n) files, handles = { "a" .. n, "b" .. n }, {} f() look() end
`

describeWithLua('streams', () => {
  it(
    'read, write, move and flush as those of the C library',
    () =>
      fc.assert(
        fc.property(fc.array(program, { minLength: 1, maxLength: PROGRAMS_A_RUN, size: 'max' }), (programs) => {
          const cases = programs.map((steps, i) => `case(${i}, function()\n${steps.join('\n')}\nend)`)
          const source = PREAMBLE + cases.join('\n')
          expect(here(source)).toEqual(withRealLua(source))
        }),
        { numRuns: 20, seed: 1 },
      ),
    120_000,
  )
})
