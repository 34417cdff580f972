/** Functions that scripts have registered, called without a whole request. */
import { describe, expect, it } from 'vitest'
import { CallError, Simulation, type Haproxy } from '../../src/index.js'

const CONFIG = `global
    tune.lua.bool-sample-conversion normal
    log stdout local0
    lua-load script.lua

defaults
    mode http
    timeout client 30s

frontend web
    bind 127.0.0.1:8080
`

const start = (lua: string, config = CONFIG): Haproxy =>
  new Simulation().haproxy({ config, files: { 'script.lua': lua } }).start()

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')

describe('a fetch', () => {
  it('is called with its arguments, for a request', () => {
    const haproxy = start(`core.register_fetches("show", function(txn, ...)
      return table.concat({ txn.sf:method(), txn.sf:path(), txn.sf:req_hdr("host"), txn.sf:src(), ... }, " ")
    end)`)
    const options = {
      request: { method: 'POST', path: '/a?b=1', headers: { host: 'example.org' } },
      from: '192.0.2.7',
      arguments: ['x', 2],
    }
    expect(haproxy.fetch('lua.show', options)).toBe('POST /a example.org 192.0.2.7 x 2')
    expect(haproxy.fetch('lua.show')).toBe('GET / localhost 127.0.0.1')
  })

  it('returns text, integers and booleans, and nothing without a result', () => {
    const haproxy = start(`
      core.register_fetches("text", function() return "\\u{e9}" end)
      core.register_fetches("integer", function() return 1 << 62 end)
      core.register_fetches("small", function() return 7 end)
      core.register_fetches("boolean", function() return true end)
      core.register_fetches("no_result", function() end)
      core.register_fetches("no_value", function() return nil end)`)
    expect(haproxy.fetch('lua.text')).toBe('é')
    expect(haproxy.fetch('lua.integer')).toBe(1n << 62n)
    expect(haproxy.fetch('lua.small')).toBe(7)
    expect(haproxy.fetch('lua.boolean')).toBe(true)
    expect(haproxy.fetch('lua.no_result')).toBeUndefined()
    // what has no type of sample is false
    expect(haproxy.fetch('lua.no_value')).toBe(false)
  })

  it('sees the body, variables, and a response', () => {
    const haproxy = start(`
      core.register_fetches("body", function(txn) return txn.sf:req_body() end)
      core.register_fetches("user", function(txn) return txn:get_var("txn.user") end)
      core.register_fetches("status", function(txn) return txn.sf:status() .. txn.sf:res_hdr("x-a") end)`)
    expect(haproxy.fetch('lua.body', { request: { method: 'POST', body: 'abc' } })).toBe('abc')
    expect(haproxy.fetch('lua.user', { variables: { 'txn.user': 'alice' } })).toBe('alice')
    expect(haproxy.fetch('lua.status', { response: { status: 404, headers: { 'x-a': '!' } } })).toBe('404!')
  })

  it('sees what a client of TCP has sent', () => {
    const haproxy = start(`core.register_fetches("data", function(txn) return txn.req:data(0, 3) end)`)
    expect(haproxy.fetch('lua.data', { data: 'abcdef' })).toBe('abc')
  })

  it('may not wait', () => {
    const haproxy = start(`core.register_fetches("slow", function() core.msleep(1) return 1 end)`)
    expect(() => haproxy.fetch('lua.slow')).toThrow("Lua sample-fetch 'slow': yield not allowed.")
  })
})

describe('a converter', () => {
  it('converts values of all types', () => {
    const haproxy = start(`core.register_converters("kind", function(value, ...)
      return math.type(value) or type(value) .. ":" .. tostring(value) .. table.concat({ ... })
    end)`)
    expect(haproxy.converter('lua.kind', 'a', { arguments: [1, 'b'] })).toBe('string:a1b')
    expect(haproxy.converter('lua.kind', 5)).toBe('integer')
    expect(haproxy.converter('lua.kind', true)).toBe('boolean:true')
    expect(haproxy.converter('lua.kind', new Uint8Array([104, 105]))).toBe('string:hi')
  })

  it('may not wait', () => {
    const haproxy = start(`core.register_converters("slow", function() core.yield() return 1 end)`)
    expect(() => haproxy.converter('lua.slow', '')).not.toThrow()
    const other = start(`core.register_converters("slow", function() core.sleep(1) return 1 end)`)
    expect(() => other.converter('lua.slow', '')).toThrow('yield functions like core.tcp() or core.sleep()')
  })
})

