/** The stand-ins for LuaSocket: sockets, HTTP, URLs, base64, sources and sinks do what LuaSocket does. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { exchangeDifferences, type Answering } from './exchanges.js'
import { hasUpstream } from '../support/upstream.js'
import { describeModule, differences, quoted } from './real-modules.js'

const ok = (body: string, ...fields: readonly string[]): string =>
  ['HTTP/1.1 200 OK', ...fields, `Content-Length: ${body.length}`, '', body].join('\r\n')

const message = (...lines: readonly string[]): string => [...lines, '', ''].join('\r\n')

/** Responses by path; those before which the server does not close the connection are in {@link KEPT}. */
const RESPONSES: Readonly<Record<string, string>> = {
  '/length': ok('hello', 'X-A: 1', 'x-a:2', 'X-Folded: a\r\n  b'),
  '/closed': 'HTTP/1.0 200 OK\r\nX-A: 1\r\n\r\nuntil the end',
  '/empty': ok(''),
  '/large': ok('0123456789'.repeat(1000)),
  '/chunked': `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nX-Trailer: t\r\n\r\n`,
  '/bad-chunk': 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n',
  '/short': 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello',
  '/short-chunk': 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhello',
  '/none': message('HTTP/1.1 204 No Content', 'X-A: 1'),
  '/not-modified': message('HTTP/1.1 304 Not Modified', 'Content-Length: 9'),
  '/missing': `HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\ngone`,
  '/continue': message('HTTP/1.1 100 Continue') + message('HTTP/1.1 100 Continue', 'X-Interim: 1') + ok('final'),
  '/moved': message('HTTP/1.1 302 Found', 'Location: /length', 'Content-Length: 0'),
  '/moved-far': message('HTTP/1.1 301 Moved', 'Location: http://127.0.0.1:PORT/missing', 'Content-Length: 0'),
  '/moved-up/here': message('HTTP/1.1 303 See Other', 'Location: ../length?a=b', 'Content-Length: 0'),
  '/moved-away': message('HTTP/1.1 302 Found', 'Location: ftp://host/x', 'Content-Length: 0'),
  '/loop': message('HTTP/1.1 302 Found', 'Location: /loop', 'Content-Length: 0'),
  '/no-location': message('HTTP/1.1 302 Found', 'Content-Length: 0'),
  '/bad-field': 'HTTP/1.1 200 OK\r\nno colon\r\n\r\n',
  '/bad-status': 'HTTP/1.1 OK\r\n\r\n',
  '/old': 'plain text',
  '/tiny': 'abc',
  '/head-only': 'HTTP/1.1 200 OK\r\nX-A: 1\r\n',
  '/nothing': '',
  '/line-feeds': 'HTTP/1.1 200 OK\nContent-Length: 2\n\nok',
}

const KEPT = new Set(['/length', '/empty', '/chunked', '/none', '/not-modified', '/missing', '/continue', '/loop'])

/** The request as text: its lines sorted, as their order varies, and its body. */
const echoed = (received: string, end: number): string => {
  const [line, ...fields] = received.slice(0, end).split('\r\n')
  return ok([line, ...fields.sort(), '', received.slice(end + 4)].join('|').replace(/127\.0\.0\.1:\d+/g, 'SERVER'))
}

/** Whether the body of a request is complete. */
const isComplete = (received: string, end: number): boolean => {
  const body = received.slice(end + 4)
  const length = /\r\ncontent-length: (\d+)/i.exec(received.slice(0, end))?.[1]
  if (/\r\ntransfer-encoding: chunked/i.test(received.slice(0, end))) return body.endsWith('0\r\n\r\n')
  return body.length >= Number(length ?? 0)
}

const http: Answering = (received) => {
  const end = received.indexOf('\r\n\r\n')
  if (end < 0 || !isComplete(received, end)) return undefined
  const path = /^\S+ (?:http:\/\/[^/]*)?([^ ?]*)/.exec(received)![1]!
  const port = /\r\nhost: [^\r]*:(\d+)/i.exec(received)?.[1] ?? ''
  const bytes = RESPONSES[path]?.replace('PORT', port)
  return bytes === undefined ? { bytes: echoed(received, end), closes: false } : { bytes, closes: !KEPT.has(path) }
}

const BEFORE_HTTP = `local socket, http, ltn12 = require("socket"), require("socket.http"), require("ltn12")
local SERVER = "http://127.0.0.1:PORT"
local function sorted(body, code, fields, status)
  return body, code, fields or "no fields", status
end`

