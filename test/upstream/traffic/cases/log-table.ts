/** Log lines of each format in each situation. */
import { close, connect, end, head, reset, send, until, wait, type Step, type TrafficCase } from '../harness/case.js'
import { answering, get, httpCase, message, ok, post, type HttpOptions } from './http-builder.js'
import { tcpCase } from './proxy-builder.js'

/** Formats of HTTP. Timers are behind `t=` where they are masked. */
const FORMATS: Readonly<Record<string, string>> = {
  httplog: 'option httplog',
  clf: 'option httplog clf',
  'all timers': 'log-format "%ts t=%Th/%Ti/%TR/%Tq/%Tw/%Tc/%Tr/%Td/%Ta/%Tt/%Tu"',
  requests: 'log-format "%r|%HM|%HU|%HP|%HPO|%HQ|%HV|%{+Q}r|%{+Q}HU|%ST|%tsc"',
  'names and counts': 'log-format "%f %ft %b %s %fc/%bc/%sc/%rc %sq/%bq %B %U %ST %ts"',
  'captures and cookies':
    'log-format "%hr %hs %hrl %hsl %CC %CS %{+Q}hrl %ts %ST"\n' +
    '  capture request header User-Agent len 8\n  capture request header X-None len 8\n' +
    '  capture response header Server len 10\n  capture cookie who len 12',
  'dates and addresses': 'log-format "[%t] [%T] [%Tl] [%tr] [%trg] [%trl] %ci %fi %bi %si %fp %sp %B"',
  JSON: 'log-format "%{+json}o %(s)ST %(b:str)B %(ts)ts %(r)HU %(srv)s %(rc:bool)rc %(c)hrl"\n  capture request header Host len 5',
  'logged early': 'option logasap\n  log-format "%ST %B %U %ts %b %s t=%TR/%Tr/%Ta"',
  'request only': 'log-format "%HM %HU"',
  'errors separately': 'option log-separate-errors\n  option dontlog-normal\n  error-log-format "error %ST %ts %B %OG"',
  origin: 'log-format "%OG %ST %B %lc"\n  log-steps accept,request,connect,response,close',
}

const fields = ['User-Agent: a b "quoted"', 'Cookie: who=me; other=1'] as const
const asks: readonly Step[] = [send(get('/path/a?b=c', ...fields, 'Connection: close')), end]
const served = ok('hello', 'Server: the "first" server', 'Set-Cookie: who=you; path=/')

const SITUATIONS: Readonly<Record<string, HttpOptions>> = {
  'a response': { connections: [answering(served)], clients: [asks] },
  'two requests of a connection': {
    connections: [answering(served)],
    clients: [[send(get('/first')), until('hello'), wait(250), send(get('/second', 'Connection: close')), end]],
  },
  'a request with a body': {
    connections: [[until('body'), send(message('HTTP/1.1 503 Busy', 'Content-Length: 0'))]],
    clients: [[send(post('/p', 'body', 'Connection: close')), end]],
  },
  'no server': { backend: 'server s0 127.0.0.1:1 disabled', server: 'disabled', clients: [asks] },
  'a refused connection': {
    frontend: 'use_backend $refusing if { always_true }',
    more: 'backend $refusing\n  server s $refused',
    clients: [asks],
  },
  'a server that does not answer': { backend: 'timeout server 300', connections: [[wait(700)]], clients: [asks] },
  'a server that closes within the body': {
    connections: [[head, send(message('HTTP/1.1 200 OK', 'Content-Length: 50'), 'part'), wait(50), close]],
    clients: [asks],
  },
  'a client that leaves': {
    backend: 'option abortonclose',
    connections: [[wait(700)]],
    clients: [[send(get('/gone')), wait(250), reset]],
  },
  'an invalid request': { clients: [[send('GET / HTTP/1.1\r\nbad field\r\n\r\n'), end]] },
  'an incomplete request': { frontend: 'timeout http-request 300', clients: [[send('GET / HTT'), end]] },
  nothing: { frontend: 'timeout http-request 300', clients: [[connect('listen'), end]] },
}

