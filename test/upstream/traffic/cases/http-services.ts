/** Services of scripts for HTTP: what they read of requests, connections, and rules. */
import { close, connect, end, head, pause, reset, resume, send, shut, trickle, until, wait } from '../harness/case.js'
import type { TrafficCase } from '../harness/case.js'
import { get, message, post, request } from './http-builder.js'
import { answers, httpService, tries } from './service-builder.js'

const FIELDS = `local names = {}
for name in pairs(applet.headers) do names[#names + 1] = name .. "=" .. applet.headers[name][0] end
table.sort(names)
${answers('table.concat({ applet.method, applet.version, tostring(applet.path), tostring(applet.qs), applet.length, table.concat(names, ","), type(applet.response) }, "|")')}`

const requestsOf = (name: string, text: string): TrafficCase =>
  httpService(`fields of AppletHTTP: ${name}`, FIELDS, { clients: [[send(text), wait(300), close]] })

const fields: readonly TrafficCase[] = [
  requestsOf('GET', get('/path')),
  requestsOf('a query', get('/path?a=b&c')),
  requestsOf('an empty query', get('/path?')),
  requestsOf('an absolute target', request('GET http://a/path?q HTTP/1.1')),
  requestsOf('an asterisk', request('OPTIONS * HTTP/1.1')),
  requestsOf('a body', post('/path', 'hello')),
  requestsOf('a body that is not complete', request('POST / HTTP/1.1', 'Content-Length: 100') + 'hello'),
  requestsOf('a chunked body', `${request('POST / HTTP/1.1', 'Transfer-Encoding: chunked')}5\r\nhello\r\n0\r\n\r\n`),
  requestsOf(
    'a chunked body that is not complete',
    `${request('POST / HTTP/1.1', 'Transfer-Encoding: chunked')}64\r\nhe`,
  ),
  requestsOf('HTTP/1.0', message('GET /path HTTP/1.0')),
  requestsOf('fields', get('/', 'X-A: 1', 'X-B: b', 'Cookie: c=d')),
  httpService('fields of AppletHTTP: a repeated field', answers('#applet.headers["x-a"] .. applet.headers["x-a"][1]'), {
    clients: [[send(get('/', 'X-A: 1', 'X-A: 2', 'Connection: close')), end]],
  }),
  httpService(
    'fields of AppletHTTP: all names',
    `local names = {}
for name in pairs(applet) do names[#names + 1] = tostring(name) end
table.sort(names)
${answers('table.concat(names, " ")')}`,
  ),
  httpService('fields of AppletHTTP: a request that rules have changed', FIELDS, {
    frontend: 'http-request set-path /changed\n  http-request set-method PUT\n  http-request set-header x-new 1',
  }),
]

const LINES = `local lines = {}
for i = 1, 4 do lines[#lines + 1] = applet:getline() end
${answers('table.concat(lines, "|")')}`