const REQUESTS = [
  ...Object.keys(RESPONSES).map((path) => `return sorted(http.request(SERVER .. "${path}"))`),
  ...['/length', '/chunked', '/none', '/closed', '/short'].flatMap((path) => [
    `local t = {} return t, sorted(http.request{ url = SERVER .. "${path}", sink = ltn12.sink.table(t) })`,
    `return sorted(http.request{ url = SERVER .. "${path}", method = "HEAD" })`,
    `return sorted(http.request{ url = SERVER .. "${path}" })`,
  ]),
  ...String.raw`
return sorted(http.request(SERVER .. "/echo?a=b;c#d"))
return sorted(http.request(SERVER))
return sorted(http.request(SERVER .. "/echo", "a=b&c=d"))
return sorted(http.request(SERVER .. "/echo", ""))
return sorted(http.request("http://user:pass%20word@127.0.0.1:PORT/echo"))
local t = {} return t, sorted(http.request{ url = SERVER .. "/echo", method = "PUT", source = ltn12.source.string("body"), headers = { ["Content-Length"] = 4, ["X-A"] = "1" }, sink = ltn12.sink.table(t) })
local t = {} return t, sorted(http.request{ url = SERVER .. "/echo", method = "POST", source = ltn12.source.string("body"), sink = ltn12.sink.table(t) })
local t = {} return t, sorted(http.request{ url = SERVER .. "/echo", method = "POST", source = ltn12.source.table({ "one", "two" }), sink = ltn12.sink.table(t) })
local t = {} return t, sorted(http.request{ host = "127.0.0.1", port = PORT, scheme = "http", path = "/echo", sink = ltn12.sink.table(t) })
local t = {} return t, sorted(http.request{ url = SERVER .. "/echo", headers = { ["User-Agent"] = "mine", host = "other" }, sink = ltn12.sink.table(t) })
local t = {} return t, sorted(http.request{ url = "http://example.com/echo", proxy = "http://u:p@127.0.0.1:PORT", sink = ltn12.sink.table(t) })
local t = {} return t, sorted(http.request{ url = SERVER .. "/moved", redirect = false, sink = ltn12.sink.table(t) })
local t = {} return t, sorted(http.request{ url = SERVER .. "/loop", maxredirects = 2, sink = ltn12.sink.table(t) })
return sorted(http.request{ url = SERVER .. "/moved", method = "POST", source = ltn12.source.string("x"), headers = { ["content-length"] = 1 } })
local n = 0 return n, sorted(http.request{ url = SERVER .. "/length", create = function() n = n + 1 return socket.tcp() end })
local n = 0 local _ = http.request{ url = SERVER .. "/large", step = function(...) n = n + 1 return ltn12.pump.step(...) end } return n
return sorted(http.request{ url = SERVER .. "/length", sink = ltn12.sink.error("full") })
return sorted(http.request{ url = SERVER .. "/echo", source = ltn12.source.error("no body") })
return http.request("http://127.0.0.1:1/")
return http.request("http:///x")
return (pcall(http.request, ""))
return http.request{ url = "http://127.0.0.1:PORT" }
return http.request{ host = "" , scheme = "http" }
return (pcall(http.request, { url = "nosuch://127.0.0.1/" }))
return http.USERAGENT, http.TIMEOUT, http.PROXY, type(http.schemes.http.create()), type(http.open), type(http.genericform)
local r = http.genericform("http://a/", "body") return r.url, r.method, r.headers, type(r.source), type(r.sink), r.target
`
    .trim()
    .split('\n'),
]

/** Requests with the sockets of HAProxy, as published scripts send them. */
const HAPROXY_REQUESTS = [
  ...Object.keys(RESPONSES).map(
    (path) =>
      `local t = {} return t, http.request{ url = SERVER .. "${path}", create = core.tcp, sink = ltn12.sink.table(t) }`,
  ),
  'local t = {} return t, http.request{ url = SERVER .. "/echo", create = core.tcp, method = "POST", source = ltn12.source.string("body"), sink = ltn12.sink.table(t) }',
  'return http.request{ url = "http://nosuch.invalid/", create = core.tcp }',
]

/** A server of lines for sockets. */
const lines: Answering = (received) => {
  if (received.startsWith('close')) return { bytes: 'bye\r\nrest', closes: true }
  if (received.startsWith('lines')) return { bytes: 'one\r\ntwo\nthr\ree\r\n\r\nfour more bytes', closes: false }
  if (received.startsWith('block')) return { bytes: '0123456789'.repeat(500), closes: true }
  return received.startsWith('echo') && received.endsWith('.') ? { bytes: received, closes: false } : undefined
}

const BEFORE_SOCKET = `local socket = require("socket")
local function client(text)
  local c = assert(socket.connect("127.0.0.1", PORT))
  if text then c:send(text) end
  return c
end`

