/** Actions of `http-request`: what the server or the client receives. */
import { connect, end, head, read, send, until, wait, type Step, type TrafficCase } from '../harness/case.js'
import { get, httpCase, ok, post, request } from './http-builder.js'

const asks: readonly Step[] = [
  send(get('/path/of?the=query&b=c', 'X-One: 1, 2', 'x-two: value', 'X-One: 3', 'Connection: close')),
  end,
]

/** A case whose frontend has these rules. */
const ruled = (rules: string, client: readonly Step[] = asks, name = rules): TrafficCase =>
  httpCase(name.replaceAll('\n', ', '), {
    frontend: rules
      .split('\n')
      .map((rule) =>
        /^(?:acl|log-format|http-error|errorfile|userlist|declare|option|use_backend) /.test(rule)
          ? rule
          : `http-request ${rule}`,
      )
      .join('\n  '),
    clients: [client],
  })

const DENY = [
  'deny',
  'deny deny_status 429',
  'deny status 404',
  'deny status 401 hdr X-A b',
  'deny status 503 content-type text/plain string no',
]

const RETURN = [
  'return status 200 content-type text/plain string hello',
  'return status 201 content-type "text/plain" lf-string "%[path] %HM %ci"',
  'return status 204',
  'return status 404 default-errorfiles',
  'return status 503 hdr X-A "a b" hdr x-path %[path]',
  'return status 200 content-type text/css file @DIR@/small.css',
  'return status 200 content-type text/plain lf-file @DIR@/format.txt',
  'return status 304',
  'return status 200 hdr Connection keep-alive content-type text/plain string kept',
  'return if { path /other }',
  'return status 299 content-type a/b string x',
]

const REDIRECT = [
  'redirect location http://b/%[path]',
  'redirect location /x code 301',
  'redirect location /x code 303',
  'redirect location /x code 307',
  'redirect location /x code 308',
  'redirect prefix http://b',
  'redirect prefix http://b drop-query',
  'redirect prefix / drop-query',
  'redirect prefix http://b drop-query append-slash',
  'redirect prefix http://b drop-query keep-query',
  'redirect location /x keep-query',
  'redirect scheme https',
  'redirect scheme https code 301 drop-query',
  'redirect location /x set-cookie A=1',
  'redirect location /x set-cookie A',
  'redirect location /x clear-cookie A',
  'redirect location /x ignore-empty',
  'redirect location %[req.hdr(none)] ignore-empty',
  'redirect location /x if { path_beg /path }',
  'redirect location /x unless { path_beg /path }',
]

const HEADERS = [
  'set-header X-One new',
  'set-header X-New "%[path] %[src] %HM %HV"',
  'set-header X-New %[var(txn.none)]',
  'add-header X-One 4',
  'add-header X-New %[req.hdr(x-one)]',
  'del-header X-One',
  'del-header x- -m beg',
  'del-header two -m sub',
  'del-header o$ -m reg',
  'del-header one -m end',
  'replace-header X-One (\\d+) <\\1>',
  'replace-header X-One ^(.*)$ whole=\\1',
  'replace-value X-One ^(\\d)$ <\\1>',
  'replace-value X-One 2 two',
  'set-header Host b',
  'del-header host',
  'set-header Content-Length 5',
  'set-header Connection upgrade',
  'set-header X-Fc %[req.fhdr(x-one)]',
  'set-header X-Cnt %[req.hdr_cnt(x-one)]/%[req.fhdr_cnt(x-one)]',
  'set-header X-Names %[req.hdr_names]',
  'set-header X-Last %[req.hdr(x-one,-1)]/%[req.hdr(x-one,1)]/%[req.hdr(x-one,9)]',
  'set-header X-Method %[method] if { method GET }',
  'set-header X-Cookie %[req.cook(a)]',
  'set-header X-Param %[url_param(b)]/%[urlp(the)]/%[query]',
  'set-header X-Url %[url]/%[path]/%[pathq]/%[base]',
  'early-hint Link </style.css>',
  'early-hint Link </style.css>\nearly-hint Link </b.css>\nset-header X-A b',
]