const AUTHORIZE = `core.register_action("authorize", { "http-req" }, function(txn, role)
  local user = txn.sf:req_hdr("x-user")
  if user == "" then txn:done(txn:reply({ status = 401, body = "who?" })) end
  txn.http:req_del_header("x-user")
  txn.http:req_set_header("x-role", role)
  txn.http:req_set_path("/app")
  txn:set_var("txn.user", user)
  txn:set_var("req.tries", 3)
  txn:Info("authorized " .. user)
end, 1)`

describe('an action', () => {
  it('shows what it has changed', () => {
    const haproxy = start(AUTHORIZE)
    const result = haproxy.action('lua.authorize', {
      request: { path: '/x?y', headers: { 'X-User': 'alice', 'X-Role': ['a', 'b'] } },
      arguments: ['admin'],
    })
    expect(result).toMatchObject({
      act: 'continue',
      request: { method: 'GET', target: '/app?y', path: '/app', query: 'y' },
      response: undefined,
      reply: undefined,
      variables: { 'txn.user': 'alice', 'req.tries': 3 },
      took: 0,
    })
    expect(result.request!.headers.entries()).toEqual([
      ['host', 'localhost'],
      ['x-role', 'admin'],
    ])
    expect(result.logs.map(({ level, message }) => [level, message])).toEqual([['info', 'authorized alice']])
  })

  it('shows its reply', () => {
    const { act, reply } = start(AUTHORIZE).action('lua.authorize', { arguments: ['admin'] })
    expect(act).toBe('abort')
    expect(reply).toMatchObject({ status: 401, reason: 'Unauthorized', body: 'who?' })
    expect(reply!.headers.get('content-length')).toBe('4')
  })

  it.each([
    ['http-req', 403],
    ['http-res', 502],
    ['http-after-res', 500],
  ] as const)('that denies in %s rules is answered with %i by HAProxy', (ruleSet, status) => {
    const haproxy = start(`core.register_action("refuse", { "${ruleSet}" }, function() return act.DENY end)`)
    const { act, reply } = haproxy.action('lua.refuse')
    expect([act, reply?.status]).toEqual(['deny', status])
  })

  it('changes the response of the server', () => {
    const haproxy = start(`core.register_action("tag", { "http-res" }, function(txn)
      txn.http:res_add_header("x-tag", txn.sf:res_hdr("x-tag") .. txn.sf:status())
      txn.http:res_set_status(418, "Short")
    end)`)
    const { response, request, reply } = haproxy.action('lua.tag', {
      request: { headers: { 'x-tag': 'a' } },
      response: { status: 201, headers: { 'x-tag': 'b' }, body: 'text' },
    })
    expect(response).toMatchObject({ status: 418, reason: 'Short' })
    expect(response!.headers.all('x-tag')).toEqual(['b', 'b201'])
    expect(request!.headers.get('x-tag')).toBe('a')
    expect(reply).toBeUndefined()
  })

  it('that is registered for several rule sets is called in the chosen one', () => {
    const haproxy = start(
      `core.register_action("where", { "http-req", "http-res", "tcp-req", "tcp-res" }, function(txn)
        txn:set_var("txn.where", txn.sf:status() ~= "" and "response" or "request")
      end)`,
    )
    const where = (options: Parameters<Haproxy['action']>[1]) =>
      haproxy.action('lua.where', options).variables['txn.where']
    expect(where({})).toBe('request')
    expect(where({ response: {} })).toBe('response')
    expect(where({ ruleSet: 'http-res' })).toBe('response')
    expect(where({ data: 'x' })).toBe('request')
    expect(where({ request: {}, ruleSet: 'tcp-req' })).toBe('request')
    expect(where({ request: {}, ruleSet: 'tcp-res' })).toBe('response')
  })

  it('waits while time passes', () => {
    const haproxy = start(`core.register_action("slow", { "http-req" }, function(txn)
      core.msleep(250)
      txn:set_var("txn.done", true)
    end)`)
    const result = haproxy.action('lua.slow')
    expect(result).toMatchObject({ took: 250_000, variables: { 'txn.done': true } })
    expect(() => haproxy.action('lua.slow', { limit: '100ms' })).toThrow(
      'lua.slow has not ended within 100ms of virtual time: it waits at script.lua:2',
    )
    expect(haproxy.cli('show sess').trim()).toBe('')
  })

  it('asks a server through a socket', () => {
    const sim = new Simulation()
    sim.tcp('10.0.0.9:9000').respond('yes\n')
    const haproxy = sim
      .haproxy({
        config: CONFIG,
        files: {
          'script.lua': `core.register_action("ask", { "http-req" }, function(txn)
            local socket = core.tcp()
            socket:connect("10.0.0.9", 9000)
            socket:send("?\\n")
            txn:set_var("txn.answer", socket:receive("*l"))
          end)`,
        },
      })
      .start()
    expect(haproxy.action('lua.ask').variables).toEqual({ 'txn.answer': 'yes' })
  })

  it('for TCP may wait only during the inspect delay', () => {
    const haproxy = start(`core.register_action("slow", { "tcp-req" }, function() core.msleep(250) end)`)
    expect(haproxy.action('lua.slow', { data: 'abc', inspectDelay: '1s' })).toMatchObject({
      act: 'continue',
      forwarded: 'abc',
    })
    expect(() => haproxy.action('lua.slow', { inspectDelay: '100ms' })).toThrow("'slow': yield not allowed.")
    expect(() => haproxy.action('lua.slow')).toThrow("'slow': yield not allowed.")
  })

  it('for TCP changes what the server and the client get', () => {
    const haproxy = start(`
      core.register_action("up", { "tcp-req" }, function(txn) txn.req:set(txn.req:data():upper()) end)
      core.register_action("low", { "tcp-res" }, function(txn) txn.res:set(txn.res:data():lower()) end)`)
    expect(haproxy.action('lua.up', { data: 'abc' }).forwarded).toBe('ABC')
    expect(haproxy.action('lua.low', { data: 'abc', response: 'XYZ' })).toMatchObject({
      forwarded: 'abc',
      received: 'xyz',
    })
  })

  it('does what it does for a whole request', () => {
    const lua = `core.register_action("change", { "http-req" }, function(txn)
      txn.http:req_set_uri("/new?" .. txn.sf:src())
      txn.http:req_add_header("x-a", "1")
      txn.http:req_rep_value("cookie", "b", "c")
      if txn.sf:method() == "PUT" then return act.DENY end
    end)`
    const sim = new Simulation()
    const app = sim.http('10.0.0.1:80')
    const haproxy = sim
      .haproxy({
        config: `${CONFIG}    http-request lua.change\n    default_backend app\nbackend app\n    server s 10.0.0.1:80\n`,
        files: { 'script.lua': lua },
      })
      .start()
    const headers = { host: '127.0.0.1:8080', cookie: 'a=1, b=2, b' }
    sim.client().get('http://127.0.0.1:8080/old', { headers })
    const { request } = haproxy.action('lua.change', { request: { path: '/old', headers } })
    expect(Object.fromEntries(request!.headers)).toEqual(app.requests[0]!.headers)
    expect(request!.target).toBe(app.requests[0]!.target)
    const whole = sim.client().request('PUT', 'http://127.0.0.1:8080/')
    const { reply } = haproxy.action('lua.change', { request: { method: 'PUT' } })
    expect([reply!.status, reply!.body]).toEqual([whole.status, whole.body])
  })
})

