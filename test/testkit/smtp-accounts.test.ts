/** Mail servers with accounts, in tests in Lua. */
import { expect, test } from 'vitest'
import { runLua } from './support/run-lua.js'

test('a mail contains the authenticated user, and whether TLS was used', () => {
  const text = String.raw`
local hapsim = require('hapsim')
it('holds', function()
  local sim = hapsim.simulation()
  local smtp = sim:smtp('127.0.0.1:465', { accounts = { my_alerts = 's3cret' }, tls = {}, require_tls = true })
  local haproxy = sim:haproxy{ config = 'global\n stats socket /run/sock\n lua-load s.lua\n', files = { ['s.lua'] = [==[
    core.register_task(function()
      local socket = core.tcp()
      socket:connect_ssl("127.0.0.1", 465)
      local function ask(line) if line then socket:send(line .. "\r\n") end return socket:receive("*l") end
      ask() ask("HELO haproxy") ask("AUTH LOGIN") ask("bXlfYWxlcnRz") print(ask("czNjcmV0"))
      ask("MAIL FROM:<a@example.com>") ask("RCPT TO:<b@example.com>") ask("DATA") ask("Subject: x\r\n\r\nx\r\n.")
    end)
  ]==] } }
  haproxy:start()
  sim:advance('5s')
  assert.equals('235 2.7.0 Authentication successful', haproxy.output[1])
  assert.equals(1, #smtp.mails)
  assert.equals('my_alerts', smtp.mails[1].user)
  assert.equals('LOGIN', smtp.mails[1].mechanism)
  assert.is_true(smtp.mails[1].tls)
end)

it('is a client that secures its connection', function()
  local sim = hapsim.simulation()
  local smtp = sim:smtp('127.0.0.1:25', { starttls = true })
  local connection = sim:client():connect('127.0.0.1:25')
  connection:send('EHLO me\r\nSTARTTLS\r\n')
  sim:advance('1s')
  assert.matches('220 Ready to start TLS\r\n$', connection.received)
  connection:secure()
  sim:advance('1s')
  assert.is_true(connection.is_encrypted)
end)
`
  expect(runLua(text)).toMatchObject({
    message: '',
    verdicts: { holds: 'passed', 'is a client that secures its connection': 'passed' },
  })
})
