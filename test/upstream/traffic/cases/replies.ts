/** Replies of actions of scripts (`txn:done(reply)`): those that are well-formed, and those with what HAProxy refuses, drops or passes on. */
import { end, head, send, until, wait, type TrafficCase } from '../harness/case.js'
import { get, httpCase, ok, post, request } from './http-builder.js'

/** Fields of the table from which a reply is made. */
const REPLIES: Readonly<Record<string, string>> = {
  'without fields': '',
  'with a body': 'body = "hello"',
  'with a status and a reason': 'status = 404, reason = "Gone Fishing", body = "hello"',
  'with an empty reason': 'status = 404, reason = ""',
  'with an unknown status': 'status = 599',
  'with status 100': 'status = 100, body = "hello"',
  'with status 101': 'status = 101, body = "hello"',
  'with status 204 and a body': 'status = 204, body = "hello"',
  'with status 304 and a body': 'status = 304, body = "hello"',
  'with fields': 'headers = { ["X-A"] = { "1", "2" } }, body = "hello"',
  'with a length': 'headers = { ["content-length"] = { "5" } }, body = "hello"',
  'with a length that is too small': 'headers = { ["content-length"] = { "2" } }, body = "hello"',
  'with a length that is too large': 'headers = { ["content-length"] = { "20" } }, body = "hello"',
  'with a length that is no number': 'headers = { ["content-length"] = { "many" } }, body = "hello"',
  'with two lengths': 'headers = { ["content-length"] = { "5", "6" } }, body = "hello"',
  'that is chunked': 'headers = { ["transfer-encoding"] = { "chunked" } }, body = "hello"',
  'with another transfer coding': 'headers = { ["transfer-encoding"] = { "gzip" } }, body = "hello"',
  'that closes': 'headers = { connection = { "close" } }, body = "hello"',
  'that upgrades': 'status = 200, headers = { connection = { "upgrade" }, upgrade = { "x" } }, body = "hello"',
  'with an empty name': 'headers = { [""] = { "1" } }',
  'with a name that is no token': 'headers = { ["x y: z"] = { "1" } }',
  'with the end of a line in a name': 'headers = { ["x\\r\\ny"] = { "1" } }',
  'with the end of a line in a value': 'headers = { x = { "1\\r\\ny: 2" } }',
  'with a zero byte in a value': 'headers = { x = { "1\\0002" } }',
  'with the end of a line in the reason': 'status = 200, reason = "OK\\r\\nx: y"',
  'with a pseudo-header': 'headers = { [":status"] = { "500" } }',
  'with a field larger than the buffer': 'headers = { x = { ("v"):rep(20000) } }',
  'with many fields':
    'headers = (function() local h = {} for i = 1, 200 do h["x-" .. i] = { "v" } end return { x = h["x-1"] } end)()',
  'with more values than fit':
    'headers = { x = (function() local v = {} for i = 1, 200 do v[i] = "1" end return v end)() }',
  'with a body larger than the buffer': 'body = ("b"):rep(20000)',
  'with a body that fills the buffer': 'body = ("b"):rep(16000)',
  'with a body of binary data': 'body = "a\\0b\\255"',
}

/** What an action passes to `txn:done` that is no reply. */
const OTHERS: Readonly<Record<string, string>> = {
  nothing: '',
  nil: 'nil',
  'a text': '"x"',
  'a number': '5',
  'an empty table': '{}',
  'a table with a status': '{ status = 404 }',
  'a reply without a status': '(function() local r = txn:reply() r.status = nil return r end)()',
  'a reply whose status is a text': '(function() local r = txn:reply() r.status = "many" return r end)()',
  'a reply whose fields are a number': '(function() local r = txn:reply() r.headers = 5 return r end)()',
  'a reply with a field that is a text': '(function() local r = txn:reply() r.headers = { x = "1" } return r end)()',
  'a reply whose body is a table': '(function() local r = txn:reply() r.body = {} return r end)()',
  'a reply whose body is a number': '(function() local r = txn:reply() r.body = 5 return r end)()',
  'two values': 'txn:reply(), 5',
}

const CALLS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(REPLIES).map(([name, fields]) => [`a reply ${name}`, `txn:reply{ ${fields} }`])),
  ...Object.fromEntries(Object.entries(OTHERS).map(([name, value]) => [`done with ${name}`, value])),
}

/** The action fails or answers, unless the path is `/fine`: a second request on the connection is answered. */
const action = (event: string, body: string): string =>
  `core.register_action("$act", { "${event}" }, function(txn)
if txn.f:capture_req_uri() ~= "/fine" then ${body} end
end)`

const replies = (name: string, event: string, rule: string, body: string): TrafficCase => ({
  ...httpCase(name, {
    frontend: `${rule} lua.$act`,
    clients: [[send(get('/bad')), wait(60), send(get('/fine', 'Connection: close')), end]],
  }),
  lua: action(event, body),
  ignoresTimes: true,
})

const METHODS: readonly TrafficCase[] = [
  ['HEAD', [send(request('HEAD / HTTP/1.1')), head, wait(50), send(get('/fine', 'Connection: close')), end]],
  ['POST with a body', [send(post('/', 'some text')), until('hello'), send(get('/fine', 'Connection: close')), end]],
  ['POST with a large body', [send(post('/', 'a'.repeat(50_000), 'Connection: close')), until('hello')]],
].map(([method, steps]) => ({
  ...httpCase(`a reply to ${method as string}`, {
    frontend: 'http-request lua.$act',
    clients: [steps as TrafficCase['clients'][number]],
  }),
  lua: action('http-req', 'txn:done(txn:reply{ body = "hello" })'),
}))

export const REPLIES_OF_ACTIONS: readonly TrafficCase[] = [
  ...Object.entries(CALLS).flatMap(([name, value]) => [
    replies(`${name}, to a request`, 'http-req', 'http-request', `txn:done(${value})`),
    replies(`${name}, for a response`, 'http-res', 'http-response', `txn:done(${value})`),
  ]),
  ...METHODS,
  replies('a reply after the response', 'http-after-res', 'http-after-response', 'txn:done(txn:reply())'),
  {
    ...httpCase('a reply for a response with a body that is larger than the buffer', {
      frontend: 'http-response lua.$act',
      connections: [[head, send(ok('a'.repeat(50_000))), end]],
      clients: [[send(get('/bad', 'Connection: close')), end]],
    }),
    lua: action('http-res', 'txn:done(txn:reply{ body = "hello" })'),
  },
]
