/** What led to the end of streams and connections, as `term_events` shows it. */
import {
  close,
  connect,
  end,
  head,
  reset,
  send,
  shut,
  until,
  wait,
  type Step,
  type TrafficCase,
} from '../harness/case.js'
import { get, httpCase, message, ok, request, type HttpOptions } from './http-builder.js'
import { tcpCase } from './proxy-builder.js'

const HTTP_FORMAT =
  'log-format "%tsc %B %[term_events] %[fc_err]/%[fc_err_name]/%[fc_err_str] %[bc_err]/%[bc_err_name]/%[bc_err_str]"'
const TCP_FORMAT = 'log-format "%ts %B %[term_events] %[fc_err_name] %[bc_err_name]"'
const HALF_RESPONSE = message('HTTP/1.1 200 OK', 'Content-Length: 8') + 'half'
const HALF_REQUEST = request('POST / HTTP/1.1', 'Content-Length: 8') + 'half'

const ofHttp = (name: string, options: HttpOptions): TrafficCase =>
  httpCase(`events: ${name}`, {
    ...options,
    frontend: `${HTTP_FORMAT}\n  ${options.frontend ?? ''}`,
    defaults: `timeout client 300\n  timeout server 300\n  timeout connect 300\n  ${options.defaults ?? ''}`,
  })

const ofTcp = (name: string, connection: readonly Step[], client: readonly Step[]): TrafficCase =>
  tcpCase(`events: TCP, ${name}`, {
    frontend: TCP_FORMAT,
    defaults: 'timeout client 300\n  timeout server 400',
    connections: [connection],
    clients: [client],
  })

export const END_EVENTS: readonly TrafficCase[] = [
  ofHttp('a connection that is kept', { clients: [[send(get('/')), until('hello'), wait(50)]] }),
  ofHttp('two requests, then the client closes', {
    clients: [[send(get('/')), until('hello'), wait(50), send(get('/')), until('hello'), close]],
  }),
  ofHttp('a connection that is closed', { clients: [[send(get('/', 'Connection: close')), end]] }),
  ofHttp('a server that closes', {
    connections: [[head, send(ok('hello', 'Connection: close')), wait(50), close]],
    clients: [[send(get('/')), until('hello'), wait(50)]],
  }),
  ofHttp('a server that refuses', {
    frontend: 'use_backend $o',
    more: 'backend $o\n  retries 0\n  server s $refused',
    clients: [[send(get('/')), end]],
  }),
  ofHttp('a connection that is not accepted', {
    frontend: 'use_backend $o',
    more: 'backend $o\n  retries 0\n  server s $full',
    clients: [[send(get('/')), end]],
  }),
  ofHttp('no server', { frontend: 'use_backend $o', more: 'backend $o\n', clients: [[send(get('/')), end]] }),
  ofHttp('a denied request', { frontend: 'http-request deny', clients: [[send(get('/')), end]] }),
  ofHttp('an answer of a rule', { frontend: 'http-request return status 200', clients: [[send(get('/')), end]] }),
  ofHttp('a redirection', { frontend: 'http-request redirect location /x', clients: [[send(get('/')), end]] }),
  ofHttp('a denied response', { backend: 'http-response deny', clients: [[send(get('/')), end]] }),
  ofHttp('a server that hangs', { connections: [[end]], clients: [[send(get('/')), end]] }),
  ofHttp('a server that resets', { connections: [[head, reset]], clients: [[send(get('/')), end]] }),
  ofHttp('a server that closes without an answer', { connections: [[head, close]], clients: [[send(get('/')), end]] }),
  ofHttp('a server that resets in the body', {
    connections: [[head, send(HALF_RESPONSE), wait(50), reset]],
    clients: [[send(get('/')), end]],
  }),
  ofHttp('a server that closes in the body', {
    connections: [[head, send(HALF_RESPONSE), wait(50), close]],
    clients: [[send(get('/')), end]],
  }),
  ofHttp('a server that hangs in the body', {
    connections: [[head, send(HALF_RESPONSE), wait(500), close]],
    clients: [[send(get('/')), end]],
  }),
  ofHttp('a client that resets in the body', {
    connections: [[head, send(HALF_RESPONSE), wait(100), send('half')]],
    clients: [[send(get('/')), until('200'), reset]],
    defaults: 'option http-no-delay',
  }),
  ofHttp('a client that closes in its request', {
    clients: [[send(HALF_REQUEST), wait(50), close]],
    connections: [[end]],
  }),
  ofHttp('a client that resets in its request', {
    clients: [[send(HALF_REQUEST), wait(50), reset]],
    connections: [[end]],
  }),
  ofHttp('a client that hangs in its request', {
    clients: [[send(HALF_REQUEST), end]],
    connections: [[end]],
    defaults: 'timeout server 1s\n',
  }),
  ofHttp('an invalid response', {
    connections: [[head, send('garbage\r\n\r\n'), end]],
    clients: [[send(get('/')), end]],
  }),
  ofHttp('abortonclose', {
    defaults: 'option abortonclose\n',
    connections: [[head, wait(200), send(ok())]],
    clients: [[send(get('/')), wait(50), close]],
  }),
  ofHttp('a tunnel that the client ends', {
    connections: [
      [head, send(message('HTTP/1.1 101 Switching Protocols', 'Connection: upgrade', 'Upgrade: x')), end, close],
    ],
    clients: [[send(get('/', 'Connection: upgrade', 'Upgrade: x')), head, wait(50), shut, end]],
  }),
  ofHttp('an invalid request', { clients: [[send('GET / x\r\n\r\n'), end]] }),
  ofHttp('an invalid chunk', {
    connections: [[head, end]],
    clients: [[send(request('POST / HTTP/1.1', 'Transfer-Encoding: chunked') + 'x\r\n'), end]],
  }),
  ofHttp('an invalid line', { clients: [[send('GET / x'), end]] }),
  ofTcp('the client ends first', [until('\n'), send('a\n'), end, close], [send('q\n'), until('a\n'), shut, end]),
  ofTcp(
    'the server closes first',
    [until('\n'), send('a\n'), wait(30), close],
    [send('q\n'), until('a\n'), end, close],
  ),
  ofTcp('the client resets', [until('\n'), send('a\n'), end], [send('q\n'), until('a\n'), wait(50), reset]),
  ofTcp('the server resets', [until('\n'), wait(50), reset], [send('q\n'), end]),
  ofTcp('timeouts', [until('\n'), end], [send('q\n'), end]),
  tcpCase('events: TCP, a server that refuses', {
    frontend: TCP_FORMAT,
    backend: 'retries 0',
    server: 'server s $refused',
    clients: [[connect('listen'), end]],
  }),
  tcpCase('events: TCP, a client that is rejected', {
    frontend: `${TCP_FORMAT}\n  tcp-request content reject`,
    clients: [[connect('listen'), end]],
  }),
]
