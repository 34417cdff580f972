/** Clients and web servers in Lua: the same names as in TypeScript. */
import { expect, it } from 'vitest'
import { runLua } from './support/run-lua.js'

const passes = (body: string) => {
  const { results } = runLua(`
    local sim = require('hapsim').simulation()
    local web, client = sim:http('127.0.0.1:80', { keep_requests = 10 }), sim:client()
    local url = 'http://127.0.0.1/'
    it('passes', function() ${body} end)`)
  expect(results.map(({ status, problem }) => problem?.message ?? status)).toEqual(['passed'])
}

it('a request has an answer', () =>
  passes(`
    web:respond{ status = 201, headers = { ['Set-Cookie'] = { 'a=1', 'b=\\xff' } }, body = 'gr\\xfc', interim = { 103 } }
    local answer = client:post(url .. 'x?y', { headers = { cookie = 'c' }, body = 'a\\xff' })
    assert.same({ 201, 'Created', '1.1' }, { answer.status, answer.reason, answer.version })
    assert.same({ 'gr\\xfc', 'gr\\xfc', 'gr\\xfc' }, { answer:text(), answer.body, answer.bytes })
    assert.equals('a=1', answer.headers:get('set-cookie'))
    assert.same({ 'a=1', 'b=\\xff' }, answer.headers:all('set-cookie'))
    assert.equals('a=1', answer.headers['SET-COOKIE'])
    assert.is_nil(answer.headers['x-none'])
    assert.is_false(answer.headers:has('x-none'))
    assert.same({ 'Set-Cookie', 'a=1' }, answer.headers:entries()[1])
    assert.equals(103, answer.interim[1].status)
    assert.is_true(answer.took > 0 and answer.at == math.floor(sim.now * 1000 + 0.5))
    local request = web.requests[1]
    assert.same({ 'POST', '/x?y', '/x', 'y', 'a\\xff', 1 },
      { request.method, request.target, request.path, request.query, request.body, request.connection })
    assert.same({ 'cookie', 'c' }, request.raw_headers[2])
    assert.equals('c', request.headers.cookie)
  `))

it('requests are outstanding at once', () =>
  passes(`
    local far, answered = sim:http('10.0.0.1:80'), 0
    far:respond{ delay = '1s' }
    local exchanges = {}
    for i = 1, 20 do
      exchanges[i] = sim:client('198.51.100.' .. i):send('GET', url, { to = '10.0.0.1:80' })
      exchanges[i]:on_end(function(exchange) if exchange.answer then answered = answered + 1 end end)
    end
    sim:advance('500ms')
    assert.same({ 'waiting', 20, false }, { exchanges[1].phase, far.open_connections, exchanges[1].ended })
    exchanges[1]:abort()
    assert.equals('aborted', exchanges[1].error_code)
    assert.matches('aborted by the client', exchanges[1].error)
    exchanges[2].connection:reset()
    assert.equals(200, exchanges[3]:wait().status)
    sim:advance('1s')
    assert.equals(18, answered)
  `))

it('requests are pipelined, sent in pieces, and fail with an error', () =>
  passes(`
    local first = client:send('POST', url, { pieces = { 'a', 'b' }, interval = '1s', trailers = { ['X-T'] = 1 } })
    local second = client:send('GET', url, { connection = first.connection })
    assert.is_true(client:wait())
    assert.same({ 'ab', '' }, { web.requests[1].body, web.requests[2].body })
    assert.same({ ['x-t'] = '1' }, web.requests[1].trailers)
    assert.equals(1, web.connections)
    web:respond('hang')
    assert.error_matches(function() client:get(url, { limit = '2s' }) end, 'no complete answer within 2s')
    assert.error_matches(function() client:get('x') end, "'x' is not a URL")
    assert.error_matches(function() client:get(url, { keep_alife = true }) end, "unknown option 'keepAlife'")
    assert.error_matches(function() client:get() end, "bad argument #1 to 'get' %(string expected, got nil%)")
  `))

it('responses depend on conditions', () =>
  passes(`
    web:respond(404)
    web:respond('/api/*', 201)
    web:respond({ method = { 'PUT', 'POST' }, headers = { ['X-A'] = true } }, 202)
    web:respond(function(request) return request.path:match('^/%d+$') end, function(request) return { body = request.path } end)
    local function status(method, path, headers) return client:request(method, 'http://127.0.0.1' .. path, { headers = headers }).status end
    assert.same({ 404, 201, 202, 404 }, { status('GET', '/'), status('GET', '/api/x'), status('PUT', '/', { ['x-a'] = 1 }), status('PUT', '/') })
    assert.equals('/12', client:get(url .. '12'):text())
  `))

it('a raw connection sends, receives and expects bytes', () =>
  passes(`
    web:respond{ body = 'hello \\xff' }
    local session = client:connect('127.0.0.1:80')
    session:send('GET / HTTP/1.0\\r\\n\\r\\n')
    assert.equals('200 OK', session:expect('200 OK'))
    assert.equals('hello', session:expect(function(text) return text:match('\\r\\n\\r\\n(%a+)') end))
    assert.equals('', session:receive())
    assert.is_true(session.ended)
    assert.matches('^127.0.0.1:%d+$', session['local'])
    assert.error_matches(function() session:expect('more') end, 'expected "more", received nothing')
    local other = client:connect('127.0.0.1:80')
    other:send('GET / HTTP/1.0\\r\\n\\r\\n')
    other:pause()
    sim:advance('1s')
    assert.equals('', other.received)
    other:resume()
    assert.matches('hello \\xff$', other:receive_all())
    assert.equals(2, #client.connections)
  `))
