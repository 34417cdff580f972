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
import { configOf, FILES, REQUEST_LINES, type Addresses } from './fetch-config.js'
import { BYTE_FETCHES, PAYLOADS, RESPONSE_BYTE_FETCHES, SERVER_PAYLOADS } from './payload-cases.js'

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1')

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
  readonly failures: readonly Values[]
}

const VALUES_LINE = /VALUES \|(.*)$/

const playAll = async (player: Player, addresses: Addresses): Promise<Run> => {
  const run = {
    requests: [] as Values[],
    responses: [] as Values[],
    logs: [] as Values[],
    payloads: [] as Values[],
    replies: [] as Values[],
    failures: [] as Values[],
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
  for (const name of FAILURES) {
    await player.exchange(addresses.failures, `GET /${name} HTTP/1.1\r\nHost: h\r\n\r\n`)
    run.failures.push(await nextLine(LOG_FETCHES))
  }
  return run
}

/** What servers do, or how they are not reached. */
const FAILURES = ['refused', 'reset', 'close', 'none']

/** The response to a request by the number in its path; 'reset' to reset the connection. */
const responseTo = (request: string): string => {
  const [, protocol, i] = /^(\S+) \/(\w+)/.exec(request)!
  if (i === 'reset') return i
  if (i === 'close') return ''
  return (protocol === 'TCP' ? SERVER_PAYLOADS : RESPONSES)[Number(i)]!
}

const playReal = async (host: string): Promise<Run> => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', (data: Buffer) => {
      const response = responseTo(data.toString('latin1'))
      if (response === 'reset') socket.resetAndDestroy()
      else socket.end(bytes(response))
    })
  }).listen(0, host)
  await once(server, 'listening')
  const ports = new Ports()
  const [requests, responses, payloads, replies, failures] = [0, 1, 2, 3, 4].map(
    () => `${host}:${ports.next()}`,
  ) as Five
  const { port } = server.address() as { port: number }
  const addresses = { requests, responses, payloads, replies, failures, server: `${host}:${port}` }
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
  const [requests, responses, payloads, replies, failures] = [1, 2, 3, 4, 5].map(
    (port) => `${host}:2000${port}`,
  ) as Five
  const server = `${host}:20009`
  sim.tcp(server).respond((received, connection) => {
    const response = responseTo(received)
    if (response === 'reset') {
      connection.reset()
      return undefined
    }
    connection.send(response)
    connection.close()
    return undefined
  })
  const haproxy = sim
    .haproxy({ config: configOf({ requests, responses, payloads, replies, failures, server }), files: FILES })
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
  return playAll(player, { requests, responses, payloads, replies, failures, server })
}

type Five = [string, string, string, string, string]

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
    ['failures', FAILURES, LOG_FETCHES],
  ] as const)('of %s', (kind, inputs, fetches) => {
    const titles = inputs.map((input, i) => [`${i}: ${JSON.stringify(input).slice(1, 40)}`, i] as const)
    it.each(titles)('have the real values, %s', (_, i) => {
      const [expected, actual] = [real[kind][i]!, ours[kind][i]!]
      expect(Object.keys(expected)).toHaveLength(new Set(fetches).size)
      expect(differences(expected, actual)).toEqual([])
    })
  })
})
