/** Actions of HTTP rules in detail: rewrites without room, normalized targets, redirects, waiting, logs, addresses. */
import { connect, end, head, send, trickle, until, wait, type Step, type TrafficCase } from '../harness/case.js'
import { expectation, get, httpCase, message, ok, post, request, type HttpOptions } from './http-builder.js'

const CLOSE = 'Connection: close'
const asks = (...fields: readonly string[]): readonly Step[] => [send(get('/', ...fields, CLOSE)), end]

const rules = (ruleSet: string, lines: readonly string[]): string =>
  lines.map((line) => `${ruleSet} ${line}`).join('\n  ')

/** Rules of a frontend on a request. */
const onRequest = (client: readonly Step[], ...lines: readonly string[]): TrafficCase =>
  httpCase(lines.join(', '), { frontend: rules('http-request', lines), clients: [client] })

/** Rules of a backend on a response with these fields. */
const onResponse = (fields: readonly string[], ...lines: readonly string[]): TrafficCase =>
  httpCase(`response: ${lines.join(', ')}`, {
    backend: rules('http-response', lines),
    connections: [[head, send(ok('hello', ...fields))]],
    clients: [asks()],
  })

const targets = (line: string, ...uris: readonly string[]): readonly TrafficCase[] =>
  uris.map((uri) =>
    httpCase(`${line} of ${uri}`, {
      frontend: `http-request ${line}`,
      clients: [[send(request(`GET ${uri} HTTP/1.1`, CLOSE)), end]],
    }),
  )

const PATHS = [
  '/a/./b/.',
  '/./',
  '/a/../b',
  '/../a',
  '/a/b/../../../c',
  '/a/..',
  '/.',
  '/..',
  '//a///b//?x=//y',
  '/a.b/..c',
]
const QUERIES = ['/?b=2&a=1&c&a=0', '/x?', '/x?a', '/?b&a&&', '/?aa=1&a=2']
const ENCODED = ['/%7euser/%2f%41', '/%7', '/a%zzb?%2a', '/?%61=%62']

const NORMALIZED: readonly TrafficCase[] = [
  ...targets('normalize-uri path-merge-slashes', '//a///b//?x=//y', 'http://a//b//c'),
  ...targets('normalize-uri path-strip-dot', ...PATHS),
  ...targets('normalize-uri path-strip-dotdot', ...PATHS),
  ...targets('normalize-uri path-strip-dotdot full', ...PATHS),
  ...targets('normalize-uri query-sort-by-name', ...QUERIES),
  ...targets('normalize-uri percent-to-uppercase', ...ENCODED),
  ...targets('normalize-uri percent-to-uppercase strict', ...ENCODED),
  ...targets('normalize-uri percent-decode-unreserved', ...ENCODED),
  ...targets('normalize-uri percent-decode-unreserved strict', ...ENCODED),
]

const TARGETS: readonly TrafficCase[] = [
  ...targets('set-path /new', 'http://a/x?q', 'http://a'),
  ...targets('set-pathq /new?a', 'http://a/x?q'),
  ...targets('set-query a=b', 'http://a/x', '/x?', '/x?q=1?2'),
  ...targets('set-uri http://b:81/y', 'http://a/x', '/x'),
  ...targets('set-uri /y', 'http://a/x'),
  ...targets('set-header Host b', 'http://a/x', '/x'),
  ...targets('add-header Host b', 'http://a/x'),
  ...targets('replace-header Host (.*) \\1.b', 'http://a:80/x'),
  ...targets('replace-path (.)(.*) /\\2', 'http://a/x?q', '*'),
  ...targets('replace-pathq /x /y', 'http://a/x?q'),
  ...targets('replace-uri http://([^/]*)(.*) https://\\1.c\\2', 'http://a/x?q', '/x'),
]

const FULL = `Z: ${'z'.repeat(13_200)}`
const LONG = 'x'.repeat(1200)
const room = (name: string, options: HttpOptions): TrafficCase => httpCase(`no room for ${name}`, options)

/** A request that leaves only `tune.maxrewrite` bytes, and little more. */
const fills: readonly Step[] = [send(get('/', FULL, `Y: ${'y'.repeat(2000)}`, CLOSE)), end]

