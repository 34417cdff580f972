/**
 * What a check's settings change: where it goes, what goes before its dialogue, and what is asked of the server. What the
 * server hears from the real HAProxy and from ours, and what each finds out.
 */
import { expect, it } from 'vitest'
import { Simulation } from '../../../../src/sim/index.js'
import { serveReal, serveSimulated, type Peer } from '../../../support/peers.js'
import { RealHaproxy } from '../../support/real-haproxy.js'
import { RealServer } from '../../support/real-servers.js'
import { describeUpstream } from '../../support/upstream.js'

interface Case {
  readonly lines?: string
  /** `%p` is the peer's port; the server's own address is another unless it says so */
  readonly server: string
  readonly peer: Peer
}

const silent: Peer = { says: [] }
const web: Peer = { says: [undefined, 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'], then: 'close' }
const socks = (...says: string[]): Peer => ({ says: [undefined, ...says] })

const GRANTED = '\0\x5a\0\0\0\0\0\0'
const AT_PEER = '127.0.0.1:%p'
const ELSEWHERE = '127.0.0.2:9'

const CASES: Readonly<Record<string, Case>> = {
  'check-send-proxy': { server: `${AT_PEER} check check-send-proxy`, peer: silent },
  'send-proxy': { server: `${AT_PEER} check send-proxy`, peer: silent },
  'send-proxy-v2': { server: `${AT_PEER} check send-proxy-v2`, peer: silent },
  'send-proxy, but a port of the check': {
    server: `${ELSEWHERE} check port %p addr 127.0.0.1 send-proxy`,
    peer: silent,
  },
  'check-send-proxy of version 2 elsewhere': {
    server: `${ELSEWHERE} check port %p addr 127.0.0.1 send-proxy-v2 check-send-proxy`,
    peer: silent,
  },
  'a header before a request': { lines: 'option httpchk', server: `${AT_PEER} check check-send-proxy`, peer: web },
  'a header asked for by a rule': {
    lines: 'option tcp-check\n tcp-check connect send-proxy\n tcp-check send hello',
    server: `${AT_PEER} check`,
    peer: silent,
  },
  'a rule that knows nothing of the server': {
    lines: 'option tcp-check\n tcp-check connect\n tcp-check send hello',
    server: `${AT_PEER} check check-send-proxy`,
    peer: silent,
  },
  'a rule that does as the server': {
    lines: 'option tcp-check\n tcp-check connect default\n tcp-check send hello',
    server: `${AT_PEER} check check-send-proxy`,
    peer: silent,
  },
  'addr and port': { server: `${ELSEWHERE} check addr 127.0.0.1 port %p`, peer: silent },
  'addr with a port': { server: `${ELSEWHERE} check addr 127.0.0.1:%p`, peer: silent },
  'a server at any address': { server: '0.0.0.0:%p check', peer: silent },
  'any address as addr is none': { server: `${AT_PEER} check addr 0.0.0.0`, peer: silent },
  'any address with a port as addr is none': { server: `${AT_PEER} check addr 0.0.0.0:9 send-proxy`, peer: silent },
  'any address of a rule is none': {
    lines: 'option tcp-check\n tcp-check connect addr 0.0.0.0:9\n tcp-check send a',
    server: `${AT_PEER} check`,
    peer: silent,
  },
  'an IPv4 address written as IPv6': { server: '[::ffff:127.0.0.1]:%p check', peer: silent },
  'ports of rules': {
    lines:
      'option tcp-check\n tcp-check connect port %p\n tcp-check send a\n tcp-check connect addr 127.0.0.1:%p\n tcp-check send b',
    server: '127.0.0.1:9 check',
    peer: silent,
  },
  'a port that a variable has': {
    lines:
      'option tcp-check\n tcp-check set-var(check.p) int(%p)\n tcp-check connect port var(check.p)\n tcp-check send a',
    server: '127.0.0.1:9 check',
    peer: silent,
  },
  'a rule that nobody answers': {
    lines: 'option tcp-check\n tcp-check connect port 1\n tcp-check send a',
    server: `${AT_PEER} check`,
    peer: silent,
  },
  'a second connection that nobody answers': {
    lines:
      'option tcp-check\n tcp-check connect\n tcp-check send a\n tcp-check comment "second one"\n tcp-check connect addr 127.0.0.1:1',
    server: `${AT_PEER} check`,
    peer: silent,
  },
  'check-via-socks4': { server: `${ELSEWHERE} check check-via-socks4 socks4 ${AT_PEER}`, peer: socks(GRANTED) },
  'check-via-socks4 that is denied': {
    server: `${ELSEWHERE} check check-via-socks4 socks4 ${AT_PEER}`,
    peer: socks(GRANTED.replace('\x5a', '\x5b')),
  },
  'check-via-socks4 that says nothing': {
    server: `${ELSEWHERE} check check-via-socks4 socks4 ${AT_PEER}`,
    peer: silent,
  },
  'check-via-socks4 that leaves': {
    server: `${ELSEWHERE} check check-via-socks4 socks4 ${AT_PEER}`,
    peer: { says: [undefined, undefined], then: 'close' },
  },
  'a request via SOCKS, with a header': {
    lines: 'option httpchk',
    server: `${ELSEWHERE} check check-via-socks4 check-send-proxy socks4 ${AT_PEER}`,
    peer: { says: [undefined, GRANTED, 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'], then: 'close' },
  },
  'socks4, but not for checks': { server: `${AT_PEER} check socks4 127.0.0.1:1`, peer: silent },
  'agent-addr and agent-port': {
    server: `${ELSEWHERE} agent-check agent-addr 127.0.0.1 agent-port %p agent-inter 400ms agent-send "how do you do"`,
    peer: { says: [undefined, 'up\n'], then: 'close' },
  },
  'an agent where the check goes': {
    server: `${ELSEWHERE} check addr 127.0.0.1 port %p agent-check agent-inter 400ms agent-send hi`,
    peer: { says: [undefined, 'up\n'] },
  },
  'the request of httpchk': {
    lines: 'option httpchk PUT /x?y=z HTTP/1.1 www.example.com',
    server: `${AT_PEER} check`,
    peer: web,
  },
  'a request with everything': {
    lines:
      'option httpchk\n http-check set-var(check.who) str(me)\n http-check send meth POST uri-lf "/%[var(check.who)]" ver HTTP/1.1 hdr Host a hdr X-B "b  c %[be_name]" hdr X-Empty %[var(check.no)] body-lf "i am %[var(check.who)]"',
    server: `${AT_PEER} check`,
    peer: web,
  },
  'a request that says what becomes of the connection': {
    lines: 'option httpchk\n http-check send meth HEAD ver HTTP/1.1 hdr Connection keep-alive hdr Content-Length 7',
    server: `${AT_PEER} check`,
    peer: web,
  },
  'a request that says what becomes of the connection, in HTTP/1.0': {
    lines: 'option httpchk\n http-check send meth GET hdr Connection keep-alive',
    server: `${AT_PEER} check`,
    peer: web,
  },
  'a request that closes, in HTTP/1.0': {
    lines: 'option httpchk\n http-check send meth GET hdr Connection close',
    server: `${AT_PEER} check`,
    peer: web,
  },
  'a request that closes, and more': {
    lines: 'option httpchk\n http-check send meth GET ver HTTP/1.1 hdr Connection "close, x-a"',
    server: `${AT_PEER} check`,
    peer: web,
  },
  'spaces of log-formats': {
    lines: 'option tcp-check\n tcp-check send-lf "  a  b %[be_name]  %[str( x  y )]  "',
    server: `${AT_PEER} check`,
    peer: silent,
  },
  'send-state': {
    lines: 'option httpchk GET /\n http-check send-state',
    server: `${AT_PEER} check weight 30`,
    peer: web,
  },
  'send-state of a server that fails': {
    lines: 'option httpchk GET /\n http-check send-state\n http-check expect status 404',
    server: `${AT_PEER} check fall 3`,
    peer: web,
  },
}

const NAMES = Object.keys(CASES)

const config = (ports: readonly number[]): string => `
global
    log stdout format raw local0 info
    stats socket unix@sock level admin
    max-spread-checks 1ms
    node here
defaults
    mode http
    log global
    timeout connect 1s
    timeout client 5s
    timeout server 5s
    option log-health-checks
${NAMES.map((name, i) => {
  const { lines = '', server } = CASES[name]!
  const text = `backend b${i}\n ${lines}\n server s ${server} inter 400ms\n`
  return text.replaceAll('%p', String(ports[i]))
}).join('')}
`

/** Ports of the client's side, and of the peer, are of the system's choosing. */
const normalise = (text: string, port: number): string =>
  text.replace(/(TCP4 \S+ \S+) \d+/, '$1 CLIENT').replaceAll(String(port), 'PORT')

const firstLine = (lines: readonly string[], i: number, port: number): string | undefined =>
  lines
    .find((each) => each.includes(` check for server b${i}/s `))
    ?.replace(/check duration: (\d+)ms/, (_, ms: string) => `check duration: ${Number(ms) < 300 ? 'short' : 'long'}`)
    // behind a refusal of the SOCKS proxy the real one names an error that another connection left behind
    .replace(/(deny the request) \(.*?\)/, '$1')
    .replaceAll(String(port), 'PORT')

describeUpstream('settings of checks', () => {
  it('have the same effects as in the real HAProxy', { timeout: 60_000 }, async () => {
    const heard = NAMES.map((): string[] => [])
    const servers = await Promise.all(
      NAMES.map((name, i) =>
        new RealServer((socket) => {
          const at = heard[i]!.push('') - 1
          serveReal(CASES[name]!.peer, (bytes) => (heard[i]![at] += bytes))(socket)
        }).up(),
      ),
    )
    const ports = servers.map(({ port }) => port)
    const text = config(ports)
    const simulation = new Simulation()
    const peers = NAMES.map((name, i) => {
      const peer = simulation.tcp(`127.0.0.1:${ports[i]}`)
      serveSimulated(simulation, peer, CASES[name]!.peer)
      return peer
    })
    const ours = simulation.haproxy({ config: text }).start()
    simulation.advance('1300ms')
    const real = new RealHaproxy(text)
    try {
      await real.until(() => real.listensAt('sock'))
      await new Promise((resolve) => setTimeout(resolve, 1300))
      const found = (printed: (i: number) => readonly string[], lines: readonly string[]) =>
        Object.fromEntries(
          NAMES.map((name, i) => [
            name,
            [
              printed(i)
                .filter((each) => each !== '')
                .slice(0, 2)
                .map((each) => normalise(each, ports[i]!)),
              firstLine(lines, i, ports[i]!),
            ],
          ]),
        )
      const ourLines = ours.logs.map((each) => each.message)
      expect(found((i) => peers[i]!.connections.map((each) => each.received), ourLines)).toEqual(
        found((i) => heard[i]!, real.output),
      )
    } finally {
      await Promise.all([real.stop(), ...servers.map((server) => server.down())])
    }
  })
})
