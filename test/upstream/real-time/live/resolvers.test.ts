/**
 * Names of servers that change while the process runs: the real HAProxy, `hapsim-haproxy` and a simulation, each with a name
 * server that tells the same story, say and answer the same. The one that answers the first two is real, on UDP, and its
 * answers are those of the simulated one.
 */
import { createSocket } from 'node:dgram'
import { createServer, type Socket } from 'node:net'
import { beforeAll, expect, it } from 'vitest'
import { parseAddress } from '../../../../src/net/address.js'
import { Simulation } from '../../../../src/sim/index.js'
import type { DnsServer, DnsService } from '../../../../src/sim/actors/dns.js'
import { build } from '../../../support/build.js'
import { OURS } from '../../support/programs.js'
import { RealHaproxy, sleep } from '../../support/real-haproxy.js'
import { describeUpstream } from '../../support/upstream.js'

/** A name server on a real socket: what it says is worked out by the simulated one, at the same moment. */
const startNameServer = async (): Promise<{ dns: DnsServer; port: number; stop: () => void }> => {
  const simulation = new Simulation()
  const dns = simulation.dns('10.0.0.53:53')
  const { address } = parseAddress('10.0.0.53:53', { portOk: true }) as { address: DnsServer['address'] }
  const answer = (bytes: Uint8Array, reply: (bytes: Uint8Array) => void): void => {
    simulation.home.datagrams(address as Parameters<typeof simulation.home.datagrams>[0], reply).send(bytes)
    simulation.advance('1s')
  }
  const socket = createSocket('udp4')
  socket.on('message', (bytes, from) => answer(bytes, (reply) => socket.send(reply, from.port, from.address)))
  await new Promise<void>((done) => socket.bind(0, '127.0.0.1', done))
  const { port } = socket.address()
  const clients = new Set<Socket>()
  const listener = createServer((client) => {
    clients.add(client)
    let unread = Buffer.alloc(0)
    client.on('error', () => undefined)
    client.on('data', (bytes) => {
      unread = Buffer.concat([unread, bytes])
      for (
        ;
        unread.length >= 2 && unread.length >= 2 + unread.readUInt16BE();
        unread = unread.subarray(2 + unread.readUInt16BE())
      )
        answer(unread.subarray(2, 2 + unread.readUInt16BE()), (reply) => {
          const length = Buffer.alloc(2)
          length.writeUInt16BE(reply.length)
          client.write(Buffer.concat([length, reply]))
        })
    })
  })
  await new Promise<void>((done) => listener.listen(port, '127.0.0.1', done))
  const stop = (): void => {
    socket.close()
    listener.close()
    for (const client of clients) client.destroy()
  }
  return { dns, port, stop }
}

const config = (nameserver: string, servers: string) => `
global
    log stdout format raw local0
    stats socket unix@@DIR@/sock level admin
    nbthread 1
defaults
    mode tcp
    log global
    timeout connect 1s
    timeout client 1s
    timeout server 1s
resolvers dns
    nameserver one ${nameserver}
    hold valid 200ms
    hold nx 500ms
    hold timeout 500ms
    hold refused 500ms
    hold other 500ms
    timeout resolve 100ms
    timeout retry 400ms
    resolve_retries 2
backend be1
${servers}
`

type Saying = (dns: DnsServer) => unknown

interface Story {
  /** how the name server is asked: UDP where nothing is said */
  readonly transport?: 'tcp@'
  readonly servers: string
  /** what the name servers say from then on, or a command of the runtime API; the first comes before the start */
  readonly steps: readonly [Saying, ...(Saying | string)[]]
}

const TEMPLATE = 'resolvers dns resolve-prefer ipv4'

