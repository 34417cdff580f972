/** Pages of HAProxy for errors, and what it adds to requests and responses: addresses, identifiers, captures, monitoring. */
import { connect, end, head, send, until, wait, type Step, type TrafficCase } from '../harness/case.js'
import { answering, get, httpCase, message, ok, request } from './http-builder.js'

const asks: readonly Step[] = [send(get('/path?query', 'Connection: close')), end]

/** A case with these lines in the frontend, and a request. */
const lines = (
  text: string,
  client: readonly Step[] = asks,
  more: { readonly backend?: string; readonly server?: string } = {},
): TrafficCase => httpCase(text.replaceAll('\n  ', ', '), { frontend: text, clients: [client], ...more })

const FILES = {
  '403.http': 'HTTP/1.0 403 Custom\r\nX-Custom: 1\r\nContent-Type: text/plain\r\n\r\ncustom 403\n',
  '400.http': 'HTTP/1.0 400 Custom\r\nX-Custom: 1\r\n\r\ncustom 400\n',
  '503.http': 'HTTP/1.1 503 Custom\r\nContent-Length: 11\r\n\r\ncustom 503\n',
  '408.http': '',
  'page.txt': 'a page\n',
  'page.lf': 'path %[path] status %[status]\n',
}

const withFiles = (traffic: TrafficCase): TrafficCase => ({ ...traffic, files: FILES })

const ERRORS = [
  'errorfile 403 @DIR@/403.http\n  http-request deny',
  'errorfile 403 /dev/null\n  http-request deny',
  'errorloc 403 http://b/denied\n  http-request deny',
  'errorloc302 403 http://b/denied\n  http-request deny',
  'errorloc303 403 http://b/denied\n  http-request deny',
  'http-error status 403 content-type text/plain file @DIR@/page.txt\n  http-request deny',
  'http-error status 403 content-type text/plain string page hdr X-A b\n  http-request deny',
  'http-error status 403 content-type text/plain lf-string "%[path] %[src]"\n  http-request deny',
  'http-error status 403 content-type text/plain lf-file @DIR@/page.lf\n  http-request deny',
  'http-error status 403 errorfile @DIR@/403.http\n  http-request deny',
  'http-error status 403 errorfiles $pages\n  http-request deny',
  'errorfile 403 @DIR@/403.http\n  http-error status 403 default-errorfiles\n  http-request deny',
  'http-error status 404 errorfiles $pages\n  http-request deny deny_status 404',
  'errorfiles $pages\n  http-request deny',
  'errorfiles $pages 503\n  http-request deny',
  'http-request deny errorfile @DIR@/403.http',
  'http-request deny errorfiles $pages',
  'http-request deny deny_status 503 default-errorfiles',
  'http-request return status 403 errorfiles $pages',
  'http-request return errorfile @DIR@/403.http',
]

const PAGES = 'http-errors $pages\n  errorfile 403 @DIR@/403.http\n  errorfile 503 @DIR@/503.http\n'

/** A case in which a command of the runtime API evaluates an expression in Lua in the middle of an answer. @param server settings of the server */
const midway = (name: string, expression: string, server = ''): TrafficCase => ({
  ...httpCase(name, {
    server,
    connections: [[head, send('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf'), wait(600), send('whole')]],
    clients: [
      [send(get('/', 'Connection: close')), end],
      [wait(200), { do: 'cli', command: '$midway' }],
    ],
  }),
  lua: `core.register_cli({"$midway"}, "", function(applet)
  local proxy = core.backends["$be"]
  local server = proxy.servers.s1
  applet:send(tostring((${expression})) .. "\\n")
end)
`,
})

const malformed: readonly Step[] = [send('GET / HTTP/1.1\r\nno colon\r\n\r\n'), end]

