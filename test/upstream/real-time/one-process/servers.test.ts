/**
 * The life of servers: they go away and come back, are drained and maintained, and the real HAProxy and ours say the same
 * about it, in the same order.
 */
import { expect, it } from 'vitest'
import { Simulation } from '../../../../src/sim/index.js'
import { RealHaproxy } from '../../support/real-haproxy.js'
import { RealServer } from '../../support/real-servers.js'
import { describeUpstream } from '../../support/upstream.js'

/** What is done, and which log line tells that it has had its effect. */
interface Step {
  readonly do: string
  readonly until?: string
}

interface Story {
  /** `%1`, `%2` … stand for the ports of the servers */
  readonly config: string
  readonly servers: number
  readonly steps: readonly Step[]
}

const HEAD = `
global
    log stdout format raw local0 info
    stats socket unix@sock level admin
defaults
    mode tcp
    log global
    timeout connect 1s
    timeout client 5s
    timeout server 5s
    default-server inter 100ms
`

const STORIES: Readonly<Record<string, Story>> = {
  'the only server goes and comes back': {
    config: `${HEAD}
backend be1
    server s1 127.0.0.1:%1 check fall 2 rise 2`,
    servers: 1,
    steps: [
      { do: 'down 1', until: 'has no server available' },
      { do: 'up 1', until: 's1 is UP' },
    ],
  },
  'a backup server takes over, checks being logged': {
    config: `${HEAD}
backend be1
    option log-health-checks
    server s1 127.0.0.1:%1 check fall 1 rise 3
    server s2 127.0.0.1:%2 check fall 2 rise 1 backup`,
    servers: 2,
    steps: [
      { do: 'down 1', until: 's1 is DOWN' },
      { do: 'down 2', until: 'has no server available' },
      { do: 'up 1', until: 's1 is UP' },
      { do: 'up 2', until: 's2 is UP' },
    ],
  },
  'servers are drained, maintained and made ready': {
    config: `${HEAD}
backend be1
    server s1 127.0.0.1:%1 check
    server s2 127.0.0.1:%2
    server s3 127.0.0.1:%2 disabled`,
    servers: 2,
    steps: [
      { do: 'cli set server be1/s1 state drain', until: 's1 enters drain state' },
      { do: 'cli set server be1/s1 state maint', until: 's1 is going DOWN' },
      { do: 'cli set server be1/s2 state maint', until: 's2 is going DOWN' },
      { do: 'cli set server be1/s1 state ready', until: 's1 is UP' },
      { do: 'cli set server be1/s2 state ready', until: 's2 is UP' },
      { do: 'cli set server be1/s3 state drain', until: 's3 is UP/DRAIN' },
      { do: 'cli set server be1/s3 state ready', until: 's3 is UP (leaving forced drain)' },
    ],
  },
  'a server is down and is maintained': {
    config: `${HEAD}
backend be1
    server s1 127.0.0.1:%1 check fall 1
    server s2 127.0.0.1:%2`,
    servers: 2,
    steps: [
      { do: 'down 1', until: 's1 is DOWN' },
      { do: 'cli disable server be1/s1', until: 's1 was DOWN' },
      { do: 'up 1' },
      { do: 'cli enable server be1/s1', until: 's1 is UP' },
    ],
  },
  'a draining server fails': {
    config: `${HEAD}
backend be1
    server s1 127.0.0.1:%1 check fall 1 rise 1
    server s2 127.0.0.1:%2`,
    servers: 2,
    steps: [
      { do: 'cli set server be1/s1 state drain', until: 's1 enters drain state' },
      { do: 'down 1', until: 's1 is DOWN' },
      { do: 'cli set server be1/s1 state ready', until: 'leaving forced drain' },
      { do: 'up 1', until: 'Server be1/s1 is UP, reason' },
    ],
  },
  'servers follow the one that they track': {
    config: `${HEAD}
backend be1
    server s1 127.0.0.1:%1 check fall 1 rise 1
backend be2
    server t1 127.0.0.1:%1 track be1/s1
    server t2 127.0.0.1:%1 track t1 backup`,
    servers: 1,
    steps: [
      { do: 'down 1', until: 'be2 has no server' },
      { do: 'up 1', until: 't2 is UP' },
      { do: 'cli set server be1/s1 state maint', until: 'be2 has no server' },
      { do: 'cli set server be2/t1 state maint', until: '' },
      { do: 'cli set server be1/s1 state ready', until: 't1 remains in' },
      { do: 'cli set server be2/t1 state ready', until: 't2 is UP' },
      { do: 'cli set server be1/s1 state drain', until: 't2 enters drain' },
      { do: 'cli set server be2/t2 state drain', until: '' },
      { do: 'cli set server be1/s1 state ready', until: 't2 remains in' },
    ],
  },
  'a server starts slowly': {
    config: `${HEAD}
backend be1
    server s1 127.0.0.1:%1 check fall 1 rise 1 slowstart 2s
    server s2 127.0.0.1:%2`,
    servers: 2,
    steps: [{ do: 'down 1', until: 's1 is DOWN' }, { do: 'up 1', until: 's1 is UP' }, { do: 'wait 3500' }],
  },
  'servers begin as their init-state says': {
    config: `${HEAD}
backend be1
    option log-health-checks
    server s1 127.0.0.1:%1 check init-state fully-up fall 2 rise 2
    server s2 127.0.0.1:%2 check init-state up fall 2 rise 2
    server s3 127.0.0.1:%3 check init-state down fall 2 rise 2
    server s4 127.0.0.1:%4 check init-state fully-down fall 2 rise 2`,
    servers: 4,
    steps: [
      { do: 'wait 500' },
      { do: 'down 1', until: 's1 is DOWN' },
      { do: 'down 2', until: 's2 is DOWN' },
      { do: 'down 3', until: 's3 is DOWN' },
      { do: 'down 4', until: 'no server available' },
    ],
  },
  'an operator says how a server does': {
    config: `${HEAD}
backend be1
    server s1 127.0.0.1:%1 check inter 10s
    server s2 127.0.0.1:%2`,
    servers: 2,
    steps: [
      { do: 'wait 300' },
      { do: 'cli set server be1/s1 health down', until: 's1 is DOWN' },
      { do: 'cli set server be1/s1 health up', until: 's1 is UP' },
      { do: 'cli set server be1/s1 health stopping', until: 's1 is stopping' },
      { do: 'cli set server be1/s1 health down', until: 's1 is DOWN' },
      { do: 'cli set server be1/s2 weight 0' },
      { do: 'cli set server be1/s2 weight 50%' },
      { do: 'cli set server be1/s2 weight 300' },
    ],
  },
}

