/** Filters of scripts in HTTP: when their callbacks are called, what their results do, and bodies that they change. */
import {
  close,
  connect,
  end,
  head,
  pause,
  resume,
  send,
  shut,
  trickle,
  until,
  wait,
  type Step,
  type TrafficCase,
} from '../harness/case.js'
import { FILTER, httpFilter, tcpFilter, type FilterOptions } from './filter-builder.js'
import { get, message, ok, post, request } from './http-builder.js'

/** Callbacks that log what they are called with. */
const LOGGING = `
local function logs(name)
  return function(self, txn, object)
    show(txn, name, self.args[1], object:is_resp(), object:input(), object:output())
    return filter.CONTINUE
  end
end
for _, name in ipairs{"http_headers", "http_end", "end_analyze"} do Filter[name] = logs(name) end
function Filter:http_payload(txn, msg)
  show(txn, "http_payload", self.args[1], msg:is_resp(), msg:input(), msg:output(), msg:body())
end
function Filter:tcp_payload(txn, chn)
  show(txn, "tcp_payload", self.args[1], chn:is_resp(), chn:input(), chn:output())
end
`

const LOGGING_DATA = `${LOGGING}
function Filter:start_analyze(txn, chn)
  show(txn, "start_analyze", self.args[1], chn:is_resp())
  return data(self, txn, chn)
end`

const LOGGING_ONLY = `${LOGGING} Filter.start_analyze = logs("start_analyze")`

/** Has the data of both directions pass through it. */
const DATA = 'Filter.start_analyze = data'

/** Has the data of both directions pass through it, in chunks. */
const CHUNKED = `
function Filter:http_headers(txn, msg)
  filter.register_data_filter(self, msg.channel)
  msg:set_body_len("chunked")
  return filter.CONTINUE
end`

/** Has the data of responses pass through it, and announces their length. */
const responseOf = (length: number): string => `
function Filter:http_headers(txn, msg)
  if msg:is_resp() then
    filter.register_data_filter(self, msg.channel)
    msg:set_body_len(${length})
  end
  return filter.CONTINUE
end`

const closes = (text: string) => [send(text), end] as const

/** A request that closes, and how the server answers it. */
const answered = (...response: readonly Step[]) => ({
  clients: [closes(get('/', 'Connection: close'))],
  connections: [[head, ...response]],
})

const chunkedRequest = `${request('POST / HTTP/1.1', 'Transfer-Encoding: chunked', 'Connection: close')}5\r\nhello\r\n6\r\n world\r\n0\r\nX-Trailer: 1\r\n\r\n`

const chunkedResponse = `${message('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked')}5\r\nhello\r\n6\r\n world\r\n0\r\nX-Trailer: 1\r\nX-Two: 22\r\n\r\n`

/** A case with a filter that logs its calls and has all data pass through it. */
const logged = (name: string, options: FilterOptions = {}): TrafficCase =>
  httpFilter(name, LOGGING_DATA, { frontend: `${FILTER} one`, ...options })

