/** The values of fetches in traffic: the same raw requests through the real HAProxy and ours, with a line for each value in what is sent back. */
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { beforeAll, describe, expect, it } from 'vitest'
import { RealHaproxy } from '../support/real-haproxy.js'
import { REAL } from '../support/programs.js'
import { describeUpstream } from '../support/upstream.js'
import { Simulation } from '../../../src/index.js'
import { REQUEST_FETCHES, REQUESTS, RESPONSE_FETCHES, RESPONSES } from './fetch-cases.js'
import { Ports, randomLoopback } from './harness/addresses.js'
import { BYTE_FETCHES, PAYLOADS } from './payload-cases.js'

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1')

/** One line for each expression: its value in hexadecimal digits and a full stop, nothing where it has none. */
const formatOf = (expressions: readonly string[]): string =>
  expressions.map((expression, i) => `${i}=%[${expression},hex,concat(.)]\n`).join('')

/** What is received until the message is complete, or the connection ends. */
const exchange = async (address: string, request: string): Promise<string> => {
  const [host, port] = address.split(':')
  const socket: Socket = connect({ host, port: Number(port), allowHalfOpen: true })
  let received = ''
  const timer = setTimeout(() => socket.destroy(), 5000)
  socket.on('error', () => undefined)
  socket.on('data', (data: Buffer) => {
    received += data.toString('latin1')
    if (isWhole(received)) socket.destroy()
  })
  socket.write(bytes(request))
  socket.on('end', () => socket.destroy())
  await once(socket, 'close')
  clearTimeout(timer)
  return received
}

const isWhole = (received: string): boolean => {
  const end = received.indexOf('\r\n\r\n')
  const [, length] = /^content-length: (\d+)/im.exec(received.slice(0, end + 2)) ?? []
  return end >= 0 && received.length >= end + 4 + Number(length ?? Infinity)
}

const values = (received: string, fetches: readonly string[]): Record<string, string> => {
  const found: Record<string, string> = {}
  for (const [, i, value] of received.matchAll(/(?:^|\n)(\d+)=(.*)(?=\n)/g)) found[fetches[Number(i)]!] = value!
  return found
}

const GLOBAL = `global
  log stdout len 65535 format raw local0
  stats socket unix@sock level admin
  nbthread 1
userlist users
  group staff users joe,ann
  user joe insecure-password secret
  user ann password $6$abcdefgh$idoXWLpluXirngpx9vAVhc6oZY0.qDGkWFoel8QgeaaAk6tikJpe3.5DiCMBOwX9i8JSiV/euhwpnOK7b0DbE1
  user bob password $5$rounds=1234$longsaltlongsalt$BGn.W.EPy53bMH5pomP2JzTkgsNZdTsI3qopx4k6Ps4
  user cat password $1$salty$7YuHJfuxh5.IxAvZWN2JE/
defaults
  mode http
  log global
  timeout client 5s
  timeout server 4s
  timeout connect 1s
  timeout tunnel 9s
`

/** The addresses of the frontends and of the server. */
interface Addresses {
  readonly requests: string
  readonly responses: string
  readonly payloads: string
  readonly server: string
}

const configOf = ({ requests, responses, payloads, server }: Addresses): string => `${GLOBAL}
frontend requests
  bind ${requests} name listener
  option http-buffer-request
  unique-id-format "id-%[src]-%HM"
  capture request header x-list len 5
  capture request header cookie len 30
  http-request return status 200 content-type text/plain lf-file requests.lf
frontend responses
  bind ${responses}
  capture request header x-list len 5
  capture response header set-cookie len 9
  unique-id-format "id-%[path]"
  default_backend servers
backend servers
  option http-server-close
  server s1 ${server}
${RESPONSE_FETCHES.map((fetch, i) => `  http-response set-var(txn.v${i}) ${fetch}\n`).join('')}
  http-response return status 200 content-type text/plain lf-file responses.lf
frontend bytes
  mode tcp
  bind ${payloads}
  tcp-request inspect-delay 300ms
${BYTE_FETCHES.map((fetch, i) => `  tcp-request content set-var(sess.v${i}) ${fetch} if WAIT_END\n`).join('')}
  tcp-request content reject if WAIT_END
  log-format "BYTES ${BYTE_FETCHES.map((_, i) => `|%[var(sess.v${i}),hex,concat(.)]`).join('')}"
`

const FILES = {
  'requests.lf': formatOf(REQUEST_FETCHES),
  'responses.lf': formatOf(RESPONSE_FETCHES.map((_, i) => `var(txn.v${i})`)),
}

/** What a program is asked to do. */
interface Player {
  exchange(address: string, request: string): string | Promise<string>
  /** log lines so far */
  readonly lines: readonly string[]
  /** Waits until there are so many lines that begin with `BYTES`. */
  waitForLines(count: number): void | Promise<void>
}

