/** The everyday ways in which a transaction ends, each with its termination state. */
import { close, end, head, reset, send, wait, type TrafficCase } from '../harness/case.js'
import { get, httpCase, message, ok, request } from './http-builder.js'

const asks = (path = '/'): readonly [ReturnType<typeof send>, typeof end] => [send(get(path, 'Connection: close')), end]

const TIMEOUTS = `timeout server 400
  timeout queue 200
  timeout tarpit 200`

export const TERMINATION: readonly TrafficCase[] = [
  httpCase('denied by the frontend', { frontend: 'http-request deny', clients: [asks()] }),
  httpCase('tarpitted', { defaults: TIMEOUTS, frontend: 'http-request tarpit', clients: [asks()] }),
  httpCase('answered by a return rule', { frontend: 'http-request return', clients: [asks()] }),
  httpCase('redirected', { frontend: 'http-request redirect location /x', clients: [asks()] }),
  httpCase('rejected', { frontend: 'http-request reject', clients: [asks()] }),
  httpCase('denied by a response rule', { backend: 'http-response deny', clients: [asks()] }),
  httpCase('connection refused', {
    more: 'backend $refusing\n  server s $refused',
    frontend: 'use_backend $refusing',
    clients: [asks()],
  }),
  httpCase('connection refused without retries', {
    more: 'backend $refusing\n  retries 0\n  server s $refused',
    frontend: 'use_backend $refusing',
    clients: [asks()],
  }),
  httpCase('connection refused, redispatched to another server', {
    backend: 'option redispatch 1\n  server s0 $refused weight 256',
    clients: [asks()],
  }),
  httpCase('connection not accepted in time', {
    more: 'backend $silent\n  server s $full',
    frontend: 'use_backend $silent',
    clients: [asks()],
  }),
  httpCase('server without a response', { defaults: TIMEOUTS, connections: [[]], clients: [asks()] }),
  httpCase('server that closes after the request', { connections: [[head, close]], clients: [asks()] }),
  httpCase('server that resets after the request', { connections: [[head, reset]], clients: [asks()] }),
  httpCase('server with an invalid response', { connections: [[head, send('junk\r\n\r\n')]], clients: [asks()] }),
  httpCase('server with an incomplete head', {
    connections: [[head, send('HTTP/1.1 200 OK\r\nX: y'), close]],
    clients: [asks()],
  }),
  httpCase('server with an incomplete head that hangs', {
    defaults: TIMEOUTS,
    connections: [[head, send('HTTP/1.1 200 OK\r\nX: y')]],
    clients: [asks()],
  }),
  httpCase('half a response, then closed', {
    connections: [[head, send(message('HTTP/1.1 200 OK', 'Content-Length: 100') + 'half'), wait(100), close]],
    clients: [asks()],
  }),
  httpCase('half a response, then reset', {
    connections: [[head, send(message('HTTP/1.1 200 OK', 'Content-Length: 100') + 'half'), wait(100), reset]],
    clients: [asks()],
  }),
  httpCase('half a response, then silence', {
    defaults: TIMEOUTS,
    connections: [[head, send(message('HTTP/1.1 200 OK', 'Content-Length: 100') + 'half')]],
    clients: [asks()],
  }),
  httpCase('no server', { more: 'backend $empty', frontend: 'use_backend $empty', clients: [asks()] }),
  httpCase('no server that is up', { server: 'disabled', clients: [asks()] }),
  httpCase('no backend', {
    more: 'frontend $alone\n  bind $listen2',
    clients: [[{ do: 'connect', to: 'listen2' }, ...asks()]],
  }),
  httpCase('no place in the queue in time', {
    defaults: TIMEOUTS,
    server: 'maxconn 1',
    connections: [[head, wait(1000), send(ok())]],
    clients: [
      [send(get('/1', 'Connection: close')), wait(800)],
      [wait(50), ...asks('/2')],
    ],
  }),
  httpCase('served after waiting in the queue', {
    server: 'maxconn 1',
    connections: [
      [head, wait(440), send(ok('first', 'Connection: close')), close],
      [head, send(ok('second', 'Connection: close')), close],
    ],
    clients: [asks('/1'), [wait(100), ...asks('/2')]],
  }),
  httpCase('a full queue', {
    defaults: TIMEOUTS,
    server: 'maxconn 1 maxqueue 1',
    connections: [[head, wait(1000), send(ok())]],
    clients: [asks('/1'), [wait(100), ...asks('/2')], [wait(200), ...asks('/3')]],
  }),
  httpCase('client that goes while the server hangs', {
    defaults: TIMEOUTS,
    connections: [[]],
    clients: [[send(get('/')), wait(100), close]],
  }),
  httpCase('client that resets while the server hangs', {
    defaults: TIMEOUTS,
    connections: [[]],
    clients: [[send(get('/')), wait(100), reset]],
  }),
  httpCase('client that goes in the middle of the response', {
    connections: [
      [head, send(message('HTTP/1.1 200 OK', 'Content-Length: 100') + 'half'), wait(400), send('x'.repeat(96))],
    ],
    clients: [[send(get('/')), head, wait(100), close]],
  }),
  httpCase('client that resets in the middle of the response', {
    connections: [
      [head, send(message('HTTP/1.1 200 OK', 'Content-Length: 100') + 'half'), wait(400), send('x'.repeat(96))],
    ],
    clients: [[send(get('/')), head, wait(100), reset]],
  }),
  httpCase('client that goes in the middle of the body of its request', {
    connections: [[head]],
    clients: [[send(request('POST / HTTP/1.1', 'Content-Length: 100') + 'half'), wait(200), close]],
  }),
  httpCase('client that stops in the middle of the body of its request', {
    defaults: 'timeout client 400',
    connections: [[head]],
    clients: [[send(request('POST / HTTP/1.1', 'Content-Length: 100') + 'half'), end]],
  }),
  httpCase('half a request', {
    defaults: 'timeout http-request 400',
    clients: [[send('GET / HTTP/1.1\r\nHos'), end]],
  }),
  httpCase('no request in time', {
    defaults: 'timeout http-request 400',
    clients: [[wait(0), { do: 'connect', to: 'listen' }, end]],
  }),
  httpCase('half a request, then closed', { clients: [[send('GET / HTTP/1.1\r\nHos'), wait(100), close]] }),
  httpCase('half a request, then reset', { clients: [[send('GET / HTTP/1.1\r\nHos'), wait(100), reset]] }),
  httpCase('a name of a backend that does not exist', {
    frontend: 'use_backend %[str(nowhere)]',
    clients: [asks()],
  }),
  httpCase('a name of a backend by a sample', {
    more: 'backend $other\n  http-request return status 200 content-type text/plain string other',
    frontend: 'use_backend %[path,regsub(^/,),concat(,,)] if { path -m beg /t }\n  use_backend $other if { path /x }',
    clients: [asks('/tx'), asks('/x')],
  }),
  httpCase('an error inside: a rewrite that does not fit', {
    frontend: `http-request set-header X %[str(${'x'.repeat(900)})]\n  http-request set-header Y %[req.hdr(x),concat(,txn.a,)]`,
    clients: [[send(get('/', `Z: ${'z'.repeat(14_500)}`, 'Connection: close')), end]],
  }),
  httpCase('server that answers', { clients: [asks(), [send(get('/keep')), head, wait(200)]] }),
]
