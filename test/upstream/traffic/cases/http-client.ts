/** Requests of scripts: `core.httpclient` in a service, which answers with the response, or with the error. */
import { close, end, head, reset, send, until, wait, type Step, type TrafficCase } from '../harness/case.js'
import { message, ok } from './http-builder.js'
import { answers, httpService, type ServiceOptions } from './service-builder.js'

/** `show` gives a response a text in which header fields are sorted; `url` is that of the server, with a path that is unique to the case. */
const LIBRARY = `local function show(r)
  if type(r) ~= "table" then return tostring(r) end
  local names = {}
  for name, values in pairs(r.headers) do
    local list = {}
    for i = 0, #values do list[i + 1] = tostring(values[i]) end
    names[#names + 1] = name .. "=" .. table.concat(list, "|")
  end
  table.sort(names)
  local body = #r.body > 100 and #r.body .. " bytes, " .. r.body:sub(1, 20) or r.body
  return table.concat({ r.status, math.type(r.status), r.reason, body, table.concat(names, " ") }, "; ")
end
local url = "http://$s1/$log"
local function ask(request, method)
  local ok, r = pcall(function() local c = core.httpclient() return c[method or "get"](c, request) end)
  return show(r)
end`

const GLOBAL = '  httpclient.retries 1\n  httpclient.timeout.connect 400ms'

interface AskOptions extends ServiceOptions {
  /** steps of each connection of the server */
  readonly connections?: readonly (readonly Step[])[]
}

const answering = (...pieces: readonly string[]): readonly (readonly Step[])[] => [
  [head, ...pieces.map((piece) => send(piece)), close],
]

/** A case whose service evaluates an expression of Lua, with what {@link LIBRARY} defines. */
const asks = (name: string, expression: string, { connections, ...options }: AskOptions = {}): TrafficCase => ({
  ...httpService(name, answers(expression), { before: LIBRARY, global: GLOBAL, ...options }),
  servers: {
    s1: connections ?? [[head, send(ok('hello', 'X-Multi: a', 'x-multi: b, c', 'Connection: close')), close]],
  },
  ignoresTimes: true,
})

const METHODS = ['get', 'head', 'put', 'post', 'delete'].flatMap((method) => [
  asks(`${method} without a body`, `ask({ url = url }, "${method}")`),
  asks(`${method} with a body`, `ask({ url = url, body = "some\\0text" }, "${method}")`, {
    connections: [
      [head, until('0\r\n\r\n'), send(method === 'head' ? message('HTTP/1.1 200 OK', 'a: b') : ok()), close],
    ],
  }),
])