const readings: readonly TrafficCase[] = [
  httpService('lines of a request', LINES, { clients: [[send(post('/', 'one\ntwo\nthree')), wait(300), close]] }),
  httpService('lines of a request without a body', LINES),
  httpService('lines of a request in pieces', LINES, {
    clients: [
      [trickle(50, request('POST / HTTP/1.1', 'Content-Length: 13'), 'on', 'e\ntwo', '\nth', 'ree'), wait(300), close],
    ],
  }),
  httpService('lines of a chunked request', LINES, {
    clients: [
      [
        send(
          `${request('POST / HTTP/1.1', 'Transfer-Encoding: chunked')}3\r\non\n\r\n4\r\na\nbc\r\n0\r\nX-T: 1\r\n\r\n`,
        ),
        wait(300),
        close,
      ],
    ],
  }),
  ...['', '5', '100', '-1'].map((size) =>
    httpService(
      `the body of a request, receive(${size})`,
      `local body = applet:receive(${size})\n${answers('"<" .. body .. ">"')}`,
      {
        clients: [[send(post('/', 'hello world')), wait(300), close]],
      },
    ),
  ),
  httpService(
    'the body of a request in parts',
    `local parts = {}
for i = 1, 4 do parts[i] = applet:receive(4) end
${answers('table.concat(parts, "|")')}`,
    { clients: [[send(post('/', 'hello world')), wait(300), close]] },
  ),
  httpService('the body of a chunked request', `local body = applet:receive()\n${answers('"<" .. body .. ">"')}`, {
    clients: [
      [
        trickle(
          50,
          request('POST / HTTP/1.1', 'Transfer-Encoding: chunked'),
          '5\r\nhello\r\n',
          '6\r\n world\r\n',
          '0\r\n\r\n',
        ),
        wait(300),
        close,
      ],
    ],
  }),
  httpService('the body of a request with Expect', `local body = applet:receive()\n${answers('"<" .. body .. ">"')}`, {
    clients: [
      [
        send(request('POST / HTTP/1.1', 'Content-Length: 5', 'Expect: 100-continue')),
        head,
        send('hello'),
        until('<hello>'),
        close,
      ],
    ],
  }),
  httpService('a large body', `local body = applet:receive()\n${answers('#body')}`, {
    clients: [[send(post('/', 'a'.repeat(1_000_000))), until('1000000'), close]],
  }),
  httpService('a large body that is not read', answers('applet.length'), {
    clients: [[send(post('/', 'a'.repeat(1_000_000))), until('1000000'), wait(300), close]],
  }),
  httpService(
    'a large body in parts',
    `local n, parts = 0, 0
repeat
  local part = applet:receive(7000)
  n = n + #part
  parts = parts + 1
until part == ""
${answers('n .. " in " .. parts')}`,
    {
      clients: [[send(post('/', 'a'.repeat(100_000))), until(' in '), wait(200), close]],
    },
  ),
  httpService('a body that the client does not complete', `local body = applet:receive()\n${answers('#body')}`, {
    clients: [[send(`${request('POST / HTTP/1.1', 'Content-Length: 100')}hello`), wait(100), close]],
  }),
  httpService('a body whose client ends its side', `local body = applet:receive()\n${answers('#body')}`, {
    clients: [[send(`${request('POST / HTTP/1.1', 'Content-Length: 100')}hello`), wait(100), shut, end]],
  }),
  httpService('a body that does not come in time', `local body = applet:receive()\n${answers('#body')}`, {
    defaults: '  timeout client 500',
    clients: [[send(`${request('POST / HTTP/1.1', 'Content-Length: 100')}hello`), end]],
  }),
  httpService('a response before the body is read', 'applet:start_response() applet:send("early") core.msleep(100)', {
    clients: [
      [send(`${request('POST / HTTP/1.1', 'Content-Length: 10')}hello`), wait(300), send('world'), wait(200), close],
    ],
  }),
]

const large = (name: string, size: number, clients: TrafficCase['clients'], step = 'applet:send(data)'): TrafficCase =>
  httpService(
    `a response of ${name}`,
    `local data = string.rep("a", ${size})
applet:add_header("content-length", #data)
applet:start_response()
${step}`,
    { clients },
  )

const connections: readonly TrafficCase[] = [
  large('1 MB', 1_000_000, [[send(get('/', 'Connection: close')), end]]),
  large('exactly a buffer', 16_384, [[send(get('/', 'Connection: close')), end]]),
  large('a buffer without its reserve', 15_360, [[send(get('/', 'Connection: close')), end]]),
  large('1 MB to a client that pauses', 1_000_000, [
    [connect('listen'), send(get('/', 'Connection: close')), pause, wait(300), resume, end],
  ]),
  { ...large('1 MB to a client that closes', 1_000_000, [[send(get('/')), head, close]]), ignoresAmounts: true },
  httpService(
    'a service for HTTP that never ends',
    'applet:start_response() while true do applet:send("data ") core.msleep(300) end',
    {
      defaults: '  option http-no-delay',
      clients: [[send(get('/')), wait(450), close]],
    },
  ),
  httpService(
    'a service for HTTP that never ends, and a reset',
    'applet:start_response() while true do applet:send("data ") core.msleep(300) end',
    {
      defaults: '  option http-no-delay',
      clients: [[send(get('/')), wait(450), reset]],
    },
  ),
  httpService('a service that never answers', 'while true do core.msleep(100) end', {
    defaults: '  timeout client 500',
    clients: [[send(get('/')), wait(900), close]],
  }),
  httpService('a client that closes before the answer', `core.msleep(300)\n${answers('"late"')}`, {
    clients: [[send(get('/')), wait(50), close]],
  }),
  httpService('a client that closes before the answer, abortonclose', `core.msleep(300)\n${answers('"late"')}`, {
    defaults: '  option abortonclose',
    clients: [[send(get('/')), wait(50), close]],
  }),
  httpService('a client that ends its side before the answer', `core.msleep(300)\n${answers('"late"')}`, {
    clients: [[send(get('/')), wait(50), shut, end]],
  }),
  httpService('requests one after the other', answers('applet.path'), {
    clients: [[send(get('/1')), until('/1'), send(get('/2')), until('/2'), send(get('/3', 'Connection: close')), end]],
  }),
  httpService('pipelined requests', answers('applet.path'), {
    clients: [[send(get('/1') + get('/2') + get('/3', 'Connection: close')), end]],
  }),
  httpService('pipelined requests to a slow service', `core.msleep(100)\n${answers('applet.path')}`, {
    clients: [[send(get('/1') + get('/2', 'Connection: close')), end]],
  }),
  httpService(
    'a request after an error',
    'if applet.path == "/1" then error("failed") end applet:start_response() applet:send("hello")',
    {
      clients: [[send(get('/1')), until('</html>'), wait(100), send(get('/2', 'Connection: close')), end]],
    },
  ),
  httpService('a pause', `core.msleep(400)\n${answers('"slow"')}`),
  httpService('core.yield', `for i = 1, 10 do core.yield() end\n${answers('"yielded"')}`),
  httpService('a long computation', `local n = 0 for i = 1, 300000 do n = n + i end\n${answers('n')}`),
  httpService('a service of a thread', answers('core.thread'), { perThread: true }),
  httpService('clients at the same time', `counter = (counter or 0) + 1 core.msleep(200)\n${answers('applet.path')}`, {
    clients: [1, 2, 3].map((i) => [send(get(`/${i}`, 'Connection: close')), end]),
  }),
]

