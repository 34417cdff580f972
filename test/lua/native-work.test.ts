/** Every function of Lua's libraries counts what it does on large inputs, so that HAProxy's timeouts end a loop of calls after few of them. */
import { describe, expect, it } from 'vitest'
import { runScript } from './world.js'

const SIZE = 100_000

/** Large inputs, as locals of the script. */
const INPUTS = `
local text = ("a"):rep(${SIZE})
local other = ("b"):rep(${SIZE})
local list = {} for i = 1, ${SIZE} do list[i] = i end
local names = {} for i = 1, ${SIZE} do names[i] = "x" end
local digits = ("1"):rep(${SIZE})
local unpack = table.unpack
local chunk = ("x = 1 "):rep(${SIZE} // 6)
local continuations = "a" .. ("\\x80"):rep(${SIZE})
`

/** Calls with large inputs, by the function that is called. */
const CALLS: Readonly<Record<string, string>> = {
  'string.byte': 'string.byte(text, 1, -1)',
  'string.char': 'string.char(string.byte(text, 1, 50000))',
  'string.find, plain': 'string.find(text, "b", 1, true)',
  'string.find without specials': 'string.find(text, "b")',
  'string.find, a pattern': 'string.find(text, ".b")',
  'string.find, a long pattern': 'string.find(text, "^" .. text .. "%d")',
  'string.find, a back reference': 'string.find(text .. text, "^(" .. text .. ")%1$")',
  'string.format': 'string.format("%s", text)',
  'string.format, a long format': 'string.format(text)',
  'string.format, many directives': 'string.format(("%d"):rep(1000), unpack(list, 1, 1000))',
  'string.gmatch': 'for _ in string.gmatch(text, "b") do end',
  'string.gsub': 'string.gsub(text, "b", "")',
  'string.gsub, a long replacement': 'string.gsub("a", "a", text)',
  'string.lower': 'string.lower(text)',
  'string.match': 'string.match(text, "(b)")',
  'string.pack': 'string.pack("z", text)',
  'string.pack, many options': 'string.pack(("B"):rep(250), unpack(list, 1, 250))',
  'string.packsize': 'string.packsize(("b"):rep(1000))',
  'string.rep': 'string.rep(text, 2)',
  'string.reverse': 'string.reverse(text)',
  'string.unpack': 'string.unpack(("b"):rep(1000), text)',
  'string.upper': 'string.upper(text)',
  'table.concat': 'table.concat(names)',
  'table.concat, long parts': 'table.concat({ text, other })',
  'table.insert': 'table.insert(list, 1, 1)',
  'table.move': 'table.move(list, 1, #list, 1, {})',
  'table.pack': 'table.pack(unpack(list, 1, 50000))',
  'table.remove': 'table.insert(list, 1) table.remove(list, 1)',
  'table.sort': 'table.sort(list)',
  'table.unpack': 'unpack(list, 1, 50000)',
  'math.max': 'math.max(unpack(list, 1, 50000))',
  'math.min': 'math.min(unpack(list, 1, 50000))',
  'utf8.char': 'utf8.char(string.byte(text, 1, 50000))',
  'utf8.codepoint': 'utf8.codepoint(text, 1, 50000)',
  'utf8.codes': 'for _ in utf8.codes(text) do end',
  'utf8.len': 'utf8.len(text)',
  'utf8.offset': 'utf8.offset(text, 50000)',
  'utf8.offset over one character': 'utf8.offset(continuations, 2)',
  'os.date': 'os.date(text)',
  tonumber: 'tonumber(digits)',
  'tonumber with a base': 'tonumber(digits, 10)',
  select: 'select("#", unpack(list, 1, 50000))',
  load: 'load(chunk)',
  'load, by a function': 'local i = 0 load(function() i = i + 1 return i == 1 and chunk or nil end)',
  print: 'print(text)',
  'core.tokenize': 'core.tokenize(text, "b")',
  'Concat:add': 'local c = core.concat() c:add(text)',
  'Concat:dump': 'local c = core.concat() c:add(text) c:dump()',
  'a Lua function with many arguments': '(function(...) end)(unpack(list, 1, 50000))',
}

/** Instructions until the burst timeout ends the loop. */
const BURST = 1_000_000

describe('a loop of calls with large inputs that cannot yield ends with the burst timeout, after few calls', () => {
  it.each(Object.entries(CALLS))('%s', (_, call) => {
    const world = runScript(
      `${INPUTS}
      local calls = 0
      core.register_task(function()
        table.sort({ 1, 2, 3 }, function() while true do calls = calls + 1 ${call} end end)
      end)
      core.register_task(function() core.sleep(1) print("calls", calls) end)`,
      { global: 'nbthread 1\n    tune.lua.burst-timeout 10ms' },
      2,
    )
    expect(world.messages).toEqual([expect.stringContaining('burst timeout')])
    const calls = Number(/\d+/.exec(world.printed.at(-1)!)![0])
    expect(calls).toBeGreaterThan(0)
    // at least an instruction for each 100 bytes or elements
    expect(calls).toBeLessThan(BURST / (SIZE / 100))
  })
})
