/** TCP frontends that continue in HTTP: `switch-mode http`, and backends of mode HTTP. */
import { cli, close, connect, end, head, reset, send, shut, trickle, until, wait } from '../harness/case.js'
import type { Step, TrafficCase } from '../harness/case.js'
import { answering, get, message, ok, post } from './http-builder.js'
import { proxyCase, type ProxyOptions } from './proxy-builder.js'

type UpgradeOptions = Omit<ProxyOptions, 'clients' | 'server'>

const WAITS = 'tcp-request inspect-delay 400'
const SWITCHES = `${WAITS}\n  tcp-request content switch-mode http if HTTP\n  tcp-request content reject`

/** A case with the TCP frontend `fe` and the HTTP backend `be`. */
const upgradeCase = (
  name: string,
  clients: readonly (readonly Step[])[],
  { backend = '', connections = [answering()], ...options }: UpgradeOptions = {},
): TrafficCase => proxyCase(name, 'tcp', { ...options, clients, connections, backend: `mode http\n  ${backend}` })

/** The same client twice: the backend switches to HTTP, and a rule of the frontend does. */
const both = (name: string, clients: readonly (readonly Step[])[], options: UpgradeOptions = {}): TrafficCase[] => [
  upgradeCase(`${name}, by the backend`, clients, options),
  upgradeCase(`${name}, by a rule`, clients, { ...options, frontend: `${SWITCHES}\n  ${options.frontend ?? ''}` }),
]

const once: readonly Step[] = [send(get('/a')), until('hello'), wait(50), close]
const opens = connect('listen')

/** Shows who handles the request in its fields. */
const MARKS = 'http-request set-header x-be %[be_name],%[internal.strm.is_htx],%[fc_http_major]'

