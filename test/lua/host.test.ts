/** States, contexts, what scripts print and log, and that nothing of the host shows. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runScript } from './world.js'

describe('states', () => {
  it('lua-load has one for all threads, number 0', () => {
    const world = runScript('print(core.thread, ...) core.register_init(function() print("init", core.thread) end)', {
      loads: 'lua-load x.lua a "b c"',
      global: 'nbthread 3',
    })
    expect(world.printed).toEqual(['0\ta\tb c', 'init\t0'])
  })

  it('lua-load-per-thread has one for each thread, whose tasks run there', () => {
    const script = `
      x = (x or 0) + 1
      core.register_init(function() print("init", core.thread, x) end)
      core.register_task(function() x = x + core.thread core.yield() print("task", core.thread, x) end)`
    const world = runScript(script, { loads: 'lua-load-per-thread x.lua', global: 'nbthread 3' })
    expect(world.printed.filter((line) => line.startsWith('init'))).toEqual(['init\t1\t1', 'init\t2\t1', 'init\t3\t1'])
    expect(world.printed.filter((line) => line.startsWith('task')).sort()).toEqual([
      'task\t1\t2',
      'task\t2\t3',
      'task\t3\t4',
    ])
  })

  it('errors name the state, and end only their task', () => {
    const world = runScript('core.register_task(function() error("at " .. core.thread, 0) end)', {
      loads: 'lua-load-per-thread x.lua',
      global: 'nbthread 2',
    })
    expect([...world.messages].sort()).toEqual(
      [1, 2].map(
        (id) =>
          `Lua task: [state-id ${id}] runtime error: at ${id} from [C]: in global 'error', x.lua:1: in function line 1.`,
      ),
    )
  })

  it('a function registered by only one thread makes the start fail', () => {
    const world = runScript('if core.thread == 1 then core.register_fetches("f", print) end', {
      loads: 'lua-load-per-thread x.lua',
      global: 'nbthread 2',
    })
    expect(world.started).toBe(false)
    expect(world.messages).toEqual([
      "Lua function 'f' is not referenced in all thread. Expect function in all thread or in none thread.",
    ])
  })

  it('an event subscription in an init function belongs to the first thread', () => {
    const script = 'core.register_init(function() print(core.thread, core.event_sub({"SERVER"}, print)) end)'
    const world = runScript(script, { loads: 'lua-load-per-thread x.lua', global: 'nbthread 2' })
    expect(world.printed).toEqual(['1\tHAProxy class EventSub', '2'])
  })
})

describe('modules', () => {
  it('are files of the process, found in lua-prepend-path, and loaded once', () => {
    const world = runScript(
      'print(require("a.b").name, require("a.b") == require("a.b"), package.path:match("^[^;]*"))',
      {
        global: 'nbthread 1\n    lua-prepend-path lib/?.lua',
        files: { 'lib/a/b.lua': 'print("loading", ...) return { name = "b" }' },
      },
    )
    expect(world.printed).toEqual(['loading\ta.b\tlib/a/b.lua', 'b\ttrue\tlib/?.lua'])
  })

  it('report the position of an error', () => {
    const world = runScript('require("broken")', { files: { 'broken.lua': 'x = = 1' } })
    expect(world.messages[0]).toContain(
      "Lua runtime error: error loading module 'broken' from file './broken.lua':\n\t./broken.lua:1: unexpected symbol near '='",
    )
  })
})

describe('log lines', () => {
  const script = `
    core.Info("body")
    core.register_init(function() core.Alert("init") end)
    core.register_task(function() core.Debug("debug") core.log(core.err, "a\\1\\195\\164b") end)`
  const run = (global: string) => {
    const world = runScript(script, { global })
    return {
      sent: world.haproxy.logs.map((each) => `${each.level} ${each.message}`),
      shown: world.printed.map((line) => line.replace(/\d{3}\/\d{6} \(\d+\)/, 'TIME')),
    }
  }
  // what the real one does with the same script and `log stdout`
  it.each([
    ['', [], ['[info] TIME : body', '[alert] TIME : init', '[err] TIME : a...b']],
    ['log stdout local0', ['alert init', 'debug debug', 'err a...b'], []],
    ['tune.lua.log.stderr off', [], []],
    [
      'log stdout local0\n    tune.lua.log.stderr on',
      ['alert init', 'debug debug', 'err a...b'],
      ['[info] TIME : body', '[alert] TIME : init', '[err] TIME : a...b'],
    ],
    [
      'log stdout local0\n    tune.lua.log.loggers off',
      [],
      ['[info] TIME : body', '[alert] TIME : init', '[err] TIME : a...b'],
    ],
  ])('with "%s"', (global, sent, shown) => {
    const result = run(`nbthread 1\n    ${global}`)
    expect(result.sent).toEqual(sent)
    expect(result.shown).toEqual(shown)
  })
})

describe('scripts do not depend on the host', () => {
  const script = `
    print(os.time(), os.date("%c"), os.clock(), math.random(), math.random(1000))
    print({}, print, function() end, coroutine.create(print), core.concat(), core.parse_addr("::1"))
    print(os.getenv("PATH"), os.getenv("GIVEN"), core.now().sec, io.write("x", 1, "\\n"))
    core.register_task(function() core.sleep(3) print(os.date("!%F %T"), core.now().usec, os.clock()) end)`

  it('two processes print the same, whatever ran before', () => {
    const options = { environment: { GIVEN: 'given' } }
    const first = runScript(script, options)
    runScript('for i = 1, 100 do local t = {} end')
    const second = runScript(script, options)
    expect(second.printed).toEqual(first.printed)
    expect(second.sim.trace.hash).toBe(first.sim.trace.hash)
    expect(first.printed.at(-1)).toBe('2024-01-01 00:00:03\t0\t3.0')
    expect(first.printed[2]).toBe('x1')
    expect(first.printed[3]).toMatch(/^nil\tgiven\t1704067200\tfile \(0x\w+\)$/)
  })

  it('another seed results in other random numbers', () => {
    const draws = [1, 2, 3].map((seed) => runScript('print(math.random(1000000))', { seed }).printed[0])
    expect(new Set(draws).size).toBe(3)
  })

  it.each([
    'os.exit(1)',
    'os.execute("true")',
    'os.remove("x")',
    'io.open("x", "w")',
    'io.output("x")',
    'io.popen("true")',
    'os.tmpname()',
  ])('%s is rejected', (call) => {
    const world = runScript(call)
    expect(world.started).toBe(false)
    expect(world.messages[0]).toMatch(/is not permitted in a simulation without --allow-(exec|write) /)
  })
})

describe('a queue', () => {
  it('returns values in the order in which they were pushed, for any sequence of operations', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.integer({ min: 0, max: 99 })), { maxLength: 200 }), (steps) => {
        const expected: string[] = []
        const model: number[] = []
        for (const step of steps) {
          if (step === null) expected.push(String(model.shift() ?? 'nil'))
          else model.push(step)
        }
        const list = steps.map((step) => (step === null ? 'false' : String(step))).join(',')
        const world = runScript(`
          local queue = core.queue()
          for _, step in ipairs({${list}}) do if step then queue:push(step) else print(queue:pop()) end end
          print(queue:size())`)
        expect(world.printed).toEqual([...expected, String(model.length)])
      }),
      { numRuns: 20 },
    )
  })
})