describe('a service', () => {
  it('for HTTP answers a request', () => {
    const haproxy = start(`core.register_service("sum", "http", function(applet)
      local sum = 0
      for number in applet:receive():gmatch("%d+") do sum = sum + number end
      core.msleep(10)
      applet:set_status(201)
      applet:add_header("x-path", applet.path)
      applet:start_response()
      applet:send(tostring(sum))
    end)`)
    const answer = haproxy.service('lua.sum', { request: { method: 'POST', path: '/s?x', body: '1 20 300' } })
    expect(answer).toMatchObject({ status: 201, body: '321', took: 10_000 })
    expect(answer.headers.get('x-path')).toBe('/s')
  })

  it('for HTTP gets bodies and gives answers that are larger than a buffer', () => {
    const haproxy = start(`core.register_service("echo", "http", function(applet)
      local body = applet:receive()
      applet:start_response()
      applet:send(body .. body)
    end)`)
    const body = 'x'.repeat(100_000)
    expect(haproxy.service('lua.echo', { request: { method: 'POST', body } }).body).toBe(body + body)
  })

  it('for HTTP answers other methods than GET', () => {
    const haproxy = start(`core.register_service("show", "http", function(applet)
      local body = applet.method .. " " .. applet.version .. " " .. applet:receive()
      applet:add_header("content-length", #body)
      applet:start_response()
      applet:send(body)
    end)`)
    const call = (request: object) => haproxy.service('lua.show', { request })
    const head = call({ method: 'HEAD', version: '1.0' })
    expect([head.body, head.headers.get('content-length'), head.version]).toEqual(['', '14', '1.0'])
    const put = call({ method: 'PUT', body: 'abc', headers: { expect: '100-continue' } })
    expect([put.body, put.interim.map(({ status }) => status)]).toEqual(['PUT HTTP/1.1 abc', [100]])
  })

  it('that returns without a response is answered by HAProxy', () => {
    const haproxy = start(`core.register_service("nothing", "http", function() end)`)
    expect(haproxy.service('lua.nothing').status).toBe(500)
  })

  it('for TCP answers what the client sends', () => {
    const haproxy = start(`core.register_service("upper", "tcp", function(applet)
      for line in function() return applet:getline() end do
        if line == "quit\\n" then return end
        core.msleep(5)
        applet:send(line:upper())
      end
    end)`)
    expect(text(haproxy.service('lua.upper', { data: 'a\nb\nquit\nc\n' }))).toBe('A\nB\n')
    const slow = start(`core.register_service("slow", "tcp", function() core.msleep(100) end)`)
    expect(() => slow.service('lua.slow', { data: '', limit: 10 })).toThrow(
      'within 10ms of virtual time: it waits at script.lua:1',
    )
    // it waits for more
    expect(text(haproxy.service('lua.upper', { data: 'a\nb\n' }))).toBe('A\nB\n')
    expect(haproxy.cli('show sess').trim()).toBe('')
  })
})