const CALLS: readonly TrafficCase[] = [
  httpFilter('filter: callbacks without data', LOGGING_ONLY, { frontend: `${FILTER} one` }),
  logged('filter: callbacks of a data filter'),
  httpFilter(
    'filter: arguments',
    `${LOGGING_DATA}
    function Filter:http_headers(txn, msg) show(txn, #self.args, table.concat(self.args, "|")) return filter.CONTINUE end`,
    {
      frontend: `${FILTER} one "two three" four\\ five`,
    },
  ),
  httpFilter('filter: without arguments', `function Filter:http_headers(txn, msg) show(txn, #self.args) return 1 end`),
  logged('filter: two in a frontend', { frontend: `${FILTER} one\n  ${FILTER} two` }),
  logged('filter: in a backend', { frontend: '', backend: `${FILTER} back` }),
  logged('filter: in a frontend and in a backend', { frontend: `${FILTER} front`, backend: `${FILTER} back` }),
  logged('filter: several requests on a connection', {
    frontend: `${FILTER} front`,
    clients: [[send(get('/1')), until('hello'), send(post('/2', 'body')), until('hello'), close]],
  }),
  logged('filter: in a backend, several requests on a connection', {
    frontend: '',
    backend: `${FILTER} back`,
    clients: [[send(get('/1')), until('hello'), send(get('/2')), until('hello'), close]],
  }),
  logged('filter: a chunked request with trailers', {
    clients: [closes(chunkedRequest)],
  }),
  logged('filter: a chunked response with trailers', answered(send(chunkedResponse), end)),
  logged('filter: a response that ends with the connection', {
    clients: [closes(get('/'))],
    connections: [[head, send(`${message('HTTP/1.1 200 OK')}hello`), wait(100), close]],
  }),
  logged(
    'filter: an interim response',
    answered(send(`${message('HTTP/1.1 103 Early Hints', 'Link: a')}${ok()}`), end),
  ),
  logged('filter: a response without a body', answered(send(message('HTTP/1.1 204 No Content')), end)),
  logged('filter: HEAD', {
    clients: [closes(request('HEAD / HTTP/1.1', 'Connection: close'))],
    connections: [[head, send(message('HTTP/1.1 200 OK', 'Content-Length: 5')), end]],
  }),
  logged('filter: a request that is denied', { frontend: `${FILTER} one\n  http-request deny` }),
  logged('filter: a request that a rule answers', {
    frontend: `${FILTER} one\n  http-request return status 200 string ok content-type text/plain`,
  }),
  logged('filter: no server', { server: 'disabled' }),
  logged('filter: a response that is denied', { frontend: `${FILTER} one\n  http-response deny` }),
  logged('filter: the flag for HTTP is missing', { flags: '0' }),
  logged('filter: no flags', { flags: 'nil' }),
  logged('filter: a tunnel', {
    clients: [
      [
        send(request('GET / HTTP/1.1', 'Connection: Upgrade', 'Upgrade: x')),
        head,
        send('ping'),
        until('pong'),
        shut,
        end,
      ],
    ],
    connections: [
      [
        head,
        send(message('HTTP/1.1 101 Switching Protocols', 'Connection: Upgrade', 'Upgrade: x')),
        until('ping'),
        send('pong'),
        end,
      ],
    ],
  }),
  httpFilter(
    'filter: an action sees no messages',
    'Filter.start_analyze = data core.register_action("$act", {"http-req"}, function(txn) show(txn, txn.http_req, txn.http_res) end)',
    {
      frontend: `${FILTER}\n  http-request lua.$act`,
    },
  ),
  httpFilter(
    'filter: variables of the object and of the transaction',
    `${DATA}
    function Filter:http_headers(txn, msg)
      self.count = (self.count or 0) + 1
      txn:set_priv((txn:get_priv() or 0) + 1)
      txn:set_var("txn.n", (txn:get_var("txn.n") or 0) + 1)
      show(txn, self.count, txn:get_priv(), txn:get_var("txn.n"), txn.f:method(), txn.f:status())
      return filter.CONTINUE
    end`,
  ),
]

const CONSTRUCTORS: readonly TrafficCase[] = [
  ['returns nothing', ''],
  ['returns nil', 'return nil'],
  ['returns a number', 'return 3'],
  ['returns several values', 'return setmetatable({ args = class.args }, Filter), {}'],
  ['fails', 'error("no filter")'],
  ['fails with an object', 'error({})'],
  ['yields', 'core.msleep(5)'],
  ['ends', 'core.done()'],
].map(([name, body]) =>
  httpFilter(`filter: new ${name}`, `function Filter.new(class) ${body} end\n${LOGGING_ONLY}`, {
    frontend: `${FILTER} one`,
  }),
)

const OTHER_CONSTRUCTORS: readonly TrafficCase[] = [
  httpFilter('filter: new is not a function', `Filter.new = 5\n${LOGGING_ONLY}`, { frontend: `${FILTER} one` }),
  httpFilter('filter: new fails in a backend', 'function Filter:new() error("no filter") end', {
    frontend: '',
    backend: FILTER,
  }),
  httpFilter('filter: new returns nil in a backend', `function Filter:new() end ${LOGGING_ONLY}`, {
    frontend: '',
    backend: FILTER,
  }),
  tcpFilter('filter of TCP: new fails', 'function Filter:new() error("no filter") end'),
  tcpFilter('filter of TCP: new fails in a backend', 'function Filter:new() error("no filter") end', {
    frontend: '',
    backend: FILTER,
    clients: [[connect('listen'), wait(50), end]],
  }),
  tcpFilter('filter of TCP: new returns nil', 'function Filter:new() end'),
]