/** Values of the table of arguments, and other arguments. */
const ARGUMENTS: Readonly<Record<string, string>> = {
  'an empty table': 'ask({})',
  'no argument': 'ask(nil)',
  'a text': 'ask("http://a/")',
  'two arguments': 'show(select(2, pcall(function() local c = core.httpclient() return c:get({ url = url }, 1) end)))',
  'no object': 'show(select(2, pcall(function() return core.httpclient().get({ url = url }) end)))',
  'another object': 'show(select(2, pcall(function() return core.httpclient().get({}, { url = url }) end)))',
  'an unknown name': 'ask({ url = url, timeouts = 1 })',
  'an unknown name only': 'ask({ URL = url })',
  'an index': 'ask({ url })',
  'a number as url': 'ask({ url = 1 })',
  'a table as url': 'ask({ url = {} })',
  'a number as body': 'ask({ url = url, body = 1 })',
  'an empty body': 'ask({ url = url, body = "" }, "post")',
  'a text as headers': 'ask({ url = url, headers = "a: b" })',
  'headers that are not lists': 'ask({ url = url, headers = { a = "b", c = 1, d = true, e = { "f" } } })',
  'values that are not strings': 'ask({ url = url, headers = { e = { 1, 2.5, true, {}, "x" } } })',
  'values by name': 'ask({ url = url, headers = { e = { k = "v" } } })',
  'a number as name of a header': 'ask({ url = url, headers = { [1] = { "x" } } })',
  'an empty value': 'ask({ url = url, headers = { e = { "" } } })',
  'a value with a line feed': 'ask({ url = url, headers = { e = { "a\\nb" } } })',
  'a name in capitals': 'ask({ url = url, headers = { ["X-Name"] = { "Value", "Other" } } })',
  'a field that every request has': 'ask({ url = url, headers = { HOST = { "h" } } })',
  'a length': 'ask({ url = url, headers = { ["content-length"] = { "4" } }, body = "text" }, "post")',
  'a length without a body': 'ask({ url = url, headers = { ["content-length"] = { "4" } } }, "post")',
  'a transfer coding': 'ask({ url = url, headers = { ["transfer-encoding"] = { "chunked" } }, body = "text" }, "post")',
  'connection close': 'ask({ url = url, headers = { connection = { "close" } } })',
  'headers larger than a buffer': 'ask({ url = url, headers = { a = { ("x"):rep(20000) } } })',
  'a url larger than a buffer': 'ask({ url = url .. ("x"):rep(20000) })',
  'a text as timeout': 'ask({ url = url, timeout = "1" })',
  'a fraction as timeout': 'ask({ url = url, timeout = 1.5 })',
  'a whole float as timeout': 'ask({ url = url, timeout = 3000.0 })',
  'a text as dst that is no address': 'ask({ url = url, dst = "::::x y" })',
  'an empty dst': 'ask({ url = url, dst = "" })',
  'a name as dst': 'ask({ url = url, dst = "localhost:80" })',
  'dst in place of the host': 'ask({ url = "http://example.invalid/$log", dst = "$s1" })',
  'dst with a prefix': 'ask({ url = "http://example.invalid/$log", dst = "ipv4@$s1" })',
  'a url without a scheme': 'ask({ url = "$s1/$log" })',
  'a url that is a path': 'ask({ url = "/$log" })',
  'an empty url': 'ask({ url = "" })',
  'a url that is an asterisk': 'ask({ url = "*" })',
  'a url without a host': 'ask({ url = "http:///$log" })',
  'a url with a scheme only': 'ask({ url = "http://" })',
  'a url without a path': 'ask({ url = "http://$s1?$log" })',
  'a url with a query and a fragment': 'ask({ url = url .. "?a=b&c#d" })',
  'a url with a space': 'ask({ url = url .. "/a b" })',
  'a url with other bytes': 'ask({ url = url .. "/\\xe9\\x01" })',
  'a url with a zero byte': 'ask({ url = url .. "\\0/x" })',
  'a url with user and password': 'ask({ url = "http://user:pass@$s1/$log" })',
  'a scheme in capitals': 'ask({ url = "HTTP://$s1/$log" })',
  'another scheme': 'ask({ url = "ftp://$s1/$log" })',
  'a port that is too large': 'ask({ url = "http://127.0.0.1:99999999/$log" })',
  'a url whose connection is refused': 'ask({ url = "http://$refused/$log" })',
  'a url whose connection is not accepted': 'ask({ url = "http://$full/$log" })',
}

/** What the server does with a request for `url`. */
const SERVERS: Readonly<Record<string, readonly (readonly Step[])[]>> = {
  'a reason of its own': answering(message('HTTP/1.1 299 Some thing', 'Content-Length: 0')),
  'no reason': answering(message('HTTP/1.1 404', 'Content-Length: 0')),
  'no fields': answering(message('HTTP/1.1 204 No Content')),
  'HTTP/1.0': [[head, send(message('HTTP/1.0 200 OK') + 'old'), close]],
  'chunks and a trailer': answering(
    message('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked') + '3\r\nabc\r\n',
    '2;x\r\nde\r\n0\r\nT: 1\r\n\r\n',
  ),
  'chunks that are invalid': answering(`${message('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked')}3\r\nabc\r\nzz\r\n`),
  'interim responses': answering(
    message('HTTP/1.1 100 Continue', 'a: b') + message('HTTP/1.1 103 Early Hints', 'c: d') + ok('final'),
  ),
  'a body in pieces': [
    [
      head,
      send(message('HTTP/1.1 200 OK', 'Content-Length: 6') + 'ab'),
      wait(50),
      send('cd'),
      wait(50),
      send('ef'),
      end,
    ],
  ],
  'a large body': [[head, send(ok('z'.repeat(200_000))), close]],
  'less than announced': [[head, send(`${message('HTTP/1.1 200 OK', 'Content-Length: 100')}abc`), close]],
  'a part, then a reset': [[head, send(`${message('HTTP/1.1 200 OK', 'Content-Length: 100')}abc`), wait(50), reset]],
  'half a head': [[head, send('HTTP/1.1 200 OK\r\na: b'), close]],
  'an invalid head': answering('nonsense\r\n\r\n'),
  'a field without a name': answering('HTTP/1.1 200 OK\r\n: x\r\n\r\n'),
  'a head larger than a buffer': [[head, send(message('HTTP/1.1 200 OK', `x: ${'y'.repeat(20_000)}`)), close]],
  'switching protocols': answering(message('HTTP/1.1 101 Switching', 'Connection: upgrade', 'Upgrade: x')),
  'a challenge': answering(message('HTTP/1.1 401 Unauthorized', 'WWW-Authenticate: Basic', 'Content-Length: 0')),
  'a connection that is closed': [[head, close]],
  'a connection that is reset': [[head, reset]],
  'a connection that is closed once': [
    [head, close],
    [head, send(ok('second')), close],
  ],
}