const ROOM: readonly TrafficCase[] = [
  ...['set-header X', 'add-header X', 'set-path', 'set-query', 'set-uri', 'set-method'].map((action) =>
    room(action, { frontend: `http-request ${action} ${LONG}`, clients: [fills] }),
  ),
  room('replace-header', { frontend: `http-request replace-header Y .* ${'x'.repeat(3300)}`, clients: [fills] }),
  room('replace-value', { frontend: `http-request replace-value Host .* ${LONG}`, clients: [fills] }),
  room('replace-path', { frontend: `http-request replace-path .* /${LONG}`, clients: [fills] }),
  room('a field, with strict-mode off', {
    frontend: `http-request strict-mode off\n  http-request set-header X ${LONG}\n  http-request set-header W w`,
    clients: [fills],
  }),
  room('a field, with strict-mode off and on', {
    frontend: `http-request strict-mode off\n  http-request strict-mode on\n  http-request set-header X ${LONG}`,
    clients: [fills],
  }),
  room('a field in the backend, as each proxy begins in strict mode', {
    frontend: 'http-request strict-mode off',
    backend: `http-request set-header X ${LONG}`,
    clients: [fills],
  }),
  room('fields of a response', {
    backend: `http-response set-header X ${LONG}`,
    connections: [[head, send(ok('hello', FULL, `Y: ${'y'.repeat(2000)}`))]],
    clients: [asks()],
  }),
  room('fields of a response, with strict-mode off', {
    backend: `http-response strict-mode off\n  http-response set-header X ${LONG}`,
    connections: [[head, send(ok('hello', FULL, `Y: ${'y'.repeat(2000)}`))]],
    clients: [asks()],
  }),
  room('fields of http-after-response', {
    backend: `http-after-response set-header X ${LONG}`,
    connections: [[head, send(ok('hello', FULL, `Y: ${'y'.repeat(2000)}`))]],
    clients: [asks()],
  }),
  room('forwardfor', {
    frontend: `option forwardfor header X${'x'.repeat(1030)}`,
    clients: [fills],
  }),
  room('a field of http-after-response that denied responses get', {
    frontend: `http-request deny\n  http-after-response set-header X ${'x'.repeat(17)}%[str(${'x'.repeat(900)})]`,
    clients: [asks()],
  }),
]

const HEADERS: readonly TrafficCase[] = [
  onRequest(asks('X-A: 1', 'x-a: 2'), 'set-header X-A "  spaces  "', 'add-header x-b %[str()]'),
  onRequest(asks('X-A: a,b , c,'), 'replace-value X-A ^(.*)$ <\\1>'),
  onRequest(asks('X-A: "q,r",s'), 'replace-value X-A (.) \\1\\1'),
  onRequest(asks('X-A: a, b', 'X-A: c'), 'replace-header X-A , ;'),
  onRequest(asks('X-A: abc'), 'replace-header X-A b \\x41'),
  onRequest(asks('X-A: abc'), 'replace-header x-a ^(a)(b)(c)(d)?$ \\3\\2\\1\\4'),
  onRequest(asks('X-A: 1', 'X-AB: 2', 'Y-A: 3'), 'del-header a -m end'),
  onRequest(asks('X-A: 1', 'X-AB: 2', 'Y-A: 3'), 'del-header X-A -m beg'),
  onRequest(asks('X-A: 1', 'X-AB: 2', 'Y-A: 3'), 'del-header ^x-.$ -m reg'),
  onRequest(asks('X-A: 1', 'X-AB: 2', 'Y-A: 3'), 'del-header -A -m sub'),
  onRequest(asks(), 'del-header Connection'),
  onRequest(asks(), 'set-header Connection keep-alive'),
  onRequest(asks(), 'set-header Transfer-Encoding chunked'),
  onRequest(asks(), 'set-header Upgrade websocket'),
  onRequest(asks(), 'set-header TE gzip,trailers'),
  onRequest([send(post('/', 'body', CLOSE)), end], 'del-header Content-Length'),
  onRequest([send(post('/', 'body', CLOSE)), end], 'set-header X-A b', 'set-method GET'),
  onRequest([send(get('/', CLOSE)), end], 'set-method HEAD'),
  onRequest([send(request('HEAD / HTTP/1.1', CLOSE)), end], 'set-method GET'),
  onRequest([send(request('HEAD / HTTP/1.1', CLOSE)), end], 'set-method GET', 'deny'),
  onRequest([send('GET / HTTP/1.0\r\n\r\n'), end], 'early-hint Link </a>', 'set-header X-A b'),
  onRequest(asks(), 'early-hint Link </a>', 'early-hint Link </b> if FALSE', 'early-hint X-C d'),
  onRequest(asks(), 'early-hint Link </a>', 'deny'),
  onRequest(asks(), 'early-hint Link </a>', 'return status 200 content-type a/b string c'),
  onResponse(['X-A: 1', 'Set-Cookie: a=b, c'], 'replace-value Set-Cookie c d', 'del-header X- -m beg'),
  onResponse([], 'set-status 404', 'set-header X-A b'),
  onResponse([], 'set-status 503 reason "My reason"'),
  onResponse([], 'set-status 304'),
  onResponse([], 'set-status 999'),
  onResponse([], 'del-header Content-Length'),
  onResponse([], 'set-header Content-Length 3'),
  onResponse([], 'set-header Connection close'),
]

