/** Scripts that would bring a process down: each is contained, and the rest of the process runs. */
import { describe, expect, it } from 'vitest'
import { runScript } from './world.js'

const OTHERS = 'core.register_task(function() core.sleep(1) print("others go on") end)\n'

const contained = (script: string, global = 'nbthread 1') => {
  const world = runScript(OTHERS + script, { global, surroundings: (sim) => sim.http('10.0.0.1:80') }, 30)
  expect(world.started).toBe(true)
  expect(world.printed).toContain('others go on')
  expect(world.sim.now).toBe(30_000)
  return world
}

/** Runs a script that HAProxy's watchdog kills the process for. Returns what the operator reads. */
const killed = (script: string): readonly string[] => {
  const { haproxy, messages } = runScript(OTHERS + script)
  expect(haproxy.process.status).toBe('stopped')
  expect(haproxy.process.crashed).toBe(true)
  expect(messages.at(-1)).toContain('Thread 1 is about to kill the process (pid 1).')
  return messages
}

const task = (body: string): string => `core.register_task(function() ${body} end)`

describe('an infinite loop', () => {
  it.each([
    ['in a task', task('while true do end')],
    ['that yields', task('while true do core.yield() end')],
    ['that catches errors', task('while true do pcall(error) end')],
    ['in the handler of an event', 'core.event_sub({"SERVER"}, function() while true do end end)'],
    ['that starts tasks', task('while true do core.register_task(function() core.sleep(1) end) end')],
    ['in several tasks at once', task('while true do end').repeat(20)],
    [
      'of two tasks that wake each other',
      `local q, r = core.queue(), core.queue() ${task('while true do q:push(1) r:pop_wait() end')} ${task('while true do q:pop_wait() r:push(1) end')}`,
    ],
  ])('%s has bounded costs, and causes no message', (_, script) => {
    expect(contained(script).messages).toEqual([])
  })

  it.each([
    ['where nothing can yield', 'table.sort({ 1, 2, 3 }, function() while true do end end)', 'burst timeout from'],
    [
      'in a metamethod called from there',
      'table.sort({ setmetatable({}, { __lt = function() while true do end end }), {} })',
      '',
    ],
    ['in what gsub calls', '("x"):gsub("x", function() while true do end end)', 'burst timeout from'],
    [
      'that catches the timeout',
      'table.sort({ 1, 2, 3 }, function() while true do pcall(function() while true do end end) end end)',
      '',
    ],
    [
      'under a hook that loops',
      'debug.sethook(function() while true do pcall(function() while true do end end) end end, "", 1) for i = 1, 100 do end',
      '',
    ],
  ])('%s ends with an error', (_, body, words) => {
    const last = contained(task(body)).messages.at(-1)
    expect(last).toContain('Lua task: ')
    expect(last).toContain(words)
  })

  it.each([
    ['in a coroutine of the script', 'coroutine.wrap(function() while true do end end)()'],
    ['that has switched hooks off', 'debug.sethook() while true do end'],
    ['of coroutines', 'coroutine.wrap(function() while true do coroutine.wrap(function() end)() end end)()'],
  ])('%s makes the watchdog kill the process', (_, body) => {
    killed(task(body))
  })

  it('ends with the timeout of tasks, in virtual time', () => {
    const world = contained(task('while true do end'), 'nbthread 1\n    tune.lua.task-timeout 50ms')
    expect(world.messages).toEqual(['Lua task: execution timeout.'])
  })
})

