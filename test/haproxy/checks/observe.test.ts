/** What traffic tells of a server's health (`__health_adjust` in src/check.c; section 5.2 of the manual, `observe`). */
import { describe, expect, it } from 'vitest'
import { adjustHealth, type Observation } from '../../../src/haproxy/checks/observe.js'
import { Simulation } from '../../../src/sim/index.js'

const start = (settings: string) => {
  const sim = new Simulation()
  sim.http('10.0.0.1:80')
  const haproxy = sim
    .haproxy({
      config: `
global
    log stdout format raw local0 info
    stats socket unix@/run/haproxy.sock level admin
defaults
    mode http
    log global
    timeout connect 5s
    timeout client 5s
    timeout server 5s
backend be1
    server s1 10.0.0.1:80 check inter 10s ${settings}
`,
      directory: false,
    })
    .start()
  sim.advance('1s')
  const server = haproxy.process.server('be1/s1')!
  return {
    sim,
    server,
    status: () => haproxy.server('be1/s1').status,
    lines: () => haproxy.logs.map((log) => log.message),
    see: (observation: Observation, times = 1) => {
      for (let i = 0; i < times; i++) adjustHealth(server, observation)
    },
  }
}

describe('errors in traffic', () => {
  it('count as a failed check after `error-limit` of them', () => {
    const { see, status } = start('observe layer4 error-limit 3')
    see('L4 error', 2)
    expect(status()).toBe('UP')
    see('L4 error')
    expect(status()).toBe('UP 2/3')
  })

  it('count only if consecutive', () => {
    const { see, status } = start('observe layer4 error-limit 3')
    see('L4 error', 2)
    see('L4 ok')
    see('L4 error', 2)
    expect(status()).toBe('UP')
  })

  it('are those of the observed layer', () => {
    const layer4 = start('observe layer4 error-limit 1')
    layer4.see('HTTP status')
    expect(layer4.status()).toBe('UP')
    const layer7 = start('observe layer7 error-limit 1')
    layer7.see('HTTP status')
    expect(layer7.status()).toBe('UP 2/3')
  })

  it('have no effect on a server that is not observed', () => {
    const { see, status } = start('error-limit 1')
    see('L4 error', 50)
    expect(status()).toBe('UP')
  })

  it('mark the server down at once: mark-down', () => {
    const { see, status, lines } = start('observe layer4 error-limit 10 on-error mark-down')
    see('L4 error', 10)
    expect(status()).toBe('DOWN')
    expect(lines()[0]).toBe(
      'Server be1/s1 is DOWN, reason: Health analyze, info: "Detected 10 consecutive errors, last one was: L4 unsuccessful connection". 0 active and 0 backup servers left. 0 sessions active, 0 requeued, 0 remaining in queue.',
    )
  })

  it('leave one failure before it is down: sudden-death', () => {
    const { see, status } = start('observe layer4 error-limit 1 on-error sudden-death fall 5')
    see('L4 error')
    expect(status()).toBe('UP 1/5')
  })

  it('only advance the next check: fastinter', () => {
    const { sim, see, status, server } = start('observe layer4 error-limit 1 on-error fastinter fastinter 500ms')
    const connects: number[] = []
    sim.trace.listen((record) => record.type === 'connect' && connects.push(record.at / 1000))
    see('L4 error')
    expect(status()).toBe('UP')
    sim.advance('1s')
    expect(connects).toEqual([1500])
    expect(server.counters.failedHealthAnalyses).toBe(1)
  })
})
