import { describe, expect, test } from 'vitest'
import { runLua, withScript } from './support/run-lua.js'

const SCRIPT = `
seen = {}
order = {}
function double(n) return n * 2, { n = n } end
core.event_sub({ 'SERVER_DOWN', 'SERVER_STATE' }, function(event, data)
  seen[#seen + 1] = event .. ' ' .. data.name .. (data.state and (' ' .. data.state.cause) or '')
end)
core.register_task(function() order[#order + 1] = 'a' end)
core.register_task(function() order[#order + 1] = 'b' end)
`

const inWorld = (body: string, script = SCRIPT, options = {}) =>
  runLua(
    `${withScript(script)}\nit('holds', function() local sim, haproxy, web, smtp = start()\n${body}\nend)`,
    options,
  )

const passes = (body: string, script = SCRIPT) =>
  expect(inWorld(body, script)).toMatchObject({ message: '', verdicts: { holds: 'passed' } })

describe('the world of tests in Lua', () => {
  test('advances time, and returns servers, logs and events', () =>
    passes(`
      web:refuse()
      sim:advance('5s')
      assert.equals('DOWN', haproxy:server('app/web1').status)
      assert.equals(5000, sim.now)
      assert.logged(haproxy, 'app/web1 is DOWN', 'alert')
      assert.is_not.logged(haproxy, 'app/web1 is UP')
      assert.equals('SERVER_CHECK', haproxy.events[1].name)
      assert.matches('web1', haproxy:cli('show servers state'))
      assert.has_no.lua_errors(haproxy)
    `))

  test('plans actions, waits for conditions and settles', () =>
    passes(`
      local at
      sim:at('2s', function() at = sim.now web:refuse() end)
      assert.is_true(sim:run_until(function() return haproxy:server('app/web1').status == 'DOWN' end, '10s'))
      assert.equals(2000, at)
      assert.is_false(sim:run_until(function() return false end, '1s'))
      assert.is_true(sim:settle())
    `))

  test('returns the same object for each access', () =>
    passes(`
      assert.equals(web, web:accept())
      assert.is_not.equals(web, smtp)
    `))

  test('answers requests with a Lua function', () =>
    passes(`
      local method
      web:respond(function(request) method = request.method return { status = 503 } end)
      sim:advance('5s')
      assert.equals('OPTIONS', method)
      assert.is_true(#web.requests > 1)
      assert.logged(haproxy, 'Layer7 wrong status, code: 503')
    `))

  test('runs Lua inside of the process', () =>
    passes(`
      local twice, record = haproxy:call('double', 4)
      assert.same({ 8, { n = 4 } }, { twice, record })
      assert.equals(3, haproxy:eval('1 + ...', 2))
      assert.equals(0, haproxy:eval('core.msleep(50) return #seen'))
      assert.equals(50, sim.now)
      assert.error_matches(function() haproxy:eval("error('no')") end, 'eval:1: no')
      assert.error_matches(function() haproxy:eval('1 +') end, 'unexpected symbol near')
      assert.error_matches(function() haproxy:call('nothing') end, "global 'nothing'")
    `))

  test('publishes synthetic events', () =>
    passes(`
      haproxy:publish('SERVER_DOWN', 'app/web1')
      haproxy:publish('SERVER_STATE', 'app/web1', { cause = 'made up', new_state = 'STOPPED' })
      sim:advance('10ms')
      assert.same({ 'SERVER_DOWN web1', 'SERVER_STATE web1 made up' }, haproxy:eval('seen'))
      assert.equals('UP', haproxy:server('app/web1').status)
      assert.has_error(function() haproxy:publish('SERVER_GONE', 'app/web1') end)
    `))

  test('returns stuck tasks', () => {
    const { message } = inWorld(
      `sim:advance('1ms')
      assert.has.stuck_task(haproxy)
      assert.has_no.stuck_tasks(haproxy)`,
      `core.register_task(function()
  core.wait()
end)`,
    )
    expect(message).toBe(`Expected no stuck tasks, but got:
  Lua task script.lua:1, at script.lua:2: waits without a timeout, and nothing will wake it`)
  })

  test('returns tasks and subscriptions', () =>
    passes(
      `sim:advance('1ms')
      assert.has_no.stuck_tasks(haproxy)
      assert.same({ 'script.lua:3' }, haproxy.subscriptions)`,
      `local queue = core.queue()
core.register_task(function() queue:pop_wait() end)
core.event_sub({ 'SERVER_UP' }, function() end)`,
    ))

  test('checks which mails were sent', () => {
    const body = `
      local mail = { to = 'admin@example.com', subject = 'web1 is down' }
      smtp:slow(1)
      sim:advance('100ms')
      assert.sent(smtp, 'down')
      assert.sent(smtp, mail, 1)
      assert.sent_in_order(smtp, { 'down', { subject = 'web1 is up' } })
      assert.is_not.sent(smtp, 'maintenance')
    `
    const send = (subject: string) =>
      `send('MAIL FROM:<a@b>') send('RCPT TO:<admin@example.com>') send('DATA') send('Subject: ${subject}\\r\\n\\r\\nbody\\r\\n.')`
    const script = `core.register_task(function()
      local s = core.tcp()
      s:connect('127.0.0.1', 25)
      s:receive('*l')
      local function send(line) s:send(line .. '\\r\\n') s:receive('*l') end
      send('HELO x') ${send('web1 is down')} ${send('web1 is up')} send('QUIT')
    end)`
    passes(body, script)
    const { message } = inWorld(`sim:advance('1s') assert.sent(smtp, 'nothing like it')`, script)
    expect(message).toMatch(/^Expected a matching mail\.\nMails:\n {2}0\.\d+ s: to admin@example\.com: web1 is down\n/)
  })

  test('reports errors of TypeScript at the line of the test', () => {
    const { results } = inWorld(`\nsim:advance('soon')`)
    expect(results[0]!.problem!.message).toMatch(/^'soon' is not a duration/)
    expect(results[0]!.problem!.where).toMatch(/^a_test\.lua:\d+$/)
    expect(inWorld(`haproxy:server('app/none')`).message).toBe("unknown server 'app/none'; known servers: app/web1")
    expect(inWorld(`return smtp.mail`).message).toBe("SmtpServer has no field or method 'mail'")
    expect(inWorld(`sim.advance('1s')`).message).toMatch(/^(use a colon|bad argument)/)
  })

  test.each([
    ['sim:http()', "bad argument #1 to 'http' (string expected, got nil)"],
    ['sim:advance({})', "bad argument #1 to 'advance' (duration expected, got table)"],
    ["sim:at('1s')", "bad argument #2 to 'at' (function expected, got nil)"],
    ["sim:run_until(5, '1s')", "bad argument #1 to 'run_until' (function expected, got number)"],
    ['web:respond()', "bad argument #1 to 'respond' (value expected, got nil)"],
    ['sim.now = 3', 'Simulation is read-only'],
    ['hapsim.simulation(3)', 'hapsim.simulation: options must be a table'],
    ['hapsim.simulation{ speed = 3 }', "hapsim.simulation: unknown option 'speed'"],
    ['local t = {} t.t = t haproxy:eval("1", t)', 'table nested too deeply or recursive'],
    ["haproxy:eval('return ...', sim)", 'cannot pass a Simulation: only data can be copied'],
    ["haproxy:eval('return ...', { { web } })", 'cannot pass a HttpServer: only data can be copied'],
    ["haproxy:eval('return ...', print)", 'cannot pass a function: only data can be copied'],
    ["haproxy:call('double', haproxy:server('app/web1'))", 'cannot pass a ServerView: only data can be copied'],
    ["haproxy:eval('core.sleep(100)')", 'not finished within 1m: core.sleep(100)'],
  ])('reports %s', (call, message) => {
    const { results } = inWorld(call)
    expect(results[0]).toMatchObject({ status: 'error', problem: { message } })
    expect(results[0]!.problem!.where).toMatch(/^a_test\.lua:\d+$/)
  })

  test('passes on errors of callbacks', () => {
    const { results } = inWorld(`sim:at('1s', function() assert.equals(1, 2) end) sim:advance('2s')`)
    expect(results[0]).toMatchObject({ status: 'failed', problem: { kind: 'failure' } })
  })

  test('separates the state of tests from that of scripts', () =>
    passes(`seen = 'mine' assert.same({}, haproxy:eval('seen')) assert.is_nil(core)`))

  test('shows the last occurrences with a failure', () => {
    const { results } = inWorld(`web:refuse() sim:advance('5s') assert.is_true(false)`)
    expect(results[0]!.trace.join('\n')).toContain('SERVER_DOWN app/web1')
  })
})

