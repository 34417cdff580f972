/** The values of fetches in traffic: the same raw requests through the real HAProxy and ours, with a line for each value in what is sent back. */
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { beforeAll, describe, expect, it } from 'vitest'
import { RealHaproxy } from '../support/real-haproxy.js'
import { REAL } from '../support/programs.js'
import { describeUpstream } from '../support/upstream.js'
import { Simulation } from '../../../src/index.js'
import { CONDITIONS, LOG_FETCHES, REQUEST_FETCHES, REQUESTS, RESPONSE_FETCHES, RESPONSES } from './fetch-cases.js'
import { Ports, randomLoopback } from './harness/addresses.js'
import { BYTE_FETCHES, PAYLOADS, RESPONSE_BYTE_FETCHES, SERVER_PAYLOADS } from './payload-cases.js'

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
  tune.bufsize 65536
userlist users
  group staff users joe,ann
  group other users bob
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
  readonly replies: string
  readonly server: string
}

/** A log line of all values, written at the end of the stream for its size. */
const lineOf = (expressions: readonly string[]): string =>
  `"%B VALUES ${expressions.map((expression) => `|%[${expression},hex,concat(.)]`).join('')}"`

const configOf = ({ requests, responses, payloads, replies, server }: Addresses): string => `${GLOBAL}
frontend requests
  bind ${requests} name listener
  option http-buffer-request
  unique-id-format "id-%[src]-%HM"
  capture request header x-list len 5
  capture request header cookie len 30
${CONDITIONS.map((condition, i) => `  http-request set-var(txn.c${i}) bool(true) if { ${condition} }\n`)
  .join('')
  .replace(/{ ([A-Z][\w.]*) }/g, '$1')}
  http-request return status 200 content-type text/plain lf-file requests.lf
frontend responses
  bind ${responses}
  capture request header x-list len 5
  capture response header set-cookie len 9
  unique-id-format "id-%[path]"
  default_backend servers
  log-format ${lineOf(LOG_FETCHES)}
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
  log-format ${lineOf(BYTE_FETCHES.map((_, i) => `var(sess.v${i})`))}
frontend replies
  mode tcp
  bind ${replies}
  default_backend tcp
  log-format ${lineOf(RESPONSE_BYTE_FETCHES.map((_, i) => `var(sess.v${i})`))}
backend tcp
  mode tcp
  server s1 ${server}
  tcp-response inspect-delay 300ms
${RESPONSE_BYTE_FETCHES.map((fetch, i) => `  tcp-response content set-var(sess.v${i}) ${fetch} if WAIT_END\n`).join('')}
`

/** What the lines of the response to a request are about. */
const REQUEST_LINES = [...REQUEST_FETCHES, ...CONDITIONS.map((_, i) => `var(txn.c${i})`)]

const FILES = {
  'requests.lf': formatOf(REQUEST_LINES),
  'responses.lf': formatOf(RESPONSE_FETCHES.map((_, i) => `var(txn.v${i})`)),
}

/** What a program is asked to do. */
interface Player {
  exchange(address: string, request: string): string | Promise<string>
  /** log lines so far */
  readonly lines: readonly string[]
  /** Waits until there are so many lines of values. */
  waitForLines(count: number): void | Promise<void>
}

type Values = Readonly<Record<string, string>>

/** The values of the fetches for each input. */
interface Run {
  readonly requests: readonly Values[]
  readonly responses: readonly Values[]
  readonly logs: readonly Values[]
  readonly payloads: readonly Values[]
  readonly replies: readonly Values[]
}

const VALUES_LINE = /VALUES \|(.*)$/

