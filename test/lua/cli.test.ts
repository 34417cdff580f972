/** Commands of the runtime API that scripts register. What they say is compared with HAProxy in test/upstream. */
import { describe, expect, it } from 'vitest'
import { Simulation } from '../../src/sim/index.js'

const start = (script: string, load = 'lua-load') => {
  const sim = new Simulation()
  const haproxy = sim.haproxy({
    config: `global\n nbthread 2\n stats socket /run/cli level admin\n tune.lua.bool-sample-conversion normal\n ${load} x.lua\n`,
    files: { 'x.lua': script },
    directory: false,
  })
  haproxy.start()
  return { sim, haproxy }
}

describe('commands of scripts', () => {
  it('get the time that they wait for', () => {
    const { sim, haproxy } = start(`core.register_cli({"slow"}, "slow", function(applet)
      applet:send("a\\n") core.sleep(2) applet:send("b\\n") end)`)
    expect(haproxy.cli('slow;slow')).toBe('a\nb\n\na\nb\n\n')
    expect(sim.now).toBe(4000)
  })

  it('read available data without waiting', () => {
    const { sim } = start(`core.register_cli({"poll"}, "poll", function(applet)
      for i = 1, 4 do
        local data = applet:try_receive()
        applet:send(type(data) .. " " .. (data or "") .. "\\n")
        core.msleep(200)
      end
      applet:send(select(2, pcall(applet.try_receive, applet, 1)) .. "\\n")
    end)`)
    const client = sim.client().connect({ family: 'unix', path: '/run/cli' })
    client.send('poll\nabc\n')
    sim.advance('300ms')
    client.send('def')
    sim.advance('200ms')
    client.finish()
    sim.advance('1s')
    expect(client.received).toBe(
      "string abc\n\nnil \nstring def\nstring \nThe 'try_recv' function only expects applet argument.\n\n",
    )
  })

  /** What `receive(size, timeout)` returns while the client sends pieces after so many ms; null: it finishes. */
  const receives = (call: string, ...pieces: readonly (string | number | null)[]): string => {
    const { sim } = start(`core.register_cli({"receive"}, "", function(applet)
      local before = core.now()
      local ok, data = pcall(applet.receive, applet${call === '' ? '' : `, ${call}`})
      local now = core.now()
      local ms = ((now.sec - before.sec) * 1000000 + now.usec - before.usec) // 1000
      local left = applet:try_receive()
      applet:send(("%s %s %d %s"):format(ok, data and ("%q"):format(data) or "nil", (ms + 5) // 10 * 10, left or "nil"))
    end)`)
    const client = sim.client().connect({ family: 'unix', path: '/run/cli' })
    client.send('receive\n')
    for (const piece of pieces)
      if (typeof piece === 'number') sim.advance(piece)
      else if (piece === null) client.finish()
      else client.send(piece)
    sim.advance('2s')
    return client.received.trim()
  }

  it('receive up to a size, the end of the input or a timeout', () => {
    expect(receives('5, 300')).toBe('true nil 300 nil')
    expect(receives('5, 300', 100, 'abcdefg')).toBe('true "abcde" 100 fg')
    expect(receives('5, 300', 100, 'ab', 100, 'cde')).toBe('true "abcde" 200 nil')
    expect(receives('5, 300', 100, 'ab', null)).toBe('true "ab" 100')
    expect(receives('5, 300', 100, null)).toBe('true "" 100')
    expect(receives('-1, 300', 100, 'ab', null)).toBe('true "ab" 100')
    expect(receives('5, 0', 500, 'abcdef')).toBe('true "abcde" 500 f')
    expect(receives('5, -10')).toBe('true nil 0 nil')
  })

  it('lose what they have received on a timeout', () => {
    expect(receives('5, 300', 100, 'ab')).toBe('true nil 300 nil')
    expect(receives('-1, 300', 100, 'ab', 100, 'cd', 150, 'ef')).toMatch(/^true nil 300/)
  })

  it('wait for input even if they request no bytes', () => {
    expect(receives('0, 300')).toBe('true nil 300 nil')
    expect(receives('0, 300', 100, 'ab')).toBe('true "" 100 ab')
  })

  it('reject wrong arguments of receive', () => {
    expect(receives('5, "x"')).toMatch(/^false "bad argument #3 to '\?' \(number expected, got string\)"/)
    expect(receives('{}, 5')).toMatch(/^false "bad argument #2 to '\?' \(number expected, got table\)"/)
    expect(receives('5, 300, 7')).toMatch(/^false "The 'recv' function requires between 1 and 3 arguments."/)
  })

  it('have the variables of their session and its stream', () => {
    const { haproxy } = start(`core.register_cli({"vars"}, "", function(applet)
      local out = {}
      local function try(f, ...) local ok, result = pcall(f, applet, ...) out[#out + 1] = tostring(result) end
      try(applet.get_var, "txn.x") try(applet.set_var, "txn.x", 5) try(applet.get_var, "txn.x") try(applet.unset_var, "txn.x")
      try(applet.get_var, "txn.x") try(applet.set_var, "sess.a", true) try(applet.get_var, "sess.a") try(applet.set_var, "req.a", 1)
      try(applet.set_var, "res.a", 1.5) try(applet.get_var, "res.a") try(applet.set_var, "check.a", 1) try(applet.set_var, "proc.a", 1)
      try(applet.set_var, "proc.b", 1, true) try(applet.get_var, "proc.a") try(applet.set_var, "foo", 1) try(applet.unset_var, "foo")
      try(applet.unset_var, "txn.none") try(applet.set_var, "txn.t", {}) try(applet.get_var, "txn.t") try(applet.set_var, "txn.x")
      try(applet.get_var) try(applet.unset_var) try(applet.get_var, "txn.kept") try(applet.set_var, "txn.kept", "kept")
      applet:send(table.concat(out, " "))
    end)`)
    const first =
      'nil true 5 true nil true true false true 0 false true false 1 false false true true false ' +
      "'set_var' needs between 3 and 4 arguments 'get_var' needs 2 arguments 'unset_var' needs 2 arguments"
    expect(haproxy.cli('vars; vars')).toBe(`${first} nil true\n${first} kept true\n`)
    expect(haproxy.cli('vars')).toBe(`${first} nil true\n`)
  })

  it('are aborted after ten seconds', () => {
    const { sim, haproxy } = start(`core.register_cli({"never"}, "never", function(applet)
      applet:send("a\\n") core.sleep(60) applet:send("b\\n") end)`)
    const tasks = haproxy.process.threads.tasks.size
    expect(haproxy.cli('never')).toBe('a\n')
    expect(sim.now).toBe(10_000)
    expect(haproxy.process.threads.tasks.size).toBe(tasks)
    expect(haproxy.cli('show version')).toBe('3.2.26\n\n')
  })

  it('within a step of the simulation return the response so far', () => {
    const { sim, haproxy } = start(`core.register_cli({"slow"}, "slow", function(applet)
      applet:send("a\\n") core.sleep(2) applet:send("b\\n") end)`)
    let answer = ''
    sim.at('1s', () => (answer = haproxy.cli('slow')))
    sim.advance('5s')
    expect(answer).toBe('a\n')
  })

  it('run in the state of a thread if there are several', () => {
    const { haproxy } = start(
      'core.register_cli({"where"}, "where", function(applet) applet:send(tostring(core.thread > 0)) end)',
      'lua-load-per-thread',
    )
    expect(haproxy.cli('where')).toBe('true\n')
  })

  it("do not replace HAProxy's own, and appear in its help", () => {
    const { haproxy } = start(`core.register_cli({"show", "version"}, "mine", function(applet) applet:send("mine") end)
      core.register_cli({"show", "mine"}, "show mine : mine", function(applet) applet:send("mine\\n") end)`)
    expect(haproxy.cli('show version;show mine')).toBe('3.2.26\n\nmine\n\n')
    expect(haproxy.cli('help show mine')).toContain('  show mine : mine\n')
  })

  it('leave no task behind if they fail', () => {
    const { haproxy } = start('core.register_cli({"fail"}, "fail", function(applet) error("oh") end)')
    const tasks = haproxy.process.threads.tasks.size
    expect(haproxy.cli('fail')).toBe('\n')
    expect(haproxy.process.threads.tasks.size).toBe(tasks)
    expect(haproxy.messages.at(-1)?.text).toMatch(
      /^Lua cli '<lua\.cli\.fail>': \[state-id 0\] runtime error: x\.lua:1: oh/,
    )
  })
})

describe('maps of scripts', () => {
  it('the error names a missing file, and the process does not start', () => {
    expect(() => start('Map.new("none.map")')).toThrow("'new': failed to open pattern file <none.map>.")
  })

  it('are shared by name', () => {
    const { haproxy } = start(`local one, two = Map.new("virt@m"), Map.new("virt@m", Map._beg)
      core.register_init(function()
        core.set_map("virt@m", "a", "1")
        print(one:lookup("a"), two:lookup("abc"), one:lookup("abc"), core.get_patref("virt@m")["a"])
      end)`)
    expect(haproxy.output).toEqual(['1\t1\tnil\t1'])
    expect(haproxy.cli('get map virt@m a')).toMatch(/^type=str, .*found=yes.*\ntype=beg, .*found=yes/)
  })
})
