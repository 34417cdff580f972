/** Configurations with addresses of all forms in all places where a configuration may have one, for property tests. */
import fc from 'fast-check'

const hosts = fc.constantFrom(
  ...['10.0.0.1', '10.0.0.2', '127.0.0.1', '127.0.0.9', '192.0.2.1', '0.0.0.0', '*', '', '127.1', '0', 'localhost'],
  ...['[::]', '[::1]', '::1', '[fd00::1]', '[::ffff:10.0.0.1]', '[::ffff:127.0.0.1]', '[::ffff:0.0.0.0]', '[fe80::1]'],
)
const unknown = fc.constantFrom('[fe80::1%eth0]', 'nosuch.invalid', '_http._tcp.nosuch.invalid', '300.0.0.1', '..')
const ports = fc.constantFrom(':80', ':25', ':9999')
const families = fc.constantFrom(...['', '', '', '', 'ip@', 'tcp@', 'mptcp@'])
const paths = fc.constantFrom('/run/sock', 'unix@/run/sock', 'unix@/run/other', 'abns@name', 'abnsz@name')

const join = (...parts: readonly fc.Arbitrary<string>[]) => fc.tuple(...parts).map((texts) => texts.join(''))

/** Addresses that few places take, or none. */
const odd = fc.oneof(
  join(
    fc.constantFrom('ipv4@', 'ipv6@', 'udp@', 'quic4@', 'xyz@'),
    // whether that has an IPv6 address is up to the machine
    hosts.filter((host) => host !== 'localhost'),
    ports,
  ),
  join(hosts, fc.constantFrom(':', ':0', ':+10', ':-1', ':80-90', ':x', ':70000')),
  join(families, unknown, ports),
  fc.constantFrom('sockpair@9', 'fd@9', 'unix@', '[127.0.0.1]:80'),
)
/** Mostly `usual`, now and then an odd one. */
const mostly = (baseline: fc.Arbitrary<string>) =>
  fc.oneof({ weight: 12, arbitrary: baseline }, { weight: 1, arbitrary: odd })

const withPort = mostly(join(families, hosts, ports))
const isThere = (text: string): boolean => text !== ''
const withOrWithoutPort = mostly(join(families, hosts, fc.oneof(ports, fc.constant(''))).filter(isThere))
const withoutPort = mostly(hosts.filter(isThere))
const ofServer = mostly(fc.oneof({ weight: 6, arbitrary: withPort }, { weight: 1, arbitrary: paths }))

const setting = fc.oneof(
  fc.constantFrom(...['check', 'check', 'disabled', 'backup', 'agent-check agent-port 9999', 'ssl verify none']),
  fc.constantFrom('port 80', 'port 9999', 'port 0', 'agent-port 25', 'check-ssl', 'send-proxy', 'resolvers r'),
  fc.constantFrom('init-addr none', 'init-addr last,none', 'init-addr last,libc,10.0.0.7', 'init-addr last,libc'),
  join(fc.constant('addr '), withOrWithoutPort),
  join(fc.constant('agent-addr '), withoutPort),
  join(fc.constant('socks4 '), withPort),
  join(fc.constant('source '), withOrWithoutPort),
)
const settings = fc.array(setting, { maxLength: 4 }).map((list) => list.join(' '))

const server = fc.oneof(
  fc.tuple(ofServer, settings).map(
    ([text, more]) =>
      (name: string) =>
        `    server ${name} ${text} ${more}`,
  ),
  fc.tuple(ofServer, settings).map(
    ([text, more]) =>
      (name: string) =>
        `    server-template ${name}t 1-2 ${text} ${more}`,
  ),
  fc.tuple(unknown, fc.constantFrom('init-addr none', 'init-addr last,none', 'resolvers r', 'init-addr 10.0.0.7')).map(
    ([text, more]) =>
      (name: string) =>
        `    server ${name} ${text}:80 check ${more}`,
  ),
)
const servers = fc
  .array(server, { minLength: 1, maxLength: 3 })
  .map((list) => list.map((line, i) => line(`s${i}`)).join('\n'))

const rules = fc.oneof(
  fc.constantFrom('', '', 'option httpchk', 'option smtpchk', 'option tcp-check\n    tcp-check connect port 25'),
  withOrWithoutPort.map(
    (text) => `option tcp-check\n    tcp-check connect addr ${text}\n    tcp-check connect port 80`,
  ),
  withOrWithoutPort.map((text) => `option httpchk\n    http-check connect addr ${text} port 8080`),
)

/** The socket of the runtime API, of which servers may have the address. */
const socket = fc.constantFrom('/run/sock', 'ipv4@127.0.0.1:9999', '*:9999', '[::]:9999', '[::ffff:127.0.0.1]:9999')

/** The text of a configuration; HAProxy refuses some. */
export const configuration = fc
  .record({
    socket,
    mode: fc.constantFrom('tcp', 'http'),
    mailers: fc.array(withPort, { maxLength: 2 }),
    rules,
    servers,
  })
  .map(
    ({ socket, mode, mailers, rules, servers }) => `global
    stats socket ${socket} level admin
resolvers r
    nameserver dns1 127.0.0.1:5353
mailers m
${mailers.map((text, i) => `    mailer mail${i} ${text}`).join('\n')}
backend app
    mode ${mode}
    timeout connect 1s
    timeout server 1s
    ${rules}
    email-alert mailers m
    email-alert from haproxy@example.com
    email-alert to admin@example.com
${servers}
`,
  )