describe('unlimited work of a library function', () => {
  it.each([
    ['a pattern that backtracks', 'print(("a"):rep(40):find(("a*"):rep(20) .. "b"))'],
    ['a pattern that is tried everywhere', 'print(("a"):rep(2e5):find(".-b"))'],
    ['a pattern that is tried everywhere, under pcall', 'print(pcall(string.find, ("a"):rep(40000), ".-.-.-b"))'],
    ['brackets that never close', 'print(("("):rep(1e6):find("%b()"))'],
    ['moving what is not there', 'table.move({ 1 }, 1, math.maxinteger - 1, 2)'],
    [
      'inserting into what is endless',
      'table.insert(setmetatable({}, { __len = function() return 1 << 50 end }), 1, 5)',
    ],
  ])('%s: the watchdog warns and then kills the process', (_, body) => {
    const messages = killed(task(body))
    expect(messages[0]).toContain('WARNING! thread 1 has stopped processing traffic for 200 milliseconds\n')
    expect(messages[0]).toContain('[C]: in ')
  })

  it.each([
    ['results without end', 'print(table.unpack({}, 1, 1e8))', 'too many results to unpack'],
    [
      'a comparison that is no order',
      'local t = {} for i = 1, 1000 do t[i] = i end table.sort(t, function() return true end)',
      'invalid order function',
    ],
  ])('%s: the task ends', (_, body, words) => {
    expect(contained(task(body)).messages).toEqual([expect.stringContaining(words)])
  })

  it('a function that takes long is reported, and the task continues', () => {
    const { messages, printed } = contained(task('print(("a"):rep(5000):find(".-b"))'))
    expect(messages[0]).toContain('WARNING! thread 1 has stopped processing traffic for 200 milliseconds\n')
    expect(printed).toContain('nil')
  })
})

describe('unlimited depth', () => {
  it.each([
    ['recursion', 'local function f() return 1 + f() end f()', 'stack overflow'],
    [
      'metamethods',
      'local t = setmetatable({}, {}) getmetatable(t).__index = function(t, k) return t[k] end return t.x',
      'stack overflow',
    ],
    [
      '__tostring',
      'local t = setmetatable({}, {}) getmetatable(t).__tostring = function() return tostring(t) end tostring(t)',
      'stack overflow',
    ],
    ['coroutines', 'local function f() coroutine.wrap(f)() end f()', 'stack overflow'],
    ['an __index chain', 'local t = {} for i = 1, 1e5 do t = setmetatable({}, { __index = t }) end print(t.x)', 'loop'],
    ['a sort within a sort', 'local function f() table.sort({ 1, 2 }, f) end f()', 'stack overflow'],
    ['replacements', 'local function f() ("x"):gsub("x", f) end f()', 'stack overflow'],
  ])('%s: the task ends', (_, body, words) => {
    expect(contained(task(body)).messages).toEqual([expect.stringContaining(words)])
  })

  it.each([
    [
      'of pcall',
      'local function f(n) local ok, e = pcall(f, n + 1) if not ok then error(e, 0) end end print(pcall(f, 1))',
    ],
    ['of handlers', 'print((xpcall(error, function(e) error(e) end, "x")))'],
    [
      'of brackets',
      'print((load(("("):rep(1e6)))) print((load("return " .. ("{"):rep(1e5)))) print((load("x = " .. ("-"):rep(1e6) .. "1")))',
    ],
  ])('%s is an error that can be caught', (_, body) => {
    expect(contained(task(body)).messages).toEqual([])
  })
})

describe('unlimited memory', () => {
  it.each([
    ['a text of gigabytes', 'local s = ("x"):rep(2e9)'],
    ['a text that doubles', 'local s = "x" while true do s = s .. s end'],
    ['a table that grows', 'local t = {} while true do t[#t + 1] = {} end'],
    ['a table of texts', 'local t = {} while true do t[#t + 1] = ("y"):rep(1000) .. #t end'],
    ['long texts', 'local t = {} for i = 1, 1e9 do t[i] = ("x"):rep(1e8 + i):upper() end'],
    ['a global table', 'big = {} while true do big[#big + 1] = #big .. "x" end'],
    [
      'coroutines that are never resumed',
      'local t = {} while true do t[#t + 1] = coroutine.create(function() coroutine.yield() end) coroutine.resume(t[#t]) end',
    ],
    ['replacements', 'print(#("a"):rep(1e6):gsub("a", ("b"):rep(1e6)))'],
    ['pieces', 'local t = {} for i = 1, 100 do t[i] = ("x"):rep(1e7) end print(#table.concat(t))'],
    [
      'a table in a coroutine of the script',
      'coroutine.wrap(function() local t = {} while true do t[#t + 1] = {} end end)()',
    ],
    [
      'long texts in a coroutine of the script',
      'coroutine.wrap(function() local t = {} while true do t[#t + 1] = ("x"):rep(1e7 + #t):upper() end end)()',
    ],
    [
      'a table that a function fills',
      'coroutine.wrap(function() local function add(t) t[#t + 1] = {} end local t = {} while true do add(t) end end)()',
    ],
  ])('%s: the task ends', (_, body) => {
    // HAProxy says "unknown error" of LUA_ERRMEM in a task
    const { messages } = contained(task(body))
    // before that, the watchdog may have warned
    expect(messages.at(-1)).toMatch(/^Lua task: (unknown error\.$|.*not enough memory)/)
  })

  it('tune.lua.maxmem is applied', () => {
    const script = task('local t = {} for i = 1, 3e5 do t[i] = {} end core.sleep(2) print("held", #t)')
    expect(contained(script).printed).toContain('held\t300000')
    expect(contained(script, 'nbthread 1\n    tune.lua.maxmem 8').messages).toEqual(['Lua task: unknown error.'])
  })
})

