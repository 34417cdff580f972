/** Responses of services: how they are framed, for clients of different versions. */
import { end, send, wait } from '../harness/case.js'
import type { TrafficCase } from '../harness/case.js'
import { get, message, request } from './http-builder.js'
import { httpService } from './service-builder.js'

/** Responses as scripts begin them. */
const RESPONSES: Readonly<Record<string, string>> = {
  'without fields': 'applet:start_response() applet:send("hello")',
  'of a known length': 'applet:add_header("content-length", "5") applet:start_response() applet:send("hello")',
  'with a name in upper case': 'applet:add_header("Content-Length", "5") applet:start_response() applet:send("hello")',
  'with a list of equal lengths':
    'applet:add_header("content-length", "5, 5") applet:start_response() applet:send("hello")',
  'with the same length twice':
    'applet.response["content-length"] = { "5", "05" } applet:start_response() applet:send("hello")',
  'that is chunked': 'applet:add_header("transfer-encoding", "chunked") applet:start_response() applet:send("hello")',
  'with another transfer coding':
    'applet:add_header("transfer-encoding", "gzip") applet:start_response() applet:send("hello")',
  'with an empty body': 'applet:start_response()',
  'of length 0': 'applet:add_header("content-length", "0") applet:start_response()',
  'of length 0 with data': 'applet:add_header("content-length", "0") applet:start_response() applet:send("hello")',
  'with a number as value': 'applet:add_header("x-a", 5) applet:start_response()',
  'with a field twice': 'applet:add_header("x-a", "1") applet:add_header("x-a", "2") applet:start_response()',
  'with a status': 'applet:set_status(404) applet:start_response() applet:send("hello")',
  'with a status and a reason': 'applet:set_status(404, "Gone Fishing") applet:start_response() applet:send("hello")',
  'with an empty reason': 'applet:set_status(404, "") applet:start_response() applet:send("hello")',
  'with an unknown status': 'applet:set_status(599) applet:start_response() applet:send("hello")',
  'with status 204': 'applet:set_status(204) applet:start_response()',
  'with status 204 and data': 'applet:set_status(204) applet:start_response() applet:send("hello")',
  'with status 204 and a length':
    'applet:set_status(204) applet:add_header("content-length", "0") applet:start_response()',
  'with status 304': 'applet:set_status(304) applet:start_response()',
  'with status 304 and a length':
    'applet:set_status(304) applet:add_header("content-length", "5") applet:start_response()',
  'with an interim one before':
    'applet:set_status(103) applet:start_response() applet:set_status(200) applet:start_response() applet:send("hello")',
  'with status 101': 'applet:set_status(101) applet:start_response()',
  'with status 500': 'applet:set_status(500) applet:start_response() applet:send("hello")',
  'that closes': 'applet:add_header("connection", "close") applet:start_response() applet:send("hello")',
  'that keeps the connection':
    'applet:add_header("connection", "keep-alive") applet:start_response() applet:send("hello")',
  'with a strange field': 'applet:add_header("x a\\0b", "c d") applet:start_response() applet:send("hello")',
  'in several pieces': 'applet:start_response() for i = 1, 5 do applet:send("piece " .. i) core.msleep(50) end',
  'with an empty piece': 'applet:start_response() applet:send("") applet:send("hello") applet:send("")',
  'with a pause before the end':
    'applet:add_header("content-length", "5") applet:start_response() applet:send("hello") core.msleep(300)',
  'that is chunked with a pause before the end': 'applet:start_response() applet:send("hello") core.msleep(300)',
  'with the number of bytes that were sent':
    'applet:start_response() local n = applet:send("hello") applet:send(" " .. tostring(n))',
}

const METHODS: Readonly<Record<string, (path: string) => string>> = {
  GET: (path) => get(path),
  HEAD: (path) => request(`HEAD ${path} HTTP/1.1`),
  'HTTP/1.0': (path) => message(`GET ${path} HTTP/1.0`),
}

export const HTTP_SERVICE_RESPONSES: readonly TrafficCase[] = Object.entries(METHODS).flatMap(([method, ask]) =>
  Object.entries(RESPONSES).map(([name, body]) =>
    httpService(`a response of a service ${name}, ${method}`, body, {
      clients: [[send(ask('/')), wait(600), send(get('/again', 'Connection: close')), end]],
    }),
  ),
)
