/** HTTP connections of both sides: keep-alive and its modes, versions, pipelining, interim responses, tunnels. */
import { close, connect, end, head, loop, read, reset, send, shut, trickle, until, wait } from '../harness/case.js'
import type { Step, TrafficCase } from '../harness/case.js'
import { answering, expectation, get, httpCase, message, ok, post, request } from './http-builder.js'

/** Sends a request and reads the response `hello`. */
const exchange = (bytes: string): readonly Step[] => [send(bytes), until('hello')]

const OLD_GET = message('GET /old HTTP/1.0')
const OLD_KEPT = message('GET /old HTTP/1.0', 'Connection: keep-alive')

/** Two requests on a connection, then silence; one of HTTP/1.0; one of HTTP/1.0 with keep-alive, twice; one with `close`. */
const MODES: readonly (readonly Step[])[] = [
  [...exchange(get('/1')), ...exchange(get('/2')), wait(50)],
  [...exchange(OLD_GET), wait(50)],
  [...exchange(OLD_KEPT), ...exchange(OLD_KEPT), wait(50)],
  [...exchange(get('/close', 'Connection: close')), end],
]

/** Kinds of servers, by name: steps of each connection. */
const SERVERS: Readonly<Record<string, readonly Step[]>> = {
  'a server that keeps connections': answering(),
  'a server that closes': [head, send(ok('hello', 'Connection: close')), close],
  'a server of HTTP/1.0': [head, send(message('HTTP/1.0 200 OK', 'Content-Length: 5') + 'hello'), close],
  'a server of HTTP/1.0 that keeps connections': answering(
    message('HTTP/1.0 200 OK', 'Content-Length: 5', 'Connection: keep-alive') + 'hello',
  ),
  'a server that ends bodies by closing': [head, send(message('HTTP/1.1 200 OK') + 'hello'), close],
}

const modes = (option: string): readonly TrafficCase[] =>
  Object.entries(SERVERS).map(([server, steps]) =>
    httpCase(`${option}: ${server}`, { defaults: `option ${option}`, connections: [steps], clients: MODES }),
  )

/** A case in which the client sends one request to a server. */
const single = (
  name: string,
  client: readonly Step[],
  connection: readonly Step[] = answering(),
  defaults = '',
): TrafficCase => httpCase(name, { defaults, connections: [connection], clients: [client] })

const chunked = (...fields: readonly string[]): string =>
  request('POST /chunked HTTP/1.1', 'Transfer-Encoding: chunked', ...fields)

const CHUNKS = '5\r\nhello\r\n6;name=value\r\n world\r\n0\r\n\r\n'

const chunkedResponse = (chunks: string, ...fields: readonly string[]): string =>
  message('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked', ...fields) + chunks