type Values = Readonly<Record<string, string>>

/** The values of the fetches for each input. */
interface Run {
  readonly requests: readonly Values[]
  readonly responses: readonly Values[]
  readonly payloads: readonly Values[]
}

const BYTES_LINE = /BYTES \|(.*)$/

const playAll = async (player: Player, addresses: Addresses): Promise<Run> => {
  const run = { requests: [] as Values[], responses: [] as Values[], payloads: [] as Values[] }
  for (const request of REQUESTS)
    run.requests.push(values(await player.exchange(addresses.requests, request), REQUEST_FETCHES))
  for (const i of RESPONSES.keys()) {
    const request = `GET /${i} HTTP/1.1\r\nHost: h\r\nX-List: captured\r\n\r\n`
    run.responses.push(values(await player.exchange(addresses.responses, request), RESPONSE_FETCHES))
  }
  for (const payload of PAYLOADS) {
    await player.exchange(addresses.payloads, payload)
    await player.waitForLines(run.payloads.length + 1)
    const found = player.lines.flatMap((line) => BYTES_LINE.exec(line)?.[1] ?? [])[run.payloads.length]!.split('|')
    run.payloads.push(Object.fromEntries(BYTE_FETCHES.map((fetch, i) => [fetch, found[i]!])))
  }
  return run
}

/** The response to a request by the number in its path. */
const responseTo = (request: string): string => RESPONSES[Number(/^\S+ \/(\d+)/.exec(request)![1])]!

const playReal = async (host: string): Promise<Run> => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', (data: Buffer) => socket.end(bytes(responseTo(data.toString('latin1')))))
  }).listen(0, host)
  await once(server, 'listening')
  const ports = new Ports()
  const [requests, responses, payloads] = [0, 1, 2].map(() => `${host}:${ports.next()}`) as [string, string, string]
  const { port } = server.address() as { port: number }
  const addresses = { requests, responses, payloads, server: `${host}:${port}` }
  const real = await RealHaproxy.start(configOf(addresses), FILES, REAL)
  try {
    if (!real.listensAt('sock')) throw new Error(real.messages.join('\n'))
    const hasLines = (count: number): boolean => real.output.filter((line) => BYTES_LINE.test(line)).length >= count
    const waitForLines = (count: number): Promise<void> => real.until(() => hasLines(count))
    return await playAll({ exchange, lines: real.output, waitForLines }, addresses)
  } finally {
    await real.stop()
    server.close()
  }
}

const playSimulated = (host: string): Promise<Run> => {
  const sim = new Simulation()
  const [requests, responses, payloads, server] = [1, 2, 3, 4].map((port) => `${host}:2000${port}`) as Four
  sim.tcp(server).respond((received, connection) => {
    connection.send(responseTo(received))
    connection.close()
    return undefined
  })
  const haproxy = sim.haproxy({ config: configOf({ requests, responses, payloads, server }), files: FILES }).start()
  const client = sim.client('127.0.0.1')
  const player: Player = {
    exchange: (address, request) => {
      const connection = client.connect(address)
      connection.send(request)
      sim.runUntil(() => isWhole(connection.received) || connection.state === 'closed' || connection.ended, '10s')
      connection.close()
      return connection.received
    },
    get lines() {
      return haproxy.logs.map(({ message }) => message)
    },
    waitForLines: () => sim.advance('1s'),
  }
  return playAll(player, { requests, responses, payloads, server })
}

type Four = [string, string, string, string]

/** What differs, a line for each fetch. */
const differences = (expected: Values, actual: Values): string[] =>
  Object.entries(expected).flatMap(([fetch, value]) =>
    actual[fetch] === value ? [] : [`${fetch}: ${actual[fetch]} instead of ${value}`],
  )

describeUpstream('fetches in traffic', () => {
  let real: Run
  let ours: Run
  beforeAll(async () => {
    const host = randomLoopback()
    real = await playReal(host)
    ours = await playSimulated(host)
  }, 120_000)

  describe.each([
    ['requests', REQUESTS, REQUEST_FETCHES],
    ['responses', RESPONSES, RESPONSE_FETCHES],
    ['payloads', PAYLOADS, BYTE_FETCHES],
  ] as const)('of %s', (kind, inputs, fetches) => {
    const titles = inputs.map((input, i) => [`${i}: ${JSON.stringify(input).slice(1, 40)}`, i] as const)
    it.each(titles)('have the real values, %s', (_, i) => {
      const [expected, actual] = [real[kind][i]!, ours[kind][i]!]
      expect(Object.keys(expected)).toHaveLength(new Set(fetches).size)
      expect(differences(expected, actual)).toEqual([])
    })
  })
})
