/** Headers of the PROXY protocol: from clients, valid and invalid, and to servers. */
import { close, end, read, send, shut, trickle, until, wait, type Step, type TrafficCase } from '../harness/case.js'

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
  proxied('to a server, version 1', 'send-proxy', 60),
  proxied('to a server, version 2', 'send-proxy-v2', 37),
  proxied('to a server, with a checksum', 'send-proxy-v2 proxy-v2-options crc32c', 44),
  proxied('to a server, with what is known of TLS', 'send-proxy-v2 proxy-v2-options ssl,cert-cn,authority', 45),
  proxied('to a server, send-proxy-v2-ssl', 'send-proxy-v2-ssl', 45),
  proxied('to a server, with a unique id', 'send-proxy-v2 proxy-v2-options unique-id', 40),
]
