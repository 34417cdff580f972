/** Expressions in traffic: which message they see, all values for ACLs, and waiting for bytes. */
import { describe, expect, it } from 'vitest'
import { Simulation } from '../../../src/index.js'

const DEFAULTS = `
defaults
  mode http
  timeout client 5s
  timeout server 5s
  timeout connect 1s
`

/** A simulation of a process with this configuration. */
const start = (config: string): Simulation => {
  const sim = new Simulation()
  sim.haproxy({ config: DEFAULTS + config }).start()
  return sim
}

describe('the message of an expression', () => {
  it('is the request in rules of requests, and the response in those of responses', () => {
    const sim = start(`
frontend f
  bind 127.0.0.1:8080
  http-request set-header seen %[hdr(x)]
  http-response set-header seen %[hdr(x)]
  default_backend b
backend b
  server s 127.0.0.1:8081
`)
    const server = sim.http('127.0.0.1:8081').respond({ headers: { x: 'response' } })
    const answer = sim.client().get('http://127.0.0.1:8080/', { headers: { x: 'request' } })
    expect(server.requests[0]!.headers.seen).toBe('request')
    expect(answer.headers.get('seen')).toBe('response')
  })
})

describe('conditions', () => {
  const answers = (condition: string, headers: Readonly<Record<string, string>>): number =>
    start(`
frontend f
  bind 127.0.0.1:8080
  http-request return status 200 if { ${condition} }
  http-request return status 404
`)
      .client()
      .get('http://127.0.0.1:8080/', { headers }).status

  it.each([
    ['hdr(x) b', { x: 'a, b, c' }],
    ['hdr_ip(x) ::1', { x: 'nonsense, 1.2.3.4, ::1' }],
    ['cook(c) 2', { cookie: 'c=1; c=2; c=3' }],
  ])('compare all values: %s', (condition, headers) => {
    expect(answers(condition, headers as Readonly<Record<string, string>>)).toBe(200)
  })

  it('wait until a value cannot change any more', () => {
    const sim = new Simulation()
    const haproxy = sim
      .haproxy({
        config: `${DEFAULTS}
frontend f
  mode tcp
  bind 127.0.0.1:8080
  log stdout format raw local0
  tcp-request inspect-delay 2s
  tcp-request content set-var(sess.found) str(yes) if { req.payload(0,3) -m str abc }
  tcp-request content reject
  log-format "%B %[var(sess.found)]"
`,
      })
      .start()
    const send = (bytes: string): void => {
      const connection = sim.client().connect('127.0.0.1:8080')
      connection.send('a')
      sim.advance('1s')
      connection.send(bytes)
      sim.advance('5s')
    }
    send('bc')
    send('b')
    expect(haproxy.logs.map(({ message }) => message)).toEqual(['0 yes', '0 -'])
  })
})
