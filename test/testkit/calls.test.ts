/** Calls of registered functions in Lua tests: the same as in TypeScript, whose tests are test/sim/calls.test.ts. */
import { describe, expect, it } from 'vitest'
import { LuaCoverage } from '../../src/lua/index.js'
import { runLua } from './support/run-lua.js'

const SCRIPT = `core.register_fetches("is_admin", function(txn)
  local role = txn.sf:req_hdr("x-role")
  return role == "admin"
end)
core.register_fetches("bytes", function(txn, text) return txn.sf:req_hdr("x-bytes") .. text end)
core.register_fetches("total", function() return count end)
core.register_converters("mask", function(text, shown) return text:sub(1, tonumber(shown or 1)) .. "***" end)
core.register_action("auth", { "http-req", "http-res" }, function(txn, user)
  local expected = "bob"
  if user ~= expected then
    txn:done(txn:reply({ status = 401, body = "no \\xff" }))
  end
  txn.http:req_set_header("x-user", user)
  txn:set_var("txn.the_user", user)
  txn:Warning("checked")
end, 1)
core.register_action("fails", { "http-req" }, function(txn)
  local missing = nil
  missing.field = 1
end)
core.register_service("echo", "http", function(applet)
  applet:set_status(201)
  applet:start_response()
  applet:send(applet:receive())
end)
core.register_service("upper", "tcp", function(applet) applet:send(applet:getline():upper()) end)
count = 0
core.register_action("count", { "http-req" }, function()
  local before = count
  core.yield()
  count = before + 1
end)
`

const CONFIG = `global
  tune.lua.bool-sample-conversion normal
  log stdout local0
  lua-load script.lua
defaults
  mode http
  timeout client 10s
frontend web
  bind 127.0.0.1:8080
  http-request lua.count
  http-request return status 200
`

const HEAD = `local hapsim = require('hapsim')
local function start()
  local sim = hapsim.simulation()
  return sim:haproxy{ file = 'haproxy.cfg' }:start(), sim
end
`

const run = (tests: string, options: Parameters<typeof runLua>[1] = {}) =>
  runLua({ 'a_test.lua': HEAD + tests, 'script.lua': SCRIPT, 'haproxy.cfg': CONFIG }, options)

const passes = (body: string) => {
  const { results } = run(`it('passes', function() local haproxy, sim = start() ${body} end)`)
  expect(results.map(({ status, problem }) => problem?.message ?? status)).toEqual(['passed'])
}

describe('calls in Lua', () => {
  it('of fetches and converters return values', () =>
    passes(`
      assert.is_true(haproxy:fetch('lua.is_admin', { request = { headers = { ['X-Role'] = 'admin' } } }))
      assert.is_false(haproxy:fetch('lua.is_admin'))
      assert.equals('\\xff\\u{e9}', haproxy:fetch('lua.bytes', { request = { headers = { ['x-bytes'] = '\\xff' } }, arguments = { '\\u{e9}' } }))
      assert.equals('s***', haproxy:converter('lua.mask', 'secret'))
      assert.equals('se***', haproxy:converter('lua.mask', 'secret', { arguments = { 2 } }))
    `))

  it('of actions return what they have done', () =>
    passes(`
      local options = { rule_set = 'http-req', arguments = { 'bob' }, variables = { ['txn.old_one'] = 5 } }
      local result = haproxy:action('lua.auth', options)
      assert.equals('continue', result.act)
      assert.same({ 'GET', '/', 'bob' }, { result.request.method, result.request.target, result.request.headers['x-user'] })
      assert.same({ ['txn.the_user'] = 'bob', ['txn.old_one'] = 5 }, result.variables)
      assert.is_nil(result.reply)
      assert.same({ 'warning', 'checked' }, { result.logs[1].level, result.logs[1].message })
      local refused = haproxy:action('lua.auth', { rule_set = 'http-req', arguments = { '' }, request = { path = '/?x' } })
      assert.same({ 'abort', 401, 'no \\xff', 'x' },
        { refused.act, refused.reply.status, refused.reply.body, refused.request.query })
      assert.has_error(function() haproxy:action('lua.auth', { rule_set = 'tcp-req', arguments = { '' } }) end,
        'lua.auth is registered for http-req, http-res, not for tcp-req')
    `))

  it('of services return their answers', () =>
    passes(`
      local answer = haproxy:service('lua.echo', { request = { method = 'POST', body = 'a\\xff' } })
      assert.same({ 201, 'a\\xff' }, { answer.status, answer.body })
      assert.equals('A\\xff\\n', haproxy:service('lua.upper', { data = 'a\\xff\\n' }))
    `))

  it('with wrong arguments are errors at the place of the call', () => {
    const { results } = run(`
      it('x', function() start():fetch('lua.isadmin') end)
      it('y', function() start():converter('lua.mask') end)
      it('z', function() start():action('lua.auth', 'bob') end)`)
    expect(results.map(({ problem }) => [problem?.where, problem?.message])).toEqual([
      ['a_test.lua:7', "no script has registered a fetch 'lua.isadmin'; did you mean 'lua.is_admin'?"],
      ['a_test.lua:8', "bad argument #2 to 'converter' (value expected, got nil)"],
      ['a_test.lua:9', "bad argument #2 to 'action' (table expected, got string)"],
    ])
  })

  it('that fail show the variables of the script', () => {
    const { results } = run(`it('x', function() start():action('lua.fails') end)`)
    const { message, scripts } = results[0]!.problem!
    expect(message).toMatch(/^Lua function 'fails': .*script\.lua:19: attempt to index a nil value \(local 'missing'\)/)
    expect(scripts).toHaveLength(1)
    expect(scripts![0]!.frames[0]).toMatchObject({
      line: 19,
      locals: expect.arrayContaining([expect.objectContaining({ name: 'missing' })]) as unknown,
    })
  })

  it('are covered', () => {
    const coverage = new LuaCoverage()
    run(`it('x', function() start():fetch('lua.is_admin') end)`, { coverage })
    const { data } = coverage.scripts[0]!
    const called = Object.entries(data.fnMap).map(([id, { loc }]) => [loc.start.line, data.f[id]])
    expect(called).toContainEqual([1, 1])
    expect(called).toContainEqual([5, 0])
  })

  it('are explored: an update of a concurrent request is lost', () => {
    const race = (how: string) => `${how}
      local haproxy, sim = start()
      local exchange = sim:client():send('GET', 'http://127.0.0.1:8080/')
      haproxy:action('lua.count')
      exchange:wait()
      assert.equals(2, haproxy:fetch('lua.total'))
    end)`
    expect(run(race("it('counts', function()")).verdicts).toEqual({ counts: 'passed' })
    const { verdicts, results } = run(race("it.explore('counts', { schedules = 100 }, function()"))
    expect(verdicts).toEqual({ counts: 'failed' })
    expect(results[0]!.schedule!.deviations.join()).toContain('stream')
  })
})
