/** Log lines: formats, options that decide whether and when they are written, levels. */
import { close, connect, end, head, reset, send, until, wait, type Step, type TrafficCase } from '../harness/case.js'
import { get, httpCase, message, ok, post } from './http-builder.js'
import { tcpCase } from './proxy-builder.js'

const asks: readonly Step[] = [
  send(get('/path?a=b', 'User-Agent: test', 'Referer: http://c/', 'Connection: close')),
  end,
]

/** Requests that end well, with 404, with 500, with a denial, and malformed. */
const VARIETY: readonly (readonly Step[])[] = [
  [send(get('/well', 'Connection: close')), end],
  [send(get('/404', 'Connection: close')), end],
  [send(get('/500', 'Connection: close')), end],
  [send(get('/deny', 'Connection: close')), end],
  [send('bad\r\n\r\n'), end],
  [connect('listen'), wait(20), close],
]

const STATUSES: readonly Step[] = [head, send(message('HTTP/1.1 500 Oops', 'Content-Length: 0'))]

/** A case with these lines in the frontend. */
const logged = (text: string, clients: readonly (readonly Step[])[] = [asks]): TrafficCase =>
  httpCase(text.replaceAll('\n  ', ', '), { frontend: text, clients })

const various = (text: string): TrafficCase =>
  httpCase(`a variety of requests: ${text || 'no option'}`, {
    frontend: `${text}\n  http-request deny if { path /deny }\n  http-request return status 404 if { path /404 }\n  use_backend $failing if { path /500 }`,
    more: 'backend $failing\n  server s2 $s2',
    clients: VARIETY,
  })

const FORMATS = [
  '%ci %fi %bi %si',
  '%f %ft %b %s %HM %HP %HPO %HQ %HU %HV %ST',
  '%B %U %ts %tsc %rc %sq %bq %CC %CS',
  '%r',
  '%{+Q}r %{+Q}HU',
  '%{+X}o %ci %B %ST',
  '%{+E}o %[capture.req.method]',
  '%fc %bc %sc',
  '%lc %ID',
  '%[capture.req.uri] %[txn.status] %[src] %[capture.req.method]',
  '%[fc_http_major] %[bc_http_major] %[fc_rcvd_proxy]',
  '%[txn.status] %[capture.req.uri] %[capture.res.ver]',
  '%[bytes_in] %[bytes_out] %[req.timer.queue]',
  '%[term_events] %[last_rule_file] %[last_entity]',
  '%[last_rule_line] %[last_rule_file,length]',
  '%[fs.aborted] %[bs.aborted] %[fs.rst_code] %[bs.rst_code]',
  '%[be_conn($be)] %[fe_conn] %[srv_conn($be/s1)] %[srv_queue($be/s1)] %[nbsrv($be)]',
  '%{+json}o %(name)ST %(bytes:sint)B %(path)[capture.req.uri]',
  '%{+cbor}o %(name)ST',
  '%sslc %sslv',
]

