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
local map = Map.new("virt@m", Map._sub)
local _, regex = Regex.new("b", true)
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
  'core.log': 'core.log(core.info, text)',
  'core.parse_addr': 'core.parse_addr(text)',
  'core.http_date': 'core.http_date(text)',
  'core.set_map': 'core.set_map("virt@m", text, text)',
  'core.del_map': 'core.del_map("virt@m", text)',
  'core.get_var': 'core.get_var("proc." .. text)',
  'io.write': 'io.write(text)',
  'io.open': 'io.open(text)',
  'os.getenv': 'os.getenv(text)',
  'package.searchpath': 'package.searchpath(text, "?")',
  loadfile: 'loadfile(text)',
  error: 'pcall(error, text)',
  assert: 'pcall(assert, false, text)',
  'string.dump': 'pcall(string.dump, core.wait)',
  'Map:lookup': 'map:lookup(text)',
  'Map:slookup': 'map:slookup(text)',
  'Regex.new': 'Regex.new(text, true)',
  'Regex:exec': 'regex:exec(text)',
  'Regex:match': 'regex:match(text)',
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

/** Natives whose work does not grow with their arguments, or that wait, yield or end what calls them. */
const CONSTANT = `
Concat:__tostring Map:__tostring Patref:__gc Patref:__newindex Patref:__tostring Proxy:__index Proxy:__tostring Queue:__gc Queue:__tostring
Regex:__tostring Socket:__gc Socket:__tostring file:__close file:__gc file:__tostring
CertCache.set Map.new Patref:__index Patref:__pairs Patref:add Patref:add_bulk Patref:commit Patref:del Patref:event_sub Patref:get_name
Patref:giveup Patref:is_map Patref:prepare Patref:purge Patref:set
Proxy:get_cap Proxy:get_mailers Proxy:get_mode Proxy:get_name Proxy:get_srv_act Proxy:get_srv_bck Proxy:get_stats Proxy:get_uuid
Proxy:pause Proxy:resume Proxy:shut_bcksess Proxy:stop
Queue:alarm Queue:pop Queue:pop_wait Queue:push Queue:size
Socket:close Socket:connect Socket:connect_ssl Socket:getpeername Socket:getsockname Socket:receive Socket:send Socket:setoption
Socket:settimeout
act.wake_time filter.register_data_filter filter.unregister_data_filter filter.wake_time
core.Alert core.Debug core.Info core.Warning core.add_acl core.asctime_date core.concat core.del_acl core.disable_legacy_mailers core.done
core.event_sub core.get_info core.get_patref core.httpclient core.imf_date core.match_addr core.msleep core.now core.queue
core.register_action core.register_cli core.register_converters core.register_fetches core.register_filter core.register_init
core.register_service core.register_task core.rfc850_date core.set_nice core.sleep core.tcp core.use_native_mailers_config core.wait
core.yield
coroutine.close coroutine.create coroutine.isyieldable coroutine.resume coroutine.running coroutine.status coroutine.wrap coroutine.yield
debug.debug debug.gethook debug.getinfo debug.getlocal debug.getmetatable debug.getregistry debug.getupvalue debug.getuservalue
debug.setcstacklimit debug.sethook debug.setlocal debug.setmetatable debug.setupvalue debug.setuservalue debug.traceback debug.upvalueid
debug.upvaluejoin
collectgarbage dofile getmetatable ipairs next pairs pcall rawequal rawget rawlen rawset require setmetatable tostring type warn xpcall
file:close file:flush file:lines file:read file:seek file:setvbuf file:write io.close io.flush io.input io.lines io.output io.popen io.read
io.tmpfile io.type
math.abs math.acos math.asin math.atan math.atan2 math.ceil math.cos math.cosh math.deg math.exp math.floor math.fmod math.frexp math.ldexp
math.log math.log10 math.modf math.pow math.rad math.random math.randomseed math.sin math.sinh math.sqrt math.tan math.tanh
math.tointeger math.type math.ult
os.clock os.difftime os.execute os.exit os.remove os.rename os.setlocale os.time os.tmpname package.loadlib string.len string.sub
`
  .trim()
  .split(/\s+/)

/** Prints the name of every native of all libraries and classes. */
const LIST = `
local names = {}
local function add(name, value)
  if type(value) == "function" and debug.getinfo(value, "S").what == "C" then names[name] = true end
end
local function members(prefix, list) for key, value in next, list do if type(key) == "string" then add(prefix .. key, value) end end end
members("", _G)
for name, library in pairs(_G) do if type(library) == "table" and library ~= _G then members(name .. ".", library) end end
Map.new("virt@m", Map._str)
core.register_task(function()
  local objects = {
    Concat = core.concat(), Queue = core.queue(), Socket = core.tcp(), file = io.stdout, Regex = select(2, Regex.new("a", true)),
    Map = Map.new("virt@m", Map._str), Patref = core.get_patref("virt@m"), Proxy = core.proxies.be,
  }
  for name, object in pairs(objects) do
    local metatable = getmetatable(object)
    members(name .. ":", metatable)
    if type(metatable.__index) == "table" then members(name .. ":", metatable.__index) end
    if type(object) == "table" then members(name .. ":", object) end
  end
  for name in pairs(names) do print(name) end
end)`

it('every native is called above, or its work does not grow with its arguments', () => {
  const tested = Object.keys(CALLS).map((name) => /^[\w.:]+/.exec(name)![0])
  const known = new Set([...tested, ...CONSTANT])
  const natives = runScript(LIST, {}, 1).printed
  expect(natives.length).toBeGreaterThan(200)
  expect(natives.filter((name) => !known.has(name))).toEqual([])
})
