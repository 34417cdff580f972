/** Names of fields in requests of checks: in lower case, or as `h1-case-adjust` wants them. The requests are those of HAProxy 3.2. */
import { describe, expect, it } from 'vitest'
import { Simulation } from '../../../src/sim/index.js'

/** The request of a check. */
const requestOf = (option: string): string => {
  const sim = new Simulation()
  const app = sim.tcp('10.0.0.1:80')
  const config = `
global
    h1-case-adjust x-lower X-LoWeR
    h1-case-adjust content-length Content-LENGTH
defaults
    timeout connect 1s
    timeout check 1s
listen web
    bind 127.0.0.1:8080
    mode tcp
    ${option}
    option httpchk
    http-check send meth POST hdr X-Lower 1 hdr X-UPPER 2 body abc
    server app 10.0.0.1:80 check inter 10s
`
  sim.haproxy({ config, directory: false }).start()
  sim.advance('9s')
  return app.received
}

describe('names of fields in checks', () => {
  it('are in lower case', () => {
    expect(requestOf('')).toBe('POST / HTTP/1.0\r\nx-lower: 1\r\nx-upper: 2\r\ncontent-length: 3\r\n\r\nabc')
  })

  it('are adjusted for servers by option', () => {
    expect(requestOf('option h1-case-adjust-bogus-server')).toBe(
      'POST / HTTP/1.0\r\nX-LoWeR: 1\r\nx-upper: 2\r\nContent-LENGTH: 3\r\n\r\nabc',
    )
  })
})
