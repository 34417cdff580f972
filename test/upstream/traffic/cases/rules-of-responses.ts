/** Actions of `http-response` and `http-after-response`, and how the answers of HAProxy pass them. */
import { end, head, loop, send, until, wait, type Step, type TrafficCase } from '../harness/case.js'
import { get, httpCase, message, ok, request } from './http-builder.js'

const asks: readonly Step[] = [send(get('/path', 'Connection: close')), end]

const ANSWER = ok(
  'hello',
  'X-One: 1, 2',
  'x-two: value',
  'X-One: 3',
  'Set-Cookie: a=b; Path=/',
  'Location: http://c/old',
  'Cache-Control: public',
)

const connections: readonly (readonly Step[])[] = [[loop(head, send(ANSWER))]]

/** A case whose backend has these rules; those that begin with `log-format` or `http-request` are taken as they are. */
const ruled = (set: 'http-response' | 'http-after-response', rules: string): TrafficCase => {
  const lines = rules.split('\n')
  const isLog = (line: string): boolean => line.startsWith('log-format')
  return httpCase(`${set} ${rules.replaceAll('\n', ', ')}`, {
    frontend: lines.filter(isLog).join('\n  '),
    backend: lines
      .filter((line) => !isLog(line))
      .map((line) => (line.startsWith('http-request') ? line : `${set} ${line}`))
      .join('\n  '),
    connections,
    clients: [asks],
  })
}

const BOTH = [
  'set-header X-One new',
  'set-header X-New "%[status] %[res.hdr(x-two)]"',
  'add-header X-One 4',
  'del-header X-One',
  'del-header x- -m beg',
  'replace-header X-One (\\d) <\\1>',
  'replace-value X-One 2 two',
  'replace-header Set-Cookie (.*) \\1;\\ Secure',
  'set-status 201',
  'set-status 299 reason "All right"',
  'set-status 204',
  'set-header X-A %[res.cook(a)]/%[res.hdr_cnt(x-one)]/%[res.ver]',
  'set-header X-A %[srv_name]/%[be_name]/%[fe_name]',
  'set-header Content-Length 5',
  'set-var(txn.a) status\nset-header X-A %[var(txn.a)]',
  'set-var(res.a) res.hdr(x-two)\nset-header X-A %[var(res.a)]',
  'set-var-fmt(txn.a) %[status]-%[srv_name]\nset-header X-A <%[var(txn.a)]>',
  'http-request set-var(txn.path) path\nset-header X-A %[var(txn.path)]',
  'unset-var(txn.a)\nset-header X-A <%[var(txn.a)]>',
  'allow\nset-header X-A never',
  'set-header X-A yes if { status 200 }',
  'set-header X-A yes unless { res.hdr(x-two) -m found }',
  'set-log-level err',
  'set-log-level silent',
  'strict-mode off\nset-header X-A b',
  'do-log\nlog-format "%ST %ts %s"',
]

const ONLY_RESPONSE = [
  'deny',
  'deny deny_status 403',
  'deny status 503 content-type text/plain string no',
  'deny if { status 404 }',
  'return status 200 content-type text/plain string other',
  'return status 404 default-errorfiles',
  'return status 200 content-type text/plain lf-string "%[status] %[res.hdr(x-two)]"',
  'redirect location /x',
  'redirect location http://b code 301',
  'set-nice 5',
  'set-tos 0x10',
  'set-fc-tos 8',
  'set-timeout server 5s',
  'wait-for-body time 1s\nset-header X-A %[res.body]/%[res.body_len]',
  'pause 400',
]

/** A request without a cookie, and one with each of these, on one connection. */
const withCookies = (...cookies: readonly string[]): readonly Step[] => [
  send(get('/')),
  until('hello'),
  ...cookies.flatMap((cookie, i) => [send(get(`/${i + 2}`, `Cookie: ${cookie}`)), until('hello')]),
  wait(50),
]

const AFTER = 'http-after-response set-header X-After "%[status]"'

