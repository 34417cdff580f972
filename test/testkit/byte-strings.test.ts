/** Strings of Lua are bytes: what tests in Lua send and get is what goes over connections. */
import { expect, test } from 'vitest'
import { runLua } from './support/run-lua.js'

const SCRIPT = String.raw`
core.register_cli({"bytes"}, "", function(applet, _, text) applet:send(text .. "\xff\n") end)
core.register_task(function()
  local socket = core.tcp()
  socket:connect("127.0.0.1", 7)
  socket:send("\xc3\xa9 \xff")
  print(socket:receive("*l"))
  print(socket:receive("*l"))
  local web = core.tcp()
  web:connect("127.0.0.1", 80)
  web:send("POST /\xc3\xa9 HTTP/1.0\r\nX-Byte: \xff\r\nContent-Length: 3\r\n\r\n\xc3\xa9\xff")
  print(web:receive("*a"))
end)
`

const passes = (body: string) =>
  expect(
    runLua(`
local hapsim = require('hapsim')
it('holds', function()
  local sim = hapsim.simulation()
  local config = 'global\\n stats socket /run/sock level admin\\n lua-load s.lua\\n'
  local echo, web = sim:tcp('127.0.0.1:7'), sim:http('127.0.0.1:80')
  local haproxy = sim:haproxy{ config = config, files = { ['s.lua'] = [==[${SCRIPT}]==] } }
  ${body}
end)`),
  ).toMatchObject({ message: '', verdicts: { holds: 'passed' } })

test('sockets', () =>
  passes(String.raw`
  local got
  echo:greet("\xc3\xa9\xfe\n")
  echo:respond(function(received) got = received return received .. "!\n" end)
  web:respond(function(request) return { body = request.body .. "\xe9" } end)
  haproxy:start()
  sim:advance('1s')
  assert.equals("\xc3\xa9 \xff", got)
  assert.equals("\xc3\xa9 \xff", echo.received)
  assert.equals("\xc3\xa9 \xff", echo.connections[1].received)
  assert.equals("\xc3\xa9\xfe", haproxy.output[1])
  assert.equals("\xc3\xa9 \xff!", haproxy.output[2])
  assert.equals("/\xc3\xa9", web.requests[1].path)
  assert.equals("\xff", web.requests[1].headers["x-byte"])
  assert.equals("\xc3\xa9\xff", web.requests[1].body)
  assert.matches("\xc3\xa9\xff\xe9$", haproxy.output[#haproxy.output])
`))

test('commands of the runtime API', () =>
  passes(String.raw`
  haproxy:start()
  assert.equals("\xc3\xa9\xfe\xff\n\n", haproxy:cli("bytes \xc3\xa9\xfe"))
`))