const TARGET = [
  'set-path /new',
  'set-path "/new path"',
  'set-path /new%[path]',
  'set-path *',
  'set-pathq /new?query',
  'set-pathq "/%[path]?a=%[query]"',
  'set-query a=b',
  'set-query %[var(txn.none)]',
  'set-query %[query,regsub(the,THE)]',
  'set-uri /whole?uri',
  'set-uri http://b/whole',
  'set-uri *',
  'set-method POST',
  'set-method foo',
  'replace-path (.*)/of \\1',
  'replace-path ^/(\\w+)/(\\w+) /\\2/\\1',
  'replace-pathq ([^?]*)\\?the(.*) \\1?THE\\2',
  'replace-uri ^/path(.*) http://b/replaced\\1',
  'replace-uri ^http://.* /never',
  'normalize-uri path-merge-slashes',
  'normalize-uri path-strip-dot',
  'normalize-uri query-sort-by-name',
  'normalize-uri percent-to-uppercase',
  'normalize-uri percent-decode-unreserved',
  'normalize-uri fragment-strip',
]

const VARIABLES = [
  'set-var(txn.a) path\nset-header X-A %[var(txn.a)]',
  'set-var(req.a) str(b)\nset-header X-A %[var(req.a)]/%[var(txn.a)]',
  'set-var(sess.a) int(5),add(2)\nset-header X-A %[var(sess.a)]',
  'set-var-fmt(txn.a) %[path]-%[src]\nset-header X-A %[var(txn.a)]',
  'set-var(txn.a) str(1)\nunset-var(txn.a)\nset-header X-A <%[var(txn.a)]>',
  'set-var(txn.a,ifnotexists) str(1)\nset-var(txn.a,ifnotexists) str(2)\nset-header X-A %[var(txn.a)]',
  'set-var(txn.a) req.hdr(none)\nset-header X-A <%[var(txn.a)]>',
  'set-var(txn.a) str(x) if { path /none }\nset-header X-A <%[var(txn.a,default)]>',
  'set-var(txn.a) src\nset-header X-A %[var(txn.a),ipmask(8)]',
]

const OTHERS = [
  'capture req.hdr(x-one) len 3\nlog-format "%[capture.req.hdr(0)] %hr %hs %ts"',
  'capture path len 50\ncapture query len 4\nlog-format "%hr|%[capture.req.hdr(1)]|%ts"',
  'declare capture request len 4\ncapture path id 0\nlog-format "%hr|%[capture.req.hdr(0)]|%ts"',
  'set-log-level err',
  'set-log-level silent',
  'set-log-level debug if { path_beg /path }',
  'set-nice 10',
  'set-tos 0x10',
  'set-fc-tos 8',
  'set-priority-class int(5)',
  'set-priority-offset int(-5)',
  'set-src str(192.0.2.7)\nset-header X-Src %[src]:%[src_port]\nlog-format "%ci:%cp %ts"',
  'set-src req.hdr(none)\nset-header X-Src %[src]',
  'set-src-port int(5)\nset-header X-Src %[src_port]',
  'set-dst str(192.0.2.7)\nset-dst-port int(8)\nset-header X-Dst %[dst]:%[dst_port]',
  'reject',
  'reject if { path /none }',
  'silent-drop if { path /none }',
  'auth',
  'auth realm Secret',
  'auth if !{ req.hdr(authorization) -m found }',
  'allow\ndeny',
  'allow if { path /none }\ndeny',
  'deny if { src 127.0.0.0/8 } { path_beg /path }',
  'deny if { path /none } or { path_beg /path }',
  'deny unless { path_beg /path }',
  'strict-mode on\nset-header X-A b',
  'strict-mode off\nset-header X-A b',
  'disable-l7-retry',
  'do-log\nlog-format "%ST %ts %s"',
  'pause 400',
  'set-bc-mark 1',
  'set-fc-mark 1',
  'use-service prometheus-exporter if { path /metrics }',
  'wait-for-handshake',
  'set-map(@DIR@/a.map) %[path] 1\nset-header X-A %[path,map(@DIR@/a.map)]',
  'add-acl(@DIR@/b.acl) %[path]\nset-header X-A yes if { path -f @DIR@/b.acl }',
]