export const LOGS: readonly TrafficCase[] = [
  logged('option httplog'),
  logged('option httplog clf'),
  logged('option httpslog'),
  logged('option tcplog'),
  ...FORMATS.map((format) => logged(`log-format "${format.replaceAll('"', '\\"')}"`)),
  logged('log-format-sd "[exampleSDID@1234 bytes=\\"%B\\"]"'),
  logged('error-log-format "ERROR %ci %ST %ts"', [asks, [send('bad\r\n\r\n'), end]]),
  logged('log-tag other\n  log-format %ST'),
  logged('option logasap', [asks]),
  logged('option logasap\n  option httplog', [asks]),
  logged('option logasap\n  log-format "%B t=%Tt %ts"', [asks]),
  logged('option dontlognull', [
    [connect('listen'), wait(20), close],
    [connect('listen'), wait(20), reset],
    [send('G'), wait(20), close],
  ]),
  logged('no option dontlognull', [
    [connect('listen'), wait(20), close],
    [connect('listen'), wait(20), reset],
    [send('G'), wait(20), close],
  ]),
  ...[
    '',
    'option dontlog-normal',
    'option log-separate-errors',
    'option dontlog-normal\n  option log-separate-errors',
  ].map(various),
  httpCase('a log line of the backend', { backend: 'log-tag backend', clients: [asks] }),
  httpCase('a redispatch is an error for log-separate-errors', {
    frontend: 'option log-separate-errors',
    backend: 'option redispatch 1\n  server s0 $refused weight 256',
    clients: [asks],
  }),
  httpCase('a retry is not normal for dontlog-normal', {
    frontend: 'option dontlog-normal\n  use_backend $refusing',
    more: 'backend $refusing\n  server s $refused',
    clients: [asks],
  }),
  httpCase('long lines are truncated', {
    frontend: 'log-format "%r"',
    clients: [[send(get(`/${'x'.repeat(3000)}`, 'Connection: close')), end]],
  }),
  httpCase('characters that are escaped', {
    frontend: 'option httplog\n  capture request header X len 50',
    clients: [[send(get('/a"|{}', 'X: a"b|c{d}\xe9\t', 'Connection: close')), end]],
  }),
  httpCase('logging to nothing', { frontend: 'no log', clients: [asks] }),
  httpCase('levels and facilities', {
    frontend: 'no log\n  log stdout format rfc3164 local3 notice\n  log-tag ID',
    clients: [asks],
  }),
  httpCase('a level of the backend by a rule', { backend: 'http-request set-log-level alert', clients: [asks] }),
  ...[
    ['a format without it', 'log-format %ST'],
    ['a format that is not written', 'log-format %r\n  no log'],
    ['a step without it', 'log-format %ST\n  log-steps close'],
    ['the step of the request', 'log-format %ST\n  log-steps request'],
  ].map(([name, frontend]) =>
    httpCase(`the line of a request that the backend shows, of a frontend with ${name}`, {
      frontend: frontend!,
      backend: 'http-request set-header x-line "%HV %HM %[capture.req.uri] %[capture.req.method]"',
      clients: [asks],
    }),
  ),
  httpCase('a log step when the response comes', {
    frontend: 'log-format "%ST %B %ts %b %s"\n  log-steps response,close',
    clients: [asks],
  }),
  httpCase('log steps of all kinds', {
    frontend: 'log-format "%ST %B %ts %b %s"\n  log-steps accept,request,connect,response,close',
    clients: [asks],
  }),
  httpCase('a log line of a long transfer', {
    frontend: 'option httplog',
    connections: [[head, send(ok('x'.repeat(50_000)))]],
    clients: [[send(post('/', 'body', 'Connection: close')), end]],
  }),
  tcpCase('option tcplog', {
    frontend: 'option tcplog',
    connections: [[until('\n'), send('answer\n'), close]],
    clients: [[send('question\n'), end, close]],
  }),
  tcpCase('option tcplog clf', {
    frontend: 'option tcplog clf',
    connections: [[until('\n'), send('answer\n'), close]],
    clients: [[send('question\n'), end, close]],
  }),
  tcpCase('option logasap for TCP', {
    frontend: 'option logasap',
    connections: [[until('\n'), send('answer\n'), close]],
    clients: [[send('question\n'), end, close]],
  }),
  tcpCase('option dontlognull for TCP', {
    frontend: 'option dontlognull',
    connections: [[end, close]],
    clients: [
      [connect('listen'), wait(50), close],
      [send('x'), wait(50), close],
    ],
  }),
  tcpCase('option dontlog-normal for TCP', {
    frontend: 'option dontlog-normal',
    connections: [[until('\n'), send('answer\n'), close]],
    clients: [[send('question\n'), end, close]],
  }),
].map((traffic) => ({
  ...traffic,
  servers: { ...traffic.servers, ...(traffic.config.includes('$s2') ? { s2: [STATUSES] } : {}) },
}))