export const ANSWERS: readonly TrafficCase[] = [
  ...ERRORS.map((text) => {
    const traffic = withFiles(lines(text))
    return { ...traffic, config: PAGES + traffic.config }
  }),
  withFiles(lines('errorfile 400 @DIR@/400.http', malformed)),
  withFiles(lines('errorfile 400 /dev/null', malformed)),
  withFiles(lines('errorloc 400 http://b/bad', malformed)),
  withFiles(
    httpCase('an error file for a request that does not come', {
      defaults: 'timeout http-request 400\n  errorfile 408 @DIR@/408.http',
      clients: [[send('GET / H'), end]],
    }),
  ),
  withFiles(lines('errorfile 503 @DIR@/503.http', asks, { server: 'disabled' })),
  withFiles(
    httpCase('an error file of the backend', {
      backend: 'errorfile 503 @DIR@/503.http',
      server: 'disabled',
      clients: [asks],
    }),
  ),
  withFiles(
    httpCase('an error file of the backend, and one of the frontend', {
      frontend: 'http-error status 503 content-type text/plain string frontend',
      backend: 'http-error status 503 content-type text/plain string backend',
      server: 'disabled',
      clients: [asks],
    }),
  ),
  withFiles(
    httpCase('an error file of the frontend for an error of the backend', {
      frontend: 'http-error status 503 content-type text/plain string frontend',
      server: 'disabled',
      clients: [asks],
    }),
  ),
  lines('option forwardfor'),
  lines('option forwardfor', [send(get('/', 'X-Forwarded-For: 1.2.3.4', 'Connection: close')), end]),
  lines('option forwardfor if-none', [send(get('/', 'X-Forwarded-For: 1.2.3.4', 'Connection: close')), end]),
  lines('option forwardfor except 127.0.0.0/8'),
  lines('option forwardfor header X-Client'),
  lines('option forwardfor', asks, { backend: 'option forwardfor header X-Backend' }),
  lines('option originalto'),
  lines('option originalto except 127.0.0.0/8'),
  lines('option originalto header X-Dst'),
  httpCase('option forwarded', { backend: 'option forwarded', clients: [asks] }),
  httpCase('option forwarded of chosen parts', {
    backend: 'option forwarded proto host by by_port for for_port',
    clients: [asks],
  }),
  httpCase('option forwarded by expressions', {
    backend: 'option forwarded host-expr path for-expr src by-expr str(_proxy)',
    clients: [asks],
  }),
  lines('unique-id-format %{+X}o\\ %ci:%fi_%[path]\n  unique-id-header X-Id'),
  lines('unique-id-format %[path]-%[method]\n  log-format "%ID %[unique-id]"'),
  lines('unique-id-format %[path]-%[method]\n  http-request set-header X-Id %[unique-id]'),
  lines(
    'capture request header Host len 10\n  capture request header X-None len 10\n  capture response header X-Res len 3\n  log-format "%hr %hs %hrl %hsl %ts"',
  ),
  lines(
    'capture request header Host len 10\n  http-request set-header X-Cap %[capture.req.hdr(0)]/%[capture.req.method]/%[capture.req.uri]/%[capture.req.ver]',
  ),
  lines('capture cookie a len 5\n  log-format "%CC %CS %ts"', [
    send(get('/', 'Cookie: b=c; a=1234567', 'Connection: close')),
    end,
  ]),
  lines('capture cookie SESS= len 20\n  option httplog', [send(get('/', 'Cookie: SESS=42', 'Connection: close')), end]),
  lines('declare capture response len 8\n  http-response capture res.hdr(content-length) id 0\n  log-format "%hs %ts"'),
  lines('monitor-uri /alive', [send(get('/alive')), head, send(get('/alive', 'Connection: close')), end]),
  lines('monitor-uri /alive\n  monitor fail if { path_beg /alive }', [send(get('/alive')), end]),
  lines('monitor-uri /alive\n  monitor fail if { nbsrv($be) lt 2 }', [send(get('/alive')), end]),
  lines('monitor-uri /alive\n  option log-separate-errors', [send(request('HEAD /alive HTTP/1.0')), end]),
  lines('option http-ignore-probes', [connect('listen'), wait(50), { do: 'close' }]),
  lines('option http-no-delay'),
  lines('option http-use-proxy-header', [send(get('http://a/', 'Proxy-Connection: close')), end]),
  lines('option http-restrict-req-hdr-names reject', [send(get('/', 'x_y: 1')), end]),
  lines('option http-restrict-req-hdr-names delete', [send(get('/', 'x_y: 1', 'x-z: 2', 'Connection: close')), end]),
  lines('option http-restrict-req-hdr-names preserve', [send(get('/', 'x_y: 1', 'Connection: close')), end]),
  lines('option accept-unsafe-violations-in-http-request', [send(get('/\xe9#a', 'Connection: close')), end]),
  lines('option accept-invalid-http-request', [send(get('/a"\x01', 'Connection: close')), end]),
  httpCase('option accept-unsafe-violations-in-http-response', {
    backend: 'option accept-unsafe-violations-in-http-response',
    connections: [[head, send(message('HTTP/1.1 200 OK', 'Content-Length: 5', 'X Y: 1') + 'hello')]],
    clients: [asks],
  }),
  httpCase('option http-buffer-request', {
    defaults: 'option http-buffer-request',
    frontend: 'http-request set-header X-Len %[req.body_len]/%[req.body_size]',
    connections: [[until('halfhalf'), send(ok())]],
    clients: [
      [
        send(request('POST / HTTP/1.1', 'Content-Length: 8', 'Connection: close') + 'half'),
        wait(100),
        send('half'),
        end,
      ],
    ],
  }),
  httpCase('option http-pretend-keepalive', {
    defaults: 'option http-server-close\n  option http-pretend-keepalive',
    connections: [answering()],
    clients: [[send(get('/')), until('hello'), wait(50)]],
  }),
  httpCase('a maximum of keep-alive connections in the queue', {
    backend: 'max-keep-alive-queue 0',
    clients: [[send(get('/')), until('hello'), send(get('/2')), until('hello'), wait(50)]],
  }),
  httpCase('send-proxy in HTTP mode', { server: 'send-proxy', clients: [asks] }),
  httpCase('http-send-name-header', { backend: 'http-send-name-header X-Server', clients: [asks] }),
  httpCase('a server of another port by its name', { backend: 'http-request set-dst-port int(1)', clients: [asks] }),
  httpCase('stats: show sess while the server hangs', {
    connections: [[head, wait(600), send(ok())]],
    clients: [
      [send(get('/')), until('hello'), wait(50)],
      [wait(200), { do: 'cli', command: 'show sess' }],
    ],
  }),
  httpCase('stats: show sess while a body is sent', {
    connections: [[head, send(message('HTTP/1.1 200 OK', 'Content-Length: 8') + 'half'), wait(600), send('half')]],
    clients: [
      [send(get('/')), until('halfhalf'), wait(50)],
      [wait(200), { do: 'cli', command: 'show sess' }],
    ],
  }),
  httpCase('stats: show sess of a tunnel', {
    connections: [[head, send(message('HTTP/1.1 101 Switching Protocols', 'Connection: upgrade', 'Upgrade: x')), end]],
    clients: [
      [send(get('/', 'Connection: upgrade', 'Upgrade: x')), head, wait(300)],
      [wait(100), { do: 'cli', command: 'show sess' }],
    ],
  }),
  httpCase('stats: show sess while the body of a request is awaited', {
    connections: [[head, end]],
    clients: [
      [send(request('POST / HTTP/1.1', 'Content-Length: 8') + 'half'), wait(300)],
      [wait(100), { do: 'cli', command: 'show sess' }],
    ],
  }),
  httpCase('stats: show sess while the connection is made', {
    more: 'backend $silent\n  server s $full',
    frontend: 'use_backend $silent',
    clients: [
      [send(get('/')), wait(300)],
      [wait(100), { do: 'cli', command: 'show sess' }],
    ],
  }),
  httpCase('stats: show sess of an idle client', {
    clients: [
      [send(get('/')), until('hello'), wait(500)],
      [wait(200), { do: 'cli', command: 'show sess' }],
    ],
  }),
  httpCase('shutdown sessions server', {
    connections: [[head, wait(2000)]],
    clients: [
      [send(get('/')), end],
      [wait(200), { do: 'cli', command: 'shutdown sessions server $be/s1' }],
    ],
  }),
  midway('Server:shut_sess', 'server:shut_sess()'),
  midway('Proxy:shut_bcksess with a backup server', 'proxy:shut_bcksess()', 'backup'),
  midway('Proxy:shut_bcksess without backup servers', 'proxy:shut_bcksess()'),
  midway('Server:get_cur_sess and get_pend_conn', 'server:get_cur_sess() .. " " .. server:get_pend_conn()'),
  httpCase('on-marked-down shutdown-sessions', {
    server: 'on-marked-down shutdown-sessions',
    connections: [[head, wait(2000)]],
    clients: [
      [send(get('/')), end],
      [wait(200), { do: 'cli', command: 'set server $be/s1 health down' }],
    ],
  }),
  httpCase('a server that is disabled while it is used', {
    connections: [[head, wait(400), send(ok())]],
    clients: [
      [send(get('/')), until('hello'), send(get('/2')), end],
      [wait(200), { do: 'cli', command: 'disable server $be/s1' }],
    ],
  }),
  httpCase('a frontend that is disabled', {
    clients: [
      [{ do: 'cli', command: 'disable frontend $fe' }, connect('listen'), wait(200)],
      [
        wait(100),
        { do: 'cli', command: 'enable frontend $fe' },
        connect('listen'),
        send(get('/', 'Connection: close')),
        end,
      ],
    ],
  }),
  httpCase('a frontend that has a limit of connections', {
    frontend: 'maxconn 1',
    connections: [[head, wait(440), send(ok())]],
    clients: [
      [send(get('/1', 'Connection: close')), end],
      [wait(50), send(get('/2', 'Connection: close')), end],
    ],
  }),
]
