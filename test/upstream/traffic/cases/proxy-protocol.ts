/** Headers of the PROXY protocol: from clients, valid and invalid, and to servers. */
import {
  close,
  connect,
  end,
  loop,
  read,
  reset,
  send,
  shut,
  trickle,
  until,
  wait,
  type Step,
  type TrafficCase,
} from '../harness/case.js'

const V2 = '\r\n\r\n\0\r\nQUIT\n'
const answers: readonly Step[] = [until('\n'), send('answer\n'), close]

const word = (value: number): string => String.fromCharCode(value >> 8, value & 255)

/** A header of version 2 with these bytes after its length. */
const v2 = (command: number, family: number, rest: string): string =>
  `${V2}${String.fromCharCode(0x20 | command, family)}${word(rest.length)}${rest}`

const IPV4 = `\xc0\x00\x02\x01\xc0\x00\x02\x02${word(1000)}${word(2000)}`
const IPV6 = `\x20\x01\x0d\xb8${'\0'.repeat(11)}\x01\x20\x01\x0d\xb8${'\0'.repeat(11)}\x02${word(1000)}${word(2000)}`

const tlv = (type: number, value: string): string => `${String.fromCharCode(type)}${word(value.length)}${value}`

const listening = (name: string, clients: readonly (readonly Step[])[], settings = ''): TrafficCase => ({
  name,
  mode: 'tcp',
  defaults: settings,
  config: `listen $fe
  bind $listen accept-proxy
  log-format "%ci:%cp %fi:%fp %[fc_src] %[fc_rcvd_proxy] %[fc_pp_authority] %U %B %ts %f %b %s"
  server s1 $s1 send-proxy
`,
  servers: { s1: [answers] },
  clients,
})

/** The client sends this at once, and then a question. */
const sends = (name: string, header: string): TrafficCase =>
  listening(name, [[send(`${header}question\n`), end, close]])

const proxied = (name: string, setting: string, bytes: number): TrafficCase => ({
  name,
  mode: 'tcp',
  config: `listen $fe
  bind $listen
  log-format "%U %B %ts %f %b %s"
  tcp-request connection set-src ipv4(192.0.2.1)
  tcp-request connection set-src-port int(1000)
  tcp-request connection set-dst ipv4(192.0.2.2)
  tcp-request connection set-dst-port int(2000)
  server s1 $s1 ${setting}
`,
  servers: { s1: [[read(bytes), send('answer\n'), close]] },
  clients: [[send('question\n'), end, close]],
})

/** The server receives a header with these settings, and then a question. */
const described = (name: string, settings: string, lines = '', header = ''): TrafficCase => ({
  name: `values of the header: ${name}`,
  mode: 'tcp',
  config: `listen $fe
  bind $listen accept-proxy
  log-format "%U %B %ts %f %b %s"
  ${lines}
  server s1 $s1 send-proxy-v2 ${settings}
`,
  servers: { s1: [[until('question\n'), send('answer\n'), close]] },
  clients: [[send(`${header || v2(1, 0x11, IPV4)}question\n`), end, close]],
})

/** How it is logged that a header is missing or invalid. */
const failing = (name: string, client: readonly Step[], setting = 'accept-proxy'): TrafficCase => ({
  name: `failed handshakes: ${name}`,
  mode: 'tcp',
  defaults: 'timeout client 300',
  config: `listen $fe
  bind $listen ${setting}
  error-log-format "%[fc_err] %[fc_err_name] %[fc_err_str] %[bc_err] %ci %ts %B %[fc_rcvd_proxy] %[term_events]"
  server s1 $s1
`,
  servers: { s1: [answers] },
  clients: [client],
})

const FAILING: readonly TrafficCase[] = [
  failing('the client closes', [connect('listen'), wait(50), close]),
  failing('the client resets', [connect('listen'), wait(50), reset]),
  failing('the client ends its side', [connect('listen'), wait(50), shut, end]),
  failing('the client sends nothing', [connect('listen'), end]),
  failing('a part of version 1', [send('PROXY TCP4 192.0'), end]),
  failing('a part of version 1, and the end', [send('PROXY TCP4 192.0'), wait(50), shut, end]),
  failing('a part of version 2, and the end', [send(V2), wait(50), shut, end]),
  failing('something else', [send('GET / HTTP/1.1\r\n\r\n'), end]),
  failing('version 1 without addresses', [send('PROXY TCP4 a b 1 2\r\n'), end]),
  failing('another version', [send(`${V2}\x31\x11\0\x0c${IPV4}`), end]),
  failing('another protocol', [send('PROXY UDP4 192.0.2.1 192.0.2.2 1 2\r\n'), end]),
  failing("NetScaler's header: nothing", [connect('listen'), end], 'accept-netscaler-cip 1'),
  failing("NetScaler's header: the client closes", [connect('listen'), wait(50), close], 'accept-netscaler-cip 1'),
  failing("NetScaler's header: something else", [send('x'.repeat(60)), end], 'accept-netscaler-cip 1'),
  failing(
    "NetScaler's header: a part, and the end",
    [send('\0\0\0\x01'), wait(50), shut, end],
    'accept-netscaler-cip 1',
  ),
]

