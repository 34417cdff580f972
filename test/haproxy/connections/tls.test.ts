/** TLS between simulated clients and frontends. */
import { describe, expect, it } from 'vitest'
import { Simulation } from '../../../src/index.js'

const config = (bind: string, server: string): string => `
global
    log stderr local0
defaults
    mode http
    log global
    timeout client 5s
    timeout server 5s
    timeout connect 2s
frontend plain
    bind 127.0.0.1:8080
    default_backend be
backend be
    server s1 127.0.0.1:8443 ssl verify none ${server}
frontend secure
    bind 127.0.0.1:8443 ssl crt site.pem ${bind}
    log-format "%ft %ST"
    http-request return status 200 content-type text/plain lf-string "%[ssl_fc] %[ssl_fc_protocol] %[ssl_fc_alpn]"
`

const run = (bind = '', server = '') => {
  const sim = new Simulation({ seed: 1 })
  const haproxy = sim.haproxy({ config: config(bind, server) })
  haproxy.start()
  return { sim, haproxy, response: sim.client().get('http://127.0.0.1:8080/') }
}

describe('a bind line with ssl in a simulation', () => {
  it('knows the version and the protocol that were negotiated', () => {
    expect(run('', 'alpn http/1.1').response.text()).toBe('1 TLSv1.3 http/1.1')
    expect(run('ssl-max-ver TLSv1.2').response.text()).toMatch(/^1 TLSv1\.2/)
  })

  it('rejects clients that support no common version', () => {
    const { haproxy, response } = run('ssl-min-ver TLSv1.3', 'ssl-max-ver TLSv1.2')
    expect(response.status).toBe(503)
    expect(haproxy.logs.map(({ message }) => message).join('\n')).toContain('secure/1: SSL handshake failure')
  })

  it('logs clients that do not use TLS', () => {
    const { sim, haproxy } = run()
    const session = sim.client().connect('127.0.0.1:8443')
    session.send('GET / HTTP/1.0\r\n\r\n')
    sim.advance('1s')
    expect(haproxy.logs.map(({ message }) => message).join('\n')).toContain('secure/1: SSL handshake failure (error:')
  })
})