export const UPGRADES: readonly TrafficCase[] = [
  ...both('a request', [once]),
  ...both('requests on one connection', [
    [send(get('/a')), until('hello'), send(get('/b')), until('hello'), wait(50), close],
  ]),
  ...both('requests that are pipelined', [
    [send(get('/a') + get('/b')), until('hello'), until('hello'), wait(50), close],
  ]),
  ...both('a request in pieces', [
    [trickle(25, 'GE', 'T /a HTT', 'P/1.1\r\nHost: a\r\n', '\r\n'), until('hello'), wait(50), close],
  ]),
  ...both('a request with a body', [[send(post('/', 'body')), until('hello'), wait(50), close]]),
  ...both('an invalid request', [[send('GET / BAD-VERSION\r\n\r\n'), end, close]]),
  ...both('an invalid field', [[send(get('/', 'a b: c')), end, close]]),
  ...both('an invalid request in pieces', [[trickle(25, 'GET /', ' HTTP/1.1\r\na b: c\r\n\r\n'), end, close]]),
  ...both('an invalid second request', [[send(get('/a')), until('hello'), send('GET /\r\n\r\n'), end, close]]),
  ...both('a request with an invalid chunk', [
    [send(message('POST / HTTP/1.1', 'Host: a', 'Transfer-Encoding: chunked') + 'x\r\n'), end, close],
  ]),
  ...both('bytes that are not HTTP', [[send('question\n'), end, close]]),
  ...both('a client that sends nothing', [[opens, wait(100), close]]),
  ...both('a client that ends early', [[send('GET /a HTTP/1.1\r\n'), wait(100), shut, end, close]]),
  ...both('a client that closes early', [[send('GET /a HTTP/1.1\r\n'), wait(100), close]]),
  ...both('a client that resets early', [[send('GET /a HTTP/1.1\r\n'), wait(100), reset]]),
  ...both('a client that ends its side after the request', [[send(get('/a')), wait(100), shut, end, close]], {
    connections: [[head, wait(200), send(ok()), end, close]],
  }),
  ...both('a request that is not complete in time', [[send('GET /a HTTP/1.1\r\n'), end, close]], {
    defaults: 'timeout http-request 300',
  }),
  ...both(
    'a request that is not complete in time, and is continued',
    [[trickle(150, 'GET /a HTTP/1.1\r\n', 'a: b\r\n', 'c: d\r\n', 'e: f\r\n'), end, close]],
    { defaults: 'timeout http-request 300' },
  ),
  ...both('a client that is silent within the request', [[send('GET /a HTTP/1.1\r\n'), end, close]], {
    defaults: 'timeout client 300',
  }),
  ...both('a connection that is idle after a request', [[send(get('/a')), until('hello'), end, close]], {
    defaults: 'timeout client 1s\n  timeout http-keep-alive 200',
  }),
  ...both('a server that is late', [[send(get('/a')), end, close]], {
    defaults: 'timeout server 200',
    connections: [[head, end]],
  }),
  ...both('a server that refuses', [[send(get('/a')), end, close]], {
    backend: 'use-server s2 if TRUE\n  server s2 $refused',
  }),
  ...both('a server that closes, and a retry', [[send(get('/a')), until('hello'), wait(50), close]], {
    backend: 'retry-on empty-response',
    connections: [[head, close], answering()],
  }),
  ...both('a response that closes', [[send(get('/a')), until('hello'), end, close]], {
    connections: [[head, send(message('HTTP/1.0 200 OK') + 'hello'), close]],
  }),
  ...both(
    'a switch to another protocol afterwards',
    [[send(get('/', 'Connection: upgrade', 'Upgrade: x')), head, send('ping'), until('pong'), shut, end, close]],
    {
      connections: [
        [
          head,
          send(message('HTTP/1.1 101 Switching Protocols', 'Connection: upgrade', 'Upgrade: x')),
          until('ping'),
          send('pong'),
          end,
          close,
        ],
      ],
    },
  ),
  ...both('rules of the backend', [once], { backend: MARKS }),
  ...both('rules of the frontend', [once], {
    frontend: 'http-request set-header x-fe %[fe_name]\n  http-response set-header y-fe %[fe_name]',
    backend: `${MARKS}\n  http-response set-header y-be %[be_name]`,
  }),
  ...both('a request that the backend denies', [[send(get('/a')), end, close]], { backend: 'http-request deny' }),
  ...both('a request that the backend answers', [[send(get('/a')), until('yes'), wait(50), close]], {
    backend: 'http-request return status 200 content-type text/plain string yes',
  }),
  ...both('a request that the frontend denies', [[send(get('/a')), end, close]], { frontend: 'http-request deny' }),
  ...both('an error page of the frontend', [[send('GET / BAD\r\n\r\n'), end, close]], {
    frontend: 'errorfile 400 @DIR@/up400.http',
    files: { 'up400.http': message('HTTP/1.1 400 Own', 'X-Own: 1') },
  }),
  ...both('an error page of the backend', [[send(get('/a')), end, close]], {
    backend: 'errorfile 403 @DIR@/up403.http\n  http-request deny',
    files: { 'up403.http': message('HTTP/1.1 403 Own', 'X-Own: 1') },
  }),
  ...both('option httpclose', [[send(get('/a')), until('hello'), wait(50), end, close]], {
    defaults: 'option httpclose',
  }),
  ...both('option httpclose of the backend', [[send(get('/a')), until('hello'), wait(50), close]], {
    backend: 'option httpclose',
  }),
  ...both(
    'option http-server-close',
    [[send(get('/a')), until('hello'), send(get('/b')), until('hello'), wait(50), close]],
    {
      backend: 'option http-server-close',
    },
  ),
  ...both('option tcplog', [once], { defaults: 'option tcplog' }),
  ...both('option httplog', [once], { defaults: 'option httplog' }),
  ...both(
    'option dontlognull',
    [
      [opens, wait(50), close],
      [send('GET'), wait(50), close],
    ],
    { defaults: 'option dontlognull' },
  ),
  ...both('option dontlog-normal', [once], { defaults: 'option dontlog-normal' }),
  ...both('option http-ignore-probes', [[opens, wait(50), shut, end, close]], {
    defaults: 'option http-ignore-probes',
  }),
  ...both('fields of the log that belong to HTTP', [once], {
    defaults: 'log-format "%HM %HU %HV %ST %r %tsc %[fc_http_major] %[txn.status]"',
  }),
  ...both('sessions after an invalid request', [[send('GET / BAD\r\n\r\n'), end, wait(50), cli('show sess'), close]]),
  ...both('bytes of the log after an upgrade', [[send(get('/' + 'a'.repeat(300))), until('hello'), wait(50), close]], {
    defaults: 'log-format "%U %B %ts %[bytes_in]"',
  }),
  ...both('forwardfor', [once], { defaults: 'option forwardfor' }),
  ...both('cookies of the backend', [[send(get('/', 'Cookie: c=s1')), until('hello'), wait(50), close]], {
    backend: 'cookie c insert indirect',
  }),
  upgradeCase('a line that the frontend does not log', [once], {
    backend: 'http-request set-header x-line "%HV %HM %[capture.req.uri] %[capture.req.method]"',
  }),
  upgradeCase('a backend of HTTP by use_backend', [once], {
    frontend: 'use_backend $other if { src 127.0.0.0/8 }',
    more: 'backend $other\n  mode http\n  http-request set-header x-other 1\n  server s1 $s1',
  }),
  upgradeCase(
    'a backend of HTTP that content chooses',
    [
      [send(get('/a')), until('hello'), wait(50), close],
      [send('x\n'), end, close],
    ],
    {
      frontend: `${WAITS}\n  tcp-request content accept if HTTP\n  use_backend $plain if !HTTP`,
      more: 'backend $plain\n  server s1 $s1',
      connections: [answering(), [until('\n'), send('plain\n'), close]],
    },
  ),
  upgradeCase(
    'an upgrade, and rules that use the path',
    [[send(get('/a')), until('hello'), send(get('/b')), until('hello'), wait(50), close]],
    {
      frontend: `${SWITCHES}\n  use_backend $other if { path /b }`,
      more: 'backend $other\n  mode http\n  http-request set-header x-other 1\n  server s1 $s1',
    },
  ),
  upgradeCase('an upgrade with a backend of TCP', [[send(get('/a')), end, close]], {
    frontend: `${SWITCHES}\n  use_backend $plain`,
    more: 'backend $plain\n  server s1 $s1',
  }),
  upgradeCase(
    'an upgrade, and a second request for a backend of TCP',
    [[send(get('/a')), until('hello'), send(get('/b')), end, close]],
    {
      frontend: `${SWITCHES}\n  use_backend $plain if { path /b }`,
      more: 'backend $plain\n  server s1 $s1',
    },
  ),
  upgradeCase('an upgrade to HTTP/1 by name', [once], {
    frontend: `${WAITS}\n  tcp-request content switch-mode http proto h1 if HTTP`,
  }),
  upgradeCase(
    'the preface of HTTP/2 where HTTP/1 is wanted',
    [[send('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), end, close]],
    {
      frontend: `${WAITS}\n  tcp-request content switch-mode http proto h1 if HTTP`,
    },
  ),
  upgradeCase('a socket without upgrades, by the backend', [[opens, end, close]], { bind: 'proto none' }),
  upgradeCase('a socket without upgrades, by a rule', [[send(get('/a')), end, close]], {
    bind: 'proto none',
    frontend: SWITCHES,
  }),
  upgradeCase(
    'a switch before anything is received',
    [[opens, wait(100), send(get('/a')), until('hello'), wait(50), close]],
    {
      frontend: 'tcp-request content switch-mode http',
    },
  ),
  upgradeCase('a switch, and rules that come after it', [once], {
    frontend: `${WAITS}\n  tcp-request content switch-mode http if HTTP\n  tcp-request content set-var(txn.a) int(1)\n  log-format "%[var(txn.a)] %ts"`,
  }),
  upgradeCase('rules of content in the backend', [once], {
    backend: 'tcp-request content set-var(txn.b) req.len\n  http-request set-header x-len %[var(txn.b)]',
  }),
  upgradeCase(
    'a header of the PROXY protocol before the upgrade',
    [[send('PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n' + get('/a')), until('hello'), wait(50), close]],
    { bind: 'accept-proxy', backend: 'option forwardfor' },
  ),
]