const VALUE = 'set-proxy-v2-tlv-fmt'

const DESCRIBED: readonly TrafficCase[] = [
  described('a text', `${VALUE}(0xE1) foo`),
  described('an expression', `${VALUE}(0xE1) %[str(foo)]`),
  described('an alias and a text', `${VALUE}(0xE1) %ci-%cp-%f`),
  described('an empty one, and one without a format', `${VALUE}(0xE1) "" ${VALUE}(0xE2)`),
  described('types in several forms', `${VALUE}(225) a ${VALUE}(0341) b ${VALUE}(0xe1)x c ${VALUE} d ${VALUE}(0) e`),
  described('several of one type', `${VALUE}(0xE1) a ${VALUE}(0xE1) b`),
  described('bytes', `${VALUE}(0xE1) %[bin(4100ff42)] ${VALUE}(0xE2) %[src,hex] ${VALUE}(0xE3) %[src]`),
  described('what has no value', `${VALUE}(0xE1) %[var(txn.none)] ${VALUE}(0xE2) a%[req.payload(0,1000)]b`),
  described('the name of the server', `${VALUE}(0xE1) %b/%s/%[be_id]/%[srv_name]/%[srv_id]`),
  described('bytes of the request', `${VALUE}(0xE1) %[req.payload(0,8)] ${VALUE}(0xE2) %[req.len]`),
  described(
    'before those of options',
    `${VALUE}(0xE1) a proxy-v2-options crc32c,ssl,unique-id`,
    'unique-id-format id-%ci-x',
  ),
  described(
    'a value that the client has sent',
    `${VALUE}(0xE5) %[fc_pp_tlv(0xE5)]`,
    '',
    v2(1, 0x11, IPV4 + tlv(0xe5, 'forwarded')),
  ),
  described(
    'values of several parts',
    `${VALUE}(0xE5) %[fc_pp_tlv(0xE5)]`,
    '',
    v2(1, 0x11, IPV4 + tlv(0xe5, 'a') + tlv(0xe5, 'b')),
  ),
  described(
    'an authority that the client has sent',
    'proxy-v2-options authority',
    '',
    v2(1, 0x11, IPV4 + tlv(2, 'example.org')),
  ),
  described('a protocol that the client has sent', 'proxy-v2-options authority', '', v2(1, 0x11, IPV4 + tlv(1, 'h2'))),
  described('of default-server', '', `default-server ${VALUE}(0xE1) %[str(bar)]`),
  described('of default-server and server', `${VALUE}(0xE2) %[str(foo)]`, `default-server ${VALUE}(0xE1) %[str(bar)]`),
  described('with IPv6', `${VALUE}(0xE1) %[src]`, '', v2(1, 0x21, IPV6)),
  described('without addresses', `${VALUE}(0xE1) a`, '', v2(0, 0, '')),
  described('a long one', `${VALUE}(0xE1) %[str(${'x'.repeat(300)})]`),
  described('all options', 'proxy-v2-options ssl,cert-cn,ssl-cipher,cert-sig,cert-key,authority,crc32c,unique-id'),
  {
    name: 'values of the header: of requests on one connection',
    mode: 'http',
    config: `listen $fe
  bind $listen
  server s1 $s1 send-proxy-v2 ${VALUE}(0xE1) %[req.hdr(x)]
`,
    servers: {
      s1: [[loop(until('host: a\r\n'), until('\r\n\r\n'), send('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello'))]],
    },
    clients: [
      ['1', '1', '2']
        .flatMap((x): Step[] => [send(`GET / HTTP/1.1\r\nHost: a\r\nX: ${x}\r\n\r\n`), until('hello')])
        .concat(wait(50)),
    ],
  },
]

