/** What operators and scripts do about agents. Runtime answers are those of HAProxy 3.2.26 (test/upstream/agents.test.ts); the rest follows src/check.c. */
import { describe, expect, it } from 'vitest'
import { Simulation } from '../../../src/sim/index.js'

const CONFIG = (server: string, load = '') => `
global
    log stdout format raw local0 info
    stats socket unix@/run/haproxy.sock level admin
    tune.lua.bool-sample-conversion normal
    ${load}
defaults
    mode tcp
    log global
    timeout connect 5s
    timeout client 5s
    timeout server 5s
backend be1
    server s1 10.0.0.1:80 ${server}
`

const AGENT = 'agent-check agent-port 8080 agent-inter 1s'

const world = (server = AGENT, files: Record<string, string> = {}, load = '') => {
  const sim = new Simulation()
  const agent = sim.tcp('10.0.0.1:8080').greet('up\n')
  const haproxy = sim.haproxy({ config: CONFIG(server, load), files, directory: false }).start()
  return {
    sim,
    agent,
    haproxy,
    lines: () => haproxy.logs.map((log) => log.message.replace(/duration: [01]ms/, 'duration: 0ms')),
  }
}

describe('an agent', () => {
  it('marks its server down and up', () => {
    const { sim, agent, lines } = world()
    sim.at('500ms', () => agent.greet('down # disk full\n'))
    sim.at('1500ms', () => agent.greet('up\n'))
    sim.advance('3s')
    expect(lines()).toEqual([
      'Server be1/s1 is DOWN, reason: Layer7 wrong status, code: 0, info: "via agent : down (disk full)", check duration: 0ms. 0 active and 0 backup servers left. 0 sessions active, 0 requeued, 0 remaining in queue.',
      'backend be1 has no server available!',
      'Server be1/s1 is UP, reason: Layer7 check passed, code: 0, info: "via agent : up", check duration: 0ms. 1 active and 0 backup servers online. 0 sessions requeued, 0 total in queue.',
    ])
  })

  it('is evaluated in maintenance, and can end it', () => {
    const { sim, agent, haproxy } = world()
    agent.greet('maint\n')
    sim.advance('500ms')
    expect(haproxy.server('be1/s1').status).toBe('MAINT')
    agent.greet('ready\n')
    sim.advance('1s')
    expect(haproxy.server('be1/s1').status).toBe('no check')
  })

  it('that cannot be reached has no effect', () => {
    const { sim, agent, haproxy, lines } = world()
    agent.refuse()
    sim.advance('5s')
    expect(haproxy.server('be1/s1').status).toBe('no check')
    expect(lines()).toEqual([])
  })

  it('sets the limit of connections', () => {
    const { sim, agent, haproxy } = world()
    agent.greet('maxconn:30\n')
    sim.advance('500ms')
    expect(haproxy.process.server('be1/s1')!.maxconn).toBe(30)
  })
})

describe('the runtime API', () => {
  it('reports results on behalf of the agent', () => {
    const { haproxy, lines } = world()
    expect(haproxy.cli('set server be1/s1 agent down')).toBe('\n')
    expect(haproxy.server('be1/s1').status).toBe('DOWN (agent)')
    expect(haproxy.cli('set server be1/s1 agent up')).toBe('\n')
    expect(haproxy.cli('set server be1/s1 agent sideways')).toBe("'set server <srv> agent' expects 'up' or 'down'.\n\n")
    expect(lines()[0]).toContain('Server be1/s1 is DOWN, changed from CLI.')
  })

  it('disables and enables it', () => {
    const { sim, agent, haproxy } = world()
    haproxy.cli('disable agent be1/s1')
    agent.greet('down\n')
    sim.advance('3s')
    expect(haproxy.server('be1/s1').status).toBe('no check')
    expect(haproxy.cli('set server be1/s1 agent down')).toBe('agent checks are not enabled on this server.\n\n')
    haproxy.cli('enable agent be1/s1')
    sim.advance('3s')
    expect(haproxy.server('be1/s1').status).toBe('DOWN (agent)')
  })

  it('changes its address and the string it sends', () => {
    const { sim, haproxy } = world()
    const other = sim.tcp('10.0.0.2:9090')
    haproxy.cli('set server be1/s1 agent-addr 10.0.0.2 port 9090')
    haproxy.cli('set server be1/s1 agent-send hello')
    sim.advance('2s')
    expect(other.received).toContain('hello')
    expect(haproxy.cli('set server be1/s1 agent-port 70000')).toBe('provided port is invalid\n\n')
    expect(haproxy.cli('set server be1/s1 agent-addr nowhere')).toBe("invalid addr 'nowhere'\n\n")
  })

  it('cannot enable an agent that is not configured', () => {
    const { haproxy } = world('')
    expect(haproxy.cli('enable agent be1/s1')).toBe('Agent was not configured on this server, cannot enable.\n\n')
    expect(haproxy.cli('set server be1/s1 agent-send x')).toBe('agent checks are not enabled on this server.\n\n')
    expect(haproxy.cli('set server be1/s1 check-port 1')).toBe('health checks are not enabled on this server\n\n')
  })

  it('changes the address of checks', () => {
    const { sim, haproxy } = world('check inter 1s')
    const other = sim.tcp('10.0.0.2:9090')
    haproxy.cli('set server be1/s1 check-addr 10.0.0.2 port 9090')
    sim.advance('2s')
    expect(other.connections.length).toBeGreaterThan(0)
  })
})

describe('Lua', () => {
  it('has the same effects as the runtime API', () => {
    const script = `core.register_init(function()
      local server = core.backends.be1.servers.s1
      server:agent_force_down()
      server:agent_disable()
    end)`
    const { haproxy } = world(AGENT, { 's.lua': script }, 'lua-load s.lua')
    expect(haproxy.process.server('be1/s1')!.agent!.enabled).toBe(false)
    expect(haproxy.server('be1/s1').status).toBe('DOWN')
  })
})
