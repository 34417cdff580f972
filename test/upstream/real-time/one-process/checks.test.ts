/** What HAProxy finds out about servers that answer well, badly, or not at all: the real one and ours, beside each other. */
import type { Socket } from 'node:net'
import { expect, it } from 'vitest'
import { Simulation, type TcpServer } from '../../../../src/sim/index.js'
import { RealHaproxy } from '../../support/real-haproxy.js'
import { RealServer } from '../../support/real-servers.js'
import { describeUpstream } from '../../support/upstream.js'

/** How a server behaves: what it says to a request (or at once), and what it does then. */
interface Behavior {
  readonly says?: string
  readonly then: 'close' | 'keep' | 'reset'
  readonly at?: 'connect'
}

const head = (line: string, ...fields: string[]) => [line, ...fields, '', ''].join('\r\n')

const BEHAVIORS: Readonly<Record<string, Behavior>> = {
  'a plain 200': { says: `${head('HTTP/1.0 200 OK', 'Content-Length: 2')}hi`, then: 'close' },
  'a 503': { says: head('HTTP/1.1 503 Service Unavailable', 'Content-Length: 0'), then: 'close' },
  'a 404': { says: head('HTTP/1.1 404 Not Found', 'Content-Length: 0'), then: 'close' },
  'a 401': { says: head('HTTP/1.1 401 Unauthorized', 'Content-Length: 0'), then: 'close' },
  'a redirect': { says: head('HTTP/1.1 302 Found', 'Location: /'), then: 'close' },
  'a status of two digits': { says: head('HTTP/1.1 20 OK'), then: 'close' },
  'a status beyond those that exist': { says: head('HTTP/1.1 999 What', 'Content-Length: 0'), then: 'close' },
  'no reason': { says: head('HTTP/1.1 200 ', 'Content-Length: 0'), then: 'close' },
  'no reason and no space': { says: head('HTTP/1.1 503', 'Content-Length: 0'), then: 'close' },
  'a reason beyond all measure': {
    says: head(`HTTP/1.1 500 A "very" ${'long and repetitive '.repeat(10)}`),
    then: 'close',
  },
  'an interim status': {
    says: head('HTTP/1.1 100 Continue') + head('HTTP/1.1 200 OK', 'Content-Length: 0'),
    then: 'close',
  },
  'less of a body than was promised': { says: `${head('HTTP/1.1 200 OK', 'Content-Length: 10')}abc`, then: 'close' },
  'a body without end': { says: `${head('HTTP/1.1 200 OK')}abc`, then: 'keep' },
  'chunks that are none': { says: `${head('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked')}zz\r\n`, then: 'close' },
  chunks: { says: `${head('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked')}3\r\nabc\r\n0\r\n\r\n`, then: 'close' },
  'bare line feeds': { says: 'HTTP/1.1 200 OK\nContent-Length: 0\n\n', then: 'close' },
  'a field without a colon': { says: head('HTTP/1.1 200 OK', 'Bad Header'), then: 'close' },
  'a space before the colon': { says: head('HTTP/1.1 200 OK', 'Name : value'), then: 'close' },
  'headers that do not end': { says: 'HTTP/1.1 200 OK\r\n', then: 'close' },
  'headers that do not end, for ever': { says: 'HTTP/1.1 200 OK\r\n', then: 'keep' },
  'lower-case http': { says: head('http/1.1 200 OK'), then: 'close' },
  'HTTP/0.9': { says: '<html>hello</html>', then: 'close' },
  'HTTP/2.0': { says: head('HTTP/2.0 200 OK', 'Content-Length: 0'), then: 'close' },
  garbage: { says: 'garbage\r\n\r\n', then: 'close' },
  'a lone line feed': { says: '\r\n', then: 'close' },
  'nothing, and closes': { then: 'close' },
  'nothing, and resets': { then: 'reset' },
  'nothing, and keeps the connection': { then: 'keep' },
  'closes before the request': { then: 'close', at: 'connect' },
}

/** How long a check may take: as long as until the next one. */
const LIMIT_MS = 2000

const CONFIG = (servers: string) => `
global
    log stdout format raw local0 info
    stats socket unix@sock level admin
defaults
    mode http
    log global
    timeout connect 1s
    timeout client 5s
    timeout server 5s
    default-server inter ${LIMIT_MS}ms fall 2 rise 2
backend be1
    option httpchk
    option log-health-checks
${servers}
`

const serveReal = ({ says = '', then, at }: Behavior) => {
  const act = (socket: Socket) => {
    if (then === 'reset') return void socket.resetAndDestroy()
    if (then === 'close') socket.end(says)
    else socket.write(says)
  }
  return (socket: Socket) => {
    if (at === 'connect') act(socket)
    else socket.once('data', () => act(socket))
  }
}

const serveSimulated = (server: TcpServer, { says, then, at }: Behavior) => {
  if (at === 'connect') server.closeAfter(0)
  else
    server.respond((_, connection) => {
      if (then === 'reset') connection.reset()
      else if (says !== undefined) connection.send(says)
      if (then === 'close') connection.close()
      return undefined
    })
}

/** The duration of a check is not deterministic, but whether it timed out is. */
const normalise = (line: string): string =>
  line.replace(/check duration: (\d+)ms/, (_, ms: string) => (Number(ms) < LIMIT_MS ? 'in time' : 'out of time'))

const firstCheckOf = (lines: readonly string[], name: string): string | undefined => {
  const line = lines.find((each) => each.startsWith(`Health check for server be1/${name} `))
  return line === undefined ? undefined : normalise(line)
}

describeUpstream('HTTP checks', () => {
  it('have the same results as in the real HAProxy', async () => {
    const names = Object.keys(BEHAVIORS)
    const servers = await Promise.all(names.map((name) => new RealServer(serveReal(BEHAVIORS[name]!)).up()))
    const lines = servers.map(({ port }, i) => `    server s${i} 127.0.0.1:${port} check`)
    const config = CONFIG(lines.join('\n'))
    const real = new RealHaproxy(config)
    const simulation = new Simulation()
    servers.forEach(({ port }, i) => serveSimulated(simulation.tcp(`127.0.0.1:${port}`), BEHAVIORS[names[i]!]!))
    const ours = simulation.haproxy({ config }).start()
    simulation.advance('10s')
    const ourLines = ours.logs.map((each) => each.message)
    try {
      await real.until(() => names.every((_, i) => firstCheckOf(real.output, `s${i}`)))
      const both = (lines: readonly string[]) =>
        Object.fromEntries(names.map((name, i) => [name, firstCheckOf(lines, `s${i}`)]))
      expect(both(ourLines)).toEqual(both(real.output))
    } finally {
      await Promise.all([real.stop(), ...servers.map((server) => server.down())])
    }
  })
})
