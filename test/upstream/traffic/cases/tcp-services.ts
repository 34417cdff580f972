/** Services of scripts for TCP: each member of AppletTCP, and how both sides end. */
import { close, connect, end, pause, reset, resume, send, shut, trickle, until, wait } from '../harness/case.js'
import type { Step, TrafficCase } from '../harness/case.js'
import { resultsOf, tcpService } from './service-builder.js'

/** Answers with the results of a call. */
const tries = (call: string): string => resultsOf(call, (text) => `applet:send(${text} .. "\\n")`)

const CALLS: Readonly<Record<string, string>> = {
  getline: 'applet:getline()',
  'getline with arguments': 'applet:getline(1, 2, 3)',
  'getline of another object': 'applet.getline({})',
  'receive of a size': 'applet:receive(4)',
  'receive of nothing': 'applet:receive(0)',
  'receive of more than comes': 'applet:receive(100, 200)',
  'receive with a time limit': 'applet:receive(5, 200)',
  'receive of all with a time limit': 'applet:receive(-1, 200)',
  'receive with too many arguments': 'applet:receive(1, 2, 3)',
  'receive with a text': 'applet:receive("many")',
  'receive with a text as time limit': 'applet:receive(1, "long")',
  'receive with nil': 'applet:receive(nil)',
  'receive of another object': 'applet.receive({})',
  try_receive: '(function() core.msleep(100) return applet:try_receive() end)()',
  'try_receive with an argument': 'applet:try_receive(1)',
  'try_receive of another object': 'applet.try_receive({})',
  send: 'applet:send("data\\n")',
  'send of nothing': 'applet:send("")',
  'send of a number': 'applet:send(5)',
  'send without data': 'applet:send()',
  'send of nil': 'applet:send(nil)',
  'send of a table': 'applet:send({})',
  'send with too many arguments': 'applet:send("a", "b")',
  'send to another object': 'applet.send({}, "a")',
  'set_var without a value': 'applet:set_var("txn.a")',
  'set_var with too many arguments': 'applet:set_var("txn.a", 1, true, 4)',
  'set_var and get_var': '(function() return applet:set_var("txn.a", "b"), applet:get_var("txn.a") end)()',
  'set_var of the session': '(function() return applet:set_var("sess.a", 5), applet:get_var("sess.a") end)()',
  'set_var with an unknown scope': 'applet:set_var("nowhere.a", 1)',
  'get_var without a name': 'applet:get_var()',
  'get_var of a variable that is not set': 'applet:get_var("txn.a")',
  unset_var:
    '(function() applet:set_var("txn.a", "b") return applet:unset_var("txn.a"), applet:get_var("txn.a") end)()',
  'unset_var without a name': 'applet:unset_var()',
  'set_priv without an action before': 'applet:set_priv(5)',
  'set_priv without a value': 'applet:set_priv()',
  'get_priv without an action before': 'applet:get_priv()',
  'a fetch': 'applet.f:fe_name()',
  'a fetch as text': 'applet.sf:fe_name()',
  'a fetch of HTTP': 'applet.f:path()',
  'a converter': 'applet.c:upper("abc")',
  'a converter as text': 'applet.sc:length("abc")',
  'a method that does not exist': 'applet:nowhere()',
  'the text of an object': 'tostring(applet):match("^[%a ]+")',
}

const members: readonly TrafficCase[] = Object.entries(CALLS).map(([name, call]) =>
  tcpService(`AppletTCP: ${name}`, tries(call)),
)

const FAILURES: Readonly<Record<string, string>> = {
  'an error': 'error("failed")',
  'an error that is a table': 'error({})',
  'an error after data': 'applet:send("data\\n") error("failed")',
  'an error after data and a pause': 'applet:send("data\\n") core.msleep(100) error("failed")',
  'a call of nil': 'nowhere()',
  'core.done': 'core.done()',
  nothing: 'local a = 1',
}

const failures: readonly TrafficCase[] = Object.entries(FAILURES).map(([name, body]) =>
  tcpService(`a TCP service with ${name}`, body, { defaults: '  option tcplog', clients: [[connect('listen'), end]] }),
)

const ECHO = `while true do
  local line = applet:getline()
  if line == "" then break end
  applet:send("got " .. line)
end
applet:send("bye\\n")`

const talks = (
  name: string,
  clients: readonly (readonly Step[])[],
  body = ECHO,
  defaults = '  timeout client 1s',
): TrafficCase => tcpService(name, body, { clients, defaults })

const FOREVER = 'while true do applet:send("data\\n") core.msleep(100) end'

