/** What the runtime API says and shows of agents and of where checks go: the real HAProxy and ours. */
import { expect, it } from 'vitest'
import { Simulation } from '../../../../src/sim/index.js'
import { RealHaproxy } from '../../support/real-haproxy.js'
import { RealServer } from '../../support/real-servers.js'
import { describeUpstream } from '../../support/upstream.js'

const CONFIG = (agent: number, check: number) => `
global
    log stdout format raw local0 info
    stats socket unix@sock level admin
    max-spread-checks 1ms
defaults
    mode tcp
    log global
    timeout connect 1s
    timeout client 5s
    timeout server 5s
backend be1
    server s1 127.0.0.1:${check} check inter 60s agent-check agent-port ${agent} agent-inter 1s agent-send a
    server s2 127.0.0.1:${check} check inter 60s port ${check} addr 127.0.0.1
    server s3 127.0.0.1:${check} agent-check agent-inter 1s agent-addr 127.0.0.1 agent-port ${agent} agent-send x weight 10
    server s4 127.0.0.1:${check}
`

const COMMANDS = [
  'show servers state be1',
  'set server be1/s1 agent down',
  'show servers state be1',
  'set server be1/s1 agent up',
  'set server be1/s1 agent',
  'set server be1/s1 agent sideways',
  'set server be1/s2 agent up',
  'set server be1/s1 agent-send hello',
  'set server be1/s2 agent-send hello',
  'set server be1/s1 agent-addr',
  'set server be1/s1 agent-addr nowhere.invalid',
  'set server be1/s1 agent-port',
  'set server be1/s1 agent-port x',
  'set server be1/s1 agent-port 70000',
  'set server be1/s2 agent-port 1',
  'set server be1/s2 check-addr',
  'set server be1/s2 check-addr nowhere.invalid',
  'set server be1/s2 check-port',
  'set server be1/s2 check-port 1x',
  'set server be1/s2 check-port -1',
  'set server be1/s4 check-port 1',
  'set server be1/s4 check-addr 127.0.0.1',
  'set server be1/s2 check-addr 127.0.0.2 port 81',
  'set server be1/s2 check-port 82',
  'set server be1/s3 agent-addr 127.0.0.1',
  'show servers state be1',
  'disable agent be1/s1',
  'enable agent be1/s2',
  'disable agent be1/s4',
  'show servers state be1',
  'enable agent be1/s1',
  'disable health be1/s1',
  'set server be1/s1 health down',
  'show servers state be1',
]

/** Ports of the system's choosing, ages, and whether a check is under way at this moment. */
const normalise = (answer: string, ports: readonly number[]): string =>
  ports
    .reduce((text, port, i) => text.replaceAll(String(port), `PORT${i}`), answer)
    .replace(/^(\d+ be1(?: \S+){7}) \d+/gm, '$1 AGE')

describeUpstream('agents and targets in the runtime API', () => {
  it('are those of the real HAProxy', async () => {
    const agent = await new RealServer((socket) => socket.end('50% up\n')).up()
    const check = await new RealServer().up()
    const ports = [agent.port, check.port]
    const text = CONFIG(agent.port, check.port)
    const real = new RealHaproxy(text)
    const simulation = new Simulation()
    simulation.tcp(`127.0.0.1:${agent.port}`).greet((connection) => {
      connection.send('50% up\n')
      connection.finish()
    })
    simulation.tcp(`127.0.0.1:${check.port}`)
    const ours = simulation.haproxy({ config: text }).start()
    try {
      await real.until(() => real.listensAt('sock'))
      for (const command of COMMANDS) {
        await new Promise((resolve) => setTimeout(resolve, 20))
        simulation.advance('20ms')
        const wait = command.startsWith('show')
        if (wait) {
          await new Promise((resolve) => setTimeout(resolve, 1280))
          simulation.advance('1280ms')
        }
        const [expected, got] = [await real.cli(command), ours.cli(command)]
        expect([command, normalise(got, ports)]).toEqual([command, normalise(expected, ports)])
      }
    } finally {
      await Promise.all([real.stop(), agent.down(), check.down()])
    }
  })
})
