/**
 * Names of fields in HTTP/1 that the options `h1-case-adjust-bogus-client` and `-server` change. The names are those of the `global`
 * section, or of its `h1-case-adjust-file` (`harness/process.ts`).
 */
import { close, end, head, send, until, wait } from '../harness/case.js'
import type { Step, TrafficCase } from '../harness/case.js'
import { answering, get, httpCase, message, ok, request, type HttpOptions } from './http-builder.js'

const CLIENT = 'option h1-case-adjust-bogus-client'
const SERVER = 'option h1-case-adjust-bogus-server'

const FIELDS = ['x-lower: 1', 'X-UPPER: 2', 'x-Trailer: 3', 'Host: a', 'x-other: 4']

const asks: readonly Step[] = [send(get('/', ...FIELDS)), until('hello'), wait(50)]
const answers = answering(ok('hello', ...FIELDS, 'Location: /'))

const named = (name: string, options: Partial<HttpOptions>): TrafficCase =>
  httpCase(`names of fields: ${name}`, { connections: [answers], clients: [asks], ...options })

const CHUNKED = ['Transfer-Encoding: chunked', 'Trailer: x-trailer']
const CHUNKS = '5\r\nhello\r\n0\r\nx-trailer: 1\r\nx-lower: 2\r\nx-other: 3\r\n\r\n'

export const FIELD_NAMES: readonly TrafficCase[] = [
  named('without an option', {}),
  named('for clients', { frontend: CLIENT }),
  named('for servers', { backend: SERVER }),
  named('for both', { frontend: CLIENT, backend: SERVER }),
  named('options of the other side', {
    defaults: `${CLIENT}\n  ${SERVER}`,
    frontend: `no ${CLIENT}`,
    backend: `no ${SERVER}`,
  }),
  named('names given twice', {
    frontend: CLIENT,
    backend: SERVER,
    connections: [answering(ok('hello', 'x-lower: 1', 'X-Lower: 2'))],
    clients: [[send(get('/', 'x-lower: 1', 'X-Lower: 2')), until('hello'), wait(50)]],
  }),
  named('chunks and trailers', {
    frontend: CLIENT,
    backend: SERVER,
    connections: [[until('\r\n\r\n'), until('\r\n\r\n'), send(message('HTTP/1.1 200 OK', ...CHUNKED) + CHUNKS), end]],
    clients: [[send(request('POST / HTTP/1.1', ...CHUNKED) + CHUNKS), until('hello'), wait(50)]],
  }),
  named('connections that are closed', {
    defaults: 'option httpclose',
    frontend: CLIENT,
    backend: SERVER,
    clients: [[send(get('/')), until('hello'), end, close]],
  }),
  named('connections of HTTP/1.0 that are kept', {
    frontend: CLIENT,
    backend: SERVER,
    clients: [[send(message('GET / HTTP/1.0', 'Connection: keep-alive')), until('hello'), wait(50)]],
  }),
  named('a response without a length', {
    frontend: CLIENT,
    backend: SERVER,
    connections: [[head, send(message('HTTP/1.1 200 OK') + 'hello'), close]],
    clients: [[send(get('/')), until('hello'), end, close]],
  }),
  named('an upgrade', {
    frontend: CLIENT,
    backend: SERVER,
    connections: [
      [head, send(message('HTTP/1.1 101 Switching Protocols', 'Connection: upgrade', 'Upgrade: x') + 'hello'), end],
    ],
    clients: [[send(get('/', 'Connection: upgrade', 'Upgrade: x')), until('hello'), wait(50)]],
  }),
  named('the name of the server', { backend: `${SERVER}\n  http-send-name-header X-Server` }),
  named('fields of rules', {
    frontend: `${CLIENT}\n  http-request set-header X-Lower a\n  http-request add-header x-UPPER b`,
    backend: `${SERVER}\n  http-response set-header X-LOWER a`,
  }),
  named('rules that find fields', {
    frontend: `${CLIENT}\n  http-request set-header x-seen %[req.hdr(X-LoWeR)]`,
    backend: `${SERVER}\n  http-response set-header x-seen %[res.hdr(X-LoWeR)]`,
  }),
  named('a reply of a rule', {
    frontend: `${CLIENT}\n  http-request return status 200 content-type text/plain string hello hdr x-lower 1`,
  }),
  named('a redirect', {
    frontend: `${CLIENT}\n  http-request redirect location /b`,
    clients: [[send(get('/')), head, wait(50)]],
  }),
  named('a request that is denied', {
    frontend: `${CLIENT}\n  http-request deny`,
    clients: [[send(get('/')), end, close]],
  }),
  named('a request that is invalid', { frontend: CLIENT, clients: [[send('GET\r\n\r\n'), end, close]] }),
  named('an error page', {
    frontend: `${CLIENT}\n  errorfile 403 @DIR@/names403.http\n  http-request deny`,
    clients: [[send(get('/')), head, wait(50)]],
    files: { 'names403.http': message('HTTP/1.1 403 Own', 'X-Lower: 1', 'x-upper: 2') },
  }),
  named('headers that HAProxy adds', {
    defaults: 'option forwardfor header x-lower\n  option originalto header X-Trailer',
    backend: SERVER,
  }),
]