const REPLIES: readonly TrafficCase[] = [
  onRequest(asks(), 'return status 200 content-type text/plain lf-string %[str()]'),
  onRequest(asks(), 'return status 200 hdr X-Empty %[str()] hdr X-Full b'),
  onRequest(asks(), `return status 200 content-type text/plain lf-string %[str(${'x'.repeat(900)})]`),
  onRequest(asks(), 'deny status 200 content-type text/plain string fine'),
  onRequest(asks(), 'deny status 500'),
  onRequest(asks(), 'deny deny_status 503'),
  onRequest(asks(), 'tarpit deny_status 429'),
  onRequest(asks(), 'tarpit status 403 hdr X-A b content-type text/plain string no'),
  onRequest(asks(), 'auth realm "a b"'),
  onRequest([send(request('CONNECT a:80 HTTP/1.1')), end], 'auth'),
  httpCase('auth with a page of its own', {
    frontend: 'errorfile 401 @DIR@/401.http\n  http-request auth',
    files: { '401.http': 'HTTP/1.1 401 Own\r\nWWW-Authenticate: x\r\nwww-authenticate: y\r\nX-A: b\r\n\r\nown' },
    clients: [asks()],
  }),
  httpCase('auth for a client that takes HAProxy for its proxy', {
    frontend: 'option http-use-proxy-header\n  http-request auth',
    clients: [[send(request('GET http://a/ HTTP/1.1', CLOSE)), end], asks()],
  }),
  httpCase('http-after-response of an answer by return', {
    frontend:
      'http-request return status 200 hdr X-A b\n  http-after-response set-header X-A c\n  http-after-response set-status 201',
    clients: [asks()],
  }),
  onResponse([], 'deny deny_status 403'),
  onResponse([], 'return status 200 hdr X-A b'),
  onResponse(['Connection: close'], 'deny'),
  httpCase('response: a redirect that keeps no query', {
    backend: 'http-response redirect location /y code 303 set-cookie a=b',
    clients: [asks()],
  }),
]

const REDIRECTS: readonly TrafficCase[] = [
  ...['/', '/x', '/x?q=1', '/x/?', '*'].flatMap((uri) =>
    [
      'prefix http://b append-slash drop-query',
      'scheme https append-slash',
      'location /y?a keep-query',
      'prefix /p',
    ].map((words) =>
      httpCase(`redirect ${words} of ${uri}`, {
        frontend: `http-request redirect ${words}`,
        clients: [[send(request(`${uri === '*' ? 'OPTIONS' : 'GET'} ${uri} HTTP/1.1`, CLOSE)), end]],
      }),
    ),
  ),
  onRequest(asks(), 'redirect location /y? keep-query code 307'),
  onRequest(asks(), 'redirect location %[str()] ignore-empty', 'set-header X-A b'),
  onRequest(asks(), 'redirect location %[str()]'),
  onRequest(asks(), 'redirect location /y set-cookie-fmt "a=%[str(v)]" code 301'),
  onRequest(asks(), 'redirect location /y clear-cookie a= code 308'),
  onRequest([send(message('GET /x HTTP/1.0', CLOSE)), end], 'redirect scheme https'),
  httpCase('a line of redirect in the backend', { backend: 'redirect location /y', clients: [asks()] }),
  httpCase('lines of redirect after rules', {
    frontend: 'http-request set-path /changed\n  redirect prefix http://b',
    clients: [asks()],
  }),
]

