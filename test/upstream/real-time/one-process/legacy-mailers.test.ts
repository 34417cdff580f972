/**
 * The dialogues of the built-in mailer with mail servers that do well, and with others: what the real HAProxy says on each
 * connection, and what ours does.
 */
import { expect, it } from 'vitest'
import { Simulation } from '../../../../src/sim/index.js'
import { serveReal, serveSimulated, type Peer } from '../../../support/peers.js'
import { RealHaproxy, sleep } from '../../support/real-haproxy.js'
import { RealServer } from '../../support/real-servers.js'
import { describeUpstream } from '../../support/upstream.js'

const GOOD = [
  '220 hi\r\n',
  '250 ok\r\n',
  '250 ok\r\n',
  '250 ok\r\n',
  '354 go\r\n',
  '250 taken\r\n',
  '221 bye\r\n',
] as const
const STEPS = ['greeting', 'HELO', 'MAIL', 'RCPT', 'DATA', 'mail', 'QUIT'] as const

const atEachStep = (what: string, peer: (before: readonly string[], step: number) => Peer): [string, Peer][] =>
  STEPS.map((step, i) => [`${what} at ${step}`, peer(GOOD.slice(0, i), i)])

const PEERS: readonly (readonly [string, Peer])[] = [
  ['does well', { says: GOOD }],
  ['answers in two lines', { says: GOOD.map((line) => `${line.slice(0, 3)}-more\r\n${line}`) }],
  ...atEachStep('says no', (before) => ({ says: [...before, '550 no\r\n'] })),
  ...atEachStep('closes', (before) => ({ says: [...before, undefined], then: 'close' })),
  ...atEachStep('resets', (before) => ({ says: [...before, undefined], then: 'reset' })),
  ...atEachStep('is silent', (before) => ({ says: before })),
  ['says garbage without end', { says: ['garbage\x01'.repeat(50)], forEver: true }],
]

/** So long a mail may take, to each server. */
const LIMIT_MS = 3000

const CONFIG = (mailPort: number, dead: readonly number[]) => `
global
    log stdout format raw local0 info
    stats socket unix@sock level admin
    max-spread-checks 1ms
defaults
    mode tcp
    log global
    timeout connect 5s
    timeout client 5s
    timeout server 5s
mailers m
    mailer one 127.0.0.1:${mailPort}
    timeout mail ${LIMIT_MS}ms
backend be1
    email-alert mailers m
    email-alert from "haproxy@example.com"
    email-alert to admin@example.com
    email-alert myhostname lb.example.com
    server s1 127.0.0.1:${dead[0]} check inter 60s fall 1
    server s2 127.0.0.1:${dead[1]} check inter 60s fall 1
`

/** The data received on each connection; which server failed first is not deterministic. */
const normalise = (heard: readonly string[]): string[] =>
  heard.map((text) =>
    text
      .replace(/^Date: .*$/m, 'Date:')
      .replace(/be1\/s\d/g, 'be1/s')
      .replace(/[01] active/g, 'N active')
      .replace(/check duration: \d+ms/g, 'check duration: Nms'),
  )

describeUpstream('the built-in mailer', () => {
  it.concurrent.each(PEERS)('with a server that %s', async (_, peer) => {
    const heardByReal: string[] = []
    let ended = 0
    const mail = await new RealServer((socket) => {
      const at = heardByReal.push('') - 1
      socket.on('close', () => ended++)
      serveReal(peer, (bytes) => (heardByReal[at] += bytes))(socket)
    }).up()
    const dead = await Promise.all([1, 2].map(() => new RealServer().up()))
    const ports = dead.map((each) => each.port)
    await Promise.all(dead.map((each) => each.down()))
    const text = CONFIG(mail.port, ports)
    const simulation = new Simulation()
    const smtp = simulation.tcp(`127.0.0.1:${mail.port}`)
    serveSimulated(simulation, smtp, peer)
    for (const port of ports) simulation.tcp(`127.0.0.1:${port}`).refuse()
    simulation.haproxy({ config: text }).start()
    simulation.advance('20s')
    const real = new RealHaproxy(text)
    try {
      await real.until(() => real.listensAt('sock'))
      // in every case, HAProxy closes the mail's connection in the end
      await real.until(() => ended >= 2)
      await sleep(100)
      expect(normalise(smtp.connections.map((each) => each.received))).toEqual(normalise(heardByReal))
      expect(heardByReal).toHaveLength(2)
    } finally {
      await Promise.all([real.stop(), mail.down()])
    }
  })
})