describe('an error', () => {
  const haproxy = start(`
    core.register_fetches("is_admin", function(txn) return txn.missing.field end)
    core.register_action("twice", { "http-req", "tcp-req" }, function() end, 2)
    core.register_action("fails", { "http-req" }, function() error("no " .. "good") end)
    core.register_service("web", "http", function(applet) applet:nothing() end)
    core.register_service("lines", "tcp", function() error("lost") end)`)
  const call = (action: () => unknown): string => {
    try {
      action()
      return 'nothing'
    } catch (error) {
      expect(error).toBeInstanceOf(error instanceof CallError ? CallError : RangeError)
      // the trace begins in the test
      expect((error as Error).stack!.split('\n').find((line) => /^ +at /.test(line))).toContain('calls.test.ts')
      return (error as Error).message
    }
  }

  it('of a function is the message of HAProxy', () => {
    expect(call(() => haproxy.fetch('lua.is_admin'))).toMatch(
      /^Lua sample-fetch 'is_admin': \[state-id 0\] runtime error: script\.lua:2: attempt to index a nil value \(field 'missing'\)/,
    )
    expect(call(() => haproxy.action('lua.fails'))).toMatch(/^Lua function 'fails': .*script\.lua:4: no good/)
    expect(call(() => haproxy.service('lua.web'))).toMatch(/^Lua applet http '<lua\.web>': .*method 'nothing'/)
    expect(call(() => haproxy.service('lua.lines', { data: '' }))).toMatch(/^Lua applet tcp '<lua\.lines>': .*lost/)
  })

  it('names what may have been meant', () => {
    expect(call(() => haproxy.fetch('lua.isadmin'))).toBe(
      "no script has registered a fetch 'lua.isadmin'; did you mean 'lua.is_admin'?",
    )
    expect(call(() => haproxy.fetch('is_admin'))).toBe(
      "no script has registered a fetch 'is_admin'; did you mean 'lua.is_admin'?",
    )
    expect(call(() => haproxy.action('lua.is_admin'))).toBe('lua.is_admin is registered as a fetch, not as an action')
    expect(call(() => haproxy.action('lua.zzz'))).toBe(
      "no script has registered an action 'lua.zzz'; known: lua.twice, lua.fails",
    )
    expect(call(() => haproxy.converter('lua.mask', ''))).toBe(
      "no script has registered a converter, so there is no 'lua.mask'",
    )
  })

  it('names wrong options and arguments', () => {
    const problem = (options: object) => call(() => haproxy.action('lua.twice', { arguments: [1, 2], ...options }))
    expect(problem({ arguments: [1] })).toBe('lua.twice takes 2 arguments, not 1')
    expect(problem({ ruleSet: 'http-res' })).toBe('lua.twice is registered for http-req, tcp-req, not for http-res')
    expect(problem({ ruleSet: 'http-request' })).toBe(
      "'http-request' is not a rule set; rule sets are tcp-req, tcp-res, http-req, http-res, http-after-res",
    )
    expect(problem({ requst: {} })).toMatch(/^unknown option 'requst' of action; options are request, data/)
    expect(problem({ request: { url: '/' } })).toMatch(/^unknown option 'url' of request; options are method, path/)
    expect(problem({ request: { path: 'a b' } })).toBe('invalid request target "a b"')
    expect(problem({ request: { headers: { 'transfer-encoding': 'x, chunked' } } })).toBe(
      'HAProxy refuses this request with status 422',
    )
    expect(problem({ from: 'nobody' })).toMatch(/nobody/)
    expect(problem({ variables: { user: 1 } })).toMatch(/^variable 'user': invalid variable name 'user'/)
    expect(problem({ variables: { 'res.user': 1 } })).toBe(
      "variable 'res.user': there is no such scope in http-req rules",
    )
    expect(problem({ data: '', request: {} })).toMatch(/^action: 'data' is what a client of TCP sends/)
    expect(problem({ limit: '1x' })).toMatch(/^'1x' is not a duration/)
    expect(call(() => haproxy.service('lua.web', { data: '' }))).toMatch(/^lua\.web is a service for HTTP/)
    expect(call(() => haproxy.service('lua.lines', { request: {} }))).toMatch(/^lua\.lines is a service for TCP/)
  })

  it('says that the process does not run, or that a step is running', () => {
    const sim = new Simulation()
    const other = sim.haproxy({
      config: CONFIG,
      files: { 'script.lua': 'core.register_fetches("a", function() return 1 end)' },
    })
    expect(() => other.fetch('lua.a')).toThrow('haproxy is not running: start it first')
    other.start()
    let message = ''
    sim.at('1s', () => {
      try {
        other.fetch('lua.a')
      } catch (error) {
        message = (error as Error).message
      }
    })
    sim.advance('2s')
    expect(message).toBe('lua.a cannot be called within a step: call it between two calls of advance')
  })
})

it('is not seen in logs and statistics of the configuration', () => {
  const haproxy = start(`core.register_action("nothing", { "http-req" }, function() end)`)
  const before = haproxy.cli('show stat')
  haproxy.action('lua.nothing')
  expect(haproxy.logs).toEqual([])
  expect(haproxy.cli('show stat')).toBe(before)
})

it('runs in the state of a thread', () => {
  const haproxy = start(
    `local count = 0
    core.register_action("count", { "http-req" }, function(txn)
      count = count + 1
      txn:set_var("txn.count", count)
      txn:set_var("txn.thread", core.thread)
    end)`,
    CONFIG.replace('lua-load ', 'lua-load-per-thread '),
  )
  const { variables } = haproxy.action('lua.count')
  expect(variables['txn.count']).toBe(1)
  expect([1, 2]).toContain(variables['txn.thread'])
})