const CONTEXTS = [
  asks('in an action', 'applet:get_var("txn.answer")', {
    before: `${LIBRARY}
core.register_action("$act", { "http-req" }, function(txn) txn:set_var("txn.answer", ask({ url = url })) end)`,
    frontend: 'http-request lua.$act',
  }),
  asks('in an action of content', 'applet:get_var("txn.answer")', {
    before: `${LIBRARY}
core.register_action("$act", { "tcp-req" }, function(txn) txn:set_var("txn.answer", ask({ url = url })) end)`,
    frontend: 'tcp-request inspect-delay 2s\n  tcp-request content lua.$act',
  }),
  // when such a request ends depends on the collector of garbage: its log line is left out
  asks('in a fetch', '(core.msleep(100) or applet:get_var("txn.answer"))', {
    before: `${LIBRARY}\ncore.register_fetches("$get", function(txn) return ask({ url = "http://$s1/" }) end)`,
    frontend: 'http-request set-var(txn.answer) lua.$get',
    connections: [[head, end]],
  }),
  asks('in a converter', '(core.msleep(100) or applet:get_var("txn.answer"))', {
    before: `${LIBRARY}\ncore.register_converters("$get", function(x) return ask({ url = "http://$s1/" }) end)`,
    frontend: 'http-request set-var(txn.answer) str(a),lua.$get',
    connections: [[head, end]],
  }),
  asks('in a task', 'result', {
    before: `${LIBRARY}\nlocal result\ncore.register_task(function() result = ask({ url = url }) end)`,
  }),
  asks('in an init function', 'result', {
    before: `${LIBRARY}\nlocal result\ncore.register_init(function() result = tostring((core.httpclient())) end)`,
    connections: [[]],
  }),
]

const OBJECTS = [
  asks(
    'an object twice',
    'show(select(2, pcall(function() local c = core.httpclient() c:get({ url = url }) return c:post({ url = url }) end)))',
  ),
  asks(
    'an object after an error',
    'show(select(2, pcall(function() local c = core.httpclient() pcall(c.get, c, {}) return c:get({ url = url }) end)))',
  ),
  asks('an object as text', 'tostring(core.httpclient())', { connections: [[]] }),
  asks('the type of an object', 'type(core.httpclient()) .. type(core.httpclient()[0])', { connections: [[]] }),
  asks('an object that is not used', '(core.httpclient() and "made")', { connections: [[]] }),
  asks('core.httpclient with arguments', 'tostring(core.httpclient(1, 2))', { connections: [[]] }),
  asks('two requests in turn', 'ask({ url = url }) .. ask({ url = url })'),
  asks('a server that answers before the end of the body', 'ask({ url = url, body = ("x"):rep(100) }, "post")', {
    connections: [[head, send(ok('early')), close]],
  }),
  asks('a timeout', 'ask({ url = url, timeout = 400 })', { connections: [[head, end]] }),
  asks('a timeout within the response', 'ask({ url = url, timeout = 400 })', {
    connections: [[head, send(`${message('HTTP/1.1 200 OK', 'Content-Length: 100')}abc`), end]],
  }),
  asks('a client that leaves while its action waits', '"never"', {
    before: `${LIBRARY}
core.register_action("$act", { "http-req" }, function() ask({ url = url, timeout = 600 }) end)`,
    frontend: 'http-request lua.$act',
    connections: [[head, end]],
    clients: [[send(message('GET / HTTP/1.1', 'Host: a', 'Connection: close')), wait(100), reset]],
  }),
]

export const HTTP_CLIENT: readonly TrafficCase[] = [
  ...METHODS,
  ...Object.entries(ARGUMENTS).map(([name, expression]) => asks(`arguments: ${name}`, expression)),
  ...Object.entries(SERVERS).map(([name, connections]) =>
    asks(`a server with ${name}`, 'ask({ url = url })', { connections }),
  ),
  ...CONTEXTS,
  ...OBJECTS,
]
