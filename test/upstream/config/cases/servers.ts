/** Servers, their checks, and what a proxy with servers lacks. */
import { backend, frontend, global, listen, section, type Case } from './texts.js'

export const SERVERS: readonly Case[] = [
  {
    name: 'servers without or with wrong words',
    text: backend(
      'server s2',
      'server',
      'server s/a 127.0.0.1',
      'server "" 1.1.1.1',
      'server s1 127.0.0.1:80 inter 5x',
      'server s3 foo:99999',
      'server s5 127.0.0.1:80 weight 300',
      'server s6 127.0.0.1:80 inter',
      'server s7 127.0.0.1:80 rise 0',
      'server s8 127.0.0.1:70000',
      'server s9 127.0.0.1:80-90',
      'server s10 127.0.0.1:80 slowstart 99999d',
      'server s11 1.1.1.1 check track b',
      'server s12 1.1.1.1:80 fall x',
      'server s13 1.1.1.1:80 downinter 0',
      'server s14 1.1.1.1:80 slowstart',
    ),
  },
  {
    name: 'settings of servers',
    text: backend(
      'server a 1.1.1.1:80 id x',
      'server b 1.1.1.1:80 id 4',
      'server c 1.1.1.1:80 id 4',
      'server d 1.1.1.1:80 cookie',
      'server e 1.1.1.1:80 init-state foo',
      'server f 1.1.1.1:80 addr foo:1',
      'server g 1.1.1.1:80 addr',
      'server h 1.1.1.1:80 port',
      'server k 1.1.1.1:80 track',
      'server l 1.1.1.1:80 id',
    ),
  },
  {
    name: 'default-server',
    text: backend(
      'default-server foo',
      'default-server inter 3s track x id 3 cookie',
      'default-server weight 999',
      'default-server inter 3s check',
      'server a 1.1.1.1:80 track x',
    ),
  },
  {
    name: 'server-template',
    text: backend(
      'server-template a',
      'server-template b x 1.1.1.1:80',
      'server-template a/ 3 1.1.1.1:80',
      'server-template v 5-3 1.1.1.1:80',
      'server-template t 3 1.1.1.1:99999',
    ),
  },
  {
    name: 'good servers',
    text: backend(
      'default-server inter 3s check weight 5 maxconn 3 backup',
      'server a 1.1.1.1:80 no-check no-backup disabled',
      'server b :80',
      'server c 1.1.1.1:+80 no-check',
      'server e 1.1.1.1 port 80',
      'server f ::1:80 id 9',
      'server g [::1]:80 cookie x',
      'server-template t 3 1.1.1.1:80',
      'server-template u 3-5 1.1.1.1:80',
      'server h unix@/tmp/x',
    ),
  },
  {
    name: 'servers named twice',
    text: backend(
      'server a 1.1.1.1:80',
      'server a 1.1.1.2:80',
      'server-template t 2 1.1.1.1:80',
      'server t1 1.1.1.1:80',
    ),
  },
  {
    name: 'tracking',
    text: listen(
      'server a 1.1.1.1:80 track b',
      'server b 1.1.1.1:80',
      'server c 1.1.1.1:80 track x/y',
      'server d 1.1.1.1:80 track a',
      'server e 1.1.1.1:80 track e',
      'server f 1.1.1.1:80 track nope',
      'server g 1.1.1.1:80 check',
      'server h 1.1.1.1:80 track l/g',
    ),
  },
  {
    name: 'checks without a port',
    text:
      'backend h\n option httpchk\n server a 1.1.1.1 check\n' +
      backend('server a 1.1.1.1 check', 'server b 1.1.1.1 check port 80', 'server c 1.1.1.1 check addr 1.1.1.1:80') +
      'backend c\n server a 1.1.1.1 check\n',
  },
  { name: 'a name that nobody resolves', text: listen('server g foo.invalid:80 check') },
  {
    name: 'httpchk',
    text: backend(
      'option httpchk GET / HTTP/1.1\\r\\nHost:\\ foo',
      'option httpchk /x',
      'option httpchk GET /x HTTP/1.1 host y',
      'option httpchk GET /x HTTP/1.1 host',
    ),
  },
  {
    name: 'http-check',
    text: backend(
      'option httpchk',
      'http-check send meth GET uri /x ver HTTP/1.1 hdr Host foo body x',
      'http-check foo',
      'http-check send foo',
      'http-check send hdr a',
      'http-check send uri',
      'http-check send hdr Host x hdr Host y',
    ),
  },
  {
    name: 'http-check rules out of order',
    text: backend(
      'option httpchk',
      'http-check send meth GET',
      'http-check send uri /x',
      'http-check expect status 200',
      'http-check send uri /x',
    ),
  },
  { name: 'http-check without httpchk', text: listen('http-check send meth GET', 'server a 1.1.1.1:80 check') },
  {
    name: 'missing timeouts',
    text: 'listen l\n bind :80\n server a 1.1.1.1:80\nbackend b\n timeout tunnel 1s\n timeout connect 1s\n server a 1.1.1.1:80\nbackend c\n',
  },
  { name: 'no bind', text: 'frontend f\n timeout client 1s\n' },
  {
    name: 'default_backend',
    text:
      frontend('default_backend nope') +
      section('frontend g', 'mode http', 'bind :9', 'timeout client 1s', 'default_backend b') +
      backend() +
      listen('default_backend l'),
  },
  { name: 'servers beside default_backend', text: listen('server a 1.1.1.1:80', 'default_backend b') + backend() },
  { name: 'cookies of servers without HTTP', text: listen('server a 1.1.1.1:80 cookie x') },
  { name: 'HTTP log format without HTTP', text: global('log stdout local0') + listen('log global', 'option httplog') },
  { name: 'log format without log', text: listen('mode http', 'option httplog') },
  { name: 'disabled proxies', text: 'backend c\n disabled\n server a 1.1.1.1 check\n email-alert to x\n' },
]
