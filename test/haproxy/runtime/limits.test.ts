/** Limits that the runtime API changes act on clients that wait. */
import { expect, it } from 'vitest'
import { Simulation } from '../../../src/index.js'

const CONFIG = `
global
  stats socket /run/haproxy.sock level admin
  maxconn 50
defaults
  mode http
  timeout client 60s
  timeout server 60s
  timeout connect 1s
frontend web
  bind 127.0.0.1:8080
  MAXCONN
  default_backend app
backend app
  server s1 127.0.0.1:9000
`

/** Three clients whose requests are never answered. Returns how many are served. */
const threeClients = (line: string) => {
  const sim = new Simulation({ seed: 1 })
  sim.http('127.0.0.1:9000').hang()
  const haproxy = sim.haproxy({ config: CONFIG.replace('MAXCONN', line) }).start()
  for (let i = 0; i < 3; i++) sim.client().connect('127.0.0.1:8080').send('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  sim.advance('500ms')
  return {
    sim,
    haproxy,
    get served() {
      sim.advance('10ms')
      return Number(/^CurrConns: (\d+)$/m.exec(haproxy.cli('show info'))![1])
    },
  }
}

it('set maxconn frontend serves as many of those who wait as it allows', () => {
  const run = threeClients('maxconn 1')
  expect(run.served).toBe(1)
  run.haproxy.cli('set maxconn frontend web 2')
  expect(run.served).toBe(2)
  run.haproxy.cli('set maxconn frontend web 0')
  expect(run.served).toBe(2)
  run.haproxy.cli('set maxconn frontend web 10')
  expect(run.served).toBe(3)
})

it('set maxconn global does so for all frontends', () => {
  const sim = new Simulation({ seed: 1 })
  sim.http('127.0.0.1:9000').hang()
  const haproxy = sim.haproxy({ config: CONFIG.replace('MAXCONN', '') }).start()
  haproxy.cli('set maxconn global 1')
  for (let i = 0; i < 3; i++) sim.client().connect('127.0.0.1:8080').send('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  sim.advance('500ms')
  expect(haproxy.cli('show info')).toContain('CurrConns: 1\n')
  expect(haproxy.cli('show info')).toContain('MaxconnReached: 1\n')
  haproxy.cli('set maxconn global 3')
  sim.advance('10ms')
  expect(haproxy.cli('show info')).toContain('CurrConns: 3\n')
})

it('disable frontend keeps clients waiting until it is enabled', () => {
  const sim = new Simulation({ seed: 1 })
  sim.http('127.0.0.1:9000').hang()
  const haproxy = sim.haproxy({ config: CONFIG.replace('MAXCONN', 'maxconn 1') }).start()
  for (let i = 0; i < 2; i++) sim.client().connect('127.0.0.1:8080').send('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  sim.advance('500ms')
  haproxy.cli('disable frontend web')
  haproxy.cli('set maxconn frontend web 5')
  sim.advance('10ms')
  expect(haproxy.cli('show info')).toContain('CurrConns: 1\n')
  haproxy.cli('enable frontend web')
  sim.advance('10ms')
  expect(haproxy.cli('show info')).toContain('CurrConns: 2\n')
})