describe('errors that are not strings', () => {
  it.each([
    'error()',
    'error({})',
    'error(nil)',
    'error(print)',
    'error(io.stdout)',
    'error(coroutine.create(print))',
    'error(true)',
  ])('%s', (call) => {
    // the real one: lua_tostring gives no text for these
    expect(contained(task(call)).messages).toEqual([
      "Lua task: [state-id 0] unknown runtime error from [C]: in global 'error', x.lua:2: in function line 2.",
    ])
  })

  it.each([
    ['__tostring', 'print(setmetatable({}, { __tostring = function() error("no text", 0) end }))', 'no text'],
    [
      '__tostring that gives none',
      'print(setmetatable({}, { __tostring = function() return {} end }))',
      "'__tostring' must return a string",
    ],
    ['__index', 'local t = setmetatable({}, { __index = function() error("no index", 0) end }) return t.x', 'no index'],
  ])('in %s', (_, body, words) => {
    expect(contained(task(body)).messages).toEqual([expect.stringContaining(words)])
  })
})

describe('yields', () => {
  it('across pcall, metamethods and iterators continue where they were', () => {
    const world = contained(
      task(`print(pcall(function() core.yield() return "pcall" end))
      print(setmetatable({}, { __add = function() core.msleep(1) return "meta" end }) + 1)
      for i in function(_, i) core.yield() i = (i or 0) + 1 return i < 3 and i or nil end do print("iterator", i) end
      print(select(2, xpcall(function() core.yield() error("late", 0) end, function(e) return e .. " handled" end)))`),
    )
    expect(world.messages).toEqual([])
    expect(world.printed.slice(0, 5)).toEqual(['true\tpcall', 'meta', 'iterator\t1', 'iterator\t2', 'late handled'])
  })

  it.each([
    ['table.sort', 'table.sort({ 2, 1 }, function() core.yield() end)'],
    ['string.gsub', '("x"):gsub("x", function() core.sleep(1) end)'],
  ])('within %s are errors', (_, body) => {
    expect(contained(task(body)).messages).toEqual([
      expect.stringContaining('attempt to yield across a C-call boundary'),
    ])
  })
})

it('thousands of tasks are all run', () => {
  const world = contained(
    'local n = 0 for i = 1, 5000 do core.register_task(function() core.msleep(i % 100) n = n + 1 if n == 5000 then print("all") end end) end',
  )
  expect(world.printed).toContain('all')
})

describe('collections', () => {
  it('remove unreferenced objects from weak tables', () => {
    const world = contained(
      task(`local values, keys = setmetatable({}, { __mode = "v" }), setmetatable({}, { __mode = "k" })
      local kept = {}
      values[1], values.kept, values.text = {}, kept, "text"
      keys[{}], keys[kept] = 1, 2
      (function() local chain = {} keys[chain] = { chain } end)()
      collectgarbage()
      local n = 0 for k in pairs(keys) do n = n + 1 end
      print(values[1], values.kept == kept, values.text, keys[kept], n)`),
    )
    expect(world.printed[0]).toBe('nil\ttrue\ttext\t2\t1')
  })

  it('count returns the reachable memory', () => {
    const world = contained(
      task(`local before = collectgarbage("count") local t = {} for i = 1, 10000 do t[i] = {} end
      local full = collectgarbage("count") t = nil
      print(full - before > 500, full - before < 2000, collectgarbage("count") - before < 10, math.type(before))`),
    )
    expect(world.printed[0]).toBe('true\ttrue\ttrue\tfloat')
  })
})