export const PROXY_PROTOCOL: readonly TrafficCase[] = [
  sends('version 1 with IPv4', 'PROXY TCP4 192.0.2.1 192.0.2.2 1000 2000\r\n'),
  sends('version 1 with IPv6', 'PROXY TCP6 2001:db8::1 2001:db8::2 1000 2000\r\n'),
  sends('version 1 with unknown addresses', 'PROXY UNKNOWN\r\n'),
  sends('version 1 with unknown addresses that are named', 'PROXY UNKNOWN 192.0.2.1 192.0.2.2 1000 2000\r\n'),
  sends('version 1 of another protocol', 'PROXY UDP4 192.0.2.1 192.0.2.2 1000 2000\r\n'),
  sends('version 1 with letters in an address', 'PROXY TCP4 192.0.2.x 192.0.2.2 1000 2000\r\n'),
  sends('version 1 without a port', 'PROXY TCP4 192.0.2.1 192.0.2.2 1000\r\n'),
  sends('version 1 with a port that is too large', 'PROXY TCP4 192.0.2.1 192.0.2.2 70000 2000\r\n'),
  sends('version 1 with a line feed alone', 'PROXY TCP4 192.0.2.1 192.0.2.2 1000 2000\n'),
  sends('version 1 with IPv4 in place of IPv6', 'PROXY TCP6 192.0.2.1 192.0.2.2 1000 2000\r\n'),
  sends('version 1 with five values', 'PROXY TCP6 2001:db8::1 2001:db8::2 1000 2000 3000\r\n'),
  sends('version 2 with IPv4', v2(1, 0x11, IPV4)),
  sends('version 2 with IPv6', v2(1, 0x21, IPV6)),
  sends('version 2 with TLVs', v2(1, 0x11, IPV4 + tlv(2, 'example.com') + tlv(0xe0, 'x'.repeat(300)))),
  sends('version 2 with a TLV that is too long', v2(1, 0x11, IPV4 + tlv(0xe0, 'x'.repeat(1025)))),
  sends('version 2 with an authority that is too long', v2(1, 0x11, IPV4 + tlv(2, 'x'.repeat(256)))),
  sends('version 2 with half a TLV', v2(1, 0x11, `${IPV4}\xe0\0`)),
  sends('version 2 with a TLV beyond the end', v2(1, 0x11, `${IPV4}\xe0\0\x05abc`)),
  sends('version 2 with an invalid checksum', v2(1, 0x11, IPV4 + tlv(3, '\x01\x02\x03\x04'))),
  sends('version 2, local', v2(0, 0, '')),
  sends('version 2, local, with TLVs', v2(0, 0, tlv(0xe0, 'abc'))),
  sends('version 2, local, with addresses', v2(0, 0x11, IPV4)),
  sends('version 2 with too short addresses', v2(1, 0x11, IPV4.slice(1))),
  sends('version 2 of Unix sockets', v2(1, 0x31, 'a'.repeat(216))),
  sends('version 2 of no family', v2(1, 0, '')),
  sends('version 2 with an unknown command', v2(2, 0x11, IPV4)),
  sends('version 3', `${V2}\x31\x11${word(12)}${IPV4}`),
  sends('no header', 'GET / HTTP/1.1\r\nhost: example.com\r\n\r\n'),
  sends('a few bytes', 'PRO'),
  listening('a header in pieces', [[trickle(50, 'PROXY TCP4 192.0.2.1 ', '192.0.2.2 1000 2000\r\n'), end, close]]),
  listening('a client that ends its side at once', [[wait(50), shut, end, close]]),
  listening('a client that ends its side at once, dontlognull', [[wait(50), shut, end, close]], 'option dontlognull'),
  listening('a client that sends nothing', [[wait(50), end, close]], 'timeout client-hs 300'),
  {
    ...listening('a header that a rule expects', [
      [send('PROXY TCP4 192.0.2.1 192.0.2.2 1000 2000\r\nquestion\n'), end, close],
    ]),
    config: `listen $fe
  bind $listen
  log-format "%ci:%cp %fi:%fp %[fc_src] %[fc_rcvd_proxy] %[fc_pp_authority] %U %B %ts %f %b %s"
  tcp-request connection expect-proxy layer4
  server s1 $s1
`,
  },
  ...DESCRIBED,
  ...FAILING,
  proxied('to a server, version 1', 'send-proxy', 60),
  proxied('to a server, version 2', 'send-proxy-v2', 37),
  proxied('to a server, with a checksum', 'send-proxy-v2 proxy-v2-options crc32c', 44),
  proxied('to a server, with what is known of TLS', 'send-proxy-v2 proxy-v2-options ssl,cert-cn,authority', 45),
  proxied('to a server, send-proxy-v2-ssl', 'send-proxy-v2-ssl', 45),
  proxied('to a server, with a unique id', 'send-proxy-v2 proxy-v2-options unique-id', 40),
]