/** Holds back what it gets, until the client gives up. */
const givesUp = [[send(post('/path', '0123456789')), wait(600), close]] as const

const CALLBACKS = ['start_analyze', 'http_headers', 'http_payload', 'http_end', 'end_analyze']

const OUTCOMES = [
  ['fails', 'error("broken")'],
  ['returns ERROR', 'return filter.ERROR'],
  ['is done', 'txn:done()'],
  ['replies', 'txn:done(txn:reply{ status = 418, body = "tea" })'],
] as const

const OTHER_OUTCOMES = [
  ['returns nothing', ''],
  ['returns a text', 'return "2"'],
  ['sleeps', 'core.msleep(5)'],
  ['yields', 'core.yield() show(txn, "after")'],
  ['ends', 'core.done()'],
  ['ends with a result', 'core.done(-1)'],
] as const

const outcome = (callback: string, isResponse: boolean, [name, body]: readonly [string, string]): TrafficCase =>
  httpFilter(
    `filter: ${callback} of a ${isResponse ? 'response' : 'request'} ${name}`,
    `${DATA}
function Filter:${callback}(txn, object)
  if object:is_resp() ~= ${isResponse} then return ${callback === 'http_payload' ? '' : 'filter.CONTINUE'} end
  filter.register_data_filter(self, object.channel or object)
  ${body}
end`,
  )

const RESULTS: readonly TrafficCase[] = [false, true].flatMap((isResponse) => [
  // it varies how the server notices that a response was refused before it came
  ...CALLBACKS.slice(isResponse ? 1 : 0).flatMap((callback) =>
    // what is offered to `http_payload` is gone after `done`, and HAProxy forwards it nevertheless
    OUTCOMES.slice(0, callback === 'http_payload' ? 2 : undefined).map((each) => outcome(callback, isResponse, each)),
  ),
  ...['http_headers', 'http_payload'].flatMap((callback) =>
    OTHER_OUTCOMES.map((each) => outcome(callback, isResponse, each)),
  ),
])

const WAITS: readonly TrafficCase[] = [
  ...CALLBACKS.filter((name) => name !== 'http_payload').flatMap((callback) =>
    [false, true].map((isResponse) =>
      httpFilter(
        `filter: ${callback} of a ${isResponse ? 'response' : 'request'} waits until a time`,
        `${DATA}
local waited = {}
function Filter:${callback}(txn, object)
  filter.register_data_filter(self, object.channel or object)
  if object:is_resp() ~= ${isResponse} or self.waited then return filter.CONTINUE end
  self.waited = true
  show(txn, "waits")
  filter.wake_time(50)
  return filter.WAIT
end`,
      ),
    ),
  ),
  httpFilter(
    'filter: a request that is never forwarded',
    `${DATA} function Filter:http_headers() return filter.WAIT end`,
    {
      clients: givesUp,
      defaults: 'timeout client 300\n',
    },
  ),
  httpFilter(
    'filter: a response that is never forwarded',
    `${DATA} function Filter:http_headers(txn, msg) return msg:is_resp() and filter.WAIT or filter.CONTINUE end`,
    {
      defaults: 'timeout server 300\n',
    },
  ),
  httpFilter(
    'filter: a request body that is never forwarded',
    `${DATA} function Filter:http_payload(txn, msg) if not msg:is_resp() then return 0 end end`,
    {
      clients: givesUp,
      defaults: 'timeout client 300\n',
    },
  ),
  httpFilter(
    'filter: a response body that is never forwarded',
    `${DATA} function Filter:http_payload(txn, msg) if msg:is_resp() then return 0 end end`,
    {
      defaults: 'timeout server 300\n',
    },
  ),
  // the system may hold the last piece back for 200 ms
  {
    ignoresTimes: true,
    ...httpFilter(
      'filter: a body that is held back until it is complete',
      `${DATA}
    function Filter:http_payload(txn, msg)
      show(txn, msg:is_resp(), msg:input(), msg:eom())
      if not msg:eom() then return 0 end
    end`,
      {
        clients: [
          [
            trickle(60, request('POST / HTTP/1.1', 'Content-Length: 12', 'Connection: close'), 'hell', 'o wo', 'rld!'),
            end,
          ],
        ],
      },
    ),
  },
  httpFilter(
    'filter: payload wakes up by itself',
    `${DATA}
    function Filter:http_payload(txn, msg)
      if msg:is_resp() or msg:input() == 0 then return end
      filter.wake_time(40)
      show(txn, msg:input())
      return 3
    end`,
  ),
]