const WAITING: readonly TrafficCase[] = [
  onRequest(asks(), 'pause 300', 'set-header X-A b'),
  onRequest(asks(), 'pause int(300)', 'pause 200'),
  onRequest(asks(), 'pause req.hdr(none)'),
  httpCase('response: pause', { backend: 'http-response pause 300', clients: [asks()] }),
  httpCase('wait-for-body whose body comes late', {
    frontend: 'http-request wait-for-body time 300\n  http-request set-header X-A b',
    clients: [[send(request('POST / HTTP/1.1', 'Content-Length: 8') + 'half'), end]],
  }),
  httpCase('wait-for-body at-least', {
    frontend: 'http-request wait-for-body time 5s at-least 2\n  http-request set-header X-A b',
    connections: [[head, until('ef'), send(ok())]],
    clients: [[trickle(150, request('POST / HTTP/1.1', 'Content-Length: 6') + 'a', 'bcd', 'ef'), until('hello')]],
  }),
  httpCase('wait-for-body and Expect', {
    frontend: 'http-request wait-for-body time 5s',
    connections: [[head, until('body'), send(ok())]],
    clients: [expectation],
  }),
  httpCase('response: wait-for-body whose body comes late', {
    backend: 'http-response wait-for-body time 300',
    connections: [[head, send(message('HTTP/1.1 200 OK', 'Content-Length: 8') + 'half')]],
    clients: [asks()],
  }),
  httpCase('set-timeout server', {
    backend: 'http-request set-timeout server 300',
    connections: [[head]],
    clients: [asks()],
  }),
  httpCase('set-timeout server by an expression', {
    backend: 'http-request set-timeout server int(300)',
    connections: [[head]],
    clients: [asks()],
  }),
  httpCase('set-retries in the backend', {
    frontend: 'use_backend $refusing',
    more: 'backend $refusing\n  http-request set-retries int(0)\n  server s $refused',
    clients: [asks()],
  }),
]

