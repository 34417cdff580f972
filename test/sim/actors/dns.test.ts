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
  it('gets its address, and another when the name has another', () => {
    start()
    expect(server().status).toBe('MAINT (resolution)')
    sim.at('10s', () => dns.set('app.example', '10.0.0.2'))
    sim.advance('5s')
    expect(server()).toMatchObject({ status: 'no check', address: '10.0.0.1:80' })
    sim.advance('10s')
    expect(server().address).toBe('10.0.0.2:80')
    expect(dns.questions[0]).toMatchObject({ name: 'app.example', type: 'A' })
  })

  it('keeps its address as long as it may be held, and loses it then', () => {
    start()
    sim.advance('2s')
    dns.fail('app.example', 'nx')
    sim.advance('4s')
    expect(server().status).toBe('no check')
    sim.advance('6s')
    expect(server().status).toBe('MAINT (resolution)')
    expect(haproxy.logs.map((each) => each.message)).toContainEqual(expect.stringContaining('(DNS NX status)'))
  })

  it('is told by the second name server when the first one is silent', () => {
    dns.hang()
    sim.dns('10.0.0.54:53').set('app.example', '10.0.0.9')
    start('nameserver one 10.0.0.53:53\n    nameserver two 10.0.0.54:53')
    sim.advance('1s')
    expect(server().address).toBe('10.0.0.9:80')
    expect(haproxy.logs[0]!.message).toBe("be1/s1: IP changed from '(none)' to '10.0.0.9' by 'dns/two'.")
  })

  it('waits for an answer that a cut link has lost', () => {
    const link = sim.network.link(sim.home, sim.network.hostOf('10.0.0.53')!)
    link.cut()
    start()
    sim.advance('3s')
    expect(dns.questions).toEqual([])
    link.mend()
    sim.advance('3s')
    expect(server().address).toBe('10.0.0.1:80')
  })

  it('goes the same way with the same seed', () => {
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

it('an address that is none is refused', () => {
  expect(() => dns.set('app.example', '10.0.0.256')).toThrow("'10.0.0.256' is not an IP address")
})
