/** The real HAProxy finds the same problems in whole configurations: threads, protocols, modes, sources, names and ids. */
import { availableParallelism } from 'node:os'
import { expect, test } from 'vitest'
import { parseConfig } from '../../support/parse-config.js'
import { describeUpstream } from '../support/upstream.js'
import { askHaproxy } from './compare.js'

const LIMITS = ' timeout client 1s\n timeout server 1s\n timeout connect 1s\n'
const LISTEN = `listen l\n bind :1\n${LIMITS}`
const DEFAULTS = `defaults\n mode http\n${LIMITS}`
const EXPERIMENTAL = 'global\n expose-experimental-directives\n'

const global = (...lines: readonly string[]): string => `global\n ${lines.join('\n ')}\n${LISTEN}`

const TEXTS: Readonly<Record<string, string>> = {
  'more threads than processors': global('nbthread 1000'),
  'more threads than a group has': global('nbthread 65', 'thread-groups 1'),
  'more threads than the limit': global('nbthread 8', 'thread-hard-limit 1'),
  'more groups than threads': global('thread-groups 4', 'nbthread 2'),
  'threads without a group': global('nbthread 4', 'thread-group 1 1-3'),
  'groups given twice': global('nbthread 4', 'thread-group 1 1-3', 'thread-group 2 3-4', 'thread-group 1 1'),
  'groups without threads': global('nbthread 4', 'thread-groups 2', 'thread-group 1 1-5'),
  'sparse groups': global('thread-group 1 1 3', 'thread-group 1 5 5', 'thread-group 1 1-65'),
  'protocols outside HTTP mode':
    `${LISTEN} bind :2 proto h2\n bind :3 proto h1\n bind :4 proto none\n server s 1.1.1.1:1 proto h2\n` +
    ' server u 1.1.1.1:1 proto spop\n server v 1.1.1.1:1 proto none\n server w 1.1.1.1:1 check-proto h2 check\n' +
    ' server x 1.1.1.1:1 check-proto h2\n',
  'protocols in HTTP mode':
    `${LISTEN} mode http\n bind :2 proto h2\n bind :4 proto none\n bind :5 proto fcgi\n bind :6 proto quic\n` +
    ' server s 1.1.1.1:1 proto h2\n server u 1.1.1.1:1 proto spop\n server v 1.1.1.1:1 proto none\n' +
    ' server w 1.1.1.1:1 check-proto h2 check\n server-template st 2 1.1.1.1:1 proto none\n',
  'settings that need HTTP mode':
    `${LISTEN} mode tcp\n option http-buffer-request\n option prefer-last-server\n option checkcache\n` +
    ' option http-no-delay\n server s 1.1.1.1:1 cookie x redir http://x\n' +
    ' server t 1.1.1.1:1 source 1.1.1.1 usesrc hdr_ip(x)\n server u 1.1.1.1:1 source 1.1.1.1 usesrc hdr_ip(x,0)\n' +
    ' source 1.1.1.1 usesrc hdr_ip(y)\n persist rdp-cookie\n server v 1.1.1.1\n',
  'statements and rules that need HTTP mode':
    `defaults\n mode tcp\n${LIMITS} monitor-uri /x\n stats enable\n cookie a insert\n` +
    'frontend f\n bind :1\n use_backend b\n capture cookie a len 10\n http-request deny\n http-response deny\n' +
    ' http-after-response set-header a b\n redirect location /\n' +
    'backend b\n server s 1.1.1.1:1\nbackend c\n monitor-uri /y\n redirect location /\n' +
    'frontend upgraded\n bind :2\n default_backend h\n http-request deny\nbackend h\n mode http\n cookie c prefix\n',
  'levels that are missing or unknown': `global\n stats socket /tmp/a level\n stats socket /tmp/b level foo\n${LISTEN} bind :2 level\n bind :3 level foo\n`,
  'inspect delays of defaults sections':
    'defaults named\n tcp-request inspect-delay x\n tcp-request inspect-delay\n tcp-response inspect-delay x\n' +
    'defaults\n tcp-request inspect-delay x\n tcp-response inspect-delay 1s\n',
  'expressions of servers':
    `${DEFAULTS}listen l\n bind :1\n server a 1.1.1.1:1 pool-conn-name nosuch\n server b 1.1.1.1:1 pool-conn-name res.hdr(a)\n` +
    ' server c 1.1.1.1:1 sni res.hdr(a)\n server d 1.1.1.1:1 sni src,\n server e 1.1.1.1:1 sni "src lower"\n' +
    ' server f 1.1.1.1:1 sni src,lower)\n server g 1.1.1.1:1 sni src,nosuch pool-conn-name nosuch\n',
  'tables in expressions of servers':
    `${DEFAULTS}listen l\n bind :1\n server a 1.1.1.1:1 sni table_cnt(a) pool-conn-name srv_id,in_table(b)\n` +
    ' server b 1.1.1.1:1 sni table_cnt(a) pool-conn-name srv_id,in_table(b)\n server c 1.1.1.1:1 sni table_cnt(c)\n' +
    ' server-template t 3 1.1.1.1:1 pool-conn-name table_cnt(d)\n',
  'names of the connections that attach-srv attaches':
    `${EXPERIMENTAL}${DEFAULTS}frontend f\n bind :1\n` +
    ['a', 'a name src', 'c', 'c name src', 's', 's name src', 't', 't name src']
      .map((each) => ` tcp-request session attach-srv b/${each}\n`)
      .join('') +
    'backend b\n server a rhttp@ pool-conn-name src\n server c rhttp@\n server s rhttp@ ssl verify none sni str(a)\n' +
    ' server t 1.1.1.1:1\n',
  'addresses of reverse HTTP':
    `${EXPERIMENTAL}${DEFAULTS}listen l\n bind rhttp@be/s\n bind :1,rhttp@be/s\n bind rhttp@be/s,:1\n` +
    ' bind rhttp@be/s nbconn 5\n bind rhttp@be/s nbconn\n bind rhttp@be/s nbconn 0\n bind :1 nbconn 5\n' +
    ' bind rhttp@be/s ssl\n bind rhttp@be/s maxconn 5\n bind rhttp@be/s name x id 5 thread 1\n' +
    ' bind rhttp@be/s thread 1/1,2/1\n',
  'servers of reverse HTTP':
    `${EXPERIMENTAL}${DEFAULTS}listen l\n bind :1\n server s rhttp@\n server t rhttp@ check\n` +
    ' server u rhttp@ ssl sni hdr(x-name) verify none\n server v rhttp@xx\nbackend b\n mode tcp\n server s rhttp@\n',
  'servers of reverse HTTP in mode tcp, after which nothing is checked': `${EXPERIMENTAL}${DEFAULTS}listen l\n mode tcp\n bind :1\n server s rhttp@\nlisten m\n bind :2 proto h2\n use_backend nosuch\n`,
  'reverse HTTP that is not allowed': `${DEFAULTS}listen l\n bind :1 nbconn 5\n bind rhttp@be/s\n server s rhttp@\n`,
  'reverse HTTP that is allowed later': `${DEFAULTS}listen l\n bind :1\n server s rhttp@\n${EXPERIMENTAL}listen m\n bind :2\n server s rhttp@\n`,
  'captures of long cookies': `${LISTEN} mode http\n capture cookie a len 64.5\n`,
  'captures of cookies of the longest length': `${LISTEN} mode http\n capture cookie a len 63\n`,
  'captures of cookies with another limit': `global\n tune.http.cookielen 100\n${LISTEN} capture cookie a len 101\n`,
  'servers of the same name in expressions':
    `${DEFAULTS}frontend f\n bind :1\n http-request set-header x %[srv_conn(be/s)]\n http-request set-header x %[srv_conn(be/t)]\n` +
    'backend be\n server s 1.1.1.1:1\n server s 1.1.1.1:1\n server t 1.1.1.1:1\n use-server s if TRUE\n use-server t if TRUE\n',
  'status codes beyond 32 bits': `${LISTEN} mode http\n http-request return status 99999999999\n`,
  'listeners of a backend': `${DEFAULTS}backend b\n bind :1\n`,
  'ranges of ports of sources':
    `${LISTEN} source 1.1.1.1:1-2\n source 1.1.1.1:1 usesrc 1.1.1.1:1-2\n` +
    ' server s 1.1.1.1:1 source 1.1.1.1:1-5 usesrc 1.1.1.1:4-5\n server t 1.1.1.1:1 source 1.1.1.1:+1\n',
  'arguments of section keywords':
    'frontend a from d x\nlisten a from d x\nbackend a from d x\nbackend a from\nlisten a from\nlisten a x\nbackend a x\n',
  'arguments of global': 'global x\n daemon x\nlisten\n',
  'unmatched quotes after a default value': 'defaults\n timeout connect "${X-5s}y\n timeout connect "${HOME-a}" "b c\n',
  'unmatched quotes after a variable': 'defaults\n timeout connect "${X}y\n timeout connect "$HOME y\n',
  'ids and GUIDs given twice': `${LISTEN} id 5\n id 6\n guid a\nlisten m\n bind :2\n id 5\n guid a\n guid b\n${LIMITS}`,
}

describeUpstream('problems of whole configurations', () => {
  test.for(Object.keys(TEXTS))('%s', (name) => {
    const text = TEXTS[name]!
    const own = parseConfig([{ name: 'x.cfg', text }], {
      env: { HOME: process.env.HOME! },
      processors: availableParallelism(),
    })
    const messages = own.diagnostics
      .filter((each) => !each.fromHapsim && each.severity !== 'notice' && each.severity !== 'diag')
      .map((each) => `${each.severity}: ${each.text}`.trimEnd())
    const real = askHaproxy(text)
    expect(messages).toEqual(real.messages)
    expect(own.failed).toBe(real.failed)
  })
})
