/** A script alone: the built-in configuration calls what it registers, and shows what comes of it. */
import { describe, expect, it } from 'vitest'
import { hapsim } from '../support/hapsim.js'

const SCRIPT = `
core.register_action("greet", { "http-req" }, function(txn, who) txn:Info("hello " .. who) end, 1)
core.register_action("mark", { "http-res", "http-after-res" }, function(txn) txn.http:res_add_header("x-mark", "1") end)
core.register_fetches("answer", function(txn) return 42 end)
core.register_converters("reverse", function(s) return s:reverse() end)
core.register_service("hello", "http", function(applet)
  applet:set_status(200)
  applet:start_response()
  applet:send("hello from " .. applet.path)
end)
core.register_service("echo", "tcp", function(applet) applet:send(applet:getline()) end)
core.register_action("cannot be named", { "http-req" }, function() end)
`

describe('a script that registers functions', () => {
  it('has each of them called by a request', async () => {
    const { out, code } = await hapsim(['run', '@/my.lua'], { 'my.lua': SCRIPT })
    expect(code).toBe(0)
    for (const line of [
      'world   get http://127.0.0.1/\n',
      'world   get http://127.0.0.1/hello\n',
      'info    hello arg1\n',
      '< x-answer: 42\n',
      '< x-reverse: elpmaxe\n',
      '< x-mark: 1\n',
      '| hello from /hello\n',
      'frontends: 2 requests (2xx: 2)',
    ])
      expect(out).toContain(line)
  })

  it('gets the requests of --at instead', async () => {
    const { out } = await hapsim(['run', '@/my.lua', '--at', '1s=get http://127.0.0.1/hello'], { 'my.lua': SCRIPT })
    expect(out).toContain('frontends: 1 request (2xx: 1)')
  })

  it('has a service of TCP on a port', async () => {
    const { out } = await hapsim(['run', '@/my.lua', '--print-config'], { 'my.lua': SCRIPT })
    expect(out).toContain(`
frontend web
    bind :80
    http-request lua.greet arg1
    http-response lua.mark
    http-after-response lua.mark
    http-request use-service lua.hello if { path /hello }
    http-after-response set-header x-answer "%[lua.answer]"
    http-after-response set-header x-reverse "%[str(example),lua.reverse]"
    default_backend app
`)
    expect(out).toContain(`
listen echo
    mode tcp
    bind :9001
    tcp-request content use-service lua.echo`)
  })

  it('is checked with these rules', async () => {
    const { out, code } = await hapsim(['check', '@/my.lua'], { 'my.lua': SCRIPT })
    expect(out).toContain('Configuration file is valid')
    expect(code).toBe(0)
  })
})

it('a script that registers none gets no requests', async () => {
  const { out } = await hapsim(['run', '@/my.lua'], { 'my.lua': 'core.register_task(function() end)' })
  expect(out).not.toContain('world   get')
})
