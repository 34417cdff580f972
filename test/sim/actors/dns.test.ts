/** The name server of a simulation, as a process with a section `resolvers` sees it. */
import { beforeEach, describe, expect, it } from 'vitest'
import { Simulation, type DnsServer, type Haproxy } from '../../../src/index.js'

let sim: Simulation
let dns: DnsServer
let haproxy: Haproxy

const config = (nameservers: string) => `
global
    log stdout format raw local0
    stats socket /sock level admin
defaults
    mode tcp
    log global
    timeout connect 1s
    timeout client 1s
    timeout server 1s
resolvers dns
    ${nameservers}
    resolve_retries 2
    timeout resolve 1s
    timeout retry 1s
    hold nx 5s
    hold timeout 5s
backend be1
    server s1 app.example:80 resolvers dns resolve-prefer ipv4 init-addr none
`

const start = (nameservers = 'nameserver one 10.0.0.53:53') => {
  haproxy = sim.haproxy({ config: config(nameservers) }).start()
}

beforeEach(() => {
  sim = new Simulation()
  dns = sim.dns('10.0.0.53:53').set('app.example', '10.0.0.1')
})

const server = () => haproxy.server('be1/s1')

describe('a server with resolvers', () => {
  it('gets its address, and another one when the name changes', () => {
    start()
    expect(server().status).toBe('MAINT (resolution)')
    sim.at('10s', () => dns.set('app.example', '10.0.0.2'))
    sim.advance('5s')
    expect(server()).toMatchObject({ status: 'no check', address: '10.0.0.1:80' })
    sim.advance('10s')
    expect(server().address).toBe('10.0.0.2:80')
    expect(dns.questions[0]).toMatchObject({ name: 'app.example', type: 'A' })
  })

  it('keeps its address for the hold time, then loses it', () => {
    start()
    sim.advance('2s')
    dns.fail('app.example', 'nx')
    sim.advance('4s')
    expect(server().status).toBe('no check')
    sim.advance('6s')
    expect(server().status).toBe('MAINT (resolution)')
    expect(haproxy.logs.map((each) => each.message)).toContainEqual(expect.stringContaining('(DNS NX status)'))
  })

  it('gets the response of the second name server if the first one is silent', () => {
    dns.hang()
    sim.dns('10.0.0.54:53').set('app.example', '10.0.0.9')
    start('nameserver one 10.0.0.53:53\n    nameserver two 10.0.0.54:53')
    sim.advance('1s')
    expect(server().address).toBe('10.0.0.9:80')
    expect(haproxy.logs[0]!.message).toBe("be1/s1: IP changed from '(none)' to '10.0.0.9' by 'dns/two'.")
  })

  it('waits for a response lost on a cut link', () => {
    const link = sim.network.link(sim.home, sim.network.hostOf('10.0.0.53')!)
    link.cut()
    start()
    sim.advance('3s')
    expect(dns.questions).toEqual([])
    link.mend()
    sim.advance('3s')
    expect(server().address).toBe('10.0.0.1:80')
  })

  it('behaves the same with the same seed', () => {
    const play = () => {
      const world = new Simulation({ seed: 7 })
      const names = world.dns('10.0.0.53:53').set('app.example', '10.0.0.1', '10.0.0.2')
      world.haproxy({ config: config('nameserver one 10.0.0.53:53') }).start()
      world.advance('5s')
      names.fail('app.example', 'refused')
      world.advance('20s')
      return world.trace.hash
    }
    expect(play()).toBe(play())
  })
})

describe('servers with SRV records', () => {
  const name = '_http._tcp.app.example'
  const records = (...ports: number[]) =>
    dns.srv(name, ...ports.map((port) => ({ target: `h${port}.example`, port, weight: port, ips: [`10.0.1.${port}`] })))
  const addresses = () => [1, 2].map((each) => haproxy.server(`be1/t${each}`).address)

  beforeEach(() => {
    haproxy = sim.haproxy({
      config: config('nameserver one 10.0.0.53:53').replace('server s1 app.example:80', `server-template t 2 ${name}`),
    })
  })

  it('take as many records as there are, and release them', () => {
    records(80, 81, 82)
    haproxy.start()
    sim.at('10s', () => records(81))
    sim.advance('5s')
    expect(new Set(addresses()).size).toBe(2)
    sim.advance('10s')
    const statuses = [1, 2].map((each) => haproxy.server(`be1/t${each}`).status)
    expect(addresses()).toContain('10.0.1.81:81')
    expect(statuses.filter((each) => each === 'no check')).toHaveLength(1)
    expect(statuses).toContain('MAINT (resolution)')
  })

  it('are checked at the port of their record', () => {
    records(81)
    const web = sim.http('10.0.1.81:81')
    const text = config('nameserver one 10.0.0.53:53').replace('server s1 app.example:80', `server s1 ${name} check`)
    haproxy = sim.haproxy({ config: text }).start()
    sim.advance('10s')
    expect(haproxy.server('be1/s1').status).toBe('UP')
    web.refuse()
    sim.advance('10s')
    expect(haproxy.server('be1/s1').status).toBe('DOWN')
  })

  it('stay in maintenance if the records have no addresses', () => {
    dns.srv(name, { target: 'nobody.example', port: 80 })
    haproxy.start()
    sim.advance('10s')
    expect(haproxy.server('be1/t1').status).toBe('MAINT (resolution)')
    expect(dns.questions.map(({ type }) => type)).toEqual(expect.arrayContaining(['SRV', 'A', 'AAAA']))
  })

  it('rejects more records than fit in a response', () => {
    records(...Array.from({ length: 200 }, (_, i) => i + 1))
    haproxy.start()
    sim.advance('5s')
    expect(haproxy.cli('show resolvers')).toMatch(/too_big: +[1-9]/)
    expect(haproxy.server('be1/t1').status).toBe('MAINT (resolution)')
  })
})

it('rejects an invalid SRV record', () => {
  expect(() => dns.srv('_a._tcp.b', { target: 'c', port: 65_536 })).toThrow('0 to 65535, not 65536')
  expect(() => dns.srv('_a._tcp.b', { target: 'c..d', port: 1 })).toThrow("'c..d' is not the name of a host")
  expect(() => dns.srv('_a._tcp.b', { target: 'c', port: 1, ips: ['x'] })).toThrow("'x' is not an IP address")
})

it('rejects an invalid address', () => {
  expect(() => dns.set('app.example', '10.0.0.256')).toThrow("'10.0.0.256' is not an IP address")
})
