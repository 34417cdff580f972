/** Strings of Lua are bytes, and pass between tests and the world as they are. */
import { expect, it } from 'vitest'
import { runLua } from './support/run-lua.js'

const passes = (body: string) => {
  const { results } = runLua(`local sim = require('hapsim').simulation()\nit('passes', function() ${body} end)`)
  expect(results.map(({ status, problem }) => problem?.message ?? status)).toEqual(['passed'])
}

it.each([
  ['no UTF-8', '"a\\xff\\xc3\\x28\\0b"'],
  ['UTF-8', '"gr\u00fc\u00dfe \u{1f600}"'],
])('%s', (_, bytes) =>
  passes(`
    local tcp, web = sim:tcp('127.0.0.1:70'), sim:http('127.0.0.1:80')
    local bytes = ${bytes}
    tcp:respond(function(text) assert.equals(bytes, text) return '<' .. text .. '>' end)
    local one = sim:client():connect('127.0.0.1:70')
    one:send(bytes)
    sim:advance('1s')
    assert.same({ bytes, bytes }, { tcp.received, tcp.connections[1].received })
    assert.equals('<' .. bytes .. '>', one.received)
    tcp:greet(bytes)
    local two = sim:client():connect('127.0.0.1:70')
    web:respond{ body = bytes, close = true }
    local three = sim:client():connect('127.0.0.1:80')
    three:send('POST / HTTP/1.1\\r\\nhost: x\\r\\ncontent-length: ' .. #bytes .. '\\r\\n\\r\\n' .. bytes)
    sim:advance('1s')
    assert.equals(bytes, two.received)
    assert.equals(bytes, web.requests[1].bytes)
    assert.equals(bytes, three.received:match('\\r\\n\\r\\n(.*)$'))
    assert.is_true(three.ended)
    assert.equals(0, web.open_connections)
    assert.equals(2, tcp.open_connections)
    tcp:close_connections()
    sim:advance('1s')
    assert.is_true(one.ended and two.ended)
  `),
)

it('bytes that are evaluated in a process are returned unchanged', () =>
  passes(`
    local config = 'listen l\\n bind :80\\n mode http\\n timeout connect 1s\\n timeout client 1s\\n timeout server 1s\\n'
    local haproxy = sim:haproxy(config)
    haproxy:start()
    assert.same({ 'a\\xff', { 'b\\xfe' } }, { haproxy:eval('return ...', 'a\\xff', { 'b\\xfe' }) })
  `))