const FILES = { 'small.css': 'body { }\n', 'format.txt': 'path %[path]\n', 'a.map': '/a 1\n', 'b.acl': '/a\n' }

const AUTH = `userlist $users
  group g users u
  user u insecure-password p
  user v insecure-password q
`

export const RULES_OF_REQUESTS: readonly TrafficCase[] = [
  ...[...DENY, ...RETURN, ...REDIRECT, ...HEADERS, ...TARGET, ...VARIABLES].map((rules) => ({
    ...ruled(rules),
    files: FILES,
  })),
  ...OTHERS.map((rules) => ({
    ...ruled(rules),
    files: FILES,
  })),
  httpCase('http-request auth with a list of users', {
    frontend: 'http-request auth unless { http_auth($users) }',
    more: AUTH,
    clients: [
      [send(get('/', 'Connection: close')), end],
      [send(get('/', 'Authorization: Basic dTpw', 'Connection: close')), end],
      [send(get('/', 'Authorization: Basic dTpx', 'Connection: close')), end],
      [send(get('/', 'Authorization: Bearer x', 'Connection: close')), end],
    ],
  }),
  httpCase('http-request auth by a group', {
    frontend:
      'http-request auth unless { http_auth_group($users) g }\n  http-request set-header X-User %[http_auth_user]/%[http_auth_pass]/%[http_auth_type]',
    more: AUTH,
    clients: [
      [send(get('/', 'Authorization: Basic dTpw', 'Connection: close')), end],
      [send(get('/', 'Authorization: Basic djpx', 'Connection: close')), end],
    ],
  }),
  httpCase('http-request auth for a proxy', {
    frontend: 'http-request auth realm R unless { http_auth($users) }',
    more: AUTH,
    clients: [[send(request('GET http://a/ HTTP/1.1', 'Connection: close')), end]],
  }),
  httpCase('http-request set-retries 0', {
    frontend: 'use_backend $refusing',
    more: 'backend $refusing\n  http-request set-retries 0\n  server s $refused',
    clients: [[send(get('/')), end]],
  }),
  httpCase('rules of both proxies, in order', {
    frontend:
      'http-request set-header X-Order %[req.hdr(x-order)]F\n  http-request set-header X-Order %[req.hdr(x-order)]f',
    backend: 'http-request set-header X-Order %[req.hdr(x-order)]B',
    clients: [[send(get('/', 'Connection: close')), end]],
  }),
  httpCase('deny in the backend', {
    backend: 'http-request deny',
    clients: [[send(get('/', 'Connection: close')), end]],
  }),
  httpCase('return in the backend', {
    backend: 'http-request return status 200 content-type text/plain string back',
    clients: [[send(get('/', 'Connection: close')), end]],
  }),
  httpCase('redirect rules of the older form', {
    frontend:
      'redirect prefix http://b if { path /a }\n  redirect location /x code 301 if { path /b }\n  redirect scheme https if { path /c }',
    clients: ['/a', '/b', '/c', '/d'].map((path) => [send(get(path, 'Connection: close')), end]),
  }),
  httpCase('an answer keeps the connection', {
    frontend:
      'http-request return status 200 content-type text/plain string hello if { path /a }\n  http-request deny if { path /b }\n  http-request redirect location /x if { path /c }',
    clients: ['/a', '/b', '/c'].map((path) => [send(get(path)), head, send(get(path, 'Connection: close')), end]),
  }),
  httpCase('an answer to a request with a body', {
    frontend: 'http-request return status 200 content-type text/plain string hello',
    clients: [
      [send(post('/', 'body')), until('hello'), send(get('/2', 'Connection: close')), end],
      [
        send(request('POST / HTTP/1.1', 'Content-Length: 8') + 'half'),
        until('hello'),
        wait(50),
        send('half'),
        wait(50),
      ],
      [send(request('POST / HTTP/1.1', 'Content-Length: 8', 'Expect: 100-continue')), until('hello'), wait(50)],
      [send(request('POST / HTTP/1.1', 'Transfer-Encoding: chunked')), until('hello'), wait(50)],
    ],
  }),
  httpCase('an answer to HEAD and to HTTP/1.0', {
    frontend: 'http-request return status 200 content-type text/plain string hello',
    clients: [
      [send(request('HEAD / HTTP/1.1')), head, wait(50)],
      [send('GET / HTTP/1.0\r\n\r\n'), end],
      [send('GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n'), until('hello'), wait(50)],
    ],
  }),
  httpCase('a denied CONNECT', {
    frontend: 'http-request deny',
    clients: [[send('CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n'), end]],
  }),
  httpCase('a limit of a body', {
    frontend:
      'http-request deny deny_status 413 if { req.body_size gt 4 }\n  http-request set-header X-Size %[req.body_size]/%[req.body_len]',
    connections: [[head, until('body'), send(ok())]],
    clients: [
      [send(post('/', 'body')), until('hello'), wait(50)],
      [send(post('/', 'larger')), end],
    ],
  }),
  httpCase('wait-for-body and the fields of a form', {
    frontend:
      'http-request wait-for-body time 1s\n  http-request set-header X-Param %[req.body_param(b)]/%[req.body,length]',
    connections: [[head, until('c=d'), send(ok())]],
    clients: [
      [send(post('/', 'a=1&b=2&c=d', 'Content-Type: application/x-www-form-urlencoded')), until('hello'), wait(50)],
    ],
  }),
  httpCase('tcp-request content in HTTP mode', {
    frontend:
      'tcp-request inspect-delay 5s\n  tcp-request content reject if { path /reject }\n  tcp-request content set-var(txn.a) path\n  http-request set-header X-A %[var(txn.a)]',
    clients: [
      [send(get('/reject')), end],
      [send(get('/other', 'Connection: close')), end],
    ],
  }),
  httpCase('tcp-request connection in HTTP mode', {
    frontend: 'tcp-request connection reject if { src 127.0.0.1 }',
    clients: [[connect('listen'), end]],
  }),
  httpCase('tcp-request session in HTTP mode', {
    frontend: 'tcp-request session reject if { src 127.0.0.1 }',
    clients: [[connect('listen'), end]],
  }),
  httpCase('tcp-request content of the backend in HTTP mode', {
    backend: 'tcp-request content reject if { path /reject }',
    clients: [
      [send(get('/reject')), end],
      [send(get('/other', 'Connection: close')), end],
    ],
  }),
  httpCase('an order of backends', {
    frontend: 'use_backend $other if { path /other }\n  use_backend $third if { path -m beg /third }',
    more: 'backend $other\n  http-request return content-type text/plain string other\nbackend $third\n  http-request return content-type text/plain string third',
    clients: ['/other', '/third/x', '/'].map((path) => [send(get(path, 'Connection: close')), end]),
  }),
  httpCase('backends by a map of paths', {
    frontend: 'use_backend %[path,word(1,/)]',
    clients: [[send(get('/unknown', 'Connection: close')), end]],
  }),
  httpCase('servers by rules', {
    backend: 'use-server s2 if { path /2 }\n  use-server s0 if { path /0 }\n  server s0 $s1 disabled\n  server s2 $s1',
    clients: ['/2', '/0', '/1'].map((path) => [send(get(path, 'Connection: close')), end]),
  }),
  httpCase('bytes of a long response behind a rule', {
    frontend: 'http-request set-header X-A b',
    connections: [[head, send(ok('x'.repeat(100_000)))]],
    clients: [[send(get('/')), read(100_000), wait(100)]],
  }),
]