const OTHERS: readonly TrafficCase[] = [
  httpCase('do-log in each rule set', {
    frontend: [
      'log-format "%OG %ST %ts %HM %b"',
      'tcp-request connection do-log',
      'tcp-request session do-log',
      'tcp-request content do-log',
      'http-request do-log',
      'http-response do-log',
      'http-after-response do-log',
    ].join('\n  '),
    backend: 'tcp-response content do-log',
    clients: [asks()],
  }),
  httpCase('levels of logs', {
    frontend: 'http-request set-log-level warning\n  http-request do-log',
    backend: 'http-response set-log-level silent if FALSE',
    clients: [asks()],
  }),
  httpCase('captures of both directions', {
    frontend:
      'declare capture request len 3\n  declare capture response len 4\n  log-format "%hr %hs"\n  http-request capture str(abcdef) id 0\n  http-response capture str(uvwxyz) id 0',
    clients: [asks()],
  }),
  httpCase('a capture in the backend', {
    frontend: 'declare capture request len 3\n  log-format "%hr"',
    backend: 'http-request capture str(abcdef) id 0\n  http-request capture str(x) id 7',
    clients: [asks()],
  }),
  httpCase('set-src, and forwardfor', {
    frontend: 'option forwardfor\n  http-request set-src str(192.0.2.7)\n  log-format "%ci:%cp"',
    backend: 'option forwarded for for_port by proto',
    clients: [asks()],
  }),
  httpCase('set-src and set-dst to IPv6', {
    frontend:
      'option forwardfor\n  option originalto\n  http-request set-src str(2001:db8::1)\n  http-request set-dst str(::1)',
    backend: 'option forwarded for by by_port',
    clients: [asks()],
  }),
  httpCase('set-src of a session', {
    frontend: 'tcp-request session set-src str(192.0.2.8)\n  option forwardfor\n  log-format "%ci"',
    clients: [asks()],
  }),
  httpCase('set-src of a connection', {
    frontend:
      'tcp-request connection set-src str(192.0.2.9)\n  tcp-request connection set-src-port int(7)\n  log-format "%ci:%cp"',
    clients: [asks()],
  }),
  ...['for=1.2.3.4', 'for=1.2.3.4, proto=http', 'nonsense', ''].map((value) =>
    httpCase(`forwarded beside '${value}'`, {
      backend: 'option forwarded',
      clients: [asks(`Forwarded: ${value}`)],
    }),
  ),
  httpCase('forwardfor of frontend and backend with exceptions', {
    frontend: 'option forwardfor except 10.0.0.0/8 header X-Front',
    backend: 'option forwardfor except 127.0.0.0/8',
    clients: [asks()],
  }),
  httpCase('maps and ACLs that rules change', {
    frontend: [
      'http-request set-map(@DIR@/m.map) k v1 if { str(k),map(@DIR@/m.map,none) none }',
      'http-request set-header X-A %[str(k),map(@DIR@/m.map,none)]',
      'http-request set-map(@DIR@/m.map) k v2',
      'http-request set-header X-B %[str(k),map(@DIR@/m.map,none)]',
      'http-request del-map(@DIR@/m.map) k',
      'http-request set-header X-C %[str(k),map(@DIR@/m.map,none)]',
      'http-request add-acl(@DIR@/a.acl) k',
      'http-request set-header X-D yes if { str(k) -f @DIR@/a.acl }',
      'http-request del-acl(@DIR@/a.acl) k',
      'http-request set-header X-E yes if { str(k) -f @DIR@/a.acl }',
    ].join('\n  '),
    files: { 'm.map': 'a b\n', 'a.acl': 'a\n' },
    clients: [asks()],
  }),
  httpCase('tcp-response content close', {
    backend: 'tcp-response content close',
    clients: [asks()],
  }),
  ...[
    ['tcp-request connection', 'silent-drop'],
    ['tcp-request session', 'silent-drop'],
    ['tcp-request content', 'silent-drop'],
    ['http-request', 'silent-drop'],
    ['tcp-request connection', 'silent-drop rst-ttl 9'],
    ['http-request', 'silent-drop rst-ttl 9'],
  ].map(([ruleSet = '', action]) =>
    httpCase(`${ruleSet} ${action}`, {
      frontend: `${ruleSet} ${action}`,
      // what is sent after the drop is answered with a reset
      clients: [[/connection|session/.test(ruleSet) ? connect('listen') : send(get('/')), wait(300)]],
    }),
  ),
  ...[
    ['tcp-request connection'],
    ['tcp-request connection', 'tcp-request session'],
    ['tcp-request session', 'http-request'],
  ].map((ruleSets) =>
    httpCase(`set-src and set-dst of ${ruleSets.join(' and ')}`, {
      frontend: [
        ...ruleSets.flatMap((ruleSet, at) => [
          `${ruleSet} set-src ipv4(192.0.2.${at})`,
          `${ruleSet} set-dst ipv4(198.51.100.${at})`,
        ]),
        'tcp-request session set-var(sess.addresses) src',
        'http-request return status 200 content-type text/plain lf-string "%[fc_src] %[fc_dst] %[src] %[dst] %[var(sess.addresses)]"',
      ].join('\n  '),
      clients: [[send(get('/', CLOSE)), end]],
    }),
  ),
  httpCase('reject in the backend', { backend: 'http-request reject', clients: [asks()] }),
  httpCase('a response to a client that has no more requests', {
    backend: 'http-response set-header X-A b',
    clients: [[send(get('/1')), head, wait(50), send(get('/2', CLOSE)), end]],
  }),
]

export const ACTIONS: readonly TrafficCase[] = [
  ...NORMALIZED,
  ...TARGETS,
  ...ROOM,
  ...HEADERS,
  ...REPLIES,
  ...REDIRECTS,
  ...WAITING,
  ...OTHERS,
]