const BODIES: readonly TrafficCase[] = [
  httpFilter(
    'filter: a part of the body at a time',
    `${DATA} function Filter:http_payload(txn, msg) return math.min(4, msg:input()) end`,
    {
      clients: [
        [trickle(50, request('POST / HTTP/1.1', 'Content-Length: 10', 'Connection: close'), '01234', '56', '789'), end],
      ],
      defaults: 'timeout client 400\n timeout server 400\n',
    },
  ),
  httpFilter('filter: a result beyond the body', `${DATA} function Filter:http_payload(txn, msg) return 1000 end`),
  httpFilter('filter: a negative result', `${DATA} function Filter:http_payload(txn, msg) return -5 end`),
  httpFilter(
    'filter: a body in capital letters',
    `${DATA}
    function Filter:http_payload(txn, msg)
      local body = msg:body()
      if body then msg:set(body:upper():reverse()) end
    end`,
    { clients: [closes(post('/', 'some text', 'Connection: close'))] },
  ),
  httpFilter(
    'filter: a longer chunked body',
    `${CHUNKED}
    function Filter:http_payload(txn, msg)
      local body = msg:body()
      if body then show(txn, msg:set("<" .. body .. ">")) end
    end`,
  ),
  httpFilter(
    'filter: a body with another length',
    `
    function Filter:http_headers(txn, msg)
      filter.register_data_filter(self, msg.channel)
      show(txn, msg:set_body_len(3))
      return filter.CONTINUE
    end
    function Filter:http_payload(txn, msg) if msg:body() then msg:set("new") end end`,
  ),
  httpFilter(
    'filter: a body that is longer than announced',
    `${DATA}
    function Filter:http_payload(txn, msg) if msg:body() and not msg:is_resp() then msg:append("more") end end`,
  ),
  httpFilter(
    'filter: a response body that is longer than announced',
    `${DATA}
    function Filter:http_payload(txn, msg) if msg:body() and msg:is_resp() then msg:append("more") end end`,
  ),
  httpFilter(
    'filter: a response body that is shorter than announced',
    `${DATA}
    function Filter:http_payload(txn, msg) if msg:body() and msg:is_resp() then msg:remove(0, 2) end end`,
    {
      defaults: 'timeout client 400\n timeout server 400\n',
    },
  ),
  httpFilter(
    'filter: a chunked response is changed',
    `${DATA}
    function Filter:http_payload(txn, msg)
      local body = msg:body()
      if body and msg:is_resp() then msg:set(body:upper() .. "!") end
    end`,
    answered(send(chunkedResponse), end),
  ),
  httpFilter(
    'filter: a chunked response gets a length',
    `${responseOf(4)}
    function Filter:http_payload(txn, msg)
      if msg:body() then msg:remove() end
      if msg:eom() then msg:append("four") end
    end`,
    answered(send(chunkedResponse), end),
  ),
  httpFilter(
    'filter: a response that ends with the connection gets a length',
    responseOf(5),
    answered(send(`${message('HTTP/1.1 200 OK')}hello`), wait(50), close),
  ),
  httpFilter(
    'filter: a body larger than the buffer',
    `${DATA}
    function Filter:http_payload(txn, msg)
      local body = msg:body()
      if body then msg:set((body:gsub("a", "b"))) end
    end`,
    {
      clients: [closes(post('/', 'a'.repeat(50_000), 'Connection: close'))],
      connections: [[head, until('b'.repeat(50_000)), send(ok('a'.repeat(30_000))), end]],
    },
  ),
  httpFilter(
    'filter: a body larger than the buffer is held back',
    `${DATA}
    function Filter:http_payload(txn, msg)
      if msg:is_resp() then return end
      if not msg:eom() then return 0 end
    end`,
    {
      defaults: 'timeout client 500\n',
      clients: [closes(post('/', 'a'.repeat(50_000), 'Connection: close'))],
    },
  ),
  httpFilter(
    'filter: data are sent before the body',
    `${CHUNKED}
    function Filter:http_payload(txn, msg)
      if msg:body() then show(txn, msg:send("[" .. msg:input() .. "]"), msg:forward(2), msg:input(), msg:output()) return msg:input() end
    end`,
  ),
  httpFilter(
    'filter: two filters change a body',
    `${CHUNKED}
    function Filter:http_payload(txn, msg)
      local body = msg:body()
      show(txn, self.args[1], body)
      if body then msg:set("(" .. self.args[1] .. body .. ")") end
    end`,
    { frontend: `${FILTER} 1\n  ${FILTER} 2` },
  ),
  httpFilter(
    'filter: the second filter holds back what the first has inserted',
    `${CHUNKED}
    function Filter:http_payload(txn, msg)
      show(txn, self.args[1], msg:input(), msg:output(), msg:body())
      if self.args[1] == "1" then if msg:body() then msg:prepend("+") end
      elseif not msg:eom() then return 1 end
    end`,
    {
      frontend: `${FILTER} 1\n  ${FILTER} 2`,
      clients: [
        [trickle(60, request('POST / HTTP/1.1', 'Content-Length: 9', 'Connection: close'), 'abc', 'def', 'ghi'), end],
      ],
    },
  ),
  httpFilter(
    'filter: data are no longer filtered',
    `${DATA}
    function Filter:http_payload(txn, msg)
      show(txn, msg:input())
      filter.unregister_data_filter(self, msg.channel)
    end`,
    {
      clients: [
        [trickle(60, request('POST / HTTP/1.1', 'Content-Length: 9', 'Connection: close'), 'abc', 'def', 'ghi'), end],
      ],
    },
  ),
  httpFilter(
    'filter: the end of a message is declared early',
    `${DATA}
    function Filter:http_payload(txn, msg) if not msg:is_resp() then msg:set_eom() end end`,
    {
      clients: [
        [
          trickle(
            60,
            `${request('POST / HTTP/1.1', 'Transfer-Encoding: chunked')}3\r\nabc\r\n`,
            '3\r\ndef\r\n0\r\n\r\n',
          ),
          end,
        ],
      ],
      connections: [[until('0\r\n\r\n'), send(ok()), end]],
      defaults: 'timeout client 500\n',
    },
  ),
  httpFilter(
    'filter: the end of a message is taken back',
    `${DATA}
    function Filter:http_payload(txn, msg) if not msg:is_resp() then msg:unset_eom() end end`,
    {
      clients: givesUp,
      defaults: 'timeout client 300\n timeout server 300\n',
    },
  ),
  httpFilter(
    'filter: a request without a body gets one',
    `
    function Filter:http_headers(txn, msg)
      if not msg:is_resp() then filter.register_data_filter(self, msg.channel) show(txn, msg:set_body_len(4)) end
      return filter.CONTINUE
    end
    function Filter:http_payload(txn, msg) show(txn, msg:append("body"), msg:input()) end`,
    {
      clients: [closes(get('/', 'Connection: close'))],
      defaults: 'timeout client 500\n timeout server 500\n',
    },
  ),
]

const ENDS: readonly TrafficCase[] = [
  logged('filter: the server closes in the body', {
    clients: [closes(get('/'))],
    connections: [[head, send(ok('hello').slice(0, -2)), wait(80), close]],
  }),
  httpFilter('filter: a slow client', DATA, {
    clients: [[send(get('/', 'Connection: close')), pause, wait(150), resume, end]],
    connections: [[head, send(ok('x'.repeat(30_000))), end]],
  }),
]

export const HTTP_FILTERS: readonly TrafficCase[] = [...CALLS, ...CONSTRUCTORS, ...OTHER_CONSTRUCTORS, ...ENDS]
export const FILTER_RESULTS: readonly TrafficCase[] = [...RESULTS, ...WAITS]
export const FILTERED_BODIES: readonly TrafficCase[] = BODIES
