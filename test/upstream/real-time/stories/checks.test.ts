/** Health checks and agents: what they ask, what servers answer, and what is reported about it. */
import { chapter, type Behaviour, type Story } from './story.js'

/** A server's answer, closed behind it. */
const http = (status: string, headers = '', body = ''): Behaviour => ({
  answers: `HTTP/1.1 ${status}\r\n${headers}content-length: ${body.length}\r\n\r\n${body}`,
})

/** Health checks are logged: every result is compared. */
const LOGGED = '    option log-health-checks\n'
const FAST = 'check inter 100ms fall 1 rise 1'

/** A backend for each answer of an agent. */
const agents = (...words: readonly string[]): Story => ({
  config: words
    .map(
      (_, i) =>
        `backend b${i}\n${LOGGED}    server a 127.0.0.1:%1 weight 40 agent-check agent-port %${i + 1} agent-inter 1h\n`,
    )
    .join(''),
  servers: words.map((greets) => ({ greets })),
  steps: [300, 'show servers state'],
})

chapter('checks', {
  'statuses are expected one by one and in ranges': {
    config: `backend be
${LOGGED}    mode http
    option httpchk
    http-check expect status 200-299,404
    server a 127.0.0.1:%1 ${FAST}
    server b 127.0.0.1:%2 check inter 100ms fall 2 rise 1
    server c 127.0.0.1:%3 ${FAST}
`,
    servers: [http('204 No'), http('404 Not'), http('300 X')],
    steps: [200],
  },
  'statuses and bodies are expected not to match': {
    config: [
      'http-check expect ! status 500',
      'http-check expect rstring ^h[ae]llo',
      'http-check expect ! rstring hallo',
      'http-check expect string "bye hello" on-success "fine %[status]" on-error "bad %[status]"',
    ]
      .map(
        (rule, i) => `backend be${i}
${LOGGED}    mode http
    option httpchk GET /x HTTP/1.0
    ${rule}
    server a 127.0.0.1:%1 ${FAST}
    server b 127.0.0.1:%2 ${FAST}
`,
      )
      .join(''),
    servers: [http('200 No', '', 'hallo world'), http('500 Not', '', 'bye hello')],
    steps: [200],
  },
  'headers are expected in every way of matching': {
    config: [
      'hdr name "x-status" value "ok"',
      'fhdr name -m beg x-st value -m reg ^[a-z],.*$ on-error "no %[res.hdr(x-status)]!" error-status L7STS',
      '! hdr name -m sub status value -m end k',
      'hdr name -m end tus value -m sub o',
      'hdr name x-none',
    ]
      .map(
        (rule, i) => `backend be${i}
${LOGGED}    mode http
    option httpchk
    http-check expect ${rule}
    server a 127.0.0.1:%1 ${FAST}
    server b 127.0.0.1:%2 ${FAST}
`,
      )
      .join(''),
    servers: [http('200 OK', 'X-Status: a, ok\r\n'), http('200 OK', 'X-Status: no\r\nx-state: a\r\n')],
    steps: [200],
  },
  'several connections, variables and comments follow one another': {
    config: `backend be
    mode http
${LOGGED}    option httpchk
    http-check connect port %1 comment "conn"
    http-check send meth POST uri /x ver HTTP/1.1 hdr Host a.example hdr X-A "%[srv_name]" body "hello" comment sending
    http-check expect status 200 comment "must be 200"
    http-check set-var(check.x) int(5)
    http-check connect port %2 comment second
    http-check send uri-lf "/%[var(check.x)]"
    http-check expect string pong comment "pong please" on-success "got %[status]" on-error "bad %[status] %[var(check.x)]"
    server a 127.0.0.1:%1 ${FAST}
`,
    servers: [http('200 OK'), http('200 OK', '', 'pong')],
    steps: [
      ...[250, { at: 2, is: http('503 X', '', 'none') }, 300, { at: 1, is: http('404 X') }, 300],
      ...[{ at: 1, is: 'refuses' as const }, 300, { at: 1, is: { greets: 'junk\r\n\r\n' } }, 300],
      ...[{ at: 1, is: { answers: 'HTTP/1.1 200 OK\r\nbad header\r\n\r\n' } }, 300],
      ...[{ at: 1, is: { answers: 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n' } }, 300],
    ],
  },
  'failures name the step and the comment of the rule': {
    config: [
      `tcp-check connect comment "to the door"
    tcp-check expect comment "greeting" string +OK
    tcp-check send "PING\\r\\n" comment ping
    tcp-check expect string PONG comment pong`,
      `tcp-check comment one
    tcp-check connect port %1
    tcp-check comment two
    tcp-check expect ! string OK
    tcp-check expect rstring ^x`,
      'tcp-check expect min-recv 4 binary 2b4f4b on-success "fine" ok-status L6OK',
      `tcp-check expect rbinary ^2B4F on-error "bad %[res.payload(0,3)] thing" error-status L7RSP tout-status L6TOUT
    tcp-check expect string ZZZ on-error "bad %[res.payload(0,3)] thing" error-status L7RSP tout-status L6TOUT`,
    ]
      .map(
        (rules, i) => `backend be${i}
${LOGGED}    option tcp-check
    ${rules}
    server a 127.0.0.1:%1 ${FAST}
    server b 127.0.0.1:%2 ${FAST}
    server c 127.0.0.1:%3 ${FAST}
`,
      )
      .join(''),
    servers: [{ greets: '+OK hello\r\n' }, { greets: '-ERR\r\n' }, 'refuses'],
    steps: [200],
  },
  'servers speak another protocol than the check': {
    config: [
      ...['smtpchk', 'smtpchk EHLO me', 'redis-check', 'mysql-check user x', 'pgsql-check user x', 'ldap-check'],
      'ssl-hello-chk',
    ]
      .map(
        (option, i) => `backend b${i}
${LOGGED}    option ${option}
    server a 127.0.0.1:%1 check inter 200ms fall 1 rise 1
    server b 127.0.0.1:%2 check inter 200ms fall 1 rise 1
    server c 127.0.0.1:%3 check inter 200ms fall 1 rise 1
`,
      )
      .join(''),
    servers: [{ greets: '220 hi\r\n' }, { answers: '-ERR x\r\n' }, { greets: '' }],
    steps: [400],
  },
  'a server of disable-on-404 answers 404, 500 and what is no HTTP': {
    config: `backend be
${LOGGED}    mode http
    option httpchk
    http-check disable-on-404
    server a 127.0.0.1:%1 check inter 100ms fall 3 rise 3 fastinter 50ms downinter 80ms
    server b 127.0.0.1:%2 check inter 100ms fall 2 rise 2
    server c 127.0.0.1:1 track a
`,
    servers: [http('404 No'), http('301 Moved')],
    steps: [
      ...[500, { at: 1, is: http('200 OK') }, 600, { at: 1, is: http('500 Bad') }, 600, { at: 1, is: http('404 Bad') }],
      ...[600, { at: 2, is: { answers: 'HTTP/1.1 2\r\n\r\n' } }, 500, { at: 2, is: { answers: 'hello' } }, 500],
      ...[{ at: 2, is: { greets: '' } }, 500, { at: 2, is: { answers: 'HTTP/2.0 200 OK\r\n\r\n' } }, 500],
      ...[{ at: 2, is: { answers: 'HTTP/1.1 200\r\n\r\n' } }, 500],
    ],
  },
  'agents say usual words in unusual ways': agents(
    ...['up\n', 'UP,75%\n', '75%\n', ' down # broken\r\n', 'drain 50%\n', 'MAINT,, up\n', 'fail#x\n'],
    ...['stopped # bye\n', '300%\n'],
  ),
  'agents say numbers, limits and what nobody knows': agents(
    ...[
      '-5%\n',
      '0%\n',
      'maxconn:30\n',
      'maxconn:0 weight\n',
      'ready\tup\t20%\n',
      'hello\n',
      '\n',
      'failed#\n',
      '50\n',
    ],
  ),
  'agents contradict themselves, comment and break off': agents(
    ...['up # with reason\n', 'ready,down\n', 'drain,ready\n', '12.5%\n', '#comment\n', 'up;down\n', 'up', 'down\0x\n'],
    'maxconn:x up\n',
  ),
})