const playAll = async (player: Player, addresses: Addresses): Promise<Run> => {
  const run = {
    requests: [] as Values[],
    responses: [] as Values[],
    logs: [] as Values[],
    payloads: [] as Values[],
    replies: [] as Values[],
  }
  let lines = 0
  const nextLine = async (fetches: readonly string[]): Promise<Values> => {
    await player.waitForLines(++lines)
    const found = player.lines.flatMap((line) => VALUES_LINE.exec(line)?.[1] ?? [])[lines - 1]!.split('|')
    return Object.fromEntries(fetches.map((fetch, i) => [fetch, found[i]!]))
  }
  const titles = [...REQUEST_FETCHES, ...CONDITIONS.map((condition) => `{ ${condition} }`)]
  for (const request of REQUESTS) run.requests.push(values(await player.exchange(addresses.requests, request), titles))
  for (const i of RESPONSES.keys()) {
    const request = `GET /${i} HTTP/1.1\r\nHost: h\r\nX-List: captured\r\n\r\n`
    run.responses.push(values(await player.exchange(addresses.responses, request), RESPONSE_FETCHES))
    run.logs.push(await nextLine(LOG_FETCHES))
  }
  for (const payload of PAYLOADS) {
    await player.exchange(addresses.payloads, payload)
    run.payloads.push(await nextLine(BYTE_FETCHES))
  }
  for (const i of SERVER_PAYLOADS.keys()) {
    await player.exchange(addresses.replies, `TCP /${i}`)
    run.replies.push(await nextLine(RESPONSE_BYTE_FETCHES))
  }
  return run
}

/** The response to a request by the number in its path. */
const responseTo = (request: string): string => {
  const [, protocol, i] = /^(\S+) \/(\d+)/.exec(request)!
  return (protocol === 'TCP' ? SERVER_PAYLOADS : RESPONSES)[Number(i)]!
}

const playReal = async (host: string): Promise<Run> => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', (data: Buffer) => socket.end(bytes(responseTo(data.toString('latin1')))))
  }).listen(0, host)
  await once(server, 'listening')
  const ports = new Ports()
  const [requests, responses, payloads, replies] = [0, 1, 2, 3].map(() => `${host}:${ports.next()}`) as Four
  const { port } = server.address() as { port: number }
  const addresses = { requests, responses, payloads, replies, server: `${host}:${port}` }
  const real = await RealHaproxy.start(configOf(addresses), FILES, REAL)
  try {
    if (!real.listensAt('sock')) throw new Error(real.messages.join('\n'))
    const hasLines = (count: number): boolean => real.output.filter((line) => VALUES_LINE.test(line)).length >= count
    const waitForLines = (count: number): Promise<void> => real.until(() => hasLines(count))
    return await playAll({ exchange, lines: real.output, waitForLines }, addresses)
  } finally {
    await real.stop()
    server.close()
  }
}

const playSimulated = (host: string): Promise<Run> => {
  const sim = new Simulation()
  const [requests, responses, payloads, replies] = [1, 2, 3, 4].map((port) => `${host}:2000${port}`) as Four
  const server = `${host}:20009`
  sim.tcp(server).respond((received, connection) => {
    connection.send(responseTo(received))
    connection.close()
    return undefined
  })
  const haproxy = sim
    .haproxy({ config: configOf({ requests, responses, payloads, replies, server }), files: FILES })
    .start()
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
  return playAll(player, { requests, responses, payloads, replies, server })
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
    ['requests', REQUESTS, REQUEST_LINES],
    ['responses', RESPONSES, RESPONSE_FETCHES],
    ['logs', RESPONSES, LOG_FETCHES],
    ['payloads', PAYLOADS, BYTE_FETCHES],
    ['replies', SERVER_PAYLOADS, RESPONSE_BYTE_FETCHES],
  ] as const)('of %s', (kind, inputs, fetches) => {
    const titles = inputs.map((input, i) => [`${i}: ${JSON.stringify(input).slice(1, 40)}`, i] as const)
    it.each(titles)('have the real values, %s', (_, i) => {
      const [expected, actual] = [real[kind][i]!, ours[kind][i]!]
      expect(Object.keys(expected)).toHaveLength(new Set(fetches).size)
      expect(differences(expected, actual)).toEqual([])
    })
  })
})
