/** `option external-check` (src/extcheck.c; section 4.2 of the manual). Commands are played by a script here. */
import { describe, expect, it } from 'vitest'
import type { ExternalCommand, CommandOutcome } from '../../../src/haproxy/checks/external.js'
import { Simulation } from '../../../src/sim/index.js'

const CONFIG = `
global
    log stdout format raw local0 info
    stats socket unix@/run/haproxy.sock level admin
    external-check
    insecure-fork-wanted
defaults
    mode http
    log global
    timeout connect 5s
    timeout client 5s
    timeout server 5s
backend be1
    option external-check
    option log-health-checks
    external-check command /bin/judge
    external-check path /usr/bin
    server s1 10.0.0.1:80 check inter 1s fall 1 rise 1 maxconn 7
`

const play = (exec: ((command: ExternalCommand) => CommandOutcome) | undefined) => {
  const sim = new Simulation()
  const haproxy = sim.haproxy({ config: CONFIG, directory: false, ...(exec && { exec }) }).start()
  return { sim, haproxy, lines: () => haproxy.logs.map((log) => log.message) }
}

describe('an external check', () => {
  it('runs the command, with the server in its arguments and environment', () => {
    const asked: ExternalCommand[] = []
    const { sim } = play((command) => {
      asked.push(command)
      return { exitCode: 0, duration: 0 }
    })
    sim.advance('500ms')
    expect(asked).toEqual([
      {
        path: '/bin/judge',
        args: ['NOT_USED', 'NOT_USED', '10.0.0.1', '80'],
        environment: {
          PATH: '/usr/bin',
          HAPROXY_PROXY_NAME: 'be1',
          HAPROXY_PROXY_ID: '2',
          HAPROXY_PROXY_ADDR: '',
          HAPROXY_PROXY_PORT: '',
          HAPROXY_SERVER_NAME: 's1',
          HAPROXY_SERVER_ID: '1',
          HAPROXY_SERVER_ADDR: '10.0.0.1',
          HAPROXY_SERVER_PORT: '80',
          HAPROXY_SERVER_MAXCONN: '7',
          HAPROXY_SERVER_CURCONN: '0',
          HAPROXY_SERVER_SSL: '0',
          HAPROXY_SERVER_PROTO: 'h1',
        },
        limit: 1_000_000,
      },
    ])
  })

  it('has the result of its exit code', () => {
    let exitCode: number | undefined = 3
    const { sim, lines } = play(() => ({ exitCode, duration: 200_000 }))
    sim.at('500ms', () => (exitCode = 0))
    sim.advance('2s')
    expect(lines().filter((line) => line.startsWith('Health'))).toEqual([
      'Health check for server be1/s1 failed, reason: External check error, code: 3, check duration: 200ms, status: 0/1 DOWN.',
      'Health check for server be1/s1 succeeded, reason: External check passed, code: 0, check duration: 200ms, status: 1/1 UP.',
    ])
  })

  it('fails when it is terminated by a signal or a timeout', () => {
    const signalled = play(() => ({ exitCode: undefined, duration: 0 }))
    signalled.sim.advance('500ms')
    expect(signalled.lines()[0]).toContain('failed, reason: External check error, code: -1')
    const slow = play(() => ({ exitCode: 0, duration: 5_000_000 }))
    slow.sim.advance('2s')
    expect(slow.lines()[0]).toContain('failed, reason: External check timeout, code: 0, check duration: 1000ms')
  })

  it('is not run without permission, which is reported', () => {
    const { sim, haproxy, lines } = play(undefined)
    sim.advance('10s')
    expect(lines()).toEqual([])
    expect(haproxy.messages.map((each) => each.text)).toContainEqual(
      "hapsim runs no commands unless it is allowed to: the external checks of backend 'be1' are not carried out.",
    )
  })
})
