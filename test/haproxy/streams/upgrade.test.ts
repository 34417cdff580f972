/** TCP frontends that continue as HTTP/1, and clients that begin HTTP/2 there. */
import { describe, expect, it } from 'vitest'
import { Simulation } from '../../../src/sim/index.js'

const config = (rules = '') => `
defaults
    timeout client 60s
    timeout server 60s
    timeout connect 1s
frontend entry
    mode tcp
    bind 127.0.0.1:8080
    ${rules}
    default_backend web
backend web
    mode http
    server app 10.0.0.1:80
`

const start = (rules?: string) => {
  const sim = new Simulation()
  const app = sim.http('10.0.0.1:80')
  const haproxy = sim.haproxy({ config: config(rules), directory: false })
  haproxy.start()
  return { sim, app, haproxy, client: sim.client().connect('127.0.0.1:8080') }
}

describe('a TCP frontend with an HTTP backend', () => {
  it('passes requests on one connection to the backend', () => {
    const { app, client } = start()
    for (const path of ['/a', '/b']) {
      client.send(`GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`)
      client.expect('HTTP/1.1 200 OK')
    }
    expect(app.requests.map(({ path }) => path)).toEqual(['/a', '/b'])
  })

  it.each([
    ['the mode of the backend', ''],
    ['a rule', 'tcp-request content switch-mode http'],
  ])('closes connections that begin HTTP/2, which is not emulated, after an upgrade by %s', (_what, rules) => {
    const { client, app, haproxy } = start(rules)
    client.send('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
    expect(client.receiveAll()).toBe('')
    expect(app.requests).toEqual([])
    expect(haproxy.cli('show sess')).not.toContain('fe=entry')
  })

  it('counts no request of HTTP/1 for a connection that begins HTTP/2', () => {
    const sim = new Simulation()
    const haproxy = sim.haproxy({ config: config().replace('mode tcp', 'mode http'), directory: false })
    haproxy.start()
    const client = sim.client().connect('127.0.0.1:8080')
    client.send('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
    expect(client.receiveAll()).toBe('')
    const [head, entry] = haproxy.cli('show stat entry 1 -1').split('\n')
    const column = (name: string) => entry!.split(',')[head!.replace('# ', '').split(',').indexOf(name)]
    expect([column('h1_total_connections'), column('h1_total_streams')]).toEqual(['1', '0'])
  })

  it('ignores a rule that asks for HTTP/2', () => {
    const { client } = start('tcp-request content switch-mode http proto h2')
    client.send('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
    client.expect('HTTP/1.1 200 OK')
  })
})