const STORIES: Readonly<Record<string, Story>> = {
  'addresses that change': {
    servers: `
    server s1 a.test:80 ${TEMPLATE} init-addr none
    server s2 a.test:81 ${TEMPLATE} init-addr none
    server s3 a.test:82 ${TEMPLATE} init-addr 10.9.9.9 resolve-opts allow-dup-ip`,
    steps: [
      (dns) => dns.fail('a.test', 'nx'),
      (dns) => dns.set('a.test', '10.0.0.1', '10.0.0.2'),
      (dns) => dns.set('a.test', '10.0.0.3', '10.0.0.1'),
      (dns) => dns.set('a.test', '10.0.0.4', '10.0.0.5', '10.0.0.6'),
      (dns) => dns.set('a.test', '10.0.0.6', '10.0.0.5', '10.0.0.4', '10.0.0.7', '10.0.0.8'),
    ],
  },
  'addresses that change, over TCP': {
    transport: 'tcp@',
    servers: `
    server s1 a.test:80 ${TEMPLATE} init-addr none
    server s2 b.test:81 ${TEMPLATE} init-addr none
    server s3 c.test:82 ${TEMPLATE} init-addr 10.9.9.9`,
    steps: [
      (dns) => dns.fail('a.test', 'nx').set('b.test', '10.0.0.7').set('c.test', '10.0.0.8'),
      (dns) => dns.set('a.test', '10.0.0.1'),
      (dns) => dns.set('a.test', '10.0.0.3').fail('b.test', 'refused'),
      (dns) => dns.fail('c.test', 'silent'),
      (dns) => dns.set('c.test', '10.0.0.9').set('b.test', '10.0.0.10'),
    ],
  },
  'names that are gone, refused and silent, and come back': {
    servers: `
    server s1 a.test:80 ${TEMPLATE} init-addr none
    server s2 a.test:81 ${TEMPLATE} init-addr none
    server s3 b.test:82 ${TEMPLATE} init-addr none`,
    steps: [
      (dns) => dns.set('a.test', '10.0.0.1', '10.0.0.2').set('b.test', '10.0.0.3'),
      (dns) => dns.fail('a.test', 'nx'),
      (dns) => dns.set('a.test', '10.0.0.9'),
      (dns) => dns.fail('a.test', 'refused'),
      (dns) => dns.set('a.test', '10.0.0.5', '10.0.0.6'),
      (dns) => dns.fail('a.test', 'silent'),
      (dns) => dns.set('a.test', '10.0.0.5', '10.0.0.6'),
      (dns) => dns.fail('a.test', 'truncated'),
      (dns) => dns.set('a.test', '10.0.0.5', '10.0.0.6'),
      (dns) => dns.fail('a.test', 'failure'),
      (dns) => dns.set('a.test'),
    ],
  },
  'names that resolve again, as init-state says': {
    servers: `
    server first 127.0.0.1:1 check inter 1h
${['none', 'up', 'down', 'fully-down', 'fully-up']
  .map(
    (state, index) => `
    server s${index} a.test:80 ${TEMPLATE} init-addr none resolve-opts allow-dup-ip init-state ${state} check inter 1h rise 3
    server n${index} a.test:80 ${TEMPLATE} init-addr none resolve-opts allow-dup-ip init-state ${state}
    server l${index} a.test:80 ${TEMPLATE} init-addr 10.9.9.9 resolve-opts allow-dup-ip init-state ${state} check inter 1h
    server d${index} a.test:80 ${TEMPLATE} init-addr none resolve-opts allow-dup-ip init-state ${state} disabled
    server t${index} 127.0.0.1:80 track s${index}`,
  )
  .join('')}`,
    steps: [
      (dns) => dns.fail('a.test', 'nx'),
      (dns) => dns.set('a.test', '10.0.0.1'),
      'set server be1/s2 health up',
      (dns) => dns.fail('a.test', 'nx'),
      (dns) => dns.set('a.test', '10.0.0.2'),
      'set server be1/d2 state ready',
      'set server be1/d3 state ready',
    ],
  },
  'families, networks and other names': {
    servers: `
    server s1 a.test:80 resolvers dns init-addr none
    server s2 a.test:80 ${TEMPLATE} init-addr none resolve-net 10.2.0.0/16,10.3.0.0/255.255.0.0
    server s3 c.test:80 ${TEMPLATE} init-addr none
    server-template t 2 d.test:80 ${TEMPLATE} init-addr none`,
    steps: [
      (dns) =>
        dns
          .set('a.test', '10.1.0.1', '10.2.0.1', 'fd00::1')
          .set('e.test', '10.4.0.1')
          .alias('c.test', 'e.test')
          .set('d.test', 'fd00::7'),
      (dns) => dns.set('a.test', '10.1.0.1', '10.3.0.1', 'fd00::2', 'fd00::3').set('d.test', '10.0.0.7', '10.0.0.8'),
      (dns) => dns.set('a.test', '10.1.0.1').set('e.test', '10.4.0.2'),
      (dns) => dns.alias('c.test', 'nobody.test'),
    ],
  },
  'an operator who gives a server another name': {
    servers: `
    server s1 a.test:80 ${TEMPLATE} init-addr none
    server s2 10.0.0.1:80
    server s3 10.0.0.4:80 ${TEMPLATE}`,
    steps: [
      (dns) => dns.set('a.test', '10.0.0.1').set('b.test', '10.0.0.2'),
      'set server be1/s1 fqdn b.test',
      'set server be1/s1 fqdn b.test',
      'set server be1/s1 fqdn b/test',
      'set server be1/s2 fqdn b.test',
      'set server be1/s3 fqdn b.test',
      'set server be1/s1 state maint',
      (dns) => dns.fail('b.test', 'nx'),
      'set server be1/s1 state ready',
      'set server be1/s1 addr 10.0.0.9',
      (dns) => dns.set('b.test', '10.0.0.3'),
    ],
  },
  'SRV records with addresses beside them': {
    servers: `
    server-template t 3 _http._tcp.a.test resolvers dns resolve-prefer ipv4 init-addr none
    server s1 _http._tcp.a.test:99 resolvers dns resolve-prefer ipv4 init-addr none resolve-opts ignore-weight weight 7`,
    steps: [
      (dns) => dns.fail(SRV, 'nx'),
      (dns) => dns.srv(SRV, service('one', 8001, '10.0.0.1', 10)),
      (dns) =>
        dns.srv(SRV, service('one', 8001, '10.0.0.1', 256), service('two', 8002, '10.0.0.2', 257), {
          ...service('one', 8003, '10.0.0.1', 65_535),
          priority: 5,
        }),
      'set server be1/t1 fqdn b.test',
      (dns) => dns.srv(SRV, service('two', 8002, '10.0.0.2', 0)),
      (dns) =>
        dns.srv(SRV, ...[1, 2, 3, 4, 5].map((each) => service(`n${each}`, 8000 + each, `10.0.1.${each}`, 1000 * each))),
      (dns) => dns.srv(SRV, service('n4', 8004, 'fd00::4')),
      (dns) => dns.fail(SRV, 'refused'),
      (dns) => dns.srv(SRV, service('n4', 8004, '10.0.0.4')),
      (dns) => dns.fail(SRV, 'silent'),
      (dns) => dns.srv(SRV),
      (dns) => dns.srv(SRV, service('n4', 8004, '10.0.0.4')),
      (dns) => dns.fail(SRV, 'truncated'),
    ],
  },
  'SRV records whose names are asked for': {
    servers: `
    server-template t 2 _http._tcp.a.test resolvers dns resolve-prefer ipv4 init-addr none
    server-template u 2 _ldap._tcp.a.test resolvers dns resolve-prefer ipv4 init-addr 10.9.9.9`,
    steps: [
      (dns) => dns.srv(SRV, service('one', 8001), service('two', 8002)).set('one.test', '10.0.0.1'),
      (dns) => dns.set('two.test', '10.0.0.2').set('one.test', '10.0.0.9'),
      (dns) => dns.fail('two.test', 'nx'),
      (dns) =>
        dns
          .srv(SRV, service('three', 8003))
          .set('three.test', '10.0.0.3')
          // an unused name: whether one that a server just left is still known is not deterministic
          .set('four.test', '10.0.0.4')
          .srv('_ldap._tcp.a.test', service('four', 389)),
      (dns) => dns.srv(SRV, service('three', 8003, '10.0.0.33')),
    ],
  },
}

