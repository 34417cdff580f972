/** Clients on a `stats socket`: levels, bytes that come one at a time, readers that do not read. */
import { describe, expect, it } from 'vitest'
import { Simulation } from '../../../src/sim/index.js'

const SOCKET = { family: 'unix', path: '/run/cli' } as const
const TCP = { family: 'ipv4', ip: '127.0.0.1', port: 9999 } as const

const config = (servers = 1): string => `global
 stats socket /run/cli level admin
 stats socket ipv4@127.0.0.1:9999 level operator
defaults
 timeout connect 1s
 timeout client 1s
 timeout server 1s
backend be
${Array.from({ length: servers }, (_, i) => ` server s${i} 127.0.0.1:1\n`).join('')}`

const start = (text = config()) => {
  const sim = new Simulation()
  const haproxy = sim.haproxy({ config: text, directory: false }).start()
  return { sim, haproxy, client: sim.client() }
}

describe('a stats socket', () => {
  it('permits the commands of its level', () => {
    const { sim, haproxy, client } = start()
    const [admin, operator] = [client.connect(SOCKET), client.connect(TCP)]
    for (const connection of [admin, operator]) connection.send('disable server be/s0\n')
    sim.advance('10ms')
    expect(operator.received).toBe('Permission denied\n\n')
    expect(admin.received).toBe('\n')
    expect(haproxy.server('be/s0').status).toBe('MAINT')
  })

  it('accepts commands byte by byte', () => {
    const { sim, client } = start()
    const connection = client.connect(SOCKET)
    for (const char of 'prompt\nshow cli level\n') {
      connection.send(char)
      sim.advance('1ms')
    }
    expect(connection.received).toBe('\n> admin\n\n> ')
  })

  it('sends a slow reader all responses, in order', () => {
    const { sim, haproxy, client } = start(config(3000))
    const expected = haproxy.cli('show servers conn')
    const connection = client.connect(SOCKET)
    connection.send('show servers conn\n')
    sim.advance('5s')
    expect(connection.received).toBe(expected)
    expect(connection.ended).toBe(true)
  })

  it('executes nothing while a response is not read', () => {
    const { sim, haproxy } = start(config(20_000))
    const silent = sim.home.connect(SOCKET, {})
    sim.advance('1ms')
    silent.write(new TextEncoder().encode('prompt i\nshow servers state\ndisable server be/s0\n'))
    sim.advance('5s')
    expect(haproxy.server('be/s0').status).toBe('no check')
    while (silent.available > 0 || silent.state === 'open') {
      silent.read()
      sim.advance('1ms')
      if (haproxy.server('be/s0').status === 'MAINT') break
    }
    expect(haproxy.server('be/s0').status).toBe('MAINT')
  })

  it('closes idle connections after its timeout', () => {
    const { sim, haproxy, client } = start()
    const connection = client.connect(SOCKET)
    sim.advance('9s')
    expect(connection.ended).toBe(false)
    expect(haproxy.cli('show info')).toContain('\nCurrStreams: 2\n')
    sim.advance('2s')
    expect(connection.ended).toBe(true)
    expect(haproxy.process.runtime.clients.size).toBe(0)
  })

  it('rejects a line without an end once it exceeds the buffer', () => {
    const { sim, client } = start()
    const connection = client.connect(SOCKET)
    for (let i = 0; i < 40; i++) {
      connection.send('x'.repeat(1000))
      sim.advance('1ms')
    }
    expect(connection.received).toMatch(/^The command line is too big for the buffer size\./)
  })

  it('is closed with the process', () => {
    const { sim, haproxy, client } = start()
    const connection = client.connect(SOCKET)
    sim.advance('1ms')
    haproxy.stop()
    const late = client.connect(SOCKET)
    sim.advance('1s')
    expect(connection.state).toBe('closed')
    expect(late.error).toBe('ECONNREFUSED')
  })

  it('prevents the process from starting if it is in use', () => {
    const sim = new Simulation()
    sim.tcp('127.0.0.1:9999')
    expect(() => sim.haproxy({ config: config(), directory: false }).start()).toThrow(
      'Binding [haproxy.cfg:3] for frontend GLOBAL: protocol tcpv4: cannot bind socket (Address already in use) for [127.0.0.1:9999].',
    )
  })
})