const table = Object.entries(FORMATS).flatMap(([format, lines]) =>
  Object.entries(SITUATIONS).map(([situation, options]): TrafficCase =>
    httpCase(`${format}: ${situation}`, { ...options, frontend: `${lines}\n  ${options.frontend ?? ''}` }),
  ),
)

const profile = (lines: string, format = 'rfc3164'): string =>
  `no log\n  log stdout len 200 format ${format} profile $profile local0\n  log-format "%ST %B %b"\n  ${lines}`

const profiled = (name: string, steps: string, frontend = '', format = 'rfc3164'): TrafficCase => {
  const traffic = httpCase(name, {
    frontend: profile(frontend, format),
    more: `log-profile $profile\n  ${steps}`,
    clients: [asks, [send('bad\r\n\r\n'), end]],
  })
  return traffic
}

const TCP_FORMATS: Readonly<Record<string, string>> = {
  tcplog: 'option tcplog',
  clf: 'option tcplog clf',
  'server only': 'log-format "%f %b %s"',
  'bytes and timers': 'log-format "%B %U %ts %b %s t=%Th/%Tw/%Tc/%Td/%Tt"',
  'logged early': 'option logasap\n  option tcplog',
}

const TCP_SITUATIONS: Readonly<Record<string, Parameters<typeof tcpCase>[1]>> = {
  'an exchange': {
    connections: [[until('\n'), send('answer\n'), close]],
    clients: [[send('question\n'), end, close]],
  },
  'a refused connection': {
    frontend: 'use_backend $refusing',
    more: 'backend $refusing\n  server s $refused',
    clients: [[send('x'), end]],
  },
  'a silent server': { backend: 'timeout server 300', connections: [[wait(700)]], clients: [[send('x'), end]] },
}

export const LOG_TABLE: readonly TrafficCase[] = [
  ...table,
  ...Object.entries(TCP_FORMATS).flatMap(([format, lines]) =>
    Object.entries(TCP_SITUATIONS).map(([situation, options]) =>
      tcpCase(`TCP, ${format}: ${situation}`, {
        ...options,
        frontend: `${lines}\n  ${options.frontend ?? ''}`,
      }),
    ),
  ),
  httpCase('structured data', {
    frontend:
      'no log\n  log stdout len 300 format rfc5424 local0\n  log-format-sd "[id@1 bytes=\\"%{+E}B\\" ua=\\"%{+E}hr\\" end=\\"%ts\\"] "\n' +
      '  log-format "%ST %b"\n  capture request header User-Agent len 20',
    clients: [asks, [send('bad\r\n\r\n'), end]],
  }),
  httpCase('rfc5424 without structured data', {
    frontend: 'no log\n  log stdout format rfc5424 local0\n  log-format "%ST %b"',
    clients: [asks],
  }),
  profiled(
    'a profile with a format for each step',
    'on close format "close %ST %ts"\n  on error format "error %ST %OG"',
  ),
  profiled('a profile that drops errors', 'on error drop\n  on any format "any %OG"'),
  profiled('a profile with structured data', 'on any format "any" sd "[x@1 a=\\"%ST\\"]"', '', 'rfc5424'),
  profiled(
    'a profile of all steps',
    'on accept format "accepted %ci"\n  on request format "request %HM"\n  on connect drop\n  on response format "response %ST"\n  on any format "%OG"',
    'log-steps all',
  ),
  httpCase('sampled lines', {
    frontend: 'no log\n  log stdout format rfc3164 sample 2,4:4 local0\n  log-format "%HU"',
    clients: [[1, 2, 3, 4, 5].flatMap((n) => [send(get(`/${n}`)), until('hello')])],
  }),
  httpCase('levels by rules', {
    frontend:
      'log-format "%HU"\n  http-request set-log-level err if { always_true }\n  http-response set-log-level silent if { always_false }',
    clients: [asks],
  }),
  httpCase('a silent level', { frontend: 'log-format "%HU"\n  http-request set-log-level silent', clients: [asks] }),
  httpCase('levels that a target limits', {
    frontend: 'no log\n  log stdout format rfc3164 local3 notice crit\n  http-request set-log-level emerg',
    clients: [asks],
  }),
]
