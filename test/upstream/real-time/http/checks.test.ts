/** Compares the results of HTTP checks with a real HAProxy's, for raw responses of the checked server. */
import { once } from 'node:events'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { expect, it } from 'vitest'
import { Simulation } from '../../../../src/sim/index.js'
import { REAL } from '../../support/programs.js'
import { RealHaproxy } from '../../support/real-haproxy.js'
import { describeUpstream } from '../../support/upstream.js'
import { mutationsOf } from './mutations.js'
import { RESPONSES } from './responses.js'

/** What a server does after its response. */
type Then = 'close' | 'reset' | 'keep'

interface Case {
  readonly name: string
  readonly answer: string
  readonly expect: string
  readonly then: Then
}

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'

const STATUS = 'expect status 200'
const BODY = 'expect string abc'

const KEPT: Readonly<Record<string, string>> = {
  nothing: '',
  'a minimal response': OK,
  'part of a line': 'HTTP/1.1 2',
  'part of a head': 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n',
  'no body': 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n',
  'part of a body': 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab',
  'a body': 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc',
  'a body without a length': 'HTTP/1.1 200 OK\r\n\r\nabc',
  'part of a body without a length': 'HTTP/1.1 200 OK\r\n\r\nab',
  'no chunk': 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n',
  'part of a chunk': 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab',
  'a chunk': 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n',
  chunks: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n2\r\nbc\r\n0\r\n\r\n',
  'an interim response': 'HTTP/1.1 100 Continue\r\n\r\n',
  'an interim response and another': `HTTP/1.1 100 Continue\r\n\r\n${OK}`,
  'an invalid byte': 'HTTP/1.1 200 OK\r\nX\x01',
  'a body larger than the buffer': `HTTP/1.1 200 OK\r\nContent-Length: 40003\r\n\r\n${'x'.repeat(40_000)}abc`,
  'abc in a body larger than the buffer': `HTTP/1.1 200 OK\r\nContent-Length: 40003\r\n\r\nabc${'x'.repeat(40_000)}`,
}

const RESET: Readonly<Record<string, string>> = {
  nothing: '',
  'a minimal response': OK,
  'a body': 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc',
  'part of a head': 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n',
}

const casesOf = (answers: Readonly<Record<string, string>>, then: Then): Case[] =>
  Object.entries(answers).flatMap(([name, answer]) =>
    [STATUS, BODY].map((rule) => ({ name: `${name}, ${then}: ${rule}`, answer, expect: rule, then })),
  )

const CASES: readonly Case[] = [
  ...casesOf(RESPONSES, 'close'),
  ...casesOf(KEPT, 'keep'),
  ...casesOf(RESET, 'reset'),
  ...mutationsOf(Object.values(RESPONSES), 200, 3).map((answer, index) => ({
    name: `mutation ${index}`,
    answer,
    expect: index % 2 === 0 ? STATUS : BODY,
    then: 'close' as const,
  })),
]

const CONFIG = (port: number): string => `
global
    stats socket unix@sock level admin
    log stdout format raw local0
defaults
    mode http
    log global
    option log-health-checks
    timeout connect 2s
    timeout check 1s
    default-server inter 3s fall 1
${CASES.map(
  (each, index) => `backend b${index}
    option httpchk GET /${index} HTTP/1.1
    http-check send hdr Host a
    http-check ${each.expect}
    server s 127.0.0.1:${port} check`,
).join('\n')}
`

/** The index of the case in the target of a check's request. */
const indexOf = (request: string): number => Number(/^GET \/(\d+) /.exec(request)![1])

const serve = (): Server =>
  createServer((socket) => {
    socket.on('error', () => undefined)
    socket.setEncoding('latin1').once('data', (request: string) => {
      const { answer, then } = CASES[indexOf(request)]!
      const bytes = Buffer.from(answer, 'latin1')
      if (then === 'close') return socket.end(bytes)
      if (then === 'keep') return socket.write(bytes)
      return answer === '' ? socket.resetAndDestroy() : socket.write(bytes, () => socket.resetAndDestroy())
    })
  })

const LINE =
  /^Health check for (?:backup )?server b(\d+)\/s (?:succeeded|failed|conditionally succeeded), reason: (.*?), check duration/

/** HAProxy reports a reset with or without the name of its code, depending on whether it arrived with data. */
const withoutCode = (reason: string): string =>
  reason.replace('ECONNRESET returned by OS (Connection reset by peer)', 'Connection reset by peer')

/** The first result of each case. */
const resultsOf = (lines: readonly string[]): Record<string, string> => {
  const results: Record<string, string> = {}
  for (const line of lines) {
    const [, index, reason] = LINE.exec(line) ?? []
    if (index !== undefined) results[CASES[Number(index)]!.name] ??= withoutCode(reason!)
  }
  return results
}

describeUpstream('results of HTTP checks', () => {
  it('are those of the real HAProxy', async () => {
    const server = serve().listen(0, '127.0.0.1', 1024)
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const config = CONFIG(port)
    const simulation = new Simulation()
    simulation.tcp(`127.0.0.1:${port}`).respond((received, connection) => {
      const { answer, then } = CASES[indexOf(connection.received)]!
      if (received !== connection.received) return undefined
      if (answer !== '') connection.send(Buffer.from(answer, 'latin1'))
      if (then === 'close') connection.close()
      else if (then === 'reset') connection.reset()
      return undefined
    })
    const ours = simulation.haproxy({ config }).start()
    simulation.advance('8s')
    const real = await RealHaproxy.start(config, {}, REAL)
    await real.until(() => Object.keys(resultsOf(real.output)).length === CASES.length)
    await real.stop()
    server.close()
    expect(resultsOf(ours.logs.map(({ message }) => message))).toEqual(resultsOf(real.output))
  })
})