const SOCKETS = String.raw`
local c = client("lines") return c:receive(), c:receive("*l"), c:receive("*l"), c:receive("*l", "pre"), c:receive(2), c:receive("2", "xy"), (c:receive(4, "ab")), c:receive(1, "abc")
local c = client("lines") return c:receive()
local c = client("close") return c:receive()
local c = client("close") c:receive() return c:receive()
local c = client("close") c:receive() c:receive() return c:receive()
local c = client("close") return c:receive("*a")
local c = client("close") c:receive("*a") return c:receive("*a")
local c = client("close") return c:receive("*a", "pre")
local c = client("close") c:receive("*a") return c:receive("*a", "pre")
local c = client("close") return c:receive(9), c:receive(1)
local c = client("close") return c:receive(300)
local c = client("close") return c:receive(3), c:receive("*l"), c:receive("*l")
local c = client("block") return #c:receive(5000), c:receive(1)
local c = client("block") return #c:receive("*a")
local c = client("block") return #c:receive(3000), #c:receive("*a")
local c = client() return c:send("echo."), c:receive(5)
local c = client() return c:send("-echoes.-", 2, 8), c:receive(7)
local c = client() return c:send("--echo.", 3), c:receive(5)
local c = client() return c:send("echo.--", 1, -3), c:receive(5)
local c = client() return c:send("echo.--", -7, -3), c:receive(5)
local c = client() return c:send("abc", 5), c:send("abc", 2, 1), c:send(""), c:send("echo", 0, 2)
local c = client() c:send("echo") c:send(123) c:send(".") return c:receive(8)
local c = client() return (c:send())
local c = client() return (c:send({}))
local c = client() return (c:receive("*x"))
local c = client() return (c:receive(-1))
local c = client() return (c:receive("x"))
local c = client() return c:close(), c:close()
local c = client() c:close() return c:send("x")
local c = client() c:close() return c:receive()
local c = client() c:close() return c:receive("*a", "pre")
local c = client() return tostring(c):match("^[^:]*"), tostring(socket.tcp()):match("^[^:]*")
local c = client() return c:getpeername()
local c = client() return (c:getsockname())
local c = socket.tcp() return c:settimeout(5), c:settimeout(nil), c:settimeout(3, "t"), c:settimeout(3, "b"), c:settimeout(-1)
local c = socket.tcp() return (c:settimeout("x"))
local c = socket.tcp() return (c:settimeout(3, "x"))
local c = socket.tcp() return c:connect("127.0.0.1", 1)
local c = socket.tcp() return c:connect("127.0.0.1", "PORT"), c:getpeername()
local c = socket.tcp() c:connect("127.0.0.1", 1) return c:connect("127.0.0.1", PORT), c:send("echo."), c:receive(5)
local c = socket.tcp() return c:connect("nosuch.invalid", 1)
local c = socket.tcp() return c:connect("127.0.0.1", "x")
local c = socket.tcp() return (c:connect())
local c = socket.tcp() return (c:receive())
local c = socket.tcp() return (c:send("x"))
return socket.connect("127.0.0.1", 1)
local c = client() return c:setoption("tcp-nodelay", true), c:setoption("keepalive", true)
local c = client() return (c:setoption("nope", true))
local c = client("lines") c:receive(5) local received, sent, age = c:getstats() return received, sent, type(age)
local c = client() return c:dirty(), c:shutdown("both")
return socket.skip(1, 1, 2, 3)
return pcall(socket.try, 1, 2)
return socket.protect(function() socket.try(nil, "err") end)()
return socket.protect(function(...) return ... end)(1, nil, 3)
return pcall(socket.protect(function() error("x", 0) end))
local n = 0 local try = socket.newtry(function() n = n + 1 end) return n, socket.protect(function() try(false, "e2") end)(), n
local n = 0 local try = socket.newtry(function() error("in vain") end) return socket.protect(function() try(nil, "e2") end)()
local co = coroutine.wrap(socket.protect(function() return coroutine.yield(1) end)) return co(), co(7)
return pcall(socket.choose({ a = function() return 1 end }), "b")
return socket.choose({ default = function(...) return ... end })(5, 6)
return math.type(socket.gettime()), socket.BLOCKSIZE, socket._VERSION
local t = socket.gettime() socket.sleep(0.02) return socket.gettime() - t > 0.019, socket.sleep(-1)
return (socket.sleep("x"))
return (socket.sleep())
return (socket.dns.toip("127.0.0.1")), (socket.dns.toip("nosuch.invalid"))
local c, t = client("close"), {} return require("ltn12").pump.all(socket.source("until-closed", c), (require("ltn12").sink.table(t))), t
local c, t = client("block"), {} return require("ltn12").pump.all(socket.source("by-length", c, 4100), (require("ltn12").sink.table(t))), #t, #t[1], #t[3]
local c = client() local sink = socket.sink("keep-open", c) return sink("echo."), sink(nil), c:receive(5)
local c = client() local sink = socket.sink("close-when-done", c) return sink("echo."), sink(nil), c:receive(5)
`
  .trim()
  .split('\n')