const normalise = (line: string): string =>
  line.replace(/check duration: (\d+)ms/, (_, ms: string) => `check duration: ${Math.round(Number(ms) / 100) * 100}ms`)

/** The lines of each server and of each backend: their order among one another is not deterministic. */
const bySubject = (lines: readonly string[]): Record<string, string[]> => {
  const subjects: Record<string, string[]> = {}
  for (const line of lines) {
    const subject = /\b(be\d+\/\w+|backend \w+)/.exec(line)?.[0] ?? ''
    ;(subjects[subject] ??= []).push(normalise(line))
  }
  return subjects
}

const portsIn = (text: string, ports: readonly number[]): string =>
  text.replace(/%(\d)/g, (_, n: string) => String(ports[Number(n) - 1]))

describeUpstream('servers', () => {
  it.concurrent.each(Object.entries(STORIES))('%s', async (_name, { config, servers, steps }) => {
    const realServers = await Promise.all(Array.from({ length: servers }, () => new RealServer().up()))
    const text = `${portsIn(
      config,
      realServers.map((each) => each.port),
    )}\n`
    const real = new RealHaproxy(text)
    const simulation = new Simulation()
    const simulated = realServers.map(({ port }) => simulation.tcp(`127.0.0.1:${port}`))
    const ours = simulation.haproxy({ config: text }).start()
    const answers: [string, string][] = []
    try {
      await real.until(() => real.listensAt('sock'))
      await new Promise((resolve) => setTimeout(resolve, 300))
      simulation.advance(300)
      for (const step of steps) {
        const before = real.output.length
        const [verb, ...rest] = step.do.split(' ')
        const argument = rest.join(' ')
        const ourBefore = ours.logs.length
        if (verb === 'down') {
          await realServers[Number(argument) - 1]!.down()
          simulated[Number(argument) - 1]!.refuse()
        } else if (verb === 'up') {
          await realServers[Number(argument) - 1]!.up()
          simulated[Number(argument) - 1]!.accept()
        } else if (verb === 'cli') answers.push([await real.cli(argument), ours.cli(argument)])
        else if (verb === 'wait') {
          await new Promise((resolve) => setTimeout(resolve, Number(argument)))
          simulation.advance(Number(argument))
        }
        if (!step.until) continue
        const until = step.until
        await real.until(() => real.output.slice(before).some((line) => line.includes(until)))
        const reached = simulation.runUntil(
          () => ours.logs.slice(ourBefore).some((log) => log.message.includes(until)),
          '20s',
        )
        if (!reached) throw new Error(`ours never said '${until}':\n${ours.logs.map((log) => log.message).join('\n')}`)
        await new Promise((resolve) => setTimeout(resolve, 30))
        simulation.advance(30)
      }
      expect(bySubject(ours.logs.map((log) => log.message))).toEqual(bySubject(real.output))
      for (const [theirs, own] of answers) expect(own.trimEnd()).toBe(theirs.trimEnd())
    } finally {
      await Promise.all([real.stop(), ...realServers.map((server) => server.down())])
    }
  })
})
