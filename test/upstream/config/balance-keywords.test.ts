/** The real HAProxy says the same of load balancing, retries and header fields about clients, line by line and as a whole. */
import { expect, test } from 'vitest'
import { describeUpstream } from '../support/upstream.js'
import { askHaproxy, askHapsim } from './compare.js'

const LINES: readonly string[] = [
  ...[
    '',
    'foo',
    'roundrobin x',
    'firstx',
    'randomfoo',
    'random(0x3)',
    'random(-1)',
    'random()',
    'random(x',
    'random(3',
    'random(3)x',
  ],
  ...['rdp-cookie', 'rdp-cookiex', 'rdp-cookie(', 'rdp-cookie()', 'rdp-cookie(x)y', 'hdr', 'hdr(', 'hdr()', 'hdr(x) y'],
  ...[
    'hdr(x)y use_domain_only',
    'hash',
    'hash src',
    'hash src x',
    'log-hash',
    'log-hash lower x',
    'sticky',
    'sticky x',
  ],
  ...[
    'uri len 3 depth x',
    'uri len',
    'uri whole path-only len 4294967297',
    'uri x',
    'url_param',
    'url_param x y',
    'url_param x check_post y',
  ],
]
  .map((each) => `balance ${each}`)
  .concat(
    ...[
      '',
      'avalanche',
      'foo',
      'consistent avalanche',
      'consistent sdbm x',
      'map-based none avalanche x',
      'consistent wt6',
    ].map((each) => `hash-type ${each}`),
    ...['', '50', '-1', '0', '100', '101', '150 x', 'x'].map((each) => `hash-balance-factor ${each}`),
    ...['', 'foo', 'always x', 'maxconn', 'maxqueue'].map((each) => `hash-preserve-affinity ${each}`),
    ...['', 'none', 'none none', '404 none', '405', '404 404', 'all-retryable-errors 503', 'conn-failure foo'].map(
      (each) => `retry-on ${each}`,
    ),
    ...['', 'foo', 'always foo', 'never', 'safe', 'aggressive'].map((each) => `http-reuse ${each}`),
    ...[
      '',
      'foo',
      'except',
      'except 1.2.3.4/33',
      'except 1.2.3.4/8',
      'except ::1/64 header x if-none',
      'header',
    ].flatMap((each) => [`option forwardfor ${each}`, `option originalto ${each}`]),
    ...[
      '',
      'x',
      'host-expr',
      'host-expr src by',
      'by_port for_port-expr src',
      'proto host for for_port by by_port',
    ].map((each) => `option forwarded ${each}`),
    ...['', '3', '0', '-2', 'x y'].map((each) => `option redispatch ${each}`),
    ...['', 'x'].flatMap((each) =>
      ['httpclose', 'http-server-close', 'http-keep-alive', 'tcpka', 'abortonclose', 'nolinger'].map(
        (name) => `option ${name} ${each}`,
      ),
    ),
    ...['', 'foo', 'delete', 'delete x'].map((each) => `option http-restrict-req-hdr-names ${each}`),
    ...[
      'httpclose',
      'redispatch',
      'redispatch 3',
      'forwarded',
      'forwarded x',
      'abortonclose',
      'forwardfor',
      'tcpka',
    ].flatMap((each) => [`no option ${each}`, `default option ${each}`]),
    ...['1.2.3.4 usesrc hdr_ip(x,-11)', '1.2.3.4 usesrc hdr_ip( x ,-10)', '1.2.3.4 usesrc 1.2.3.4 interface lo x'].map(
      (each) => `source ${each}`,
    ),
    'usesrc',
  )

const LIMITS = ' timeout connect 1s\n timeout client 1s\n timeout server 1s\n'
const MODES = ['http', 'tcp', 'log']

/** Settings that only some modes can have. */
const WHOLE: readonly string[] = [
  'option forwardfor\n option originalto\n option forwarded',
  'option forwarded host-expr src(x by-expr foo for_port-expr nbsrv(nosuch) for-expr res.hdr(x)',
  'balance hash foo',
  'balance hash res.hdr(x)',
  'balance hash nbsrv(nosuch)',
  'balance hash req.payload(0,10)',
  'balance hash str(x)\n dispatch 1.2.3.4:5',
  'balance first\n option transparent',
  'option transparent\n dispatch 1.2.3.4:5',
  'transparent\n balance roundrobin',
  'balance uri',
  'balance url_param x',
  'balance hdr(x)',
  'balance source',
  'balance sticky',
  'balance random',
  'balance log-hash lower',
  'balance log-hash foo',
  'balance log-hash lower\n hash-type consistent',
  'http-send-name-header foo\n dynamic-cookie-key foo\n use-server s if TRUE',
  'stick-table type ip size 10\n stick on src\n tcp-request content accept\n tcp-response content accept',
  'option http-buffer-request\n option checkcache\n option abortonclose',
]

describeUpstream('load balancing and forwarding', () => {
  test.for(['defaults d', 'frontend p\n bind :1', 'listen p\n bind :1', 'backend p'])('lines of %s', (section) => {
    for (const line of LINES) {
      const text = `${section}\n mode http\n${LIMITS} ${line}\nbackend b\n mode http\n${LIMITS}`
      expect(askHapsim(text), line).toEqual(askHaproxy(text))
    }
  })

  test.for(MODES)('settings of a backend in mode %s', (mode) => {
    for (const lines of WHOLE) {
      const own = `backend b\n mode ${mode}\n${LIMITS} server s 127.0.0.1:1\n ${lines}\n`
      expect(askHapsim(own), lines).toEqual(askHaproxy(own))
    }
  })

  test.for(MODES)('inherited settings of a backend in mode %s', (mode) => {
    for (const lines of WHOLE) {
      if (/stick|use-server|dispatch|accept/.test(lines)) continue
      const text = `defaults\n mode ${mode}\n${LIMITS} ${lines}\nbackend b\nbackend c\n mode http\nlisten l\n mode tcp\n bind :1\n use_backend c if TRUE\nfrontend f\n mode tcp\n bind :2\n`
      expect(askHapsim(text), lines).toEqual(askHaproxy(text))
    }
  })

  test('a source from a header field', () => {
    const text = `defaults d\n${LIMITS} source 1.2.3.4 usesrc hdr_ip(x)\nbackend b\nbackend c\n source 1.2.3.4 usesrc hdr_ip(x)\nbackend e\n server s :1 source 1.2.3.4 usesrc hdr_ip(x)\n server t :1 source 1.2.3.4 usesrc hdr_ip(x,-11)\n`
    expect(askHapsim(text)).toEqual(askHaproxy(text))
  })
})