export const RULES_OF_RESPONSES: readonly TrafficCase[] = [
  ...BOTH.flatMap((rules) => [ruled('http-response', rules), ruled('http-after-response', rules)]),
  ...ONLY_RESPONSE.map((rules) => ruled('http-response', rules)),
  httpCase('http-response and http-after-response of both proxies, in order', {
    frontend: 'http-response add-header X-Order F\n  http-after-response add-header X-Order f',
    backend: 'http-response add-header X-Order B\n  http-after-response add-header X-Order b',
    clients: [asks],
  }),
  httpCase('http-after-response for errors of the frontend', {
    frontend: `${AFTER}\n  http-request deny`,
    clients: [asks],
  }),
  httpCase('http-after-response for redirects', {
    frontend: `${AFTER}\n  http-request redirect location /x`,
    clients: [asks],
  }),
  httpCase('http-after-response for returned answers', {
    frontend: `${AFTER}\n  http-request return`,
    clients: [asks],
  }),
  httpCase('http-after-response for requests of authentication', {
    frontend: `${AFTER}\n  http-request auth`,
    clients: [asks],
  }),
  httpCase('http-after-response for errors of the backend', {
    frontend: AFTER,
    backend: 'http-after-response set-header X-Backend yes',
    server: 'disabled',
    clients: [asks],
  }),
  httpCase('http-after-response for an invalid response', {
    frontend: AFTER,
    connections: [[head, send('junk\r\n\r\n')]],
    clients: [asks],
  }),
  httpCase('http-after-response does not see malformed requests', {
    frontend: AFTER,
    clients: [[send('GET / HTTP/1.1\r\nno colon\r\n\r\n'), end]],
  }),
  httpCase('http-after-response for a response that is denied', {
    frontend: AFTER,
    backend: 'http-response deny',
    connections,
    clients: [asks],
  }),
  httpCase('http-response does not see answers of HAProxy', {
    frontend: 'http-response set-header X-A never\n  http-request return',
    clients: [asks],
  }),
  httpCase('rules of responses see interim responses', {
    backend: 'http-response set-header X-A yes\n  http-after-response set-header X-B yes',
    connections: [[head, send(message('HTTP/1.1 103 Early Hints', 'Link: </a>') + ok())]],
    clients: [[send(get('/', 'Connection: close')), end]],
  }),
  httpCase('rules of responses to HEAD', {
    backend:
      'http-response return status 200 content-type text/plain string other if { method HEAD }\n  http-response set-header X-A yes',
    connections: [[loop(head, send(message('HTTP/1.1 200 OK', 'Content-Length: 5')))]],
    clients: [[send(request('HEAD / HTTP/1.1', 'Connection: close')), end]],
  }),
  httpCase('a denied response keeps the client', {
    backend: 'http-response deny if { res.hdr(x-two) value }',
    connections,
    clients: [[send(get('/1')), head, wait(50), send(get('/2')), head, wait(50)]],
  }),
  httpCase('a returned response keeps client and server', {
    backend: 'http-response return status 200 content-type text/plain string other',
    connections,
    clients: [[send(get('/1')), until('other'), send(get('/2')), until('other'), wait(50)]],
  }),
  httpCase('statuses from the server', {
    backend: 'http-response set-header X-Class "%[status,div(100)]"',
    connections: [
      [
        head,
        send(message('HTTP/1.1 404 Not Found', 'Content-Length: 0')),
        head,
        send(message('HTTP/1.1 500 Oops', 'Content-Length: 0')),
        head,
        send(message('HTTP/1.1 302 Found', 'Location: /x', 'Content-Length: 0')),
        head,
        send(message('HTTP/1.1 799', 'Content-Length: 0')),
      ],
    ],
    clients: [[1, 2, 3, 4].flatMap((i) => [send(get(`/${i}`)), head, wait(20)])],
  }),
  httpCase('a cookie that the proxy inserts', {
    backend: 'cookie SRV insert',
    server: 'cookie one',
    clients: [withCookies('SRV=one; b=c', 'SRV=none')],
  }),
  httpCase('a cookie that the proxy inserts and hides', {
    backend: 'cookie SRV insert indirect nocache',
    server: 'cookie one',
    clients: [withCookies('SRV=one; b=c', 'SRV=none')],
  }),
  httpCase('a cookie of the server that the proxy prefixes', {
    backend: 'cookie a prefix',
    server: 'cookie one',
    connections,
    clients: [withCookies('a=one~b')],
  }),
  httpCase('a cookie that the proxy rewrites', {
    backend: 'cookie a rewrite',
    server: 'cookie one',
    connections,
    clients: [withCookies()],
  }),
  httpCase('a response that may be cached with a cookie', {
    backend: 'option checkcache',
    connections,
    clients: [asks],
  }),
]
