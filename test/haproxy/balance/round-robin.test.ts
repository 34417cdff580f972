/** `balance roundrobin`: the order of servers, as HAProxy 3.2.26 answered the same requests. */
import { expect, it } from 'vitest'
import { Simulation } from '../../../src/index.js'

const CONFIG = `
defaults
  mode http
  timeout client 5s
  timeout server 5s
  timeout connect 1s
listen web
  bind 127.0.0.1:8080
  server s1 127.0.0.1:8101 weight 5
  server s2 127.0.0.1:8102 weight 3
  server s3 127.0.0.1:8103 weight 2
  server s4 127.0.0.1:8104 weight 1 backup
`

it('takes servers in turn by their weights, through changes of weights and states', () => {
  const sim = new Simulation({ seed: 1 })
  for (const number of [1, 2, 3, 4]) sim.http(`127.0.0.1:810${number}`).respond({ headers: { name: `s${number}` } })
  const haproxy = sim.haproxy({ config: CONFIG }).start()
  const client = sim.client()
  const next = (count: number): string =>
    Array.from({ length: count }, () => client.get('http://127.0.0.1:8080/').headers.get('name')).join(' ')
  expect(next(23)).toBe('s1 s2 s1 s3 s1 s2 s1 s2 s1 s3 s1 s2 s1 s3 s1 s2 s1 s2 s1 s3 s1 s2 s1')
  haproxy.cli('set weight web/s2 7')
  expect(next(14)).toBe('s3 s2 s1 s2 s1 s2 s1 s2 s3 s2 s1 s2 s1 s2')
  haproxy.cli('set server web/s1 state maint')
  expect(next(9)).toBe('s3 s2 s2 s2 s3 s2 s2 s2 s2')
  haproxy.cli('set server web/s1 state ready')
  expect(next(12)).toBe('s3 s2 s1 s2 s1 s2 s2 s3 s1 s2 s1 s2')
  haproxy.cli('set weight web/s3 1')
  expect(next(20)).toBe('s2 s1 s2 s1 s2 s1 s2 s2 s1 s3 s2 s1 s2 s2 s1 s2 s1 s2 s1 s2')
  haproxy.cli('set weight web/s1 1')
  expect(next(8)).toBe('s2 s3 s2 s2 s1 s2 s2 s2')
  for (const server of ['s1', 's2', 's3']) haproxy.cli(`disable server web/${server}`)
  expect(next(3)).toBe('s4 s4 s4')
})
