/** Which actor answers at which address of a configuration, for all forms of addresses. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makeSurroundings, planAction, Simulation } from '../../src/sim/index.js'
import { configuration } from '../support/address-places.js'

const world = (lines: string, before = '', socket = 'unix@/run/sock') => {
  const sim = new Simulation()
  const config = `global
    stats socket ${socket} level admin
${before}
backend app
    timeout connect 1s
    timeout server 1s
    default-server inter 500ms
    ${lines.replaceAll('\n', '\n    ')}
`
  const haproxy = sim.haproxy({ config, directory: false })
  const surroundings = makeSurroundings(sim, haproxy.process.configuration)
  return { sim, haproxy, surroundings }
}

/** What the check of the server `app/s` has found after three seconds. */
const checked = (lines: string, before?: string, socket?: string) => {
  const { sim, haproxy } = world(lines, before, socket)
  haproxy.start()
  sim.advance('3s')
  return haproxy.process.server('app/s')!.check!.status.short
}

describe('a check passes at', () => {
  it.each([
    '0.0.0.0:80',
    ':80',
    '*:80',
    '[::]:80',
    '127.1:80',
    '[::ffff:10.0.0.1]:80',
    '[::ffff:127.0.0.1]:80',
    '[::ffff:0.0.0.0]:80',
    'localhost:80',
    'app.example:80',
    'unix@/run/app',
    'abns@app',
  ])('%s', (address) => {
    expect(checked(`server s ${address} check`)).toBe('L4OK')
  })

  it.each([
    ['addr that is any address', 'server s 10.0.0.1:80 check addr 0.0.0.0'],
    ['addr of another host', 'server s 10.0.0.1:80 check addr 10.0.0.2'],
    ['port', 'server s 10.0.0.1 check port 81'],
    ['the address of a rule', 'option tcp-check\ntcp-check connect addr 10.0.0.3 port 82\nserver s 10.0.0.1:80 check'],
    ['the port of a rule', 'option tcp-check\ntcp-check connect port 82\nserver s 10.0.0.1:80 check'],
  ])('%s', (_, lines) => {
    expect(checked(lines)).toBe('L4OK')
  })

  it.each(['unix@/run/sock', 'ipv4@127.0.0.1:9999', '*:9999', '[::]:9999'])(
    'an additional stats socket at %s',
    (socket) => {
      const address = socket.startsWith('unix') ? socket : '127.0.0.1:9999'
      expect(checked(`server s ${address} check`, '', socket)).toBe('L4OK')
    },
  )
})

describe('a server and a mailer with one address', () => {
  const before = 'mailers m\n mailer mail1 10.0.0.1:25\n'
  const mails = 'email-alert mailers m\nemail-alert from a@x.example\nemail-alert to b@x.example'

  it('are one mail server, which is checked and receives mails', () => {
    const { sim, haproxy, surroundings } = world(
      `${mails}\noption smtpchk\nserver s 10.0.0.1:25 check\nserver t 10.0.0.2:25 check`,
      before,
    )
    sim.at('1s', planAction('down app/t', haproxy, surroundings))
    haproxy.start()
    sim.advance('5s')
    expect(haproxy.server('app/s').status).toBe('UP')
    expect(surroundings.mailServers.get('mail1')![0]!.mails).toHaveLength(1)
    expect(surroundings.servers.get('app/s')).toEqual(surroundings.mailServers.get('mail1'))
  })
})

describe('an action', () => {
  it('applies to a server at all of its addresses', () => {
    const { sim, haproxy, surroundings } = world('server s 10.0.0.1:80 check port 81')
    planAction('down app/s', haproxy, surroundings)()
    expect(surroundings.servers.get('app/s')!.map(({ mode }) => mode)).toEqual(['refuse', 'refuse'])
    haproxy.start()
    sim.advance('3s')
    expect(haproxy.server('app/s').status).toBe('DOWN')
  })

  it.each([
    ['server s 10.0.0.1', "server 'app/s': it has no port"],
    ['server s x.example:80 init-addr none', "server 'app/s': it has no address yet"],
    ['server s unix@/run/sock', "server 'app/s': it is the process's own 'stats socket'"],
  ])('on %s reports why there is no actor', (line, why) => {
    const { haproxy, surroundings } = world(line)
    expect(() => planAction('down app/s', haproxy, surroundings)).toThrow(why)
  })
})

describe('actors that were created before', () => {
  it('keep their addresses', () => {
    const sim = new Simulation()
    const given = sim.http('10.0.0.1:80').respond(503)
    const config = 'backend app\n mode http\n option httpchk\n server s 10.0.0.1:80 check inter 1s rise 1 fall 1\n'
    const haproxy = sim.haproxy({ config: `global\n stats socket unix@/s\n${config}`, directory: false })
    const { servers } = makeSurroundings(sim, haproxy.process.configuration, { given: [given] })
    haproxy.start()
    sim.advance('2s')
    expect(servers.get('app/s')).toEqual([given])
    expect(haproxy.process.server('app/s')!.check!.status.short).toBe('L7STS')
  })
})

describe('automatic actors', () => {
  it('are created for every configuration, whatever its addresses', () => {
    fc.assert(
      fc.property(configuration, (config) => {
        const sim = new Simulation()
        const { process } = sim.haproxy({ config, directory: false })
        makeSurroundings(sim, process.configuration)
        if (process.start()) sim.advance('2s')
      }),
      { numRuns: 200 },
    )
  })
})