const rules: readonly TrafficCase[] = [
  httpService('rules of responses change the answer of a service', answers('"hello"'), {
    frontend: 'http-response set-header x-res "%[status]"\n  http-after-response set-header x-after 1',
  }),
  httpService('rules of responses replace the answer of a service', answers('"hello"'), {
    frontend: 'http-response return status 202 content-type text/plain string replaced',
  }),
  httpService('rules of responses deny the answer of a service', answers('"hello"'), {
    frontend: 'http-response deny',
  }),
  httpService('rules of responses see the error page of a service', 'error("failed")', {
    frontend:
      'http-response set-header x-res "%[status]"\n  http-after-response set-header x-after 1\n  errorfile 500 /dev/null',
  }),
  httpService('a service under a condition', answers('"hello"'), {
    condition: 'if { path /yes }',
    clients: [
      [send(get('/yes', 'Connection: close')), end],
      [send(get('/no', 'Connection: close')), end],
    ],
  }),
  httpService('rules after the one of a service', answers('applet:get_var("txn.a")'), {
    frontend: 'http-request set-var(txn.a) str(before)',
    more: '  http-request set-var(txn.a) str(after)',
  }),
  httpService(
    'variables that a service sets',
    `applet:set_var("txn.a", "set") applet:set_var("txn.b", 5) applet:set_var("txn.c", true)\n${answers('"hello"')}`,
    {
      frontend: 'http-response set-header x-vars "%[var(txn.a)] %[var(txn.b)] %[var(txn.c)]"',
    },
  ),
  httpService('variables that a service unsets', `local was = applet:unset_var("txn.a")\n${answers('tostring(was)')}`, {
    frontend: 'http-request set-var(txn.a) str(x)\n  http-response set-header x-var "%[var(txn.a)]"',
  }),
  httpService('a service in a log line', answers('"hello"'), { frontend: 'option httplog' }),
  httpService('an error of a service in a log line', 'error("failed")', { frontend: 'option httplog' }),
  httpService('captures of a service', answers('"hello"'), {
    frontend: 'capture request header host len 10\n  capture response header content-length len 10\n  option httplog',
  }),
  httpService('private data of an action before', answers('applet:get_priv()'), {
    frontend: 'http-request lua.$act',
    before: 'core.register_action("$act", { "http-req" }, function(txn) txn:set_priv("private") end)',
  }),
  httpService('private data for a response rule', `applet:set_priv("from the service")\n${answers('"hello"')}`, {
    frontend: 'http-request lua.$act\n  http-response lua.$back',
    before: `core.register_action("$act", { "http-req" }, function(txn) end)
core.register_action("$back", { "http-res" }, function(txn) txn.http:res_set_header("x-priv", tostring(txn:get_priv())) end)`,
  }),
  httpService('private data without an argument', tries('applet:set_priv()'), {
    frontend: 'http-request lua.$act',
    before: 'core.register_action("$act", { "http-req" }, function(txn) end)',
  }),
  {
    ...httpService('a service in the backend', answers('"hello"')),
    config: `frontend $fe
  bind $listen
  option httplog
  default_backend $be
backend $be
  http-response set-header x-be 1
  http-request use-service lua.$svc`,
  },
  {
    ...httpService('a service in a listen section with a server', answers('"hello"')),
    config: `listen $fe
  bind $listen
  http-request use-service lua.$svc
  server s $refused`,
  },
  {
    ...httpService('the last of two services', answers('"hello"')),
    config: `frontend $fe
  bind $listen
  default_backend $be
  http-request use-service lua.$svc if { path /front }
backend $be
  http-request use-service lua.$svc`,
    clients: [[send(get('/front')), until('hello'), send(get('/back', 'Connection: close')), end]],
  },
]

export const HTTP_SERVICES: readonly TrafficCase[] = [...fields, ...readings, ...connections, ...rules]
