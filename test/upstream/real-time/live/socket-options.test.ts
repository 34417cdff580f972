/** Options of real sockets: `hapsim-haproxy` sets those that the real HAProxy sets for listeners, clients and servers. */
import { execFileSync } from 'node:child_process'
import { createServer, connect, type Server, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { build } from '../../../support/build.js'
import { OURS, REAL } from '../../support/programs.js'
import { RealHaproxy, sleep } from '../../support/real-haproxy.js'
import { socketsOf, type FoundSocket } from '../../support/socket-options.js'
import { describeUpstream } from '../../support/upstream.js'

/** First of the ports of listeners, and of servers. */
const LISTENERS = 23_100
const SERVERS = 23_200

/** Settings of `bind` lines, with their proxies' lines. */
const BINDS: readonly (readonly [address: string, settings: string, lines?: string])[] = [
  ['127.0.0.1', ''],
  ['127.0.0.1', 'interface lo'],
  ['127.0.0.1', 'interface nosuch'],
  ['127.0.0.1', 'mss 1200'],
  ['127.0.0.1', 'mss -5'],
  ['127.0.0.1', 'tcp-ut 30s'],
  ['127.0.0.1', 'tcp-ut 0'],
  ['127.0.0.1', 'defer-accept'],
  ['127.0.0.1', 'backlog 77 tfo'],
  ['127.0.0.1', 'maxconn 33 tfo'],
  ['127.0.0.1', 'tfo', 'backlog 44'],
  ['127.0.0.1', 'tfo', 'maxconn 55'],
  ['127.0.0.1', 'tfo backlog 66', 'backlog 44'],
  ['::', ''],
  ['::', 'v6only'],
  ['::', 'v4v6'],
  ['192.0.2.7', 'transparent'],
]

/** Settings of servers, with their proxies' lines. */
const SETTINGS: readonly (readonly [settings: string, lines?: string])[] = [
  [''],
  ['tcp-ut 8s'],
  ['source 127.0.0.9'],
  ['source 127.0.0.9 interface lo tcp-ut 9s'],
  ['', 'source 0.0.0.0 interface lo'],
  ['tfo'],
  ['', 'option tcpka'],
  ['', 'option clitcpka\n    clitcpka-cnt 3\n    clitcpka-idle 70s\n    clitcpka-intvl 1500ms'],
  ['', 'option srvtcpka\n    srvtcpka-cnt 4\n    srvtcpka-idle 2m\n    srvtcpka-intvl 9'],
  ['', 'clitcpka-cnt 3\n    srvtcpka-cnt 4'],
  ['', 'tcp-request connection set-fc-tos 16\n    tcp-request content set-bc-tos int(8)'],
  ['', 'tcp-request connection set-fc-mark 5\n    tcp-request content set-bc-mark 0x10'],
]

const config = `
global
    stats socket unix@@DIR@/sock
    nbthread 1
    tune.sndbuf.client 30000
    tune.rcvbuf.client 31000
    tune.notsent-lowat.client 32000
    tune.sndbuf.server 33000
    tune.rcvbuf.server 34000
    tune.notsent-lowat.server 35000
    maxconn 1000
defaults
    mode tcp
    timeout connect 5s
    timeout client 9s
    timeout server 9s
${BINDS.map(
  ([address, settings, lines = ''], i) => `
frontend f${i}
    bind ${address}:${LISTENERS + i} ${settings}
    ${lines}
`,
).join('')}
${SETTINGS.map(
  ([settings, lines = ''], i) => `
listen l${i}
    bind 127.0.0.1:${LISTENERS + BINDS.length + i} tcp-ut ${i + 1}s
    ${lines}
    server s 127.0.0.1:${SERVERS + i} ${settings}
`,
).join('')}`

/** Backlogs by port. */
const backlogs = (): Readonly<Record<string, string>> =>
  Object.fromEntries(
    execFileSync('ss', ['-Htln'], { encoding: 'utf8' })
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .flatMap(([, , backlog = '', address = '']) => {
        const port = Number(address.replace(/.*:/, ''))
        return port >= LISTENERS && port < SERVERS ? [[String(port), backlog]] : []
      }),
  )

interface Found {
  readonly listening: readonly FoundSocket[]
  readonly connected: readonly (FoundSocket | undefined)[]
  readonly backlogs: Readonly<Record<string, string>>
  readonly warnings: readonly string[]
}

beforeAll(build, 60_000)

/** Whether the system lets processes look at sockets of others. */
const isPermitted = socketsOf(process.pid) !== undefined

describeUpstream('options of sockets', () => {
  const servers: Server[] = []
  const sockets = new Set<Socket>()
  const found: Found[] = []

  const look = async (program: string): Promise<Found> => {
    const haproxy = await RealHaproxy.start(config, {}, program)
    const clients = SETTINGS.map((_, i) => connect(LISTENERS + BINDS.length + i, '127.0.0.1'))
    for (const client of clients) client.on('error', () => undefined)
    try {
      const isConnected = (all: readonly FoundSocket[]): boolean =>
        SETTINGS.every((_, i) => all.some(({ peer }) => peer === SERVERS + i))
      for (let i = 0; i < 100 && !isConnected(socketsOf(haproxy.pid)!); i++) await sleep(50)
      const all = socketsOf(haproxy.pid)!
      const byPort = (a: FoundSocket, b: FoundSocket): number => a.port - b.port
      return {
        listening: all.filter(({ isListening }) => isListening).toSorted(byPort),
        connected: SETTINGS.flatMap((_, i) => [
          all.find(({ isListening, port }) => !isListening && port === LISTENERS + BINDS.length + i),
          all.find(({ peer }) => peer === SERVERS + i),
        ]).map((each) => each && { ...each, port: 0, peer: 0 }),
        backlogs: backlogs(),
        warnings: haproxy.warnings.filter((text) => text.includes('Binding')),
      }
    } finally {
      for (const client of clients) client.destroy()
      await haproxy.stop()
    }
  }

  beforeAll(async () => {
    for (const [i] of SETTINGS.entries()) {
      const server = createServer((socket) => sockets.add(socket.on('error', () => undefined)))
      await new Promise<void>((done) => server.listen(SERVERS + i, '127.0.0.1', done))
      servers.push(server)
    }
    if (isPermitted) found.push(await look(REAL), await look(OURS))
  }, 60_000)

  afterAll(() => {
    for (const socket of sockets) socket.destroy()
    for (const server of servers) server.close()
  })

  it.skipIf(!isPermitted)('are the same for listeners', () => {
    expect(found[0]!.listening).toHaveLength(BINDS.length + SETTINGS.length)
    expect(found[1]!.listening).toEqual(found[0]!.listening)
  })

  it.skipIf(!isPermitted)('are the same for connections of clients and to servers', () => {
    expect(found[0]!.connected).not.toContain(undefined)
    // HAProxy binds a socket without address and port, too, which has no effect but that of SO_REUSEADDR
    const comparable = ({ connected }: Found) =>
      connected.map((each) => each && { ...each, options: { ...each.options, reuseAddress: 0, bindsWithoutPort: 0 } })
    expect(comparable(found[1]!)).toEqual(comparable(found[0]!))
  })

  it.skipIf(!isPermitted)('include how many clients may wait', () => {
    expect(Object.keys(found[0]!.backlogs)).toHaveLength(BINDS.length + SETTINGS.length)
    expect(found[1]!.backlogs).toEqual(found[0]!.backlogs)
  })

  it.skipIf(!isPermitted)('that the system refuses are reported', () => {
    expect(found[0]!.warnings).toHaveLength(1)
    expect(found[1]!.warnings).toEqual(found[0]!.warnings)
  })
})
