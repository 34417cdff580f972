/** Fetches of the process and of the state of frontends, backends and servers, evaluated in checks and in `global`. */
import { chapter, type Story } from './story.js'

const BACKEND_FETCHES = ['nbsrv', 'connslots', 'be_conn', 'be_conn_free', 'queue', 'avg_queue', 'be_sess_rate']
const SERVER_FETCHES = [
  ...[
    'srv_is_up',
    'srv_conn',
    'srv_conn_free',
    'srv_queue',
    'srv_weight',
    'srv_uweight',
    'srv_iweight',
    'srv_sess_rate',
  ],
]

const ofBackends = (names: readonly string[]): string =>
  names.map((name) => BACKEND_FETCHES.map((fetch) => `%[${fetch}(${name})]`).join(',')).join(' ')

const ofServers = (names: readonly string[]): string =>
  names.map((name) => SERVER_FETCHES.map((fetch) => `%[${fetch}(${name})]`).join(',')).join(' ')

/** A backend whose checks evaluate a format every 30 ms, to be read by `get var proc.seen`. */
const seen = (format: string, server = 'check inter 30'): string => `backend watch
    option tcp-check
    tcp-check set-var-fmt(proc.seen) "${format}"
    tcp-check connect
    server w 127.0.0.1:%1 ${server}
`

const BACKENDS = `backend plain
    server a 127.0.0.1:%1 weight 10
    server b 127.0.0.1:%1 weight 20 maxconn 5
    server c 127.0.0.1:%1 backup maxconn 7 maxqueue 3
backend limited
    fullconn 100
    server a 127.0.0.1:%1 maxconn 10 minconn 2 maxqueue 5
    server b 127.0.0.1:%1 maxconn 4 maxqueue 1
    server c 127.0.0.1:%1 minconn 6 maxqueue 1
backend spares
    server a 127.0.0.1:%1
    server b 127.0.0.1:%1 backup maxconn 3
    server c 127.0.0.1:%1 backup maxconn 4
backend all-spares
    option allbackups
    server a 127.0.0.1:%1
    server b 127.0.0.1:%1 backup maxconn 3
    server c 127.0.0.1:%1 backup maxconn 4
backend empty
backend off
    disabled
    server a 127.0.0.1:%1
`

/** After each command the checks evaluate the format again. */
const afterEach = (...commands: readonly string[]): Story['steps'] =>
  commands.flatMap((command) => [command, 150, 'get var proc.seen'])

chapter('fetches', {
  backends: {
    config: BACKENDS + seen(ofBackends(['plain', 'limited', 'spares', 'all-spares', 'empty', 'off', ''])),
    servers: ['accepts'],
    steps: afterEach(
      'disable server plain/a',
      'set server plain/b state drain',
      'set server limited/b state maint',
      'disable server spares/a',
      'disable server spares/b',
      'disable server all-spares/a',
      'set maxconn server limited/a 20',
      'set maxconn server limited/c 9',
      'set weight all-spares/b 0',
      'enable server plain/a',
    ),
  },
  servers: {
    config:
      BACKENDS +
      seen(
        `${ofServers(['plain/a', 'plain/b', 'limited/a', 'limited/b', 'limited/c', 'w', 'watch/w'])} %[srv_is_up(spares/a)]`,
      ),
    servers: ['accepts'],
    steps: afterEach(
      'disable server plain/a',
      'set server plain/b state drain',
      'set weight plain/a 50%',
      'set weight plain/b 30',
      'set server plain/b weight 0',
      'set maxconn server limited/b 0',
      'set maxconn server limited/a 3',
      'enable server plain/a',
    ),
  },
  'a server is up without a check, or with one that passes': {
    config: `backend plain
    server a 127.0.0.1:%2 check inter 30
    server b 127.0.0.1:%2
    server c 127.0.0.1:%2 check inter 30 disabled
    server d 127.0.0.1:%2 track plain/a
${seen(`%[srv_is_up(plain/a)]%[srv_is_up(plain/b)]%[srv_is_up(plain/c)]%[srv_is_up(plain/d)] %[nbsrv(plain)]`)}`,
    servers: ['accepts', 'accepts'],
    steps: [
      300,
      'get var proc.seen',
      { at: 2, is: 'refuses' },
      600,
      'get var proc.seen',
      'set server plain/b health down',
      200,
      'get var proc.seen',
    ],
  },
  'converters of the names of servers and backends': {
    config:
      BACKENDS +
      seen(
        ['plain/a', 'plain/b', 'w', 'watch/w', 'spares/none', 'none/a', 'plain', '/a', 'plain/', '']
          .map((name) => `%[str(${name}),srv_is_up]%[str(${name}),srv_queue]%[str(${name}),nbsrv]`)
          .join(','),
      ),
    servers: ['accepts'],
    steps: afterEach(
      'disable server plain/a',
      'disable server plain/b',
      'disable server plain/c',
      'enable server plain/b',
    ),
  },
  'the backend and the server of a check, and frontends': {
    config: `frontend site
    bind unix@site.sock
${seen(
  '%[be_name] %[be_id] %[srv_name] %[srv_id] %[be_server_timeout] %[be_tunnel_timeout] %[fe_conn(site)] %[fe_req_rate(site)] %[fe_sess_rate(site)]',
)}    timeout server 7s
    timeout tunnel 90ms
`,
    servers: ['accepts'],
    steps: [200, 'get var proc.seen'],
  },
  'the process in checks': {
    config: seen(
      '%[act_conn] %[nbproc] %[proc] %[stopping] %[quic_enabled] %[wait_end] %[always_true] %[uuid,length] %[uuid(7),length] %[uptime]',
      'check inter 30',
    ),
    servers: ['accepts'],
    steps: [200, 'get var proc.seen', 1500, 'get var proc.seen'],
  },
  'the process in global': {
    config: `global
    no-quic
    set-var proc.v2 quic_enabled
    set-var proc.v3 thread
    set-var proc.v4 uptime
    set-var proc.v5 uuid,regsub([0-9a-f],x,g)
    set-var proc.v6 uuid(7),regsub([0-9a-f],x,g)
    set-var proc.v7 act_conn
    set-var proc.v8 uuid(),field(3,-),bytes(0,1)
    set-var proc.v9 uuid(7),field(3,-),bytes(0,1)
    set-var proc.v10 date(3600),sub(proc.v11)
    lua-load x.lua
backend be
    server a 127.0.0.1:%1
`,
    files: { 'x.lua': 'for i = 1, 10 do print(core.get_var("proc.v" .. i)) end' },
    servers: ['accepts'],
  },
})