const SRV = '_http._tcp.a.test'

const service = (host: string, port: number, ip?: string, weight = 0): DnsService => ({
  target: `${host}.test`,
  port,
  weight,
  ips: ip === undefined ? [] : [ip],
})

interface Player {
  cli(command: string): string | Promise<string>
  pass(): unknown
}

/** What the runtime API tells of the servers after each step, less the time since the last change. */
const play = async ({ steps }: Story, dns: DnsServer, player: Player): Promise<string[]> => {
  const reported: string[] = []
  for (const [index, step] of steps.entries()) {
    if (typeof step === 'string') reported.push(await player.cli(step))
    else if (index > 0) step(dns)
    await player.pass()
    const state = await player.cli('show servers state be1')
    reported.push(
      state
        .split('\n')
        .map((line) => line.split(' ').filter((_, i) => i !== 9))
        .map((words) => words.join(' '))
        .join('\n'),
    )
  }
  return reported
}

/** The messages about each server, in order: which answer comes first is not deterministic. */
const reports = (lines: readonly string[]): Record<string, string[]> => {
  const reported: Record<string, string[]> = {}
  for (const line of lines)
    (reported[/be1\/\w+/.exec(line)?.[0] ?? ''] ??= []).push(
      line.replace(/\d+ active/, 'N active').replace(/duration: \d+ms/, 'duration: Nms'),
    )
  return reported
}

const PASS = 1800

beforeAll(build, 60_000)

describeUpstream('names that change', () => {
  it.concurrent.each(Object.entries(STORIES))('%s', async (_name, story) => {
    const { transport = '', servers, steps } = story
    // first: it keeps this process busy, which would make the name servers slow
    const simulation = new Simulation()
    const haproxy = simulation.haproxy({
      config: config(`${transport}10.0.0.53:53`, servers).replace('unix@@DIR@/', '/'),
    })
    const simulatedDns = simulation.dns('10.0.0.53:53')
    steps[0](simulatedDns)
    haproxy.start()
    const simulated = await play(story, simulatedDns, {
      cli: (command) => haproxy.cli(command),
      pass: () => simulation.advance(`${PASS}ms`),
    })
    const nameServers = [await startNameServer(), await startNameServer()] as const
    for (const { dns } of nameServers) steps[0](dns)
    const at = (index: 0 | 1) => config(`${transport}127.0.0.1:${nameServers[index].port}`, servers)
    const [real, live] = await Promise.all([RealHaproxy.start(at(0)), RealHaproxy.start(at(1), {}, OURS)])
    try {
      const wait = () => sleep(PASS)
      const [theirs, ours] = await Promise.all([
        play(story, nameServers[0].dns, { cli: (command) => real.cli(command), pass: wait }),
        play(story, nameServers[1].dns, { cli: (command) => live.cli(command), pass: wait }),
      ])
      expect(ours).toEqual(theirs)
      expect(simulated).toEqual(theirs)
      expect(reports(live.output)).toEqual(reports(real.output))
      expect(reports(haproxy.logs.map((each) => each.message))).toEqual(reports(real.output))
      expect(real.output.length).toBeGreaterThan(0)
    } finally {
      await Promise.all([real.stop(), live.stop()])
      for (const each of nameServers) each.stop()
    }
  })
})
