/** The default actors at the addresses of a configuration answer its checks of every kind. */
import { describe, expect, it } from 'vitest'
import { makeSurroundings, Simulation } from '../../src/sim/index.js'

const CONFIG = (option: string, server = 'check') => `
global
    stats socket unix@/run/haproxy.sock level admin
defaults
    mode tcp
    timeout connect 5s
    timeout client 5s
    timeout server 5s
backend be1
    ${option}
    server s1 10.0.0.1:80 inter 1s rise 1 fall 1 ${server}
`

describe('automatic servers pass the checks of', () => {
  it.each([
    ['a connection', ''],
    ['HTTP', 'option httpchk'],
    ['SMTP', 'option smtpchk'],
    ['TLS', 'option ssl-hello-chk'],
    ['LDAP', 'option ldap-check'],
    ['MySQL', 'option mysql-check'],
    ['MySQL with a user', 'option mysql-check user haproxy'],
    ['PostgreSQL', 'option pgsql-check user haproxy'],
    ['Redis', 'option redis-check'],
    ['SPOP', 'option spop-check'],
  ])('%s', (_, option) => {
    const sim = new Simulation()
    const haproxy = sim.haproxy({ config: CONFIG(option), directory: false })
    makeSurroundings(sim, haproxy.process.configuration)
    haproxy.start()
    sim.advance('3s')
    expect(haproxy.server('be1/s1').status).toBe('UP')
    expect(haproxy.process.server('be1/s1')!.check!.status.result).toBe('PASSED')
  })

  it('an agent', () => {
    const sim = new Simulation()
    const haproxy = sim.haproxy({ config: CONFIG('', 'agent-check agent-port 8080'), directory: false })
    makeSurroundings(sim, haproxy.process.configuration)
    haproxy.start()
    sim.advance('3s')
    expect(haproxy.process.server('be1/s1')!.agent!.status.short).toBe('L7OK')
  })
})