export const CONNECTIONS: readonly TrafficCase[] = [
  ...modes('http-keep-alive'),
  ...modes('http-server-close'),
  ...modes('httpclose'),
  single('pipelined requests', [send(get('/1') + get('/2') + get('/3', 'Connection: close')), end]),
  single('a pipelined request behind one that closes', [send(get('/1', 'Connection: close') + get('/2')), end]),
  single(
    'a pipelined request behind a body',
    [send(post('/1', 'body') + get('/2', 'Connection: close')), end],
    [head, until('body'), send(ok()), head, send(ok('second'))],
  ),
  single('pipelined requests of which the second is invalid', [send(`${get('/1')}GET / x\r\n\r\n`), end]),
  single(
    'pipelined requests and the end of the client',
    // the end comes later: with the requests it would close the connection after the first
    [send(get('/1') + get('/2')), wait(30), shut, end],
    [loop(head, wait(100), send(ok()))],
  ),
  single('a request and the end of the client', [send(get('/')), shut, end], [head, wait(100), send(ok())]),
  single('empty lines between requests', [send(`${get('/1')}\r\n\r\n${get('/2', 'Connection: close')}`), end]),
  single(
    'an expectation that the server fulfils',
    [...expectation, wait(50)],
    [head, send(message('HTTP/1.1 100 Continue')), until('body'), send(ok())],
  ),
  single(
    'an expectation that the server refuses',
    [send(request('POST / HTTP/1.1', 'Content-Length: 4', 'Expect: 100-continue')), end],
    [head, send(message('HTTP/1.1 417 Expectation Failed', 'Content-Length: 0', 'Connection: close')), close],
  ),
  single(
    'an expectation of a client of HTTP/1.0',
    [send(message('POST / HTTP/1.0', 'Content-Length: 4', 'Expect: 100-continue') + 'body'), end],
    [head, until('body'), send(ok('hello', 'Connection: close')), close],
  ),
  httpCase('an expectation that the proxy fulfils to read the body', {
    frontend: 'option http-buffer-request\n  http-request set-header X-Body %[req.body]',
    connections: [[head, until('body'), send(ok())]],
    clients: [[...expectation, wait(50)]],
  }),
  single(
    'interim responses',
    [send(get('/')), until('hello'), wait(50)],
    [
      head,
      send(message('HTTP/1.1 103 Early Hints', 'Link: </a>')),
      wait(50),
      send(message('HTTP/1.1 102 Processing')),
      send(ok()),
    ],
  ),
  single(
    'an interim response for a client of HTTP/1.0',
    [send(OLD_GET), end],
    [head, send(message('HTTP/1.1 103 Early Hints', 'Link: </a>') + ok('hello', 'Connection: close')), close],
  ),
  single(
    'an interim response and then the end',
    [send(get('/')), end],
    [head, send(message('HTTP/1.1 103 Early Hints', 'Link: </a>')), wait(50), close],
  ),
  single(
    'HEAD',
    [send(request('HEAD / HTTP/1.1')), head, send(request('HEAD /2 HTTP/1.1', 'Connection: close')), end],
    [loop(head, send(message('HTTP/1.1 200 OK', 'Content-Length: 5')))],
  ),
  single(
    'HEAD with a body in the response',
    [send(request('HEAD / HTTP/1.1')), head, wait(100)],
    [head, send(ok()), end],
  ),
  single(
    'HEAD with chunks announced',
    [send(request('HEAD / HTTP/1.1', 'Connection: close')), end],
    [head, send(message('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked'))],
  ),
  single(
    '204',
    [send(get('/')), head, send(get('/2', 'Connection: close')), end],
    [loop(head, send(message('HTTP/1.1 204 No Content')))],
  ),
  single(
    '204 with a length',
    [send(get('/', 'Connection: close')), end],
    [head, send(message('HTTP/1.1 204 No Content', 'Content-Length: 5'))],
  ),
  single(
    '304',
    [send(get('/')), head, send(get('/2', 'Connection: close')), end],
    [loop(head, send(message('HTTP/1.1 304 Not Modified', 'Content-Length: 500', 'ETag: "a"')))],
  ),
  single(
    '304 without a length, then a close',
    [send(get('/')), end],
    [head, send(message('HTTP/1.1 304 Not Modified')), wait(50), close],
  ),
  single('a chunked request', [send(chunked() + CHUNKS), until('hello'), wait(50)], [until('0\r\n\r\n'), send(ok())]),
  single(
    'a chunked request in pieces',
    [trickle(20, chunked(), '5\r', '\nhel', 'lo\r\n', '0\r', '\n', '\r\n'), until('hello'), wait(50)],
    [until('0\r\n\r\n'), send(ok())],
  ),
  single(
    'a chunked request with trailers',
    [send(chunked('Trailer: X-Sum') + '5\r\nhello\r\n0\r\nX-Sum: 1\r\nX-More: 2\r\n\r\n'), until('hello'), wait(50)],
    [until('x-more: 2\r\n\r\n'), send(ok())],
  ),
  httpCase('trailers of a request that are dropped', {
    backend: 'option http-drop-request-trailers',
    connections: [[until('0\r\n\r\n'), send(ok())]],
    clients: [[send(`${chunked()}5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n`), until('hello'), wait(50)]],
  }),
  single(
    'a chunked request to a server of HTTP/1.0',
    [send(chunked() + CHUNKS), end],
    [until('0\r\n\r\n'), send(message('HTTP/1.0 200 OK') + 'hello'), close],
  ),
  single(
    'a chunked response',
    [send(get('/')), until('0\r\n\r\n'), send(get('/2', 'Connection: close')), end],
    [loop(head, send(chunkedResponse(CHUNKS)))],
  ),
  single(
    'a chunked response in pieces',
    [send(get('/')), until('0\r\n\r\n'), wait(50)],
    [head, trickle(20, chunkedResponse(''), '5\r', '\nhel', 'lo\r\n', '0\r', '\n', '\r\n')],
  ),
  single(
    'a chunked response with trailers',
    [send(get('/', 'TE: trailers')), until('x-sum: 1\r\n\r\n'), wait(50)],
    [head, send(chunkedResponse('5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n', 'Trailer: X-Sum'))],
  ),
  httpCase('trailers of a response that are dropped', {
    defaults: 'option http-drop-response-trailers',
    connections: [[head, send(chunkedResponse('5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n'))]],
    clients: [[send(get('/')), until('0\r\n\r\n'), wait(50)]],
  }),
  single('a chunked response for a client of HTTP/1.0', [send(OLD_GET), end], [head, send(chunkedResponse(CHUNKS))]),
  single(
    'a chunked response for a client of HTTP/1.0 that keeps connections',
    [send(OLD_KEPT), end],
    [head, send(chunkedResponse(CHUNKS))],
  ),
  single(
    'a chunked response that is cut off',
    [send(get('/')), end],
    [head, send(chunkedResponse('5\r\nhello\r\n')), wait(50), close],
  ),
  single(
    'a chunked response with an invalid size',
    [send(get('/')), end],
    [head, send(chunkedResponse('5\r\nhello\r\n')), wait(50), send('zz\r\n'), end],
  ),
  single(
    'a chunked request with an invalid size',
    [send(`${chunked()}5\r\nhello\r\n`), wait(50), send('zz\r\n'), end],
    [head, end],
  ),
  single('a chunked request with an invalid size at once', [send(`${chunked()}zz\r\n`), end], [head, end]),
  single(
    'a body that the end of the connection delimits',
    [send(get('/')), end],
    [head, trickle(30, message('HTTP/1.1 200 OK'), 'one ', 'two ', 'three'), close],
  ),
  single(
    'a body that a reset delimits',
    [send(get('/')), end],
    [head, send(message('HTTP/1.1 200 OK') + 'one'), wait(50), reset],
  ),
  single('a long body by length', [send(get('/', 'Connection: close')), end], [head, send(ok('x'.repeat(200_000)))]),
  single(
    'a long chunked body',
    [send(get('/', 'Connection: close')), end],
    [head, send(chunkedResponse(`${'4000\r\n'}${'x'.repeat(0x4000)}\r\n`.repeat(8) + '0\r\n\r\n'))],
  ),
  single(
    'a long body of a request',
    [send(post('/', 'x'.repeat(200_000), 'Connection: close')), end],
    [head, read(200_000), send(ok())],
  ),
  single(
    'more bytes than the length of the response',
    [send(get('/')), until('hello'), wait(50), send(get('/2')), until('hello'), wait(50)],
    [head, send(`${ok()}more`), end],
  ),
  single(
    'a response before the end of the request',
    [
      send(request('POST / HTTP/1.1', 'Content-Length: 8') + 'half'),
      until('hello'),
      wait(50),
      send('half'),
      wait(50),
      send(get('/2')),
      until('hello'),
      wait(50),
    ],
    [head, send(ok()), until('halfhalf'), head, send(ok())],
  ),
  single(
    'a response and a close before the end of the request',
    [send(request('POST / HTTP/1.1', 'Content-Length: 8') + 'half'), until('hello'), wait(50), send('half'), end],
    [until('half'), send(ok('hello', 'Connection: close')), close],
  ),
  single(
    'CONNECT',
    [send(message('CONNECT a:80 HTTP/1.1', 'Host: a:80')), head, send('ping'), until('pong'), shut, end],
    [head, send(message('HTTP/1.1 200 Connected')), until('ping'), send('pong'), end, close],
  ),
  single(
    'CONNECT that is refused',
    [send(message('CONNECT a:80 HTTP/1.1', 'Host: a:80')), head, wait(50), send(get('/2')), head, wait(50)],
    [loop(head, send(message('HTTP/1.1 403 Forbidden', 'Content-Length: 0')))],
  ),
  single(
    'CONNECT with bytes behind it',
    [send(message('CONNECT a:80 HTTP/1.1', 'Host: a:80') + 'ping'), until('pong'), shut, end],
    [head, send(message('HTTP/1.1 200 Connected')), until('ping'), send('pong'), end, close],
  ),
  single(
    'a tunnel by an upgrade',
    [send(get('/', 'Connection: upgrade', 'Upgrade: websocket')), head, send('ping'), until('pong'), shut, end],
    [
      head,
      send(message('HTTP/1.1 101 Switching Protocols', 'Connection: upgrade', 'Upgrade: websocket')),
      until('ping'),
      send('pong'),
      end,
      close,
    ],
  ),
  single(
    'a tunnel that the server closes',
    [send(get('/', 'Connection: upgrade', 'Upgrade: websocket')), end, close],
    [
      head,
      send(message('HTTP/1.1 101 Switching Protocols', 'Connection: upgrade', 'Upgrade: websocket') + 'bye'),
      close,
    ],
  ),
  single('an upgrade that the server refuses', [
    send(get('/', 'Connection: upgrade', 'Upgrade: websocket')),
    until('hello'),
    wait(50),
  ]),
  single(
    'a switch of protocols without an upgrade',
    [send(get('/')), end],
    [head, send(message('HTTP/1.1 101 Switching Protocols', 'Connection: upgrade', 'Upgrade: websocket')), end],
  ),
  single('an upgrade to HTTP/2', [
    send(get('/', 'Connection: upgrade, http2-settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABk')),
    until('hello'),
    wait(50),
  ]),
  single(
    'a tunnel with a timeout',
    [send(get('/', 'Connection: upgrade', 'Upgrade: websocket')), head, end],
    [head, send(message('HTTP/1.1 101 Switching Protocols', 'Connection: upgrade', 'Upgrade: websocket')), end],
    'timeout tunnel 400',
  ),
  single(
    'CONNECT with a timeout of the tunnel',
    [send(message('CONNECT a:80 HTTP/1.1', 'Host: a:80')), head, end],
    [head, send(message('HTTP/1.1 200 Connected')), end],
    'timeout tunnel 400',
  ),
  single('a connection of a proxy', [send(get('/', 'Proxy-Connection: keep-alive')), until('hello'), wait(50)]),
  single('fields that belong to the connection', [
    send(get('/', 'Connection: x-hop, keep-alive', 'X-Hop: 1', 'Keep-Alive: 5')),
    until('hello'),
    wait(50),
  ]),
  single(
    'an idle connection that the server closes',
    [...exchange(get('/1')), wait(200), ...exchange(get('/2')), wait(50)],
    [head, send(ok()), wait(100), close],
  ),
  httpCase('a reused connection that the server closes on the second request', {
    backend: 'http-reuse always',
    connections: [[head, send(ok()), head, close]],
    clients: [[...exchange(get('/1')), send(get('/2')), end]],
  }),
  httpCase('a connection of the server that another client uses again', {
    backend: 'http-reuse always',
    clients: [
      [...exchange(get('/1')), wait(300)],
      [wait(50), ...exchange(get('/2')), wait(50)],
    ],
  }),
  ...['always', 'aggressive', 'safe'].flatMap((mode) =>
    ['', 'retry-on conn-failure empty-response response-timeout'].map((retries) =>
      httpCase(`the connection of the server that is used again, of several: ${mode} ${retries}`.trimEnd(), {
        backend: [`http-reuse ${mode}`, retries].filter((line) => line !== '').join('\n'),
        connections: Array.from({ length: 4 }, (_, i) =>
          Array.from({ length: 5 }, () => [head, wait(30), send(ok(`${i}`))]).flat(),
        ),
        clients: [
          [...exchange(get('/1')), wait(100), ...exchange(get('/4')), wait(400)],
          [wait(15), ...exchange(get('/2')), wait(450)],
          [wait(250), ...exchange(get('/3')), ...exchange(get('/5')), ...exchange(get('/6')), wait(50)],
        ],
      }),
    ),
  ),
  httpCase('connections of the server that no other client uses', {
    backend: 'http-reuse never',
    clients: [
      [...exchange(get('/1')), ...exchange(get('/2')), wait(300)],
      [wait(50), ...exchange(get('/3')), wait(50)],
    ],
  }),
  httpCase('connections of a client at most', {
    frontend: 'max-session-srv-conns 0',
    backend: 'http-reuse never',
    clients: [[...exchange(get('/1')), ...exchange(get('/2')), wait(50)]],
  }),
  httpCase('the server of the last connection is preferred', {
    backend: 'http-reuse never\n  option prefer-last-server\n  server s0 $s1',
    clients: [[...exchange(get('/1')), ...exchange(get('/2')), ...exchange(get('/3')), wait(50)]],
  }),
  httpCase('a connection that a server has authenticated', {
    backend: 'http-reuse always',
    connections: [
      [loop(head, send(message('HTTP/1.1 401 Unauthorized', 'WWW-Authenticate: Basic, NTLM', 'Content-Length: 0')))],
    ],
    clients: [
      [send(get('/1')), head, wait(100), send(get('/2')), head, wait(300)],
      [wait(50), send(get('/3')), head, wait(50)],
    ],
  }),
  {
    ...httpCase('dispatch to an address, and requests of one client', {
      clients: [
        [...exchange(get('/1')), ...exchange(get('/2')), wait(50)],
        [wait(50), ...exchange(get('/3')), wait(50)],
      ],
    }),
    config: 'listen $fe\n  bind $listen\n  dispatch $s1\n',
  },
  single('HTTP/2 in clear text', [send('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), wait(100)]),
  httpCase('the client sends nothing', { clients: [[connect('listen'), wait(50), close]] }),
]