describe('exploring', () => {
  const race = `${withScript(SCRIPT)}
    it.explore('keeps the order', { schedules = 50 }, function()
      local sim, haproxy = start()
      sim:advance('100ms')
      assert.same({ 'a', 'b' }, haproxy:eval('order'))
    end)`

  test('finds the schedule that breaks a test, and replays it', () => {
    const { results } = runLua(race)
    const [{ status, schedule, problem }] = results as [(typeof results)[0]]
    expect(status).toBe('failed')
    expect(problem!.where).toMatch(/^a_test\.lua:/)
    expect(schedule!.deviations.join()).toContain('Lua task script.lua')
    const again = runLua(
      { 'a_test.lua': race, 'b_test.lua': `it('is another', function() end)` },
      { replay: schedule!.token },
    )
    expect(again.results.map((each) => [each.names.at(-1), each.status])).toEqual([['keeps the order', 'failed']])
  })

  test('explores any test on request', () => {
    const plain = race.replace("it.explore('keeps the order', { schedules = 50 }, ", "it('keeps the order', ")
    expect(runLua(plain).verdicts).toEqual({ 'keeps the order': 'passed' })
    expect(runLua(plain, { explore: 50 }).verdicts).toEqual({ 'keeps the order': 'failed' })
  })

  test('rejects unknown options', () => {
    expect(runLua(`it.explore('x', { schedule = 5 }, function() end)`).message).toBe(
      "it.explore: unknown option 'schedule'",
    )
    expect(runLua(`it.explore('x', { strategy = 'luck' }, function() end)`).message).toMatch(
      /^it\.explore: strategy must be one of /,
    )
  })
})