const sessions: readonly TrafficCase[] = [
  talks('lines one after the other', [[send('one\n'), until('one\n'), send('two\n'), until('two\n'), close]]),
  talks('lines at once', [[send('one\ntwo\nthree\n'), until('three\n'), close]]),
  talks('a line in pieces', [[trickle(50, 'o', 'n', 'e\n'), until('one\n'), close]]),
  talks('a line without an end', [[send('one'), wait(200), close]]),
  talks('a client that ends its side after a line', [[send('one\n'), until('one\n'), shut, end]]),
  talks('a client that ends its side within a line', [[send('one'), wait(50), shut, end]]),
  talks('a client that says nothing', [[connect('listen'), end]]),
  talks('a client that connects and closes', [[connect('listen'), wait(50), close]]),
  talks('a client that resets', [[send('one\n'), until('one\n'), reset]]),
  talks(
    'a greeting',
    [[connect('listen'), until('hello\n'), send('you\n'), end]],
    'applet:send("hello\\n") applet:send(applet:getline())',
  ),
  talks(
    'a service that reads a number of bytes',
    [[send('0123456789'), end]],
    'applet:send(applet:receive(4) .. "|" .. applet:receive(3) .. "\\n")',
  ),
  talks(
    'a service that reads to the end',
    [[send('0123456789'), wait(50), shut, wait(300), close]],
    'applet:send(#applet:receive() .. "\\n")',
  ),
  talks('a time limit that is over', [[send('012'), end]], 'applet:send(tostring(applet:receive(10, 300)) .. "\\n")'),
  talks(
    'a time limit that is not over',
    [[trickle(100, '012', '345', '6789'), end]],
    'applet:send(tostring(applet:receive(10, 1000)) .. "\\n")',
  ),
  talks(
    'data after a time limit',
    [[send('012'), wait(500), send('345'), end]],
    'local a = applet:receive(10, 300) local b = applet:receive(3) applet:send(tostring(a) .. "|" .. b .. "\\n")',
  ),
  talks(
    'try_receive until something comes',
    [[connect('listen'), wait(150), send('data'), end]],
    'local n, d = 0 repeat d = applet:try_receive() core.msleep(50) until d ~= nil and d ~= "" applet:send("got " .. d .. "\\n")',
  ),
  talks(
    'TCP: 1 MB',
    [[send('go\n'), end]],
    'applet:getline() local n = applet:send(string.rep("a", 1000000)) applet:send("\\n" .. n)',
  ),
  talks(
    'TCP: 1 MB to a client that pauses',
    [[connect('listen'), send('go\n'), pause, wait(300), resume, end]],
    'applet:getline() applet:send(string.rep("a", 1000000))',
  ),
  talks(
    '1 MB from the client',
    [[send('a'.repeat(1_000_000)), until('1000000'), end]],
    'local n = 0 while n < 1000000 do n = n + #applet:receive(10000) end applet:send(n .. "\\n")',
  ),
  talks('a line longer than the buffer', [[send(`${'a'.repeat(20_000)}\n`), end]]),
  talks('data that are not read', [[send('a'.repeat(100)), end]], 'core.msleep(100) applet:send("bye\\n")'),
  talks('TCP: a service that never ends', [[connect('listen'), wait(350), close]], FOREVER),
  talks('TCP: a service that never ends, and a reset', [[connect('listen'), wait(350), reset]], FOREVER),
  talks(
    'TCP: a service that never ends, and a client that ends its side',
    [[connect('listen'), wait(250), shut, wait(500), close]],
    FOREVER,
  ),
  talks(
    'a service that waits while the client ends its side',
    [[send('one\n'), shut, end]],
    'core.msleep(300) applet:send("late " .. applet:getline())',
  ),
  talks(
    'a service that waits while the client closes',
    [[send('one\n'), wait(50), close]],
    'core.msleep(300) applet:send("late " .. applet:getline())',
  ),
  talks('TCP: core.yield', [[connect('listen'), end]], 'for i = 1, 10 do core.yield() end applet:send("yielded\\n")'),
  talks(
    'TCP: clients at the same time',
    [1, 2, 3].map((i) => [send(`client ${i}\n`), until('client'), close]),
  ),
]

const configurations: readonly TrafficCase[] = [
  tcpService('TCP: a service of a thread', 'applet:send(core.thread .. "\\n")', { perThread: true }),
  tcpService('TCP: a service and its log line', 'applet:send("hello\\n")', { frontend: 'option tcplog' }),
  tcpService('TCP: an error of a service and its log line', 'error("failed")', {
    frontend: 'option tcplog',
    clients: [[connect('listen'), end]],
  }),
  tcpService('a service after an inspection', 'applet:send("got " .. applet:getline())', {
    frontend: 'tcp-request inspect-delay 2s\n  tcp-request content set-var(txn.a) str(b) if { req.len gt 4 }',
    condition: 'if { req.len gt 0 }',
  }),
  tcpService('TCP: rules after the one of a service', 'applet:send(tostring(applet:get_var("txn.a")) .. "\\n")', {
    frontend: 'tcp-request content set-var(txn.a) str(before)',
    more: '  tcp-request content reject',
  }),
  tcpService('TCP: private data of an action before', 'applet:send(tostring(applet:get_priv()) .. "\\n")', {
    frontend: 'tcp-request content lua.$act',
    before: 'core.register_action("$act", { "tcp-req" }, function(txn) txn:set_priv("private") end)',
  }),
  {
    ...tcpService('a TCP service in the backend', 'applet:send("hello\\n")'),
    config: `frontend $fe
  bind $listen
  option tcplog
  default_backend $be
backend $be
  tcp-request content use-service lua.$svc`,
  },
  {
    ...tcpService('a TCP service with a default backend', 'applet:send("hello\\n")'),
    config: `frontend $fe
  bind $listen
  option tcplog
  tcp-request content use-service lua.$svc
  default_backend $be
backend $be
  server s $refused`,
  },
]

export const TCP_SERVICES: readonly TrafficCase[] = [...members, ...failures, ...sessions, ...configurations]
