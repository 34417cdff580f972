/** What a soft stop does when, in virtual time. Beside the real one it is in test/upstream/hapsim-haproxy. */
import { expect, it } from 'vitest'
import { softStop } from '../../src/haproxy/index.js'
import { Simulation } from '../../src/sim/index.js'

const CONFIG = (global: string) => `global
    stats socket /run/sock level admin
    log stdout format raw local0
${global}
defaults
    log global
    timeout connect 1s
    timeout client 1s
    timeout server 1s
backend b
    option httpchk
    server s 10.0.0.1:80 check inter 1s
`

const start = (global: string) => {
  const simulation = new Simulation({ seed: 1 })
  const http = simulation.http('10.0.0.1:80')
  const haproxy = simulation.haproxy({ config: { name: 'a.cfg', text: CONFIG(global) } })
  haproxy.start()
  simulation.advance('5s')
  const firstMessage = haproxy.messages.length
  softStop(haproxy.process)
  return {
    simulation,
    haproxy,
    http,
    reports: () => haproxy.messages.slice(firstMessage).map(({ at, text }) => `${at / 1e6} ${text}`),
  }
}

it('checks continue during the grace time, and end with it', () => {
  const { simulation, reports, http } = start('    grace 3s\n')
  const before = http.requests.length
  simulation.advance('2900ms')
  expect(http.requests.length).toBeGreaterThan(before)
  simulation.advance('200ms')
  const after = http.requests.length
  simulation.advance('10s')
  expect(http.requests.length).toBe(after)
  expect(reports()).toEqual([
    '5 Scheduling a soft-stop in 3000 ms.',
    '8 Grace period expired, proceeding with soft-stop now.',
    '8 Proxy b stopped (cumulated conns: FE: 0, BE: 0).',
  ])
})

it('sessions that survive a hard stop are abandoned a second later', () => {
  const { simulation, haproxy, reports } = start('    hard-stop-after 2s\n')
  simulation.advance('2900ms')
  expect(haproxy.process.status).toBe('running')
  simulation.advance('200ms')
  expect(haproxy.process.status).toBe('stopped')
  expect(reports()).toEqual([
    '5 Proxy b stopped (cumulated conns: FE: 0, BE: 0).',
    '7 soft-stop running for too long, performing a hard-stop.',
    '8 Some tasks resisted to hard-stop, exiting now.',
  ])
})