const TEXTS = [
  '',
  'a',
  'b.c',
  '/',
  '//',
  '.',
  '..',
  '...',
  ':',
  '@',
  '?',
  '#',
  ';',
  '%20',
  '%zz',
  ' ',
  '[::1]',
  '80',
  'http:',
  'x-y:',
  '=',
  '&',
  '\u00e9',
]
const url = fc.array(fc.constantFrom(...TEXTS), { maxLength: 9 }).map((parts) => quoted(parts.join('')))
const text = fc
  .string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)), maxLength: 12 })
  .map(quoted)
const chunks = fc.array(fc.constantFrom('"a"', '"bcd"', '""', '"efghij"')).map((list) => `{ ${list.join(', ')} }`)

/** Filters that pass everything on, in other pieces, or hold everything back until the end. */
const FILTERS = `local function upper(chunk) return chunk and chunk:upper() end
local function held() local kept = "" return function(chunk)
  if chunk then kept = kept .. chunk return "" end
  local rest = kept ~= "" and kept or nil kept = "" return rest
end end
local function pairs_of() local kept = "" return function(chunk)
  if chunk then kept = kept .. chunk if #kept < 2 then return "" end local two = kept:sub(1, 2) kept = kept:sub(3) return two end
  local rest = kept ~= "" and kept or nil kept = "" return rest
end end
local FILTERS = { function() return upper end, held, pairs_of, function() return mime.encode("base64") end }`

const filters = fc
  .array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 })
  .map((list) => list.map((i) => `FILTERS[${i}]()`).join(', '))

const BEFORE = `local url, mime, ltn12 = require("socket.url"), require("mime"), require("ltn12")\n${FILTERS}`

const PIECES: Readonly<Record<string, fc.Arbitrary<string>>> = {
  'URLs that are parsed and built': url.map(
    (each) =>
      `local parsed, problem = url.parse(${each}, { path = "/" }) return parsed, problem, parsed and url.build(parsed)`,
  ),
  'absolute URLs': fc
    .tuple(url, url)
    .map(
      ([base, relative]) =>
        `return url.absolute("http://h" .. ${base}, ${relative}), url.absolute(${base}, ${relative})`,
    ),
  'escaped texts and paths': fc
    .tuple(text, url)
    .map(
      ([each, path]) =>
        `return url.escape(${each}), url.unescape(${path}), url.parse_path(${path}), url.build_path(url.parse_path(${path})), url.build_path(url.parse_path(${path}), true)`,
    ),
  base64: fc
    .tuple(text, text)
    .map(([a, b]) => `return mime.b64(${a}), (mime.unb64(mime.b64(${a}))), mime.b64(${a}, ${b})`),
  'filtered sources': fc
    .tuple(chunks, filters)
    .map(
      ([list, applied]) =>
        `local t = {} return ltn12.pump.all(ltn12.source.chain(ltn12.source.table(${list}), ${applied}), (ltn12.sink.table(t))), table.concat(t)`,
    ),
  'filtered sinks': fc
    .tuple(chunks, filters)
    .map(
      ([list, applied]) =>
        `local t = {} return ltn12.pump.all(ltn12.source.table(${list}), ltn12.sink.chain(${applied}, (ltn12.sink.table(t)))), table.concat(t)`,
    ),
  'joined sources': fc.tuple(chunks, text, chunks).map(
    ([a, b, c]) =>
      `local t = {} local s = ltn12.source.cat(ltn12.source.table(${a}), ltn12.source.string(${b}), ltn12.source.empty(), ltn12.source.table(${c}))
     return ltn12.pump.all(s, (ltn12.sink.table(t))), t`,
  ),
}

const COUNT = 300

describeModule('socket', 'lua-socket', () => {
  it('sockets', { timeout: 60_000 }, async () => {
    expect(await exchangeDifferences('lua', BEFORE_SOCKET, SOCKETS, lines)).toEqual([])
  })

  it('HTTP requests', { timeout: 60_000 }, async () => {
    expect(await exchangeDifferences('lua', BEFORE_HTTP, REQUESTS, http)).toEqual([])
  })

  it.skipIf(!hasUpstream)('HTTP requests on sockets of HAProxy', { timeout: 60_000 }, async () => {
    expect(await exchangeDifferences('haproxy', BEFORE_HTTP, HAPROXY_REQUESTS, http)).toEqual([])
  })

  it.each(Object.entries(PIECES))('%s', (_, pieces) => {
    const before = `core = core or { tcp = true }\n${BEFORE}`
    expect(differences(before, fc.sample(pieces, { numRuns: COUNT, seed: 18 })).slice(0, 20)).toEqual([])
  })

  it('names of fields', () => {
    expect(differences('', ['return require("socket.headers").canonic'])).toEqual([])
  })
})
