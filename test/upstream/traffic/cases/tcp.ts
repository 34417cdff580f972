/** Proxies in TCP mode: directions, half closes, resets, connection errors and timeouts. */
import {
  cli,
  close,
  connect,
  end,
  pause,
  read,
  reset,
  resume,
  send,
  shut,
  trickle,
  until,
  wait,
} from '../harness/case.js'
import type { Step, TrafficCase } from '../harness/case.js'
import { tcpCase } from './proxy-builder.js'

const opens = connect('listen')

/** Answers what it receives up to a line end with a line. */
const answers: readonly Step[] = [until('\n'), send('answer\n')]

export const TCP: readonly TrafficCase[] = [
  tcpCase('a question, an answer, the client closes first', {
    connections: [[...answers, end, close]],
    clients: [[send('question\n'), until('answer\n'), shut, end]],
  }),
  tcpCase('a question, an answer, the server closes first', {
    connections: [[...answers, close]],
    clients: [[send('question\n'), until('answer\n'), end, close]],
  }),
  tcpCase('the client ends its side before the answer', {
    connections: [[end, wait(100), send('late answer\n'), close]],
    clients: [[send('question\n'), shut, end]],
  }),
  tcpCase('the server ends its side before the client has sent', {
    connections: [[send('banner\n'), shut, end, close]],
    clients: [[until('banner\n'), end, wait(100), send('late question\n'), shut, wait(100)]],
  }),
  tcpCase('the client ends its side at once', { connections: [[end, close]], clients: [[opens, shut, end]] }),
  tcpCase('the client closes at once', { connections: [[end, close]], clients: [[opens, close]] }),
  tcpCase('the client resets at once', { connections: [[end, close]], clients: [[opens, wait(50), reset]] }),
  tcpCase('the client resets after the answer', {
    connections: [[...answers, end]],
    clients: [[send('question\n'), until('answer\n'), wait(50), reset]],
  }),
  tcpCase('the server resets after the question', {
    connections: [[until('\n'), reset]],
    clients: [[send('question\n'), end]],
  }),
  tcpCase('the server resets after its answer', {
    connections: [[...answers, wait(100), reset]],
    clients: [[send('question\n'), until('answer\n'), end]],
  }),
  tcpCase('the client resets after its half close', {
    connections: [[end, wait(240), send('late\n'), wait(60), send('later\n'), close]],
    clients: [[send('question\n'), shut, wait(100), reset]],
  }),
  tcpCase('the server speaks first', {
    connections: [[send('220 hello\r\n'), until('QUIT\r\n'), send('221 bye\r\n'), close]],
    clients: [[until('220 hello\r\n'), send('QUIT\r\n'), until('221 bye\r\n'), end, close]],
  }),
  tcpCase('the server sends and closes before the client reads', {
    connections: [[send('x'.repeat(100_000)), close]],
    clients: [[opens, pause, wait(200), resume, end, close]],
  }),
  tcpCase('many bytes to the server', {
    connections: [[read(400_000), send('done'), close]],
    clients: [[send('x'.repeat(400_000)), until('done'), end, close]],
  }),
  tcpCase('many bytes both ways', {
    connections: [[send('y'.repeat(300_000)), read(300_000), shut, end, close]],
    clients: [[send('x'.repeat(300_000)), read(300_000), shut, end]],
  }),
  tcpCase('pieces with pauses', {
    connections: [[trickle(50, 'a', 'b', 'c\n'), close]],
    clients: [[send('q'), until('c\n'), end, close]],
  }),
  tcpCase('a connection that is refused', { server: 'server s $refused', clients: [[send('question\n'), end, close]] }),
  tcpCase('a connection that is refused, no retries', {
    backend: 'retries 0',
    server: 'server s $refused',
    clients: [[connect('listen'), end, close]],
  }),
  tcpCase('a connection that is refused, redispatched', {
    backend: 'option redispatch 1',
    server: 'server s0 $refused weight 256\n  server s1 $s1 weight 1',
    connections: [[...answers, close]],
    clients: [[send('question\n'), end, close]],
  }),
  tcpCase('a server without an address is reached where the client has connected to', {
    backend: 'timeout connect 300',
    server: 'server s1 0.0.0.0:1',
    clients: [[send('question\n'), end, close]],
  }),
  tcpCase('dispatch instead of servers', {
    server: 'dispatch $s1',
    connections: [[...answers, close]],
    clients: [[send('question\n'), until('answer\n'), end, close]],
  }),
  tcpCase('dispatch to an address that refuses', {
    backend: 'retries 1\n  option redispatch',
    server: 'dispatch $refused',
    clients: [[send('question\n'), end, close]],
  }),
  tcpCase('a connection that is refused after the client has gone', {
    server: 'server s $refused',
    clients: [[send('question\n'), wait(50), close]],
  }),
  tcpCase('a connection that is not accepted', {
    server: 'server s $full',
    clients: [[send('question\n'), end, close]],
  }),
  tcpCase('a connection that is not accepted, and a client that leaves', {
    server: 'server s $full',
    clients: [[send('question\n'), wait(100), close]],
  }),
  tcpCase('a connection that is not accepted, and a client that resets', {
    server: 'server s $full',
    clients: [[send('question\n'), wait(100), reset]],
  }),
  tcpCase('a connection that is not accepted, abortonclose', {
    backend: 'option abortonclose',
    server: 'server s $full',
    clients: [[send('question\n'), wait(100), close]],
  }),
  // clients that send nothing: whether their bytes are read before the end depends on time
  tcpCase('no server', { server: '', clients: [[connect('listen'), end, close]] }),
  tcpCase('a server that is disabled', {
    server: 'server s1 $s1 disabled',
    clients: [[connect('listen'), end, close]],
  }),
  tcpCase('timeout of the client', {
    defaults: 'timeout client 400',
    connections: [[...answers, end, close]],
    clients: [[send('question\n'), until('answer\n'), end, close]],
  }),
  tcpCase('timeout of the client that never sends', {
    defaults: 'timeout client 400',
    connections: [[end, close]],
    clients: [[opens, end, close]],
  }),
  tcpCase('timeout of the server', {
    defaults: 'timeout server 400',
    connections: [[until('\n'), end, close]],
    clients: [[send('question\n'), end, close]],
  }),
  tcpCase('timeout of the server after its answer', {
    defaults: 'timeout server 400',
    connections: [[...answers, end, close]],
    clients: [[send('question\n'), until('answer\n'), end, close]],
  }),
  tcpCase('timeout of a tunnel', {
    defaults: 'timeout tunnel 400\n  timeout client 5s\n  timeout server 5s',
    connections: [[...answers, end, close]],
    clients: [[send('question\n'), until('answer\n'), end, close]],
  }),
  tcpCase('timeout of a tunnel that is longer than that of the client', {
    defaults: 'timeout tunnel 600\n  timeout client 200\n  timeout server 200',
    connections: [[...answers, end, close]],
    clients: [[send('question\n'), until('answer\n'), end, close]],
  }),
  tcpCase('timeout of the client after its half close', {
    defaults: 'timeout client-fin 400\n  timeout client 2s',
    connections: [[until('\n'), end]],
    clients: [[send('question\n'), shut, end]],
  }),
  tcpCase('timeout of the server after its half close', {
    defaults: 'timeout server-fin 400\n  timeout server 10s',
    connections: [[...answers, shut, end]],
    clients: [[send('question\n'), until('answer\n'), end, wait(700)]],
  }),
  tcpCase('timeout of the server after the half close of the client', {
    defaults: 'timeout server-fin 400\n  timeout server 10s',
    connections: [[until('\n'), end, end]],
    clients: [[send('question\n'), shut, end]],
  }),
  tcpCase('timeouts of both sides after half closes', {
    defaults: 'timeout server-fin 600\n  timeout client-fin 400\n  timeout tunnel 5s',
    connections: [[...answers, end]],
    clients: [[send('question\n'), until('answer\n'), shut, end]],
  }),
  tcpCase('a timeout that is renewed by what is sent', {
    defaults: 'timeout client 400\n  timeout server 400',
    connections: [[until('c\n'), close]],
    clients: [[trickle(250, 'a', 'b', 'c\n'), end, close]],
  }),
  tcpCase('independent streams: sending does not renew the timeout of reading', {
    defaults: 'timeout client 400\n  timeout server 2s\n  option independent-streams',
    connections: [[trickle(250, 'a', 'b', 'c\n', 'd'), end, close]],
    clients: [[opens, end, close]],
  }),
  tcpCase('no linger on both sides', {
    defaults: 'option nolinger',
    connections: [[...answers, close]],
    clients: [[send('question\n'), until('answer\n'), end, wait(50)]],
  }),
  tcpCase('no linger at the server when the client closes', {
    backend: 'option nolinger',
    connections: [[...answers, end]],
    clients: [[send('question\n'), until('answer\n'), close]],
  }),
  tcpCase('a limit of connections of the server, and a queue', {
    defaults: 'timeout queue 5s',
    server: 'server s1 $s1 maxconn 1',
    connections: [[until('\n'), wait(440), send('answer\n'), close]],
    clients: [
      [send('question 1\n'), end, close],
      [wait(50), send('question 2\n'), end, close],
    ],
  }),
  tcpCase('a limit of connections of the server, and a timeout of the queue', {
    defaults: 'timeout queue 200',
    server: 'server s1 $s1 maxconn 1',
    connections: [[until('\n'), wait(800), send('answer\n'), close]],
    clients: [
      [send('question 1\n'), end, close],
      [wait(50), send('question 2\n'), end, close],
    ],
  }),
  tcpCase('a client that leaves the queue', {
    defaults: 'timeout queue 400',
    server: 'server s1 $s1 maxconn 1',
    connections: [[until('\n'), wait(800), send('answer\n'), close]],
    clients: [
      [send('question 1\n'), end, close],
      [wait(50), send('question 2\n'), wait(100), close],
    ],
  }),
  tcpCase('a client that leaves the queue, abortonclose', {
    defaults: 'timeout queue 400\n  option abortonclose',
    server: 'server s1 $s1 maxconn 1',
    connections: [[until('\n'), wait(800), send('answer\n'), close]],
    clients: [
      [send('question 1\n'), end, close],
      [wait(50), send('question 2\n'), wait(100), close],
    ],
  }),
  tcpCase('two servers in turn', {
    server: 'server s0 $s1\n  server s1 $s1',
    connections: [[...answers, close]],
    clients: [
      [send('question 1\n'), end, close],
      [send('question 2\n'), end, close],
      [send('question 3\n'), end, close],
    ],
  }),
  tcpCase('stats: show sess of TCP after half closes', {
    connections: [[until('\n'), shut, end]],
    clients: [
      [send('question\n'), shut, wait(300)],
      [wait(100), cli('show sess')],
    ],
  }),
  tcpCase('stats: show sess of TCP while the connection is made', {
    server: 'server s $full',
    clients: [
      [opens, wait(50), send('question\n'), wait(250)],
      [wait(100), cli('show sess')],
    ],
  }),
  tcpCase('a server with a weight of 0', {
    server: 'server s0 $s1\n  server s1 $s1 weight 0',
    connections: [[...answers, close]],
    clients: [
      [send('question 1\n'), end, close],
      [send('question 2\n'), end, close],
    ],
  }),
  tcpCase('a backup server', {
    server: 'server s0 $s1 disabled\n  server s1 $s1 backup',
    connections: [[...answers, close]],
    clients: [[send('question 1\n'), end, close]],
  }),
  {
    ...tcpCase('a backend by a sample of the connection', {
      frontend: 'use_backend $other if { dst_port gt 0 }',
      connections: [[...answers, close]],
      clients: [[send('question\n'), end, close]],
    }),
    config: `frontend $fe
  bind $listen
  use_backend $other if { src 127.0.0.1 }
  default_backend $be
backend $be
  server s1 $refused
backend $other
  server s2 $s1
`,
  },
  {
    ...tcpCase('a server by a rule', {
      connections: [[...answers, close]],
      clients: [[send('question\n'), end, close]],
    }),
    config: `listen $fe
  bind $listen
  use-server s2 if { src 127.0.0.1 }
  server s1 $refused
  server s2 $s1
`,
  },
  tcpCase('PROXY protocol version 1 to the server', {
    server: 'server s1 $s1 send-proxy',
    connections: [[...answers, close]],
    clients: [[send('question\n'), end, close]],
  }),
  tcpCase('PROXY protocol version 2 to the server', {
    server: 'server s1 $s1 send-proxy-v2',
    connections: [[read(37), close]],
    clients: [[send('question\n'), end, close]],
  }),
  {
    ...tcpCase('PROXY protocol version 1 from the client', {
      connections: [[...answers, close]],
      clients: [[send('PROXY TCP4 192.0.2.1 192.0.2.2 1000 2000\r\nquestion\n'), end, close]],
    }),
    config: `listen $fe
  bind $listen accept-proxy
  log-format "%ci:%cp %U %B %ts %f %b %s"
  server s1 $s1 send-proxy
`,
  },
  {
    ...tcpCase('PROXY protocol that the client does not send', {
      connections: [[...answers, close]],
      clients: [[send('question\n'), end, close]],
    }),
    config: 'listen $fe\n  bind $listen accept-proxy\n  server s1 $s1\n',
  },
  {
    ...tcpCase('PROXY protocol that the client does not complete', {
      defaults: 'timeout client 400',
      connections: [[...answers, close]],
      clients: [[send('PROXY TCP4 192.0'), end, close]],
    }),
    config: 'listen $fe\n  bind $listen accept-proxy\n  server s1 $s1\n',
  },
]
