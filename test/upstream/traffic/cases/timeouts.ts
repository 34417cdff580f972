/** Timeouts of HTTP: of each phase of a transaction and of the connections between. */
import { close, connect, end, head, pause, reset, resume, send, shut, trickle, until, wait } from '../harness/case.js'
import type { Step, TrafficCase } from '../harness/case.js'
import { get, httpCase, message, ok, request } from './http-builder.js'

const HALF_RESPONSE = message('HTTP/1.1 200 OK', 'Content-Length: 8') + 'half'
const HALF_REQUEST = request('POST / HTTP/1.1', 'Content-Length: 8') + 'half'

/** A case with these lines in its `defaults`. */
const timed = (
  name: string,
  defaults: string,
  client: readonly Step[],
  connections?: readonly (readonly Step[])[],
): TrafficCase => httpCase(name, { defaults, clients: [client], ...(connections === undefined ? {} : { connections }) })

const kept: readonly Step[] = [send(get('/1')), until('hello')]

export const TIMEOUTS: readonly TrafficCase[] = [
  timed('http-request: nothing is sent', 'timeout http-request 400', [connect('listen'), end]),
  timed('http-request: half a head', 'timeout http-request 400', [send('GET / HTTP/1.1\r\nHo'), end]),
  timed('http-request: a byte from time to time', 'timeout http-request 400', [
    trickle(120, 'G', 'E', 'T', ' ', '/', ' '),
    end,
  ]),
  timed('http-request: a whole head in time, in pieces', 'timeout http-request 400', [
    trickle(60, 'GET / ', 'HTTP/1.1\r\n', 'Host: a\r\n\r\n'),
    until('hello'),
    wait(50),
  ]),
  timed(
    'http-request: half a body is not limited',
    'timeout http-request 400\n  timeout client 800',
    [send(HALF_REQUEST), end],
    [[end]],
  ),
  timed(
    'http-request: half a body is limited where it is waited for',
    'timeout http-request 400\n  option http-buffer-request',
    [send(HALF_REQUEST), end],
  ),
  timed(
    'http-request: nothing is sent, option http-ignore-probes',
    'timeout http-request 400\n  option http-ignore-probes',
    [connect('listen'), end],
  ),
  timed(
    'http-request: half a head, option http-ignore-probes',
    'timeout http-request 400\n  option http-ignore-probes',
    [send('GET / HT'), end],
  ),
  timed('http-request: nothing is sent, option dontlognull', 'timeout http-request 400\n  option dontlognull', [
    connect('listen'),
    end,
  ]),
  timed('http-request: half a head, option dontlognull', 'timeout http-request 400\n  option dontlognull', [
    send('GET / HT'),
    end,
  ]),
  timed('http-request: the second request', 'timeout http-request 400', [...kept, wait(40), send('GET / HT'), end]),
  timed('http-request: an idle connection', 'timeout http-request 400', [...kept, end]),
  timed('client: nothing is sent', 'timeout client 400', [connect('listen'), end]),
  timed('client: half a head', 'timeout client 400', [send('GET / HT'), end]),
  timed('client: half a body', 'timeout client 400', [send(HALF_REQUEST), end], [[end]]),
  timed('client: an idle connection', 'timeout client 400', [...kept, end]),
  timed(
    'client: while the server is slow',
    'timeout client 400',
    [send(get('/')), until('hello'), end],
    [[head, wait(700), send(ok()), end]],
  ),
  {
    ...timed(
      'client: a client that never reads',
      'timeout client 400',
      [send(get('/')), pause, wait(1500), resume, end],
      [[head, send(ok('x'.repeat(2_000_000))), end]],
    ),
    ignoresAmounts: true,
  },
  timed('http-keep-alive', 'timeout http-keep-alive 400', [...kept, end]),
  timed(
    'http-keep-alive: does not hold for the first request',
    'timeout http-keep-alive 200\n  timeout http-request 600',
    [connect('listen'), end],
  ),
  timed('http-keep-alive: half a second request', 'timeout http-keep-alive 200\n  timeout http-request 600', [
    ...kept,
    send('GET / HT'),
    end,
  ]),
  timed('http-keep-alive: a second request in time', 'timeout http-keep-alive 400', [...kept, wait(100), ...kept, end]),
  timed(
    'http-keep-alive: a longer one than that of http-request',
    'timeout http-keep-alive 600\n  timeout http-request 200',
    [...kept, end],
  ),
  timed('server: no response', 'timeout server 400', [send(get('/')), end], [[end]]),
  timed(
    'server: half a head',
    'timeout server 400',
    [send(get('/')), end],
    [[head, send('HTTP/1.1 200 OK\r\nX'), end]],
  ),
  timed('server: half a body', 'timeout server 400', [send(get('/')), end], [[head, send(HALF_RESPONSE), end]]),
  timed(
    'server: half a chunked body',
    'timeout server 400',
    [send(get('/')), end],
    [[head, send(`${message('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked')}5\r\nhel`), end]],
  ),
  timed(
    'server: half a body that the end delimits',
    'timeout server 400',
    [send(get('/')), end],
    [[head, send(`${message('HTTP/1.1 200 OK')}half`), end]],
  ),
  timed(
    'server: renewed by pieces',
    'timeout server 400',
    [send(get('/')), until('third'), end],
    [[head, trickle(150, message('HTTP/1.1 200 OK'), 'first', 'second', 'third'), close]],
  ),
  {
    ...timed(
      'server: a server that does not read the body',
      'timeout server 400\n  timeout client 5s',
      [send(request('POST / HTTP/1.1', 'Content-Length: 2000000') + 'x'.repeat(2_000_000)), end],
      [[pause, wait(2000)]],
    ),
    ignoresAmounts: true,
  },
  timed(
    'server: half a body of a request while the client is silent',
    'timeout server 400\n  timeout client 800',
    [send(HALF_REQUEST), end],
    [[end]],
  ),
  timed(
    'server: an interim response and then nothing',
    'timeout server 400',
    [send(get('/')), end],
    [[head, send(message('HTTP/1.1 103 Early Hints')), end]],
  ),
  httpCase('connect: a server that does not accept', {
    frontend: 'use_backend $silent',
    more: 'backend $silent\n  retries 0\n  server s $full',
    clients: [[send(get('/')), end]],
  }),
  httpCase('connect: a shorter one with retries', {
    frontend: 'use_backend $silent',
    more: 'backend $silent\n  timeout connect 200\n  retries 2\n  server s $full',
    clients: [[send(get('/')), end]],
  }),
  httpCase('connect: the queue has no timeout', {
    defaults: 'timeout connect 200\n  timeout server 5s',
    server: 'maxconn 1',
    connections: [
      [head, wait(740), send(ok('hello', 'Connection: close')), close],
      [head, send(ok('hello', 'Connection: close')), close],
    ],
    clients: [
      [send(get('/1')), end],
      [wait(50), send(get('/2')), end],
    ],
  }),
  httpCase('queue', {
    defaults: 'timeout queue 200',
    server: 'maxconn 1',
    connections: [[head, wait(800), send(ok('hello', 'Connection: close')), close]],
    clients: [
      [send(get('/1')), end],
      [wait(50), send(get('/2')), end],
    ],
  }),
  httpCase('queue: in the backend, by the number of its connections', {
    defaults: 'timeout queue 200',
    backend: 'fullconn 1',
    server: 'minconn 1 maxconn 1',
    connections: [[head, wait(800), send(ok('hello', 'Connection: close')), close]],
    clients: [
      [send(get('/1')), end],
      [wait(50), send(get('/2')), end],
      [wait(50), send(get('/3')), end],
    ],
  }),
  httpCase('tarpit', {
    defaults: 'timeout tarpit 400',
    frontend: 'http-request tarpit deny_status 429',
    clients: [[send(get('/')), end]],
  }),
  httpCase('tarpit: the timeout of connections without one', {
    frontend: 'http-request tarpit',
    clients: [[send(get('/')), end]],
  }),
  httpCase('tarpit: a client that closes', {
    defaults: 'timeout tarpit 400',
    frontend: 'http-request tarpit',
    clients: [[send(get('/')), wait(100), close]],
  }),
  httpCase('tarpit: a client that ends its side', {
    defaults: 'timeout tarpit 400',
    frontend: 'http-request tarpit',
    clients: [[send(get('/')), shut, end]],
  }),
  httpCase('tarpit: a client that resets', {
    defaults: 'timeout tarpit 400',
    frontend: 'http-request tarpit',
    clients: [[send(get('/')), wait(100), reset]],
  }),
  httpCase('tarpit: in the backend', {
    defaults: 'timeout tarpit 400',
    backend: 'http-request tarpit if { path / }',
    clients: [[send(get('/')), end]],
  }),
  httpCase('timeouts that rules set: of the server', {
    backend: 'http-request set-timeout server 400',
    connections: [[end]],
    clients: [[send(get('/')), end]],
  }),
  httpCase('timeouts that rules set: of the tunnel', {
    backend: 'http-request set-timeout tunnel 400',
    connections: [[head, send(message('HTTP/1.1 101 Switching Protocols', 'Connection: upgrade', 'Upgrade: x')), end]],
    clients: [[send(get('/', 'Connection: upgrade', 'Upgrade: x')), head, end]],
  }),
  httpCase('timeouts that rules set: of the client', {
    frontend: 'http-request set-timeout client 400',
    connections: [[end]],
    clients: [[send(HALF_REQUEST), end]],
  }),
  httpCase('wait-for-body: half a body', {
    frontend: 'http-request wait-for-body time 400',
    connections: [[end]],
    clients: [[send(HALF_REQUEST), wait(800), close]],
  }),
  httpCase('wait-for-body: enough of a body', {
    frontend: 'http-request wait-for-body time 400 at-least 4\n  http-request set-header X-Body %[req.body]',
    connections: [[until('half'), send(ok()), end]],
    clients: [[send(HALF_REQUEST), until('hello'), wait(50)]],
  }),
  httpCase('wait-for-body: of a response', {
    backend: 'http-response wait-for-body time 400\n  http-response set-header X-Body %[res.body]',
    connections: [[head, send(message('HTTP/1.1 200 OK', 'Content-Length: 8') + 'half'), wait(200), send('half')]],
    clients: [[send(get('/', 'Connection: close')), end]],
  }),
  httpCase('wait-for-body: half of a response', {
    backend: 'http-response wait-for-body time 400',
    connections: [[head, send(HALF_RESPONSE), end]],
    clients: [[send(get('/')), head, wait(100), close]],
  }),
]
