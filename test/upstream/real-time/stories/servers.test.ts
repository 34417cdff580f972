/** States of servers: tracking, agents, weights, load balancing algorithms, backups and state files. */
import { chapter, type Behaviour } from './story.js'

/** A server's answer, closed behind it. */
const http = (status: string, headers = '', body = ''): Behaviour => ({
  answers: `HTTP/1.1 ${status}\r\n${headers}content-length: ${body.length}\r\n\r\n${body}`,
})

/** Health checks are logged: every result is compared. */
const LOGGED = '    option log-health-checks\n'
const FAST = 'check inter 100ms fall 1 rise 1'

const SLOW = 'check inter 1h'

const HASHING = ['source', 'hdr(host)', 'uri', 'url_param x', 'rdp-cookie', 'hash src']

const modeOf = (algorithm: string): string => (algorithm === 'rdp-cookie' ? 'tcp' : 'http')

chapter('states of servers', {
  'chains of trackers follow checks, agents and disable-on-404': {
    config: `backend be
${LOGGED}    server a 127.0.0.1:%1 ${SLOW} rise 1 fall 1 weight 10 agent-check agent-port %2 agent-inter 100ms
    server b 127.0.0.1:1 track a weight 20
    server c 127.0.0.1:1 track b backup slowstart 10s
backend be2
    mode http
    http-check disable-on-404
    option httpchk
${LOGGED}    server a 127.0.0.1:%3 ${FAST}
    server b 127.0.0.1:1 track a
    server c 127.0.0.1:1 track be2/b
`,
    servers: ['accepts', { greets: '50%\n' }, http('200 OK')],
    steps: [
      ...[400, 'show servers state be', { at: 2, is: { greets: 'drain\n' } }, 400, 'set server be/b weight 200'],
      ...[{ at: 2, is: { greets: 'ready 100%\n' } }, 400, { at: 3, is: http('404 Not') }, 400],
      ...['set server be2/b state maint', 'set server be2/c state drain', { at: 3, is: http('200 OK') }, 400],
      ...['set server be2/b state ready', 'set server be2/c state ready', { at: 3, is: 'refuses' as const }, 400],
      ...['show servers state be2', 'disable agent be/a', 'set server be/a health down'],
      ...['set server be/a health stopping', 'set server be/a health up'],
    ],
  },
  'trackers follow what an agent says, in another backend as well': {
    config: `backend be
    server a 127.0.0.1:%1 track q/z
backend q
    server z 127.0.0.1:1 agent-check agent-port %2 agent-inter 100ms weight 10 agent-send "hi\\n"
    server y 127.0.0.1:1 track z weight 30
    server x 127.0.0.1:1 track y disabled
`,
    servers: ['accepts', { greets: 'up 50%\n' }],
    steps: [
      ...[
        300,
        { at: 2, is: { greets: 'maint\n' } },
        300,
        'show servers state be',
        { at: 2, is: { greets: 'ready\n' } },
      ],
      ...[300, 'enable server q/x', { at: 2, is: { greets: 'fail # disk full\n' } }, 300, 'show servers state be'],
      ...[{ at: 2, is: { greets: 'up\n' } }, 300, { at: 2, is: { greets: 'drain\n' } }, 300],
      ...[{ at: 2, is: { greets: 'stopped\n' } }, 300, { at: 2, is: { greets: 'ready up 100%\n' } }, 300],
      ...['disable agent q/z', { at: 2, is: { greets: 'down\n' } }, 300, 'enable agent q/z', 300],
    ],
  },
  'the last servers go and backups take over, all of them or one': {
    config: `backend be
    option allbackups
${LOGGED}    server a 127.0.0.1:%1 ${FAST}
    server b 127.0.0.1:%2 ${FAST} backup
    server c 127.0.0.1:%2 backup
backend one
    server a 127.0.0.1:%1 ${FAST} backup
`,
    servers: ['accepts', 'accepts'],
    steps: [
      ...[200, { at: 1, is: 'refuses' as const }, 400, { at: 2, is: 'refuses' as const }, 400],
      ...[
        'set server be/c state maint',
        { at: 2, is: 'accepts' as const },
        400,
        { at: 1, is: 'accepts' as const },
        400,
      ],
      ...['set server one/a state drain', 'set server one/a state ready'],
    ],
  },
  'weights change in backends of every load balancing algorithm': {
    config: [...['static-rr', 'first', 'leastconn', 'random', 'random(4)'], ...HASHING]
      .map(
        (algorithm, i) => `backend b${i}
    mode ${modeOf(algorithm)}
    balance ${algorithm}
    server a 127.0.0.1:1 weight 40 slowstart 10s
    server b 127.0.0.1:1 weight 256
`,
      )
      .join(''),
    steps: [
      ...Array.from({ length: 11 }, (_, i) => [
        ...[`set server b${i}/a state maint`, `set server b${i}/a state ready`, `set weight b${i}/a 20`],
        ...[`get weight b${i}/a`, `set weight b${i}/b 0`],
      ]).flat(),
      'show servers state',
    ],
  },
  'hash-type consistent lets weights change and servers come, map-based does not': {
    config: `${HASHING.map(
      (algorithm, i) => `backend b${i}
    mode ${modeOf(algorithm)}
    balance ${algorithm}
    hash-type consistent djb2 avalanche
    server a 127.0.0.1:1 weight 40 slowstart 10s
`,
    ).join('')}defaults d
    hash-type consistent
    balance uri
    mode http
    timeout connect 1s
    timeout client 1s
    timeout server 1s
backend x from d
    server a 127.0.0.1:1
backend y from d
    hash-type map-based
    server a 127.0.0.1:1
`,
    steps: [
      ...HASHING.flatMap((_, i) => [
        ...[`set weight b${i}/a 20`, `get weight b${i}/a`, `add server b${i}/n 127.0.0.1:3`],
      ]),
      ...['set weight x/a 5', 'set weight y/a 5', 'add server y/n 127.0.0.1:3', 'show servers state'],
    ],
  },
  'a server that starts slowly is drained, maintained and weighed': {
    config: `backend be
${LOGGED}    server a 127.0.0.1:%1 ${SLOW} slowstart 10s weight 100
    server b 127.0.0.1:%1 ${SLOW} backup
    server c 127.0.0.1:%1 backup
    option allbackups
`,
    servers: ['accepts'],
    steps: [
      ...['set server be/a health down', 'set server be/a health up', 'set weight be/a 50', 'get weight be/a'],
      ...['set server be/a state drain', 'set server be/a state drain', 'set server be/a state maint'],
      ...['set server be/a state drain', 'set server be/a state ready', 'set server be/b health down'],
      ...['set server be/c state maint', 'set server be/a health down', 'set server be/b health up'],
      ...['set server be/b weight 0', 'set server be/c state ready', 'set server be/b weight 10'],
      ...['shutdown sessions server be/a', 'disable server be/', 'disable server', 'disable server be/a/b'],
      'enable server x/y',
    ],
  },
  'a state file has servers that are down, drained, named and unknown': {
    config: `global
    server-state-file states
backend be
    load-server-state-from-file global
    server a 127.0.0.1:1 weight 10 ${SLOW}
    server b 127.0.0.1:1 weight 10
    server c 127.0.0.1:1 weight 10 track a
    server d 127.0.0.1:1 disabled
    server-template t 2 127.0.0.1:1
`,
    files: {
      states: `1
# be_id be_name srv_id srv_name …
2 be 1 a 127.0.0.9 0 0 3 10 77 8 2 0 6 0 0 0 - 99 - 0 0 - - 0
2 be 2 b 127.0.0.1 2 8 5 9 77 1 0 1 0 0 0 0 - 1 - 0 0 - - 0
2 be 3 c ::1 0 2 5 10 77 1 0 1 0 0 0 0 - 1 - 0 0 - - 0
2 be 4 d 127.0.0.1 2 0 1 1 77 1 0 1 0 0 0 0 - 1 - 0 0 - - 0
2 be 5 t1 127.0.0.1 2 1 1 1 77 1 0 1 0 0 0 0 foo.example 1 - 0 0 - - 0
2 be 9 zz 127.0.0.1 2 1 1 1 77 1 0 1 0 0 0 0 - 1 - 0 0 - - 0
`,
    },
    steps: ['show servers state', 'enable server be/d', 'set server be/b state ready', 'set server be/a health up'],
  },
})
