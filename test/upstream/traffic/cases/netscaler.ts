/** Headers of NetScaler's Client IP insertion protocol, valid and invalid. */
import { close, connect, end, send, shut, trickle, until, wait, type Step, type TrafficCase } from '../harness/case.js'

const MAGIC = 1_234_567_890

const word = (value: number): string => String.fromCharCode((value >> 8) & 255, value & 255)
const long = (value: number): string => word(value >>> 16) + word(value)

/** The headers of a packet of TCP over IPv4. @param words 32-bit words of the IP header */
const ipv4 = (protocol = 6, words = 5): string =>
  `${String.fromCharCode(0x40 | words)}\0${word(40)}\0\0\0\0\x40${String.fromCharCode(protocol)}\0\0\xc0\x00\x02\x01\xc0\x00\x02\x02` +
  `${'\x01'.repeat(4 * (words - 5))}${word(1000)}${word(2000)}${'\0'.repeat(16)}`

/** The same over IPv6. */
const ipv6 = (protocol = 6): string =>
  `\x60\0\0\0${word(20)}${String.fromCharCode(protocol)}\x40\x20\x01\x0d\xb8${'\0'.repeat(11)}\x01\x20\x01\x0d\xb8${'\0'.repeat(11)}\x02` +
  `${word(1000)}${word(2000)}${'\0'.repeat(16)}`

/** The legacy form. @param length that it announces */
const legacy = (packet: string, length = packet.length, magic = MAGIC): string => long(magic) + long(length) + packet

/** The standard form: total length, type, length of the packet. */
const standard = (packet: string, length = packet.length, magic = MAGIC): string =>
  long(magic) + long(packet.length + 12) + word(0) + word(length) + packet

const answers: readonly Step[] = [until('\n'), send('answer\n'), close]

const listening = (
  name: string,
  clients: readonly (readonly Step[])[],
  { bind = `accept-netscaler-cip ${MAGIC}`, lines = '', defaults = '' } = {},
): TrafficCase => ({
  name: `NetScaler: ${name}`,
  mode: 'tcp',
  defaults,
  config: `listen $fe
  bind $listen ${bind}
  log-format "%ci:%cp %fi:%fp %[fc_src] %[fc_rcvd_proxy] %U %B %ts %f %b %s"
  ${lines}
  server s1 $s1 send-proxy
`,
  servers: { s1: [answers] },
  clients,
})

/** The client sends this at once, and then a question. */
const sends = (name: string, header: string): TrafficCase =>
  listening(name, [[send(`${header}question\n`), end, close]])

const opens = connect('listen')

export const NETSCALER: readonly TrafficCase[] = [
  sends('the legacy form with IPv4', legacy(ipv4())),
  sends('the legacy form with IPv6', legacy(ipv6())),
  sends('the standard form with IPv4', standard(ipv4())),
  sends('the standard form with IPv6', standard(ipv6())),
  sends('options of IPv4', legacy(ipv4(6, 7))),
  sends('UDP over IPv4', legacy(ipv4(17))),
  sends('UDP over IPv6', standard(ipv6(17))),
  sends('another magic number', legacy(ipv4(), 40, 1)),
  sends('another version of IP', standard(`\x50${ipv4().slice(1)}`)),
  sends('another type', long(MAGIC) + long(52) + '\x10\0' + word(40) + ipv4()),
  sends('a length that is too small', legacy(ipv4(), 20)),
  sends('no length', legacy(ipv4(), 0)),
  sends('a length that goes into the data', legacy(ipv4(), 44)),
  sends('a length beyond the end', legacy(ipv4(), 50)),
  sends('a length that is much too large', legacy(ipv4(), 1000)),
  listening('a truncated header', [[send(legacy(ipv4()).slice(0, 30)), end, close]]),
  listening('a header that is too short', [[send(long(MAGIC)), end, close]]),
  listening('a truncated packet of IPv6', [[send(standard(ipv6()).slice(0, 50)), end, close]]),
  listening('a header in pieces', [[trickle(50, long(MAGIC), legacy(ipv4()).slice(4), 'question\n'), end, close]]),
  listening('a header, and data later', [[send(legacy(ipv4())), wait(50), send('question\n'), end, close]]),
  listening('a client that sends nothing', [[opens, wait(50), shut, end, close]]),
  listening('a client that sends nothing, dontlognull', [[opens, wait(50), shut, end, close]], {
    defaults: 'option dontlognull',
  }),
  listening('a client that closes at once', [[opens, close]]),
  listening('a header that does not come in time', [[opens, end, close]], { defaults: 'timeout client-hs 300' }),
  listening('a rule that expects it', [[send(`${legacy(ipv4())}question\n`), end, close]], {
    lines: 'tcp-request connection expect-netscaler-cip layer4 if { src 127.0.0.0/8 }',
  }),
  listening(
    'a rule that expects it without a magic number',
    [[send(`${legacy(ipv4(), 40, 0)}question\n`), end, close]],
    {
      bind: '',
      lines: 'tcp-request connection expect-netscaler-cip layer4',
    },
  ),
  listening('a rule, and the number of no bind', [[send(`${legacy(ipv4())}question\n`), end, close]], {
    bind: '',
    lines: 'tcp-request connection expect-netscaler-cip layer4',
  }),
  listening(
    'a header of the PROXY protocol after it',
    [[send(`${legacy(ipv4())}PROXY TCP4 192.0.2.3 192.0.2.4 3000 4000\r\nquestion\n`), end, close]],
    { bind: `accept-netscaler-cip ${MAGIC} accept-proxy` },
  ),
  listening('none of both headers in time', [[opens, end, close]], {
    bind: `accept-netscaler-cip ${MAGIC} accept-proxy`,
    defaults: 'timeout client-hs 300',
  }),
  listening('rules of sessions see its addresses', [[send(`${legacy(ipv4())}question\n`), end, close]], {
    lines: 'tcp-request session reject if { src 192.0.2.1 }',
  }),
]
