/** Rules of connections, sessions and contents in TCP mode. */
import { close, connect, end, reset, send, shut, trickle, until, wait } from '../harness/case.js'
import type { Step, TrafficCase } from '../harness/case.js'
import { tcpCase } from './proxy-builder.js'

const opens = connect('listen')
const answers: readonly Step[] = [until('\n'), send('answer\n'), close]
const asks: readonly Step[] = [send('question\n'), end, close]

/** A case whose frontend has these rules. */
const ruled = (name: string, rules: string, clients: readonly (readonly Step[])[] = [asks]): TrafficCase =>
  tcpCase(name, { frontend: rules, connections: [answers], clients })

/** A case whose backend has these rules. */
const ruledBehind = (
  name: string,
  rules: string,
  connections: readonly (readonly Step[])[] = [answers],
  client = asks,
): TrafficCase => tcpCase(name, { backend: rules, connections, clients: [client] })

export const TCP_RULES: readonly TrafficCase[] = [
  ruled('a connection that is rejected', 'tcp-request connection reject', [[opens, end, close]]),
  ruled(
    'a connection that is accepted before a rejection',
    'tcp-request connection accept\n  tcp-request connection reject',
  ),
  ruled('a connection that is rejected by its source', 'tcp-request connection reject if { src 127.0.0.0/8 }', [
    [opens, end, close],
  ]),
  ruled('a session that is rejected', 'tcp-request session reject', [[opens, end, close]]),
  ruled('a session that is accepted', 'tcp-request session accept\n  tcp-request session reject'),
  ruled('a content that is rejected', 'tcp-request content reject', [[opens, end, close]]),
  ruled('a content that is accepted', 'tcp-request content accept\n  tcp-request content reject'),
  ruled(
    'a content that is rejected by its bytes',
    'tcp-request inspect-delay 5s\n  tcp-request content reject if { req.payload(0,1) -m str q }',
  ),
  ruled(
    'a content that is accepted by its bytes, in pieces',
    'tcp-request inspect-delay 5s\n  tcp-request content accept if { req.payload(0,8) -m str question }\n  tcp-request content reject',
    [[trickle(50, 'que', 'sti', 'on\n'), end, close]],
  ),
  ruled(
    'a content that does not come within the delay',
    'tcp-request inspect-delay 400\n  tcp-request content reject if { req.len lt 100 }',
    [[opens, end, close]],
  ),
  ruled(
    'a content that is never sent within the delay',
    'tcp-request inspect-delay 400\n  tcp-request content accept if { req.len gt 0 }\n  tcp-request content reject',
    [[opens, end, close]],
  ),
  ruled(
    'a client that ends its side within the delay',
    'tcp-request inspect-delay 5s\n  tcp-request content accept if { req.len gt 10 }\n  tcp-request content reject',
    [[send('q'), wait(100), shut, end, close]],
  ),
  ruled(
    'a client that closes within the delay',
    'tcp-request inspect-delay 5s\n  tcp-request content accept if { req.len gt 10 }\n  tcp-request content reject',
    [[send('q'), wait(100), close]],
  ),
  ruled(
    'a client that resets within the delay',
    'tcp-request inspect-delay 5s\n  tcp-request content accept if { req.len gt 10 }\n  tcp-request content reject',
    [[send('q'), wait(100), reset]],
  ),
  ruled(
    'the end of waiting',
    'tcp-request inspect-delay 400\n  tcp-request content accept if WAIT_END\n  tcp-request content reject',
  ),
  ruled('a content that is silently dropped', 'tcp-request content silent-drop', [[opens, wait(400), close]]),
  ruled(
    'variables of connection, session and content',
    `tcp-request connection set-var(sess.a) src
  tcp-request session set-var(sess.b) int(3)
  tcp-request inspect-delay 5s
  tcp-request content set-var(txn.c) req.len if { req.len gt 0 }
  log-format "%[var(sess.a)] %[var(sess.b)] %[var(txn.c)] %ts"`,
  ),
  ruled(
    'a capture of the content',
    `tcp-request inspect-delay 5s
  tcp-request content capture req.payload(0,8) len 4
  log-format "%[capture.req.hdr(0)] %hr %ts"`,
  ),
  ruled(
    'a level of the log that a content sets',
    'tcp-request inspect-delay 5s\n  tcp-request content set-log-level err if { req.len gt 0 }',
  ),
  ruled(
    'a log line that a content silences',
    'tcp-request inspect-delay 5s\n  tcp-request content set-log-level silent if { req.len gt 0 }',
  ),
  ruled(
    'a log format of a content',
    'tcp-request inspect-delay 5s\n  tcp-request content set-var-fmt(txn.a) "%[src] %[req.len]" if { req.len gt 0 }\n  log-format %[var(txn.a)]',
  ),
  ruled(
    'a priority of a content',
    'tcp-request content set-priority-class int(3)\n  tcp-request content set-nice 5\n  tcp-request content set-tos 0x10',
  ),
  ruled('another source', 'tcp-request connection set-src str(192.0.2.9)\n  log-format "%ci:%cp %ts"'),
  ruled(
    'another source and destination by contents',
    `tcp-request content set-src str(192.0.2.9)
  tcp-request content set-src-port int(1234)
  tcp-request content set-dst str(192.0.2.8)
  tcp-request content set-dst-port int(80)
  log-format "%ci:%cp %[dst]:%[dst_port] %[fc_src]:%ts"`,
  ),
  ruled(
    'a backend by the first bytes',
    'tcp-request inspect-delay 5s\n  tcp-request content accept if { req.len gt 0 }\n  use_backend %[req.payload(0,2)] if { req.payload(0,1) -m str x }',
  ),
  ruled('a switch to HTTP', 'tcp-request inspect-delay 5s\n  tcp-request content switch-mode http if HTTP', [
    [send('GET / HTTP/1.1\r\nHost: a\r\n\r\n'), end, close],
  ]),
  ruled(
    'HTTP that is recognized',
    'tcp-request inspect-delay 5s\n  tcp-request content reject if HTTP\n  tcp-request content accept',
    [[send('GET / HTTP/1.1\r\nHost: a\r\n\r\n'), end, close], asks],
  ),
  ruled(
    'the name in a hello of TLS',
    `tcp-request inspect-delay 400
  tcp-request content accept if { req.ssl_hello_type 1 }
  tcp-request content reject`,
    [[send('\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00'), end, close], asks],
  ),
  ruledBehind('a content that the backend rejects', 'tcp-request content reject', [answers], [opens, end, close]),
  ruledBehind(
    'a content that the backend inspects',
    'tcp-request inspect-delay 5s\n  tcp-request content reject if { req.payload(0,1) -m str q }',
  ),
  ruledBehind('a response that is rejected', 'tcp-response content reject', [answers], [opens, end, close]),
  ruledBehind(
    'a response that is rejected by its bytes',
    'tcp-response inspect-delay 5s\n  tcp-response content reject if { res.payload(0,1) -m str a }',
  ),
  ruledBehind(
    'a response that is accepted by its bytes, in pieces',
    'tcp-response inspect-delay 5s\n  tcp-response content accept if { res.payload(0,6) -m str answer }\n  tcp-response content reject',
    [[until('\n'), trickle(50, 'ans', 'wer', '\n'), close]],
  ),
  ruledBehind(
    'a response that does not come within the delay',
    'tcp-response inspect-delay 400\n  tcp-response content accept if { res.len gt 0 }\n  tcp-response content reject',
    [[until('\n'), end]],
  ),
  // a client that sends nothing: whether its bytes reach the server before the end depends on time
  ruledBehind(
    'a response that is rejected before it comes',
    'tcp-response inspect-delay 400\n  tcp-response content reject if { res.len lt 100 }',
    [[end]],
    [opens, end, close],
  ),
  ruledBehind(
    'a connection that a response closes',
    'tcp-response inspect-delay 5s\n  tcp-response content close if { res.payload(0,1) -m str a }',
    [[until('\n'), send('answer\n'), end]],
  ),
  ruledBehind(
    'a variable of the response',
    'tcp-response inspect-delay 5s\n  tcp-response content set-var(sess.a) res.payload(0,3) if { res.len gt 0 }',
  ),
]
